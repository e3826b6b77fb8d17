package process

import (
	"fmt"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Integrate turns acceleration into velocity, and velocity into displacement.
type Integrate struct {
	Spectral bool // dividing the spectrum by i w; else the cumulative trapezoid from zero
}

// Name is "integrate".
func (Integrate) Name() string { return "integrate" }

// Convert wants velocity or acceleration.
func (Integrate) Convert(unit waveform.Unit) (waveform.Unit, error) {
	switch unit {
	case waveform.Acceleration:
		return waveform.Velocity, nil
	case waveform.Velocity:
		return waveform.Displacement, nil
	}
	return unit, fmt.Errorf("trace is in %v, want velocity or acceleration: %w", unit, ErrUnits)
}

// Apply fails where the unit has no integral here.
func (s Integrate) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	unit, err := s.Convert(tr.Unit)
	if err != nil {
		return err
	}
	if s.Spectral {
		dsp.IntegrateSpectral(tr.Data, tr.Data, 1/tr.SampleRate, w.Plans, &w.Scratch)
	} else {
		dsp.CumTrapezoid(tr.Data, tr.Data, 1/tr.SampleRate)
	}
	tr.Unit = unit
	return nil
}

// Differentiate turns displacement into velocity, and velocity into acceleration.
type Differentiate struct {
	Spectral bool // multiplying the spectrum by i w; else central differences
}

// Name is "differentiate".
func (Differentiate) Name() string { return "differentiate" }

// Convert wants displacement or velocity.
func (Differentiate) Convert(unit waveform.Unit) (waveform.Unit, error) {
	switch unit {
	case waveform.Displacement:
		return waveform.Velocity, nil
	case waveform.Velocity:
		return waveform.Acceleration, nil
	}
	return unit, fmt.Errorf("trace is in %v, want displacement or velocity: %w", unit, ErrUnits)
}

// Apply fails where the unit has no derivative here.
func (s Differentiate) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	unit, err := s.Convert(tr.Unit)
	if err != nil {
		return err
	}
	if s.Spectral {
		dsp.DifferentiateSpectral(tr.Data, tr.Data, 1/tr.SampleRate, w.Plans, &w.Scratch)
	} else {
		dsp.Differentiate(tr.Data, tr.Data, 1/tr.SampleRate)
	}
	tr.Unit = unit
	return nil
}

// CorrectBaseline takes the second derivative of a polynomial, fitted to displacement, off
// acceleration: see [dsp.CorrectBaseline].
type CorrectBaseline struct{}

// Name is "correct_baseline".
func (CorrectBaseline) Name() string { return "correct_baseline" }

// Convert wants acceleration.
func (CorrectBaseline) Convert(unit waveform.Unit) (waveform.Unit, error) {
	if unit != waveform.Acceleration {
		return unit, fmt.Errorf("trace is in %v, want acceleration: %w", unit, ErrUnits)
	}
	return unit, nil
}

// Apply fails where the trace is no acceleration.
func (s CorrectBaseline) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	if _, err := s.Convert(tr.Unit); err != nil {
		return err
	}
	dsp.CorrectBaseline(tr.Data)
	return nil
}
