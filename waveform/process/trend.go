package process

import (
	"errors"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Demean subtracts the arithmetic mean.
type Demean struct{}

// Name is "demean".
func (Demean) Name() string { return "demean" }

// Apply never fails.
func (Demean) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	dsp.Demean(tr.Data)
	return nil
}

// Detrend subtracts the least-squares line.
type Detrend struct{}

// Name is "detrend".
func (Detrend) Name() string { return "detrend" }

// Apply never fails.
func (Detrend) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	dsp.DetrendLinear(tr.Data)
	return nil
}

// DetrendSimple subtracts the line through the first and the last sample.
type DetrendSimple struct{}

// Name is "detrend_simple".
func (DetrendSimple) Name() string { return "detrend_simple" }

// Apply never fails.
func (DetrendSimple) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	dsp.DetrendSimple(tr.Data)
	return nil
}

// Taper multiplies both ends with half a Hann window.
type Taper struct {
	Fraction float64 // of the trace, each side, 0 to 0.5
	Longest  float64 // s, each side; 0 is no limit
}

// Name is "taper".
func (Taper) Name() string { return "taper" }

// Check wants a fraction from 0 to 0.5.
func (t Taper) Check() error {
	if !(t.Fraction >= 0 && t.Fraction <= 0.5) {
		return errors.New("want a fraction from 0 to 0.5")
	}
	return nil
}

// Apply never fails.
func (t Taper) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	longest := t.Longest
	if longest <= 0 {
		longest = math.Inf(1)
	}
	dsp.TaperHann(tr.Data, dsp.TaperWidth(len(tr.Data), t.Fraction, longest, tr.SampleRate))
	return nil
}
