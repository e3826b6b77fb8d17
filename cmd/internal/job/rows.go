package job

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/recipe"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// Here values become rows and rows values: NaN is NULL, a zero time is NULL or
// open, and units are SI on both sides.

func stationRows(stations []waveform.Station) (rows []db.Station, channels []db.Channel, err error) {
	for _, s := range stations {
		if !math.IsNaN(s.Latitude) && !math.IsNaN(s.Longitude) {
			rows = append(rows, db.Station{Network: s.Network, Code: s.Code, From: db.From(s.From), Until: db.Until(s.Until),
				Name: s.Name, Latitude: s.Latitude, Longitude: s.Longitude, Elevation: db.NullNaN(s.Elevation)})
		}
		for _, c := range s.Channels {
			row, err := channelRow(c)
			if err != nil {
				return nil, nil, err
			}
			channels = append(channels, row)
		}
	}
	return rows, channels, nil
}

func channelRow(c waveform.Channel) (db.Channel, error) {
	hash := response.Hash(c.Response)
	row := db.Channel{Network: c.ID.Network, Station: c.ID.Station, Location: c.ID.Location, Channel: c.ID.Channel,
		From: db.From(c.From), Until: db.Until(c.Until), Latitude: c.Latitude, Longitude: c.Longitude,
		Elevation: db.NullNaN(c.Elevation), Depth: db.NullNaN(c.Depth), Azimuth: db.NullNaN(c.Azimuth), Dip: db.NullNaN(c.Dip),
		SampleRate: nullZero(c.SampleRate), Sensor: c.Sensor, ResponseHash: hash[:]}
	if c.Response == nil {
		return row, nil
	}
	text, err := response.Encode(c.Response)
	if err != nil {
		return row, fmt.Errorf("%v: response: %w", c.ID, err)
	}
	row.Response = text
	row.Sensitivity = nullZero(c.Response.Sensitivity.Value)
	row.SensitivityFrequency = nullZero(c.Response.Sensitivity.Frequency)
	row.InputUnits = c.Response.Sensitivity.InputUnits
	return row, nil
}

// channelOf is the epoch of a row, without its response.
func channelOf(r *db.Channel) waveform.Channel {
	return waveform.Channel{
		ID:   waveform.SourceID{Network: r.Network, Station: r.Station, Location: r.Location, Channel: r.Channel},
		From: r.From.Time(), Until: r.Until.Time(), Latitude: r.Latitude, Longitude: r.Longitude,
		Elevation: number(r.Elevation), Depth: number(r.Depth), Azimuth: number(r.Azimuth), Dip: number(r.Dip),
	}
}

// responseHash is the hash of a row's response, whatever its length in the database.
func responseHash(r *db.Channel) (h [32]byte) {
	copy(h[:], r.ResponseHash)
	return h
}

func eventRow(e waveform.Event) db.Event {
	row := db.Event{ID: e.PublicID, Type: e.Type, Description: e.Description,
		PreferredOriginID: e.PreferredOriginID, PreferredMagnitudeID: e.PreferredMagnitudeID}
	preferred, _ := e.PreferredOrigin()
	picks := map[string]waveform.Pick{}
	for _, p := range e.Picks {
		picks[p.PublicID] = p
	}
	for i, o := range e.Origins {
		if o.PublicID == "" {
			o.PublicID = fmt.Sprintf("%s#origin%d", e.PublicID, i)
		}
		if slices.ContainsFunc(row.Origins, func(r db.Origin) bool { return r.ID == o.PublicID }) {
			continue // of two with one id, the first counts
		}
		row.Origins = append(row.Origins, db.Origin{ID: o.PublicID, Time: o.Time, Latitude: o.Latitude, Longitude: o.Longitude,
			Depth: db.NullNaN(o.Depth), EvaluationMode: o.EvaluationMode, EvaluationStatus: o.EvaluationStatus, Agency: o.Agency,
			Preferred: e.Origins[i].PublicID == preferred.PublicID && !hasPreferred(row.Origins)})
		row.Arrivals = append(row.Arrivals, arrivalRows(o, picks)...)
	}
	best, _ := e.PreferredMagnitude()
	for i, m := range e.Magnitudes {
		if math.IsNaN(m.Value) {
			continue
		}
		if m.PublicID == "" {
			m.PublicID = fmt.Sprintf("%s#magnitude%d", e.PublicID, i)
		}
		if slices.ContainsFunc(row.Magnitudes, func(r db.Magnitude) bool { return r.ID == m.PublicID }) {
			continue
		}
		isBest := e.Magnitudes[i] == best
		for _, other := range row.Magnitudes {
			isBest = isBest && !other.Preferred
		}
		row.Magnitudes = append(row.Magnitudes, db.Magnitude{ID: m.PublicID, OriginID: m.OriginID, Type: m.Type, Value: m.Value,
			Agency: m.Agency, Preferred: isBest})
	}
	row.ContentHash = hashOf(row)
	return row
}

func hasPreferred(origins []db.Origin) bool {
	for _, o := range origins {
		if o.Preferred {
			return true
		}
	}
	return false
}

func arrivalRows(o waveform.Origin, picks map[string]waveform.Pick) []db.Arrival {
	var rows []db.Arrival
	met := map[string]bool{}
	for i, a := range o.Arrivals {
		p, ok := picks[a.PickID]
		if !ok {
			continue // an arrival whose pick is not in the file has no time
		}
		if a.PublicID == "" {
			a.PublicID = fmt.Sprintf("%s#arrival%d", o.PublicID, i)
		}
		if met[a.PublicID] {
			continue
		}
		met[a.PublicID] = true
		rows = append(rows, db.Arrival{OriginID: o.PublicID, ID: a.PublicID, PickID: a.PickID, Phase: a.Phase, Time: p.Time,
			Network: p.ID.Network, Station: p.ID.Station, Location: p.ID.Location, Channel: p.ID.Channel})
	}
	return rows
}

