package synth

import (
	"fmt"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// Archive is what a Config makes, before any sample is computed. It may be read
// concurrently; [Archive.Ground] and the others are pure functions of it.
type Archive struct {
	Config   Config // with its defaults filled in
	Stations []waveform.Station
	Events   []waveform.Event // in order of time
	Gaps     []waveform.Gap   // in order of channel and time; none overlap
}

// Plan works out the stations, events and gaps of cfg. It fails if a field is out
// of its range, or if so many gaps do not fit.
func Plan(cfg Config) (*Archive, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Archive{Config: cfg, Stations: cfg.stations(), Events: cfg.events()}
	if cfg.Arrivals {
		a.addArrivals()
	}
	a.Gaps, err = a.placeGaps()
	return a, err
}

// Onsets gives the times at which P and S of an event reach a station, both named
// by their index. They are not on the sample grid.
func (a *Archive) Onsets(event, station int) (p, s time.Time) {
	q, st := a.quake(event), a.Stations[station]
	distance, _ := traveltime.Distance(q.latitude, q.longitude, st.Latitude, st.Longitude)
	toP, toS := waves().Times(distance, q.depth)
	return q.time.Add(toP), q.time.Add(toS)
}

// quake is the true source of an event.
type quake struct {
	time                       time.Time
	latitude, longitude, depth float64
	magnitude                  float64
}

func (a *Archive) quake(event int) quake {
	o, _ := a.Events[event].PreferredOrigin()
	m, _ := a.Events[event].PreferredMagnitude()
	return quake{o.Time, o.Latitude, o.Longitude, o.Depth, m.Value}
}

// channelRef finds a channel of the archive by position.
type channelRef struct{ station, channel int }

func (a *Archive) refs() []channelRef {
	var list []channelRef
	for s := range a.Stations {
		for c := range a.Stations[s].Channels {
			list = append(list, channelRef{s, c})
		}
	}
	return list
}

func (a *Archive) channel(r channelRef) waveform.Channel {
	return a.Stations[r.station].Channels[r.channel]
}

func (a *Archive) find(id waveform.SourceID) (channelRef, error) {
	refs := a.refs()
	i := slices.IndexFunc(refs, func(r channelRef) bool { return a.channel(r).ID == id })
	if i < 0 {
		return channelRef{}, fmt.Errorf("synth: no channel %s in this archive", id)
	}
	return refs[i], nil
}

// instrument is the type of instrument that a channel belongs to.
func (a *Archive) instrument(r channelRef) instrument {
	code := a.channel(r).ID.Instrument().Instrument
	all := instruments()
	return all[slices.IndexFunc(all, func(in instrument) bool { return in.code == code })]
}
