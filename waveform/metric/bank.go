package metric

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// SpectraOptions says which oscillators a response spectrum is made of.
type SpectraOptions struct {
	// Periods are the natural periods of the oscillators, s, in any order, each positive
	// and finite. There must be one or more.
	Periods []float64
	// Damping is the fraction of critical damping, at least 0 and below 1. Zero is 0.05.
	Damping float64
	// Dampings are several of them, instead of Damping, which must then be 0. Zero is zero here.
	Dampings []float64
	// Method is the rule of interpolation; zero is [Fine].
	Method Method
	// PointsPerPeriod is how finely input must be sampled for Fine: an oscillator with a
	// period of fewer sample intervals gets input that was interpolated to so many points
	// in the shortest period. Zero is 20. At least 1.
	PointsPerPeriod float64
}

// check refuses options that are no spectrum, and fills in defaults. The result shares no memory.
func (o SpectraOptions) check() (SpectraOptions, error) {
	switch {
	case len(o.Periods) == 0:
		return o, errors.New("response spectrum: no periods")
	case len(o.Dampings) > 0 && o.Damping != 0:
		return o, errors.New("response spectrum: one damping and several are given")
	case o.Method > Gmprocess:
		return o, fmt.Errorf("response spectrum: no such method: %v", o.Method)
	case o.Method != Fine && o.PointsPerPeriod != 0:
		return o, fmt.Errorf("response spectrum: method %v has its own points per period", o.Method)
	case o.PointsPerPeriod != 0 && !(o.PointsPerPeriod >= 1) || math.IsInf(o.PointsPerPeriod, 1):
		return o, fmt.Errorf("response spectrum: %g points per period, want 1 or more", o.PointsPerPeriod)
	}
	o.Periods, o.Dampings = slices.Clone(o.Periods), slices.Clone(o.Dampings)
	if len(o.Dampings) == 0 {
		if o.Damping == 0 {
			o.Damping = 0.05
		}
		o.Dampings, o.Damping = []float64{o.Damping}, 0
	}
	for _, damping := range o.Dampings {
		for _, period := range o.Periods {
			if _, err := NewOscillator(period, damping, 1); err != nil {
				return o, fmt.Errorf("response spectrum: %w", err)
			}
		}
	}
	return o, nil
}

// Bank is the oscillators of a response spectrum, prepared for one sample interval. It
// is never changed and may be used concurrently, each goroutine with its own [Scratch].
type Bank struct {
	periods, dampings int
	method            Method
	dt                float64
	factor            int
	fine, coarse      []Oscillator // for interpolated input, and for input as it is
	order             []int        // index in a spectrum: of the fine ones, then of the coarse ones
}

// NewBank prepares the oscillators of o for input of interval dt (s). It refuses options that
// are no spectrum, and a dt that is not positive and finite.
func NewBank(o SpectraOptions, dt float64) (*Bank, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	if !positive(dt) {
		return nil, fmt.Errorf("response spectrum: sample interval %g s is not positive and finite", dt)
	}
	return o.bank(dt), nil
}

// bank makes the oscillators of checked options for a dt that is positive.
func (o SpectraOptions) bank(dt float64) *Bank {
	b := &Bank{periods: len(o.Periods), dampings: len(o.Dampings), method: o.Method, dt: dt, factor: o.Factor(dt)}
	b.fine = b.group(o, dt/float64(b.factor), func(period float64) bool { return o.factor(period, dt) > 1 })
	b.coarse = b.group(o, dt, func(period float64) bool { return o.factor(period, dt) == 1 })
	return b
}

// group makes the oscillators whose period belongs, noting their indices.
func (b *Bank) group(o SpectraOptions, dt float64, belongs func(period float64) bool) (group []Oscillator) {
	for i, damping := range o.Dampings {
		for j, period := range o.Periods {
			if belongs(period) {
				oscillator, err := NewOscillator(period, damping, dt)
				if err != nil {
					panic(err) // check and positive saw all three
				}
				group = append(group, oscillator)
				b.order = append(b.order, i*len(o.Periods)+j)
			}
		}
	}
	return group
}

// Len is the number of oscillators: of all periods with the first damping, in the order
// given, then of all with the second, and so on. Value d*periods+p belongs to damping d and period p.
func (b *Bank) Len() int { return len(b.order) }

// Interval is the sample interval, s, that the bank is for.
func (b *Bank) Interval() float64 { return b.dt }

// Factor is how many times finer input is interpolated for the oscillators of short
// periods, 1 if there are none ([SpectraOptions.Factor]).
func (b *Bank) Factor() int { return b.factor }

// Spectrum fills what dst asks for from the trace a, of interval b.Interval: the
// maxima over the sample times of oscillators at rest at the first sample.
// Short periods see a band-limited interpolation of a; see [Bank.Factor].
//
// One sample gives zeros. An empty trace, or one that is not finite, gives NaN. It panics if a
// slice of dst has not length b.Len.
func (b *Bank) Spectrum(dst Spectrum, a []float64, s *Scratch) {
	dst.check(b.Len())
	if len(a) == 0 {
		dst.blank()
		return
	}
	if n := len(b.fine); n > 0 {
		x, group := b.interpolate(0, a, s)
		b.each(dst, group, b.order[:n], x, s)
	}
	b.each(dst, b.coarse, b.order[len(b.fine):], a, s)
}

// each fills dst at the indices order for the oscillators of a group.
func (b *Bank) each(dst Spectrum, group []Oscillator, order []int, a []float64, s *Scratch) {
	if dst.SV == nil && dst.SA == nil {
		b.displacements(dst, group, order, a, s)
		return
	}
	for i := range group {
		dst.put(order[i], &group[i], group[i].motion(Motion{}, a), everything)
	}
}

// displacements is each where displacements are all that is asked for: two oscillators at a time.
func (b *Bank) displacements(dst Spectrum, group []Oscillator, order []int, a []float64, s *Scratch) {
	y := grow(&s.peaks, len(group))
	peakEach(y, group, a)
	for i, at := range order {
		dst.put(at, &group[i], peaks{y: y[i]}, displacements)
	}
}
