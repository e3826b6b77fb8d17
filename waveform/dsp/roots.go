package dsp

import (
	"math"
	"math/bits"
)

// unitRoots gives exp(-2 pi i k/n) for many k. Sines are taken of about 2 sqrt(n)
// angles only; a product of two of them makes each root, good to about 2e-16.
type unitRoots struct {
	bits         int          // step = 1<<bits
	coarse, fine []complex128 // roots of k = 0, step, 2 step .. and of k = 0, 1 .. step-1
}

func newUnitRoots(n int) unitRoots {
	r := unitRoots{bits: bits.Len(uint(n)) / 2}
	step := 1 << r.bits
	for k := 0; k < n; k += step {
		r.coarse = append(r.coarse, unitRoot(k, n))
	}
	for k := range min(step, n) {
		r.fine = append(r.fine, unitRoot(k, n))
	}
	return r
}

// at is the root of k, for 0 <= k < n.
func (r unitRoots) at(k int) complex128 {
	return r.coarse[k>>r.bits] * r.fine[k&(1<<r.bits-1)]
}

// unitRoot is exp(-2 pi i k/n), for 0 <= k < n. The angle is folded into the first
// eighth of the circle in whole numbers, where rounding it costs least.
func unitRoot(k, n int) complex128 {
	eighths, half := 8*k, 4*n // a full circle is 8n
	sign := -1.0
	if eighths > half {
		eighths, sign = 2*half-eighths, 1
	}
	left := eighths > half/2
	if left {
		eighths = half - eighths
	}
	steep := eighths > half/4
	if steep {
		eighths = half/2 - eighths
	}
	s, c := math.Sincos(math.Pi * float64(eighths) / float64(half))
	if steep {
		s, c = c, s
	}
	if left {
		c = -c
	}
	return complex(c, sign*s)
}