// hashOf is the SHA-256 of a row's values.
func hashOf(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // rows hold plain, finite values
	}
	h := sha256.Sum256(text)
	return h[:]
}

// originOf is the preferred origin of an event as read for a run.
func originOf(e *db.EventRow) waveform.Origin {
	return waveform.Origin{PublicID: e.OriginID, Time: e.Time, Latitude: e.Latitude, Longitude: e.Longitude, Depth: number(e.Depth)}
}

func segmentRow(s archive.Segment) db.Segment {
	row := db.Segment{Network: s.ID.Network, Station: s.ID.Station, Location: s.ID.Location, Channel: s.ID.Channel,
		Quality: strings.TrimRight(string(rune(s.Quality)), "\x00"), Start: s.Start, End: s.End, SampleRate: s.SampleRate, Samples: s.Samples, ContentHash: s.Hash[:]}
	for _, x := range s.Extents {
		row.Extents = append(row.Extents, x.Offset, x.Length, x.Start.UnixNano(), x.End.UnixNano())
	}
	return row
}

// sourceOf is a stored segment as the archive reads it. All archives have the same
// priority: where data differ, quality decides, then time and path, whatever was loaded first.
func sourceOf(r *db.LocatedSegment) archive.Source {
	s := archive.Source{Path: r.Path, Format: archive.Format(r.Format), Segment: archive.Segment{
		ID:    waveform.SourceID{Network: r.Network, Station: r.Station, Location: r.Location, Channel: r.Channel},
		Start: r.Start.UTC(), End: r.End.UTC(), SampleRate: r.SampleRate, Samples: r.Samples}}
	if r.Quality != "" {
		s.Quality = r.Quality[0]
	}
	for i := 0; i+3 < len(r.Extents); i += 4 {
		x := r.Extents[i : i+4]
		s.Extents = append(s.Extents, archive.Extent{Offset: x[0], Length: x[1], Start: time.Unix(0, x[2]).UTC(), End: time.Unix(0, x[3]).UTC()})
	}
	return s
}

func measurementRow(label string, key db.ItemKey, m *recipe.Measurement, run int64) db.Measurement {
	n := db.NullNaN
	return db.Measurement{Label: label, ItemKey: key, Component: m.Component,
		Mean: n(m.Mean), RMS: n(m.RMS), Min: n(m.Min), Max: n(m.Max), Std: n(m.Std), Skewness: n(m.Skewness), Kurtosis: n(m.Kurtosis),
		SNR: finite(m.SNR), PGA: n(m.PGA), PGAAt: nullTime(m.PGAAt), PGV: n(m.PGV), PGVAt: nullTime(m.PGVAt), PGD: n(m.PGD), PGDAt: nullTime(m.PGDAt),
		Arias: n(m.Arias), CAV: n(m.CAV), D575: n(m.D575), D595: n(m.D595), PSA: m.PSA, STALTAMax: n(m.STALTAMax),
		DominantFrequency: n(m.DominantFrequency), BandSNR: m.BandSNR, SortedDuration: n(m.SortedDuration), SA: m.SA, SD: m.SD, SV: m.SV,
		SpectralCentroid: n(m.SpectralCentroid), SpectralBandwidth: n(m.SpectralBandwidth), FAS: m.FAS, FASLength: nullCount(m.FASLength),
		UsableLow: n(m.UsableLow), UsableHigh: n(m.UsableHigh), WoodAnderson: n(m.WoodAnderson), WoodAndersonAt: nullTime(m.WoodAndersonAt),
		LocalMagnitude: n(m.LocalMagnitude), Moment: n(m.Moment), CornerFrequency: n(m.CornerFrequency), StressDrop: n(m.StressDrop),
		Kappa: n(m.Kappa), SourceMisfit: n(m.SourceMisfit), Extra: extraRow(m.Extra), MeasuredStart: nullTime(m.Measured.From), MeasuredEnd: nullTime(m.Measured.Until),
		ReadStart: nullTime(m.Read.From), ReadEnd: nullTime(m.Read.Until), Definitions: m.Definitions, TimingQuality: m.TimingQuality,
		Distance: n(m.Distance), Azimuth: n(m.Azimuth), SampleRate: n(m.SampleRate),
		Highpass: n(m.Highpass), Lowpass: n(m.Lowpass), PAt: nullTime(m.Onsets.P), SAt: nullTime(m.Onsets.S), TimeSource: nullText(m.TimeSource),
		NoiseStart: nullTime(m.Noise.From), NoiseEnd: nullTime(m.Noise.Until), SignalStart: nullTime(m.Signal.From), SignalEnd: nullTime(m.Signal.Until),
		Flags: m.Flags, RunID: run}
}

func number(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

func nullZero(v float64) *float64 {
	if v == 0 {
		return nil
	}
	return db.NullNaN(v)
}

// extraRow is the numbers as a JSON object, null where there is none.
func extraRow(numbers map[string]float64) *json.RawMessage {
	if numbers == nil {
		return nil
	}
	known := make(map[string]*float64, len(numbers))
	for name, v := range numbers {
		known[name] = finite(v)
	}
	text, err := json.Marshal(known)
	if err != nil {
		panic(err) // finite numbers
	}
	return (*json.RawMessage)(&text)
}

func nullCount(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// finite is NULL also for infinities: the ratio to a noise of zero.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) {
		return nil
	}
	return db.NullNaN(v)
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func nullText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
