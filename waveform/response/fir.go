package response

import (
	"fmt"
	"math"
	"math/cmplx"

	"github.com/seisbatch/seisbatch/waveform"
)

// fir is a filter of finite impulse response, sum c[k] exp(-i w interval k),
// shifted in time. Of a symmetric one, c is the half from the centre outward
// (both sides added up), and the real part is the response.
type fir struct {
	c         []float64
	interval  float64 // s
	advance   float64 // s: the sum is multiplied by exp(i w advance)
	symmetric bool
}

// sumTolerance is how far from one the sum of the coefficients may be before it
// is taken for a wrong scale.
const sumTolerance = 0.02

func newFIR(f *waveform.FIR, d *waveform.Decimation) (filter, error) {
	dt, err := interval(d)
	if err != nil {
		return nil, err
	}
	c := f.Coefficients
	switch f.Symmetry {
	case waveform.OddSymmetric:
		return oddFIR(c, dt), nil
	case waveform.EvenSymmetric:
		return evenFIR(c, dt), nil
	case waveform.Asymmetric:
		if c, err = scaled(c); err != nil {
			return nil, err
		}
		half := (len(c) + 1) / 2
		switch {
		case !isPalindrome(c) && math.IsNaN(d.Correction):
			return nil, fmt.Errorf("%w: it is asymmetric but names no delay correction", ErrStage)
		case !isPalindrome(c):
			return fir{c: c, interval: dt, advance: d.Correction}, nil
		case len(c)%2 == 1:
			return oddFIR(c[:half], dt), nil
		}
		return evenFIR(c[:half], dt), nil
	}
	return nil, fmt.Errorf("%w: FIR symmetry %d", ErrUnsupported, f.Symmetry)
}

// scaled divides c by its sum where that is not about one.
func scaled(c []float64) ([]float64, error) {
	sum := 0.0
	for _, v := range c {
		sum += v
	}
	if math.Abs(sum-1) <= sumTolerance {
		return c, nil
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("%w: its FIR coefficients add up to %g", ErrStage, sum)
	}
	out := make([]float64, len(c))
	for i, v := range c {
		out[i] = v / sum
	}
	return out, nil
}

func isPalindrome(c []float64) bool {
	for i := range len(c) / 2 {
		if c[i] != c[len(c)-1-i] {
			return false
		}
	}
	return true
}

// oddFIR is made of the first half and the middle of the coefficients.
func oddFIR(half []float64, dt float64) fir {
	c := outward(half)
	c[0] /= 2
	return fir{c: c, interval: dt, symmetric: true}
}

// evenFIR is made of the first half of the coefficients; the centre lies half
// an interval after the last of them.
func evenFIR(half []float64, dt float64) fir {
	return fir{c: outward(half), interval: dt, advance: -dt / 2, symmetric: true}
}

func outward(half []float64) []float64 {
	c := make([]float64, len(half))
	for i, v := range half {
		c[len(half)-1-i] = 2 * v
	}
	return c
}

func (f fir) multiply(dst []complex128, freqs []float64) {
	for i, freq := range freqs {
		w := 2 * math.Pi * freq
		h := polynomial(f.c, cmplx.Rect(1, -w*f.interval))
		if f.advance != 0 {
			h *= cmplx.Rect(1, w*f.advance)
		}
		if f.symmetric {
			h = complex(real(h), 0)
		}
		dst[i] *= h
	}
}
