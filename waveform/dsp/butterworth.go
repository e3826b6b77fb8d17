package dsp

import (
	"errors"
	"fmt"
	"math"
)

// Kind is what a filter lets through.
type Kind uint8

// The kinds of filter. Lowpass and Highpass have one corner, f1; Bandpass and
// Bandstop have two, f1 < f2.
const (
	Lowpass Kind = iota
	Highpass
	Bandpass
	Bandstop
)

// ErrFilter is matched by every error of a filter that cannot be designed.
var ErrFilter = errors.New("filter cannot be designed")

// String gives the name: lowpass, highpass, bandpass or bandstop.
func (k Kind) String() string {
	names := [...]string{"lowpass", "highpass", "bandpass", "bandstop"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

func (k Kind) hasTwoCorners() bool { return k == Bandpass || k == Bandstop }

// Butterworth designs a digital Butterworth filter with corners f1 and f2 (Hz)
// for data at rate Hz; f2 is not looked at where there is one corner. order is
// that of the lowpass prototype: a bandpass of order 4 has 8 poles. The gain at
// the corners is -3 dB in one pass.
//
// The analogue prototype is transformed to the corners, prewarped, and by the
// bilinear transform to digital zeros and poles, which are then paired into
// sections (see pair), step by step SciPy's butter(..., output="sos"), whose
// sections it gives to within rounding.
//
// The error matches [ErrFilter]: an order below 1, a corner outside
// (0, rate/2), corners not in rising order.
func Butterworth(kind Kind, order int, f1, f2, rate float64) (Filter, error) {
	if err := checkDesign(kind, order, f1, f2, rate); err != nil {
		return nil, err
	}
	f := analogue(kind, order, warp(f1, rate), warp(f2, rate)).bilinear().pair()
	for _, s := range f {
		if !s.isFinite() {
			return nil, fmt.Errorf("%w: %v of order %d from %g to %g Hz at %g Hz overflows; lower the order",
				ErrFilter, kind, order, f1, f2, rate)
		}
	}
	return f, nil
}

func (s Section) isFinite() bool {
	sum := s.B0 + s.B1 + s.B2 + s.A1 + s.A2
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// maxOrder is far above any filter that doubles can carry out.
const maxOrder = 100

func checkDesign(kind Kind, order int, f1, f2, rate float64) error {
	nyquist := rate / 2
	inside := func(f float64) bool { return 0 < f && f < nyquist }
	switch {
	case kind > Bandstop:
		return fmt.Errorf("%w: unknown %v", ErrFilter, kind)
	case order < 1 || order > maxOrder:
		return fmt.Errorf("%w: order %d is not within 1 to %d", ErrFilter, order, maxOrder)
	case !inside(f1):
		return fmt.Errorf("%w: corner %g Hz is not between 0 and the Nyquist frequency %g Hz", ErrFilter, f1, nyquist)
	case kind.hasTwoCorners() && !inside(f2):
		return fmt.Errorf("%w: corner %g Hz is not between 0 and the Nyquist frequency %g Hz", ErrFilter, f2, nyquist)
	case kind.hasTwoCorners() && !(f1 < f2):
		return fmt.Errorf("%w: lower corner %g Hz is not below upper corner %g Hz", ErrFilter, f1, f2)
	}
	return nil
}
