package dsp

import "math"

// TaperWidth is the number of samples that a taper takes at each end of n: the
// fraction of n (0.05: five percent a side), at most maxSeconds at rate Hz, at
// most half of n, each rounded down. maxSeconds <= 0 sets no limit. It is 0
// where fraction is not above zero.
func TaperWidth(n int, fraction, maxSeconds, rate float64) int {
	width := fraction * float64(n)
	if maxSeconds > 0 {
		width = min(width, maxSeconds*rate)
	}
	return int(max(0, min(width, float64(n/2))))
}

// TaperHann multiplies x by a window that rises over the first width samples,
// is one between, and falls over the last width: the halves of a symmetric Hann
// window of 2 width + 1 samples, or of 2 width where that is all of x. The first
// and the last sample become zero if width > 0. It panics unless
// 0 <= 2 width <= len(x).
func TaperHann(x []float64, width int) {
	n := len(x)
	if width < 0 || 2*width > n {
		panic("dsp: taper wider than half the samples")
	}
	steps := 2 * width
	if steps == n {
		steps--
	}
	for i := range width {
		w := 0.5 - float64(0.5*math.Cos(2*math.Pi*float64(i)/float64(steps)))
		x[i] *= w
		x[n-1-i] *= w
	}
}

// TaperSine multiplies x by the taper that is part of removing a response: over
// int(n fraction/2 + 0.5) samples at each end, at least one, it rises as a
// quarter of a sine from zero at the very end. fraction counts both sides and
// is at most 1: 0.05 tapers 2.5 percent a side. One or two samples become zero.
// It panics unless 0 < fraction <= 1.
func TaperSine(x []float64, fraction float64) {
	if !(0 < fraction && fraction <= 1) {
		panic("dsp: fraction of a taper outside (0, 1]")
	}
	n := len(x)
	steps := max(1, int(float64(n)*fraction/2+0.5))
	for i := range min(steps, (n+1)/2) {
		w := math.Sin(math.Pi / 2 * float64(i) / float64(steps))
		x[i] *= w
		if i != n-1-i {
			x[n-1-i] *= w
		}
	}
}
