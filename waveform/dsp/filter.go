package dsp

import "slices"

// Section is a second-order section of a recursive filter,
// H(z) = (B0 + B1/z + B2/z^2) / (1 + A1/z + A2/z^2).
type Section struct{ B0, B1, B2, A1, A2 float64 }

// Filter is a cascade of sections, applied first to last. A Filter is not
// changed by use and may be shared.
type Filter []Section

// Apply filters x in place, once, forward, from rest: nothing is assumed to
// have come before the first sample. Each section is computed in transposed
// direct form II, y = b0 x + z0, z0 = b1 x - a1 y + z1, z1 = b2 x - a2 y, every
// product and sum rounded in that order, which makes the result bit for bit that
// of SciPy's sosfilt with the same sections.
func (f Filter) Apply(x []float64) {
	for len(f) >= 2 {
		applyTwo(f[0], f[1], x)
		f = f[2:]
	}
	if len(f) == 1 {
		applyOne(f[0], x)
	}
}

// ApplyZeroPhase filters x in place forward and then backward, from rest both
// times and without padding: the delays cancel, the gain is squared. This is
// filter, reverse, filter, reverse; SciPy's sosfiltfilt pads and sets initial
// states, and differs near the ends.
func (f Filter) ApplyZeroPhase(x []float64) {
	f.Apply(x)
	slices.Reverse(x)
	f.Apply(x)
	slices.Reverse(x)
}

func applyOne(f Section, x []float64) {
	var z0, z1 float64
	for i, v := range x {
		y := float64(f.B0*v) + z0
		z0 = float64(f.B1*v) - float64(f.A1*y) + z1
		z1 = float64(f.B2*v) - float64(f.A2*y)
		x[i] = y
	}
}

// applyTwo is applyOne(f, x) followed by applyOne(g, x) in one pass. Each
// section waits for its own last output; two of them keep the processor busy
// meanwhile.
func applyTwo(f, g Section, x []float64) {
	var z0, z1, w0, w1 float64
	for i, v := range x {
		y := float64(f.B0*v) + z0
		z0 = float64(f.B1*v) - float64(f.A1*y) + z1
		z1 = float64(f.B2*v) - float64(f.A2*y)

		u := float64(g.B0*y) + w0
		w0 = float64(g.B1*y) - float64(g.A1*u) + w1
		w1 = float64(g.B2*y) - float64(g.A2*u)
		x[i] = u
	}
}
