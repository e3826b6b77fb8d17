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
	switch {
	case c.Type > waveform.Digital:
		return nil, fmt.Errorf("%w: coefficients of type %d", ErrUnsupported, c.Type)
	case len(c.Denominator)+len(c.Numerator) == 0:
		return nil, nil
	case c.Type == waveform.LaplaceRadians:
		return quotientOfS{orOne(c.Numerator), orOne(c.Denominator), 2 * math.Pi}, nil
	case c.Type == waveform.LaplaceHertz:
		return quotientOfS{orOne(c.Numerator), orOne(c.Denominator), 1}, nil
	case len(c.Denominator) == 0:
		return newFIR(&waveform.FIR{Coefficients: c.Numerator}, d)
	}
	dt, err := interval(d)
	return rational{orOne(c.Numerator), c.Denominator, dt}, err
}

// orOne is the polynomial 1 where there is none.
func orOne(c []float64) []float64 {
	if len(c) == 0 {
		return []float64{1}
	}
	return c
}

// quotientOfS is an analogue filter, its polynomials in increasing powers of
// s = i scale f.
type quotientOfS struct {
	numerator, denominator []float64
	scale                  float64
}

func (q quotientOfS) multiply(dst []complex128, freqs []float64) {
	for i, f := range freqs {
		s := complex(0, q.scale*f)
		dst[i] *= quotient(polynomial(q.numerator, s), polynomial(q.denominator, s))
	}
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
		re, im = float64(re*x)-float64(im*y)+c[k], float64(re*y)+float64(im*x)
	}
	return complex(re, im)
}
