package process

import (
	"fmt"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// RemoveSensitivity turns counts into ground motion by the total sensitivity alone, which is
// right within the flat part of the response only: see [response.RemoveSensitivity].
type RemoveSensitivity struct {
	// Output is Displacement, Velocity or Acceleration. Where the sensitivity is of another
	// of these, the trace is differentiated or integrated in the frequency domain.
	Output waveform.Unit
}

// Name is "remove_sensitivity".
func (RemoveSensitivity) Name() string { return "remove_sensitivity" }

// Convert wants counts.
func (r RemoveSensitivity) Convert(unit waveform.Unit) (waveform.Unit, error) {
	if unit != waveform.Counts {
		return unit, fmt.Errorf("trace is in %v, want counts: %w", unit, ErrUnits)
	}
	return r.Output, nil
}

// Apply fails where there is no sensitivity to ground motion.
func (r RemoveSensitivity) Apply(w *Worker, in Instrument, tr *waveform.Trace) error {
	if _, err := r.Convert(tr.Unit); err != nil {
		return err
	}
	if err := response.RemoveSensitivity(tr, in.Response); err != nil {
		return err
	}
	for tr.Unit != r.Output {
		var step Step = Integrate{Spectral: true}
		if tr.Unit.Derivatives() < r.Output.Derivatives() {
			step = Differentiate{Spectral: true}
		}
		if err := step.Apply(w, in, tr); err != nil {
			return err
		}
	}
	return nil
}

// WoodAnderson makes of counts, or of ground motion, what the spot on the paper of a
// Wood-Anderson seismograph moves, in m: see [response.WoodAnderson].
type WoodAnderson struct {
	WaterLevel float64   // dB below the greatest amplitude of the response of counts; 0 is none
	PreFilter  [4]Corner // all zero: none
}

// Name is "wood_anderson".
func (WoodAnderson) Name() string { return "wood_anderson" }

// Check wants a water level that is not negative and rising corners.
func (s WoodAnderson) Check() error {
	return RemoveResponse{WaterLevel: s.WaterLevel, PreFilter: s.PreFilter}.Check()
}

// Convert wants counts or ground motion.
func (s WoodAnderson) Convert(unit waveform.Unit) (waveform.Unit, error) {
	if unit != waveform.Counts && !unit.IsMotion() {
		return unit, fmt.Errorf("trace is in %v, want counts or ground motion: %w", unit, ErrUnits)
	}
	return waveform.Displacement, nil
}

// Apply fails where the response cannot be evaluated or the trace is in other units.
func (s WoodAnderson) Apply(w *Worker, in Instrument, tr *waveform.Trace) error {
	unit, err := s.Convert(tr.Unit)
	if err != nil {
		return err
	}
	from, to := in, w.known("wood_anderson", response.WoodAnderson)
	if tr.Unit != waveform.Counts {
		from = w.known(tr.Unit.String(), func() *waveform.Response { return response.Motion(tr.Unit) })
	}
	opt := response.Options{WaterLevel: s.WaterLevel, NoWaterLevel: s.WaterLevel == 0}
	for i, c := range s.PreFilter {
		opt.PreFilter[i] = c.At(tr.SampleRate)
	}
	sim, err := w.Responses.Simulation(from.Hash, from.Response, to.Hash, to.Response, len(tr.Data), 1/tr.SampleRate, opt)
	if err != nil {
		return err
	}
	sim.Apply(tr.Data, w.Plans, &w.Scratch)
	tr.Unit = unit
	return nil
}

// known gives a response that is no recorder's by a name, made the first time.
func (w *Worker) known(name string, design func() *waveform.Response) Instrument {
	in, ok := w.instruments[name]
	if !ok {
		in.Response = design()
		in.Hash = response.Hash(in.Response)
		w.instruments[name] = in
	}
	return in
}
