package process

import (
	"errors"
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// RemoveResponse turns counts into ground motion.
type RemoveResponse struct {
	Output     waveform.Unit // Displacement, Velocity or Acceleration
	WaterLevel float64       // dB below the greatest amplitude of the response; 0 is none
	PreFilter  [4]Corner     // all zero: none
	NoMean     bool          // leave the mean in
	NoTaper    bool          // leave the ends as they are; else 2.5 % of the trace are tapered at each
}

// Name is "remove_response".
func (RemoveResponse) Name() string { return "remove_response" }

// Check wants a water level that is not negative and rising corners.
func (r RemoveResponse) Check() error {
	if !(r.WaterLevel >= 0 && r.WaterLevel < 1000) {
		return errors.New("want a positive water level in dB, or 0 for none")
	}
	if r.PreFilter == [4]Corner{} {
		return nil
	}
	for _, c := range r.PreFilter {
		if c.OfNyquist && c.Value > 1 {
			return errors.New("want corners of pre_filter up to 1 nyquist")
		}
	}
	if !rising(r.PreFilter[:]...) {
		return errors.New("want rising corners of pre_filter")
	}
	return nil
}

// Convert wants counts.
func (r RemoveResponse) Convert(unit waveform.Unit) (waveform.Unit, error) {
	if unit != waveform.Counts {
		return unit, fmt.Errorf("trace is in %v, want counts: %w", unit, ErrUnits)
	}
	return r.Output, nil
}

// Band gives the corners between which the pre-filter is one.
func (r RemoveResponse) Band(rate float64) (low, high float64) {
	if r.PreFilter == [4]Corner{} {
		return 0, math.Inf(1)
	}
	return r.PreFilter[1].At(rate), r.PreFilter[2].At(rate)
}

// Apply fails where the response cannot be evaluated or the trace is not in counts.
func (r RemoveResponse) Apply(w *Worker, in Instrument, tr *waveform.Trace) error {
	unit, err := r.Convert(tr.Unit)
	if err != nil {
		return err
	}
	opt := response.Options{Unit: r.Output, WaterLevel: r.WaterLevel, NoWaterLevel: r.WaterLevel == 0, NoMean: r.NoMean, NoTaper: r.NoTaper}
	for i, c := range r.PreFilter {
		opt.PreFilter[i] = c.At(tr.SampleRate)
	}
	inv, err := w.Responses.Inverse(in.Hash, in.Response, len(tr.Data), 1/tr.SampleRate, opt)
	if err != nil {
		return err
	}
	inv.Remove(tr.Data, w.Plans, &w.Scratch)
	tr.Unit = unit
	return nil
}
