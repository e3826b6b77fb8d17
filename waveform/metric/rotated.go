package metric

import "math"

// RotatedSpectra is what [Bank.Rotated] fills. What is not asked for costs nothing.
type RotatedSpectra struct {
	First, Second Spectrum // of each component as it is
	// Percentiles of the peaks over all rotations, fractions: 0.5 and 1 for RotD50 and RotD100.
	Percentiles []float64
	Over        []Spectrum // one for each percentile, all asking for the same quantities
}

// NewRotatedSpectra makes room for n oscillators and the quantities q, of both
// components and of the percentiles.
func NewRotatedSpectra(n int, q Quantities, percentiles ...float64) RotatedSpectra {
	r := RotatedSpectra{First: NewSpectrum(n, q), Second: NewSpectrum(n, q), Percentiles: percentiles}
	for range percentiles {
		r.Over = append(r.Over, NewSpectrum(n, q))
	}
	return r
}

// Rotated computes the spectra of two perpendicular horizontal components on their
// common time span, and of their rotations ([Rotator], of the motions of the two
// oscillators: an oscillator is linear, so its motion turns with its input; Boore, 2010). The
// spectra of the components are the very numbers that [Bank.Spectrum] gives.
//
// NaN and interpolation are as there; a NaN in one component makes every rotated
// value NaN. It panics if the lengths of a1 and a2 differ, if a slice of dst has not length b.Len, if there are
// not as many spectra as percentiles, or they do not ask for the same.
func (b *Bank) Rotated(dst RotatedSpectra, a1, a2 []float64, s *Scratch) {
	dst.check(b.Len())
	if len(a1) != len(a2) {
		panic("metric: components of a pair differ in length")
	}
	if len(a1) == 0 {
		dst.blank()
		return
	}
	if n := len(b.fine); n > 0 {
		x1, group := b.interpolate(0, a1, s)
		x2, _ := b.interpolate(1, a2, s)
		s.pairs(dst, group, b.order[:n], x1, x2)
	}
	s.pairs(dst, b.coarse, b.order[len(b.fine):], a1, a2)
}

func (r *RotatedSpectra) check(n int) {
	r.First.check(n)
	r.Second.check(n)
	if len(r.Over) != len(r.Percentiles) {
		panic("metric: rotated spectra are not as many as their percentiles")
	}
	for i := range r.Over {
		r.Over[i].check(n)
		if r.Over[i].Quantities() != r.Over[0].Quantities() {
			panic("metric: rotated spectra ask for different quantities")
		}
	}
}

// blank makes all values NaN.
func (r *RotatedSpectra) blank() {
	r.First.blank()
	r.Second.blank()
	for i := range r.Over {
		r.Over[i].blank()
	}
}

// over is the quantities asked for of the rotations.
func (r *RotatedSpectra) over() Quantities {
	if len(r.Over) == 0 {
		return 0
	}
	return r.Over[0].Quantities()
}

// pairs fills dst at the indices order for the oscillators of a group.
func (s *Scratch) pairs(dst RotatedSpectra, group []Oscillator, order []int, a1, a2 []float64) {
	if len(group) == 0 {
		return
	}
	over := dst.over()
	if (dst.First.Quantities()|dst.Second.Quantities()|over)&(SV|SA) == 0 {
		s.displacementPairs(dst, group, order, a1, a2)
		return
	}
	m1, m2 := s.motion(0, over, len(a1)), s.motion(1, over, len(a2))
	for i := range group {
		o, at := &group[i], order[i]
		dst.First.put(at, o, o.motion(m1, a1), everything)
		dst.Second.put(at, o, o.motion(m2, a2), everything)
		s.rotate(dst, at, o, m1.Displacement, m2.Displacement, over&displacements)
		s.rotate(dst, at, o, m1.Velocity, m2.Velocity, over&SV)
		s.rotate(dst, at, o, m1.Acceleration, m2.Acceleration, over&SA)
	}
}

// motion lends room for the histories that rotations need, of component c.
func (s *Scratch) motion(c int, over Quantities, n int) (m Motion) {
	if over&displacements != 0 {
		m.Displacement = grow(&s.motions[c], n)
	}
	if over&SV != 0 {
		m.Velocity = grow(&s.motions[2+c], n)
	}
	if over&SA != 0 {
		m.Acceleration = grow(&s.motions[4+c], n)
	}
	return m
}

// displacementPairs is pairs where displacements are all that is asked for: both
// traces at a time.
func (s *Scratch) displacementPairs(dst RotatedSpectra, group []Oscillator, order []int, a1, a2 []float64) {
	over := dst.over()
	y1, y2 := grow(&s.motions[0], len(a1)), grow(&s.motions[1], len(a2))
	for i := range group {
		o, at := &group[i], order[i]
		hi1, hi2 := o.traces(y1, y2, a1, a2)
		dst.First.put(at, o, peaks{y: hi1}, displacements)
		dst.Second.put(at, o, peaks{y: hi2}, displacements)
		s.rotate(dst, at, o, y1, y2, over)
	}
}

// rotate puts the peaks over the rotations of two motions, from which the quantities q follow.
func (s *Scratch) rotate(dst RotatedSpectra, at int, o *Oscillator, x1, x2 []float64, q Quantities) {
	if q == 0 {
		return
	}
	finite := s.rotator.turn(x1, x2)
	for i, percentile := range dst.Percentiles {
		v := math.NaN()
		if finite {
			v = s.rotator.percentile(percentile)
		}
		dst.Over[i].put(at, o, peaks{v, v, v}, q)
	}
}
