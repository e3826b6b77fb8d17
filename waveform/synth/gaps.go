package synth

import (
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
)

// placeGaps puts the gaps: every other one, beginning with the first, into the
// minute around P of an event, the rest anywhere in the recorded data. They last from half a second
// to a minute, the short ones being the more frequent, and leave ten seconds of data
// between them.
func (a *Archive) placeGaps() ([]waveform.Gap, error) {
	refs := a.refs()
	holes := make(map[channelRef][]span)
	for k := range a.Config.Gaps {
		r := newSource(a.Config.Seed, "gap", int64(k))
		if !a.placeGap(&r, refs, holes, k%2 == 0 && len(a.Events) > 0) {
			return nil, fmt.Errorf("synth: no room for gap %d of %d in %d channels", k+1, a.Config.Gaps, len(refs))
		}
	}
	return a.gaps(refs, holes), nil
}

// placeGap tries places until one is free.
func (a *Archive) placeGap(r *source, refs []channelRef, holes map[channelRef][]span, inEvent bool) bool {
	rate := int64(a.Config.SampleRate)
	for range 200 {
		ref := refs[r.intn(int64(len(refs)))]
		room := a.recorded(ref.station)
		if len(room) == 0 {
			return false
		}
		within := room[r.intn(int64(len(room)))]
		if inEvent {
			p, _ := a.Onsets(int(r.intn(int64(len(a.Events)))), ref.station)
			at := a.Config.sampleAt(p)
			within = span{at - 30*rate, at + 30*rate}
		}
		length := max(1, int64(math.Pow(120, r.uniform())/2*float64(rate)))
		from := within.from + r.intn(within.len())
		hole := span{from, from + length}
		margin := span{hole.from - 10*rate, hole.until + 10*rate}
		if inside(margin, room) && !touches(margin, holes[ref]) {
			holes[ref] = append(holes[ref], hole)
			return true
		}
	}
	return false
}

func inside(s span, list []span) bool {
	return slices.ContainsFunc(list, func(o span) bool { return s.from >= o.from && s.until <= o.until })
}

func touches(s span, list []span) bool {
	return slices.ContainsFunc(list, func(o span) bool { return s.cut(o).len() > 0 })
}

// gaps turns holes into the nouns of package waveform.
func (a *Archive) gaps(refs []channelRef, holes map[channelRef][]span) []waveform.Gap {
	var list []waveform.Gap
	for _, ref := range refs {
		for _, h := range merged(holes[ref]) {
			list = append(list, waveform.Gap{
				ID: a.channel(ref).ID, From: a.Config.timeOf(h.from - 1), Until: a.Config.timeOf(h.until),
			})
		}
	}
	return list
}
