package synth

import (
	"cmp"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// span is a half-open range of sample indices, counted from Config.Start.
type span struct{ from, until int64 }

func (s span) cut(o span) span {
	from := max(s.from, o.from)
	return span{from, max(from, min(s.until, o.until))}
}

func (s span) len() int64 { return s.until - s.from }

// recorded are the spans that a station records, gaps not taken out: everything,
// or the surroundings of the events.
func (a *Archive) recorded(station int) []span {
	all := span{0, a.Config.samples()}
	if a.Config.Continuous {
		return []span{all}
	}
	var list []span
	for e := range a.Events {
		p, s := a.Onsets(e, station)
		list = append(list, span{a.Config.sampleAt(p.Add(-beforeP)), a.Config.sampleAt(s.Add(afterS))}.cut(all))
	}
	return merged(list)
}

// merged joins spans that touch or overlap and sorts them.
func merged(list []span) []span {
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].until {
			out[n-1].until = max(out[n-1].until, s.until)
			continue
		}
		out = append(out, s)
	}
	return out
}

// without takes holes, which are sorted and do not overlap, out of list.
func without(list, holes []span) []span {
	var out []span
	for _, s := range list {
		for _, h := range holes {
			if h.until <= s.from || h.from >= s.until {
				continue
			}
			if h.from > s.from {
				out = append(out, span{s.from, h.from})
			}
			s.from = h.until
		}
		if s.len() > 0 {
			out = append(out, s)
		}
	}
	return out
}

// present are the spans of a channel that are in the archive.
func (a *Archive) present(r channelRef) []span {
	id := a.channel(r).ID
	var holes []span
	for _, g := range a.Gaps {
		if g.ID == id {
			holes = append(holes, a.Config.hole(g))
		}
	}
	return without(a.recorded(r.station), holes)
}

// hole is the range of samples that a gap takes out.
func (c Config) hole(g waveform.Gap) span {
	const almost = time.Nanosecond // sample times are rounded to one
	return span{c.sampleAt(g.From.Add(-almost)) + 1, c.sampleAt(g.Until.Add(-almost))}
}

// timeOf is the time of sample i.
func (c Config) timeOf(i int64) time.Time { return waveform.SampleTime(c.Start, c.SampleRate, i) }

// days cuts the archive at midnight.
func (c Config) days() []span {
	var list []span
	end := c.Start.Add(c.Duration)
	for from := c.Start; from.Before(end); {
		until := from.Truncate(24 * time.Hour).Add(24 * time.Hour)
		list = append(list, span{c.sampleAt(from), min(c.sampleAt(until), c.samples())})
		from = until
	}
	return list
}
