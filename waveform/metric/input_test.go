package metric

import (
	"math"
	"testing"
)

// quake gives n samples of noise that rises and falls like an earthquake, made of
// additions, multiplications and divisions alone, so that the script of the golden file
// makes the very same bits.
func quake(n int, seed uint64) []float64 {
	x := make([]float64, n)
	state, last := seed, 0.0
	for i := range x {
		state = state*6364136223846793005 + 1442695040888963407
		noise := float64(state>>11)/(1<<53) - 0.5
		last = float64(0.6*last) + noise // a little redder than white
		at := 8 * float64(i) / float64(n)
		square := at * at
		x[i] = last * (0.01 + square/(1+float64(square*square)))
	}
	return x
}

// worst collects the largest deviation of a test, to be printed.
type worst struct {
	t         *testing.T
	tolerance float64
	off       float64
	what      string
}

func newWorst(t *testing.T, tolerance float64) *worst {
	w := &worst{t: t, tolerance: tolerance}
	t.Cleanup(func() { t.Logf("worst deviation %.2g at %s, tolerance %.2g", w.off, w.what, w.tolerance) })
	return w
}

// near compares relative to scale, the expected number's own size or its natural one.
func (w *worst) near(what string, got, want, scale float64) {
	w.t.Helper()
	off := math.Abs(got-want) / scale
	if !(off <= w.tolerance) {
		w.t.Errorf("%s: %.15g, want %.15g (off by %.2g of %.3g)", what, got, want, off, scale)
	}
	if off >= w.off {
		w.off, w.what = off, what
	}
}
