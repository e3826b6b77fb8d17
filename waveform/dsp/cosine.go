package dsp

import "math"

// TaperCosine multiplies x by ObsPy's cosine window: it rises over the first width
// samples as 0.5 (1 - cos(pi k/(width-1))), k = 0..width-1, is one between, and
// falls over the last width. Unlike [TaperHann] it is one at the inmost of these
// samples already. Both ends become zero; a width of 1 sets them alone to zero. It
// is Trace.taper of type "cosine", with the width of [TaperWidth]. It panics unless
// 0 <= 2 width <= len(x).
func TaperCosine(x []float64, width int) {
	n := len(x)
	if width < 0 || 2*width > n {
		panic("dsp: taper wider than half the samples")
	}
	steps := max(width-1, 1)
	for i := range width {
		w := 0.5 - float64(0.5*math.Cos(math.Pi*float64(i)/float64(steps)))
		x[i] *= w
		x[n-1-i] *= w
	}
}
