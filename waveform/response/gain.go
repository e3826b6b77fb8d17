package response

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Sensitivity is the total sensitivity of r in counts per SI unit, and the unit of
// ground motion: the sensitivity that the metadata report, with the factor of its input
// units (of those of the first stage if it names none). It holds at the
// sensitivity's frequency and where the response is flat.
//
// The error matches [ErrNoSensitivity] where there is none that can be divided
// by, [ErrPolynomial] for an instrument that is not linear, and [ErrUnits] where
// the units are not ground motion to counts.
func Sensitivity(r *waveform.Response) (perUnit float64, unit waveform.Unit, err error) {
	if r == nil {
		return 0, waveform.UnitUnknown, fmt.Errorf("%w: there is no response", ErrNoSensitivity)
	}
	s := r.Sensitivity
	name := s.InputUnits
	for i, stage := range r.Stages {
		if stage.Polynomial != nil {
			return 0, waveform.UnitUnknown, fmt.Errorf("stage %d: %w", stage.Number, ErrPolynomial)
		}
		if i == 0 && name == "" {
			name = stage.InputUnits
		}
	}
	if s.Value == 0 || math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
		return 0, waveform.UnitUnknown, fmt.Errorf("%w: it is %g", ErrNoSensitivity, s.Value)
	}
	unit, factor := waveform.ParseUnit(name)
	if !unit.IsMotion() {
		return 0, unit, fmt.Errorf("%w: the sensitivity starts from %q", ErrUnits, name)
	}
	if out, _ := waveform.ParseUnit(s.OutputUnits); out != waveform.Counts && out != waveform.UnitUnknown {
		return 0, unit, fmt.Errorf("%w: the sensitivity gives %q, not counts", ErrUnits, s.OutputUnits)
	}
	return s.Value / factor, unit, nil
}

// RemoveSensitivity divides a trace of counts by the total sensitivity of r (see
// [Sensitivity]), in place, and sets its unit. That is right within the flat
// part of the response only: a result made so should say so. To get another unit, integrate or
// differentiate what comes out.
//
// An empty trace gets its unit too; NaN stay NaN. Where it cannot, the trace is left as it is;
// the error is that of Sensitivity, or matches [ErrTrace] where the trace is not in
// counts. It may be called concurrently for different traces.
func RemoveSensitivity(tr *waveform.Trace, r *waveform.Response) error {
	if tr.Unit != waveform.Counts {
		return fmt.Errorf("%w: it is in %v", ErrTrace, tr.Unit)
	}
	perUnit, unit, err := Sensitivity(r)
	if err != nil {
		return err
	}
	for i := range tr.Data {
		tr.Data[i] /= perUnit
	}
	tr.Unit = unit
	return nil
}
