package response

import (
	"fmt"
	"math"
	"math/cmplx"

	"github.com/seisbatch/seisbatch/waveform"
)

// rational is a recursive digital filter, its polynomials in increasing powers
// of 1/z.
type rational struct {
	numerator, denominator []float64
	interval               float64
}

func newCoefficients(c *waveform.Coefficients, d *waveform.Decimation) (filter, error) {
	if c.Type != waveform.Digital {
		return nil, fmt.Errorf("%w: analogue coefficients; ask for poles and zeros", ErrUnsupported)
	}
	if len(c.Denominator) == 0 {
		if len(c.Numerator) == 0 {
			return nil, nil
		}
		return newFIR(&waveform.FIR{Coefficients: c.Numerator}, d)
	}
	numerator := c.Numerator
	if len(numerator) == 0 {
		numerator = []float64{1}
	}
	dt, err := interval(d)
	return rational{numerator, c.Denominator, dt}, err
}

func (r rational) multiply(dst []complex128, freqs []float64) {
	for i, f := range freqs {
		z := cmplx.Rect(1, -2*math.Pi*f*r.interval)
		dst[i] *= quotient(polynomial(r.numerator, z), polynomial(r.denominator, z))
	}
}

// polynomial is sum c[k] z^k.
func polynomial(c []float64, z complex128) complex128 {
	x, y := real(z), imag(z)
	var re, im float64
	for k := len(c) - 1; k >= 0; k-- {
		re, im = re*x-im*y+c[k], re*y+im*x
	}
	return complex(re, im)
}
