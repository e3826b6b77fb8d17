package job

import (
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/recipe"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// item is one event at one instrument, as a worker takes it.
type item struct {
	key       db.ItemKey
	known     *db.WorkItem // its row, nil if it has none
	obsolete  bool         // no item any more: remove its row
	again     bool         // its failure may have passed: it is tried whatever has changed
	failure   *recipe.Failure
	magnitude *float64        // of the event, nil if it has none
	extent    waveform.Window // that the read windows lie in
	input     recipe.Input    // components without data and response
	channels  []*db.Channel   // of the components
	sources   []archive.Source
	metadata  [32]byte // fingerprint parts
	eventHash [32]byte

	reviewHash []byte   // nil without reviews
	originHash [32]byte // a part of eventHash
}

// newItem prepares an event at an instrument with the epochs that hold.
func newItem(r *recipe.Recipe, e *db.EventRow, arrivals []db.Arrival, instrument *instrument, epochs []*db.Channel) *item {
	id := instrument.id
	it := &item{key: keyOf(e.ID, id), magnitude: e.Magnitude, channels: epochs}
	in := &it.input
	in.Instrument, in.Origin = id, originOf(e)
	in.Distance, in.Azimuth = traveltime.Distance(e.Latitude, e.Longitude, epochs[0].Latitude, epochs[0].Longitude)
	in.Onsets, in.TimeSource = onsets(r, in.Origin, in.Distance, arrivals, id)
	measured := r.Windows.Measured(in.Onsets)
	for _, c := range epochs {
		in.Components = append(in.Components, recipe.Component{Channel: channelOf(c), ResponseHash: responseHash(c), EpochChange: instrument.changes(c, measured)})
	}
	it.extent = r.Windows.Extent(in.Onsets)
	it.metadata = recipe.MetadataHash(in.Components)
	it.eventHash = recipe.EventHash(in.Origin, e.Magnitude, in.Onsets)
	it.originHash = recipe.OriginHash(in.Origin, e.Magnitude)
	if reach := r.Eligible.Reach(e.Magnitude); in.Distance > reach {
		it.failure = &recipe.Failure{Code: recipe.TooFar, Stage: "plan", Message: "farther than the recipe measures this magnitude"}
	}
	return it
}

func keyOf(event string, id waveform.InstrumentID) db.ItemKey {
	return db.ItemKey{EventID: event, Network: id.Network, Station: id.Station, Location: id.Location, Instrument: id.Instrument}
}

// onsets gives P and S at a station: picked arrivals where there are any, else the
// recipe's model. Where only one is picked, the other keeps the model's distance from it.
func onsets(r *recipe.Recipe, o waveform.Origin, distance float64, arrivals []db.Arrival, id waveform.InstrumentID) (recipe.Onsets, string) {
	model, source := r.Times.Onsets(o.Time, distance, o.Depth)
	at := model
	var p, s bool
	for _, a := range arrivals { // in order of time: the first of each counts
		if a.Network != id.Network || a.Station != id.Station {
			continue
		}
		switch wave := firstWave(a.Phase); {
		case wave == 'P' && !p:
			at.P, p = a.Time.UTC(), true
		case wave == 'S' && !s:
			at.S, s = a.Time.UTC(), true
		}
	}
	between := model.S.Sub(model.P)
	switch {
	case p && !s:
		at.S = at.P.Add(between)
	case s && !p:
		at.P = at.S.Add(-between)
	}
	if p || s {
		source = recipe.SourceArrival
	}
	return at, source
}

// firstWave is the wave, P or S, of which a phase can be the first arrival; 0 for
// reflections, conversions and surface waves (PP, pP, sS, PcP, Lg), which come later. The
// case of letters does not matter, as many bulletins have but one, nor a leading e or i for the
// kind of onset. (IASPEI Standard Seismic Phase List, Storchak et al. 2003.)
func firstWave(phase string) byte {
	if len(phase) > 1 && (phase[0] == 'e' || phase[0] == 'i') {
		phase = phase[1:]
	}
	switch strings.ToUpper(phase) {
	case "P", "PG", "PB", "P*", "PN", "PDIF", "PDIFF", "PKP", "PKPAB", "PKPBC", "PKPDF", "PKIKP":
		return 'P'
	case "S", "SG", "SB", "S*", "SN", "SKS", "SKSAC", "SKSDF", "SKIKS":
		return 'S'
	}
	return 0
}

// knownAs gives the item its row, if it has one, and notes whether it is only
// suspected: of the recipe and algorithm in force, and with nothing to try again.
func (it *item) knownAs(rows map[db.ItemKey]db.WorkItem) *item {
	if k, ok := rows[it.key]; ok {
		it.known = &k
	}
	return it
}

// failedWith reports whether the item ended, failed or skipped, with one of the codes.
func (it *item) failedWith(codes []string) bool {
	return it.known != nil && it.known.Code != nil && slices.Contains(codes, *it.known.Code)
}

// toVerify reports whether a look at the fingerprint decides if the item is due.
func (it *item) toVerify(recipeHash [32]byte, force bool) bool {
	k := it.known
	return k != nil && !force && !it.again && k.Suspect != nil && string(k.RecipeHash) == string(recipeHash[:]) && k.Algorithm == recipe.Algorithm
}
