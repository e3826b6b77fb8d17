package dsp

import (
	"fmt"
	"math"
)

// Chebyshev2 designs a digital Chebyshev filter of type II, lowpass, for data at
// rate Hz: without ripple where it lets through, and with equal ripples, at least
// attenuation dB down, from the frequency stop (Hz) on. The analogue prototype is
// taken to the digital filter as that of [Butterworth] is, step by step SciPy's
// cheby2(..., output="sos"), whose sections it gives to within rounding. See
// [Chebyshev2Order] for the order.
//
// The error matches [ErrFilter]: an order outside 1 to 100, stop outside (0,
// rate/2), an attenuation outside (0, 300].
func Chebyshev2(order int, stop, attenuation, rate float64) (Filter, error) {
	if err := checkDesign(Lowpass, order, stop, 0, rate); err != nil {
		return nil, err
	}
	if !(0 < attenuation && attenuation <= maxAttenuation) {
		return nil, fmt.Errorf("%w: attenuation %g dB is not within 0 to %g", ErrFilter, attenuation, maxAttenuation)
	}
	analogue := chebyshev2(order, attenuation)
	w := warp(stop, rate)
	analogue.gain *= math.Pow(w, float64(len(analogue.poles)-len(analogue.zeros)))
	analogue.zeros, analogue.poles = times(w, analogue.zeros), times(w, analogue.poles)
	f := analogue.bilinear().pair()
	for _, s := range f {
		if !s.isFinite() {
			return nil, fmt.Errorf("%w: Chebyshev lowpass of order %d to %g Hz at %g Hz overflows; lower the order",
				ErrFilter, order, stop, rate)
		}
	}
	return f, nil
}

// chebyshev2 is the analogue lowpass whose stop band starts at 1 rad/s. Its zeros
// are i/sin(m pi/2n), its poles the inverses of points on an ellipse, for m = -n+1,
// -n+3 .. n-1 (Zverev 1967, Handbook of Filter Synthesis).
func chebyshev2(order int, attenuation float64) zpk {
	ripple := 1 / math.Sqrt(math.Pow(10, 0.1*attenuation)-1)
	mu := math.Asinh(1/ripple) / float64(order)
	d := zpk{gain: 1}
	ratio := complex(1, 0)
	for m := -order + 1; m < order; m += 2 {
		sin, cos := math.Sincos(math.Pi * float64(m) / float64(2*order))
		pole := 1 / complex(-math.Sinh(mu)*cos, -math.Cosh(mu)*sin)
		d.poles = append(d.poles, pole)
		ratio *= -pole
		if m != 0 { // the zero in the middle is at infinity
			zero := complex(0, 1/sin)
			d.zeros = append(d.zeros, zero)
			ratio /= -zero
		}
	}
	d.gain = real(ratio)
	return d
}

// maxAttenuation is about the range of a double between a sum and its rounding, in
// dB.
const maxAttenuation = 300.0

// Chebyshev2Order is the least order of a [Chebyshev2] lowpass that loses no more
// than loss dB up to the frequency pass (Hz) and at least attenuation dB from stop
// on, and the frequency to design it with: at or below stop, such that the loss at
// pass is exactly the one given. This is SciPy's cheb2ord.
//
// The error matches [ErrFilter] unless 0 < pass < stop < rate/2 and 0 < loss <
// attenuation <= 300, and where the order would be above 100.
func Chebyshev2Order(pass, stop, loss, attenuation, rate float64) (order int, edge float64, err error) {
	if !(0 < pass && pass < stop && stop < rate/2) || !(0 < loss && loss < attenuation && attenuation <= maxAttenuation) {
		return 0, 0, fmt.Errorf("%w: no Chebyshev lowpass loses %g dB to %g Hz and %g dB from %g Hz at %g Hz",
			ErrFilter, loss, pass, attenuation, stop, rate)
	}
	passing, stopping := math.Tan(math.Pi*pass/rate), math.Tan(math.Pi*stop/rate)
	steepness := math.Acosh(math.Sqrt((math.Pow(10, 0.1*attenuation) - 1) / (math.Pow(10, 0.1*loss) - 1)))
	exact := math.Ceil(steepness / math.Acosh(stopping/passing))
	if !(exact <= maxOrder) {
		return 0, 0, fmt.Errorf("%w: order %g is above %d: %g and %g Hz are too close", ErrFilter, exact, maxOrder, pass, stop)
	}
	edge = passing * math.Cosh(steepness/exact)
	return int(exact), math.Atan(edge) * rate / math.Pi, nil
}
