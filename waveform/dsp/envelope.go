package dsp

import "math"

// Hilbert stores in dst the Hilbert transform of x: every frequency a quarter of a
// period late, cosines become sines, and what has none, the mean and the Nyquist
// frequency, zero. It is the imaginary part of SciPy's signal.hilbert. x is taken
// for one period, so that its end acts on the start of dst; pad with zeros where
// that matters.
//
// dst may be x. It panics if the lengths differ.
func Hilbert(dst, x []float64, plans *Plans, scratch *Scratch) {
	multiplyOdd(dst, x, plans, scratch, func(int) float64 { return -1 })
}

// Envelope stores in dst the modulus of the analytic signal: sqrt(x^2 + h^2) with h
// the Hilbert transform. It is at no sample below |x|. As [Hilbert] it takes x for
// one period: take the mean off and taper first. This is ObsPy's envelope. PITSA's
// integrates 1/(pi t) over straight lines between the samples, up to half the trace
// away, and differs by a percent where frequencies are high.
//
// dst may be x. It panics if the lengths differ.
func Envelope(dst, x []float64, plans *Plans, scratch *Scratch) {
	if len(dst) != len(x) {
		panic("dsp: lengths of Envelope differ")
	}
	h := scratch.Samples(len(x))
	Hilbert(h, x, plans, scratch)
	for i, v := range x {
		dst[i] = math.Hypot(v, h[i])
	}
}
