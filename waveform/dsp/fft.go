package dsp

import "gonum.org/v1/gonum/dsp/fourier"

// FFT is a plan for discrete Fourier transforms of real sequences of one
// length. Any length works; lengths from [NextFast] are quickest, a large prime
// factor p costs p operations a sample.
//
// A plan has work space of its own and belongs to one goroutine at a time.
type FFT struct {
	plan *fourier.FFT
	n    int
}

// NewFFT makes a plan for sequences of n samples. It panics if n < 1.
func NewFFT(n int) *FFT {
	if n < 1 {
		panic("dsp: length of a Fourier transform below 1")
	}
	return &FFT{plan: fourier.NewFFT(n), n: n}
}

// Len is the length of the sequences.
func (f *FFT) Len() int { return f.n }

// Bins is the number of coefficients, n/2+1: from zero to the Nyquist frequency.
func (f *FFT) Bins() int { return f.n/2 + 1 }

// Coefficients stores in dst the transform X[k] = sum src[j] exp(-2 pi i jk/n)
// for k = 0..n/2 and returns it. A nil dst is allocated. It panics if src has
// not length Len or dst not length Bins.
func (f *FFT) Coefficients(dst []complex128, src []float64) []complex128 {
	return f.plan.Coefficients(dst, src)
}

// Sequence stores in dst the inverse transform, divided by n, so that it undoes
// [FFT.Coefficients], and returns it. Imaginary parts of the coefficients at
// zero and at the Nyquist frequency are ignored. A nil dst is allocated. It
// panics if coeff has not length Bins or dst not length Len.
func (f *FFT) Sequence(dst []float64, coeff []complex128) []float64 {
	dst = f.plan.Sequence(dst, coeff)
	scale := float64(f.n)
	for i := range dst {
		dst[i] /= scale
	}
	return dst
}

// NextFast is the smallest length >= n that has no prime factor above 5: a
// length that transforms quickly. It is 1 for n < 1.
func NextFast(n int) int {
	best := 1
	for best < n {
		best *= 2
	}
	for five := 1; five < best; five *= 5 {
		for length := five; length < best; length *= 3 {
			fast := length
			for fast < n {
				fast *= 2
			}
			best = min(best, fast)
		}
	}
	return best
}
