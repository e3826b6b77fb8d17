package dsp

import "math"

// Differentiate stores in dst the derivative of x, with dt the sample interval in
// seconds: half the difference of the neighbours over dt, and at both ends the
// difference from the one neighbour. It falls below the true derivative with
// frequency, by 1 percent at a 26th of the sample rate and by 36 at a quarter. This
// is NumPy's gradient and ObsPy's Trace.differentiate. One sample has derivative 0.
//
// dst may be x. It panics if the lengths differ.
func Differentiate(dst, x []float64, dt float64) {
	if len(dst) != len(x) {
		panic("dsp: lengths of Differentiate differ")
	}
	n := len(x)
	if n < 2 {
		clear(dst)
		return
	}
	before, here := x[0], x[1]
	dst[0] = (here - before) / dt
	for i := 1; i < n-1; i++ {
		after := x[i+1]
		dst[i] = (after - before) / (2 * dt)
		before, here = here, after
	}
	dst[n-1] = (here - before) / dt
}

// DifferentiateSpectral stores in dst the derivative of the periodic function that
// x samples one period of: its spectrum times i w, with dt the sample interval in
// seconds. The bin at zero becomes zero, and so does that at the Nyquist frequency
// of an even number of samples, whose derivative lies between the samples. A step
// between the end of x and its start becomes a spike that rings: taper first. This
// is SciPy's fftpack.diff.
//
// dst may be x. It panics if the lengths differ.
func DifferentiateSpectral(dst, x []float64, dt float64, plans *Plans, scratch *Scratch) {
	multiplyOdd(dst, x, plans, scratch, func(k int) float64 {
		return 2 * math.Pi * float64(k) / (float64(len(x)) * dt)
	})
}

// IntegrateSpectral stores in dst the integral of the periodic function that x
// samples one period of, its mean taken off before: its spectrum over i w, with dt
// the sample interval in seconds. The bin at zero becomes zero, so that the mean of
// dst is zero, and so does that at the Nyquist frequency of an even number of
// samples. [CumTrapezoid] starts from zero instead and keeps the mean, and is lower
// at high frequencies. This is SciPy's fftpack.diff of order -1.
//
// dst may be x. It panics if the lengths differ.
func IntegrateSpectral(dst, x []float64, dt float64, plans *Plans, scratch *Scratch) {
	multiplyOdd(dst, x, plans, scratch, func(k int) float64 {
		return -float64(len(x)) * dt / (2 * math.Pi * float64(k))
	})
}

// multiplyOdd multiplies the coefficients of x by i times the factor of their bin,
// and those at zero and at the Nyquist frequency by zero: i times a real number is
// no coefficient of a real sequence there. It leaves scratch.Samples alone.
func multiplyOdd(dst, x []float64, plans *Plans, scratch *Scratch, factor func(k int) float64) {
	if len(dst) != len(x) {
		panic("dsp: lengths of source and destination differ")
	}
	n := len(x)
	if n == 0 {
		return
	}
	mean := Mean(x) // has no part in the result, but takes its last places if it is large
	for i, v := range x {
		dst[i] = v - mean
	}
	plan := plans.FFT(n)
	spectrum := plan.Coefficients(scratch.Spectrum(plan.Bins()), dst, scratch)
	for k, c := range spectrum {
		switch {
		case k == 0 || 2*k == n:
			spectrum[k] = scale(0, c)
		default:
			spectrum[k] = timesMinusI(scale(-factor(k), c))
		}
	}
	plan.Sequence(dst, spectrum, scratch)
}
