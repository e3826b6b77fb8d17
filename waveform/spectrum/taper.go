package spectrum

import "math"

// Hann is the periodic Hann window of n samples, 0.5(1-cos(2 pi i/n)): the first n
// of the n+1 samples of a symmetric one. It is 1 for n = 1.
func Hann(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 0.5 - float64(0.5*math.Cos(2*math.Pi*float64(i)/float64(n)))
	}
	if n == 1 {
		w[0] = 1
	}
	return w
}

// CosineTaper is a window of n samples that rises over the first
// w = int(fraction n + 0.5) as 0.5(1-cos(pi i/(w-1))), is one between, and falls
// over the last w: McNamara and Buland's for a fraction of 0.1. The first and the last
// sample are zero; a w below 2 counts as 2, and of a window of one or two samples
// all are zero. It panics unless 0 < fraction <= 0.5.
func CosineTaper(n int, fraction float64) []float64 {
	if !(fraction > 0 && fraction <= 0.5) {
		panic("spectrum: fraction of a taper outside (0, 0.5]")
	}
	w := make([]float64, n)
	fill(w, 1)
	rise := max(2, int(fraction*float64(n)+0.5))
	for i := range min(rise, (n+1)/2) {
		v := 0.5 - float64(0.5*math.Cos(math.Pi*float64(i)/float64(rise-1)))
		w[i], w[n-1-i] = v, v
	}
	return w
}
