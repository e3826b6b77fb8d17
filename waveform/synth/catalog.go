package synth

import (
	"fmt"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// waves are the velocities the archive is made with.
func waves() traveltime.Constant { return traveltime.Constant{P: 6500, S: 3500} }

// Limits of the catalogue: depths in m, magnitudes, and how quickly large events get rare.
const (
	shallowest, deepest = 4e3, 20e3
	smallest, largest   = 3.0, 6.0
	bValue              = 0.4 // below the Earth's 1, so that a short catalogue has something to show
)

const agency = "SYNTH"

// events makes the catalogue in order of time. Origins are spread evenly with some
// disorder; magnitudes follow Gutenberg and Richter's law, one from each slice of it, so
// that a catalogue of a few events has small and large ones.
func (c Config) events() []waveform.Event {
	n := max(0, c.Events)
	list := make([]waveform.Event, n)
	slot := c.originSpan() / time.Duration(max(1, n))
	order := c.shuffled(n)
	for i := range list {
		r := newSource(c.Seed, "event", int64(i))
		at := c.Start.Add(leadTime + time.Duration(i)*slot + time.Duration(r.between(0.2, 0.8)*float64(slot)))
		sin, cos := math.Sincos(r.between(0, 2*math.Pi))
		radius := 0.8 * c.Radius * math.Sqrt(r.uniform())
		lat, lon := c.place(radius*sin, radius*cos)
		list[i] = c.event(i, waveform.Origin{
			Time: at.Truncate(time.Millisecond), Latitude: lat, Longitude: lon,
			Depth: math.Round(r.between(shallowest, deepest)/10) * 10,
		}, magnitudeAt((float64(order[i])+r.uniform())/float64(c.Events)))
	}
	return list
}

// magnitudeAt is the magnitude below which the fraction u of the catalogue lies, to 0.01.
func magnitudeAt(u float64) float64 {
	all := 1 - math.Pow(10, -bValue*(largest-smallest))
	return round(smallest-math.Log10(1-u*all)/bValue, 100)
}

// shuffled is 0..n-1 in a random order.
func (c Config) shuffled(n int) []int {
	r := newSource(c.Seed, "order")
	list := make([]int, n)
	for i := range list {
		j := r.intn(int64(i + 1))
		list[i], list[j] = list[j], i
	}
	return list
}

// event wraps origin o and magnitude m up as agencies do. Every third event has
// also an older, automatic origin, a little off and listed first, which is not the
// preferred one.
func (c Config) event(i int, o waveform.Origin, m float64) waveform.Event {
	id := fmt.Sprintf("smi:local/synth/%d/event/%03d", c.Seed, i+1)
	o.PublicID, o.Agency, o.Created = id+"/origin/manual", agency, o.Time.Truncate(time.Second).Add(time.Hour)
	o.EvaluationMode, o.EvaluationStatus = "manual", "reviewed"
	e := waveform.Event{
		PublicID: id, Type: "earthquake", Description: fmt.Sprintf("Synthetic event %d", i+1),
		PreferredOriginID: o.PublicID, PreferredMagnitudeID: id + "/magnitude/mw",
		Origins: []waveform.Origin{o},
		Magnitudes: []waveform.Magnitude{
			{PublicID: id + "/magnitude/ml", OriginID: o.PublicID, Type: "ML", Value: round(m+0.15, 100), Agency: agency, Created: o.Created},
			{PublicID: id + "/magnitude/mw", OriginID: o.PublicID, Type: "Mw", Value: m, Agency: agency, Created: o.Created},
		},
	}
	if i%3 == 2 {
		e.Origins = []waveform.Origin{automatic(id, o), o}
	}
	return e
}

func automatic(id string, o waveform.Origin) waveform.Origin {
	a := o
	a.PublicID, a.Created = id+"/origin/automatic", o.Time.Truncate(time.Second).Add(2*time.Minute)
	a.EvaluationMode, a.EvaluationStatus = "automatic", "preliminary"
	a.Time = o.Time.Add(-400 * time.Millisecond)
	a.Latitude, a.Longitude, a.Depth = round(o.Latitude+0.02, 1e5), round(o.Longitude-0.015, 1e5), 10e3
	return a
}

// addArrivals gives every event a P and an S pick at every station, off the true
// onset by up to 0.05 s and 0.12 s as an analyst's would be.
func (a *Archive) addArrivals() {
	for e := range a.Events {
		event := &a.Events[e]
		origin := &event.Origins[len(event.Origins)-1]
		for s, station := range a.Stations {
			r := newSource(a.Config.Seed, "pick", int64(e), int64(s))
			p, sOnset := a.Onsets(e, s)
			vertical, horizontal := station.Channels[2].ID, station.Channels[0].ID
			addPick(event, origin, "P", vertical, p, r.between(-0.05, 0.05))
			addPick(event, origin, "S", horizontal, sOnset, r.between(-0.12, 0.12))
		}
	}
}

func addPick(event *waveform.Event, origin *waveform.Origin, phase string, id waveform.SourceID, onset time.Time, off float64) {
	name := fmt.Sprintf("%s/%s/%s", event.PublicID, phase, id.Station)
	pick := waveform.Pick{
		PublicID: name + "/pick", ID: id, PhaseHint: phase, EvaluationMode: "manual",
		Time: onset.Add(time.Duration(off * 1e9)).Truncate(time.Millisecond),
	}
	event.Picks = append(event.Picks, pick)
	origin.Arrivals = append(origin.Arrivals, waveform.Arrival{PublicID: name + "/arrival", PickID: pick.PublicID, Phase: phase})
}
