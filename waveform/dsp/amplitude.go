package dsp

import (
	"fmt"
	"math"
)

// AmplitudeFilter has the gain of an analogue Butterworth filter and no phase: it
// multiplies the spectrum of all samples by real numbers. It is not changed by use
// and may be shared.
type AmplitudeFilter struct {
	kind      Kind
	order     int
	low, high float64 // corners (Hz) of the highpass and of the lowpass part
	rate      float64
}

// AmplitudeButterworth makes the zero-phase filter in the frequency domain of the
// ground-motion tables of the USGS (gmprocess, "Butterworth_gmprocess"; Boore and
// Bommer 2005 call it acausal): with corners f1 and f2 (Hz), for data at rate Hz,
// the spectrum is divided by sqrt(1 + (f1/f)^(2 order)) as a Highpass and by sqrt(1
// + (f/f1)^(2 order)) as a Lowpass, and by both, with f1 and f2, as a Bandpass; f2
// is not looked at where there is one corner. The gain at a corner is -3 dB.
//
// This is neither [Filter.Apply], which delays, nor [Filter.ApplyZeroPhase], whose
// gain is squared; peaks differ by several percent from either.
//
// The error matches [ErrFilter]: a Bandstop, an order below 1, a corner outside (0,
// rate/2), corners not in rising order.
func AmplitudeButterworth(kind Kind, order int, f1, f2, rate float64) (AmplitudeFilter, error) {
	if kind == Bandstop {
		return AmplitudeFilter{}, fmt.Errorf("%w: a %v has no amplitude form here", ErrFilter, kind)
	}
	if err := checkDesign(kind, order, f1, f2, rate); err != nil {
		return AmplitudeFilter{}, err
	}
	a := AmplitudeFilter{kind: kind, order: order, low: f1, high: f2, rate: rate}
	if kind == Lowpass {
		a.high = f1
	}
	return a, nil
}

// Gain is the number, from 0 to 1, that the spectrum is multiplied with at a
// frequency f >= 0 in Hz: at zero, 0 of a Highpass and a Bandpass and 1 of a
// Lowpass.
func (a AmplitudeFilter) Gain(f float64) float64 {
	gain := 1.0
	if a.kind != Lowpass {
		gain /= math.Sqrt(1 + math.Pow(a.low/f, float64(2*a.order)))
	}
	if a.kind != Highpass {
		gain /= math.Sqrt(1 + math.Pow(f/a.high, float64(2*a.order)))
	}
	return gain
}

// Apply filters x in place. The transform is of exactly len(x) samples, without
// padding, so that what the filter spreads over the end of x comes back at its
// start: taper first. A NaN makes all of x NaN.
func (a AmplitudeFilter) Apply(x []float64, plans *Plans, scratch *Scratch) {
	n := len(x)
	if n == 0 {
		return
	}
	if a.kind != Lowpass {
		Demean(x) // an offset goes anyhow, but would leave its rounding
	}
	plan := plans.FFT(n)
	spectrum := plan.Coefficients(scratch.Spectrum(plan.Bins()), x, scratch)
	for k, c := range spectrum {
		spectrum[k] = scale(a.Gain(float64(k)*a.rate/float64(n)), c)
	}
	plan.Sequence(x, spectrum, scratch)
}
