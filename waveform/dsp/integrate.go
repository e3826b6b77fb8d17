package dsp

// CumTrapezoid stores in dst the running integral of x by the trapezoid rule,
// from zero at the first sample: dst[i] = dst[i-1] + dt (x[i-1]+x[i])/2, with dt
// the sample interval in seconds. dst may be x. It panics if the lengths differ.
func CumTrapezoid(dst, x []float64, dt float64) {
	if len(dst) != len(x) {
		panic("dsp: lengths of CumTrapezoid differ")
	}
	if len(x) == 0 {
		return
	}
	last, sum := x[0], 0.0
	dst[0] = 0
	for i := 1; i < len(x); i++ {
		v := x[i]
		sum += float64(dt*(last+v)) / 2
		dst[i] = sum
		last = v
	}
}
