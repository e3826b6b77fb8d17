package process

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
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

// Taper multiplies both ends with half a Hann window.
type Taper struct {
	Fraction float64 // of the trace, each side, 0 to 0.5
	Longest  float64 // s, each side; 0 is no limit
}

// Name is "taper".
func (Taper) Name() string { return "taper" }

// Apply never fails.
func (t Taper) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	longest := t.Longest
	if longest <= 0 {
		longest = math.Inf(1)
	}
	dsp.TaperHann(tr.Data, dsp.TaperWidth(len(tr.Data), t.Fraction, longest, tr.SampleRate))
	return nil
}

// RemoveResponse turns counts into ground motion.
type RemoveResponse struct {
	Output     waveform.Unit // Displacement, Velocity or Acceleration
	WaterLevel float64       // dB below the greatest amplitude of the response
	PreFilter  [4]Corner     // all zero: none
}

// Name is "remove_response".
func (RemoveResponse) Name() string { return "remove_response" }

// Apply fails where the response cannot be evaluated or the trace is not in counts.
func (r RemoveResponse) Apply(w *Worker, in Instrument, tr *waveform.Trace) error {
	if tr.Unit != waveform.Counts {
		return fmt.Errorf("trace is in %v, want counts: %w", tr.Unit, ErrUnits)
	}
	opt := response.Options{Unit: r.Output, WaterLevel: r.WaterLevel}
	for i, c := range r.PreFilter {
		opt.PreFilter[i] = c.At(tr.SampleRate)
	}
	inv, err := w.Responses.Inverse(in.Hash, in.Response, len(tr.Data), 1/tr.SampleRate, opt)
	if err != nil {
		return err
	}
	inv.Remove(tr.Data, w.Plans, &w.Scratch)
	tr.Unit = r.Output
	return nil
}

// Bandpass is a Butterworth band-pass.
type Bandpass struct {
	Low, High Corner
	Order     int
	Passes    int // 1: causal; 2: forward and backward, zero phase
}

type filterKey struct {
	Bandpass
	rate float64
}

// Name is "bandpass".
func (Bandpass) Name() string { return "bandpass" }

// Apply fails where the corners do not fit the sample rate.
func (b Bandpass) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	key := filterKey{b, tr.SampleRate}
	f, ok := w.filters[key]
	if !ok {
		var err error
		f, err = dsp.Butterworth(dsp.Bandpass, b.Order, b.Low.At(tr.SampleRate), b.High.At(tr.SampleRate), tr.SampleRate)
		if err != nil {
			return err
		}
		if len(w.filters) >= 64 { // sample rates are few; this only bounds hostile input
			clear(w.filters)
		}
		w.filters[key] = f
	}
	if b.Passes == 2 {
		f.ApplyZeroPhase(tr.Data)
	} else {
		f.Apply(tr.Data)
	}
	return nil
}
