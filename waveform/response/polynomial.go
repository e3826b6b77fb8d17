package response

import (
	"fmt"

	"github.com/seisbatch/seisbatch/waveform"
)

// addPolynomial appends the tangent of a polynomial, if that was asked for.
func (b builder) addPolynomial(p *waveform.Polynomial) error {
	if !b.Linear {
		return ErrPolynomial
	}
	m := slope(p.Coefficients, b.At)
	if !isUsable(m) || !isUsable(1/m) {
		return fmt.Errorf("%w: the slope of its polynomial at %g is %g", ErrStage, b.At, m)
	}
	if !b.TotalSensitivity {
		b.gain /= m
	}
	return nil
}

// slope is the derivative of sum c[k] x^k.
func slope(c []float64, x float64) float64 {
	m := 0.0
	for k := len(c) - 1; k > 0; k-- {
		m = float64(m*x) + float64(float64(k)*c[k])
	}
	return m
}
