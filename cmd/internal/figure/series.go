package figure

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// series is continuous data on the figure's time axis.
type series struct {
	start, step float64 // s after the reference, s
	data        []float64
}

// panel is one frame with the data in it.
type panel struct {
	label   string // channel and quantity
	unit    string // of the values drawn, which are data times scale
	scale   float64
	kind    kind
	pieces  []series
	windows recipe.WindowSet
	peak    *peak
}

// kind is what a panel shows.
type kind uint8

const (
	counts kind = iota
	acceleration
	velocity
)

// peak is a marked sample, in the units of the data.
type peak struct {
	at, value float64
	text      string
}

// absurd is the magnitude from which samples count as not finite: differences
// and scaled values of smaller ones cannot overflow.
const absurd = 1e300

func drawable(v float64) bool { return math.Abs(v) < absurd }

// panels lists the panels of all records in drawing order. A record without
// motion has no panels for it, one without anything an empty one for its counts.
func (f Figure) panels(reference time.Time) []panel {
	acc := prefixFor(f.largest(func(m recipe.Motion) []float64 { return m.Acceleration.Data }))
	vel := prefixFor(f.largest(func(m recipe.Motion) []float64 { return m.Velocity }))
	thousands := countsFor(f.Records)
	var all []panel
	for _, r := range f.Records {
		m := r.Motion
		name := r.name()
		raw := panel{label: name + " raw", unit: thousands.symbol + "counts", scale: thousands.scale, kind: counts, windows: m.Windows}
		for _, t := range r.Raw {
			raw.pieces = appendSeries(raw.pieces, t, t.Data, reference)
		}
		slices.SortStableFunc(raw.pieces, func(a, b series) int { return cmp.Compare(a.start, b.start) })
		all = append(all, raw)
		if len(m.Acceleration.Data) == 0 {
			continue
		}
		a := panel{label: name + " acceleration", unit: acc.symbol + "m/s²", scale: acc.scale, kind: acceleration, windows: m.Windows}
		a.pieces = appendSeries(nil, m.Acceleration, m.Acceleration.Data, reference)
		a.peak = a.mark("PGA", r.Row.PGA, r.Row.PGAAt, reference)
		v := panel{label: name + " velocity", unit: vel.symbol + "m/s", scale: vel.scale, kind: velocity, windows: m.Windows}
		v.pieces = appendSeries(nil, m.Acceleration, m.Velocity, reference)
		v.peak = v.mark("PGV", r.Row.PGV, r.Row.PGVAt, reference)
		all = append(all, a, v)
	}
	return all
}

// name is the channel's code, of the motion or else of the raw data.
func (r Record) name() string {
	if id := r.Motion.Channel.ID; id != (waveform.SourceID{}) || len(r.Raw) == 0 {
		return id.String()
	}
	return r.Raw[0].ID.String()
}

func appendSeries(to []series, t waveform.Trace, data []float64, reference time.Time) []series {
	if len(data) == 0 || !(t.SampleRate > 0) || math.IsInf(t.SampleRate, 0) {
		return to
	}
	return append(to, series{start: t.Start.Sub(reference).Seconds(), step: 1 / t.SampleRate, data: data})
}

// mark finds the sample at a peak's time, which carries the sign. It gives nil
// where there is no peak or no such sample.
func (p panel) mark(name string, value float64, at, reference time.Time) *peak {
	if at.IsZero() || !drawable(value) || len(p.pieces) == 0 {
		return nil
	}
	s := p.pieces[0]
	i := math.Round((at.Sub(reference).Seconds() - s.start) / s.step)
	if !(i >= 0 && i < float64(len(s.data))) || !drawable(s.data[int(i)]) {
		return nil
	}
	return &peak{at: s.start + i*s.step, value: s.data[int(i)], text: name + " = " + significant(value*p.scale) + " " + p.unit}
}

// largest is the largest magnitude of all records in what of selects, 0 if none.
func (f Figure) largest(of func(recipe.Motion) []float64) float64 {
	var most float64
	for _, r := range f.Records {
		most = max(most, magnitude(of(r.Motion)))
	}
	return most
}

// magnitude is the largest of the absolute values that can be drawn, 0 if none.
func magnitude(data []float64) float64 {
	var most float64
	for _, v := range data {
		if drawable(v) {
			most = max(most, math.Abs(v))
		}
	}
	return most
}

// countsFor is the power of ten that keeps the counts of all records short.
func countsFor(records []Record) prefix {
	var most float64
	for _, r := range records {
		for _, t := range r.Raw {
			most = max(most, magnitude(t.Data))
		}
	}
	switch {
	case most >= 1e8:
		return prefix{"10⁶ ", 1e-6}
	case most >= 1e5:
		return prefix{"10³ ", 1e-3}
	}
	return prefix{"", 1}
}

// reference is time zero of the axis.
func (f Figure) reference() time.Time {
	if !f.Onsets.Origin.IsZero() {
		return f.Onsets.Origin
	}
	var first time.Time
	for _, r := range f.Records {
		for _, t := range append(slices.Clone(r.Raw), r.Motion.Acceleration) {
			if len(t.Data) > 0 && (first.IsZero() || t.Start.Before(first)) {
				first = t.Start
			}
		}
	}
	return first
}

// span is the time that the data of all panels cover.
func span(panels []panel) axis {
	a := axis{math.Inf(1), math.Inf(-1)}
	for _, p := range panels {
		for _, s := range p.pieces {
			a.lo = min(a.lo, s.start)
			a.hi = max(a.hi, s.start+float64(len(s.data)-1)*s.step)
		}
	}
	if a.lo > a.hi {
		return axis{0, 1}
	}
	if a.hi-a.lo < 1e-6 {
		return axis{a.lo - 0.5, a.lo + 0.5}
	}
	return a
}

// values is the range of the panel's vertical axis: motion is symmetric about
// zero, counts are where they are.
func (p panel) values() axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range p.pieces {
		for _, v := range s.data {
			if drawable(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > hi {
		lo, hi = 0, 0
	}
	if p.kind != counts {
		hi = max(-lo, hi)
		lo = -hi
	}
	return axis{lo * p.scale, hi * p.scale}.padded()
}
