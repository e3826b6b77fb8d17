package response

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// compile turns the metadata into a cascade to ground motion, by the rules of the
// package comment.
func compile(r *waveform.Response, out waveform.Unit) (cascade, error) {
	if r == nil || len(r.Stages) == 0 {
		return cascade{}, absent(r)
	}
	if !out.IsMotion() {
		return cascade{}, fmt.Errorf("%w: asked for %v, not for displacement, velocity or acceleration", ErrUnits, out)
	}
	return (Evaluation{Unit: out}).compile(r)
}

// compile is Compile without what makes it public.
func (e Evaluation) compile(r *waveform.Response) (cascade, error) {
	if r == nil || len(r.Stages) == 0 {
		return cascade{}, absent(r)
	}
	stages, err := e.stages(r)
	if err != nil {
		return cascade{}, err
	}
	c, err := e.units(r, stages[0])
	if err != nil {
		return cascade{}, err
	}
	b := builder{Evaluation: e, r: r, reference: referenceFrequency(r), cascade: &c}
	if e.TotalSensitivity {
		if v := r.Sensitivity.Value; !isUsable(v) {
			return cascade{}, fmt.Errorf("%w: it is %g", ErrNoSensitivity, v)
		}
		c.gain *= r.Sensitivity.Value
	}
	for _, s := range stages {
		if err := b.add(s); err != nil {
			return cascade{}, fmt.Errorf("stage %d: %w", s.Number, err)
		}
	}
	return c, nil
}

// absent is the error for a response without stages.
func absent(r *waveform.Response) error {
	if r != nil && r.Polynomial != nil {
		return fmt.Errorf("%w: the metadata have only a polynomial of the whole channel", ErrPolynomial)
	}
	return fmt.Errorf("%w; load station metadata at response level", ErrNoStages)
}

// stages are those asked for, at least one.
func (e Evaluation) stages(r *waveform.Response) ([]waveform.Stage, error) {
	if e.First <= 0 && e.Last == 0 {
		return r.Stages, nil
	}
	var out []waveform.Stage
	for _, s := range r.Stages {
		if s.Number >= e.First && (e.Last == 0 || s.Number <= e.Last) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no stage from %d to %d among the %d of the response", ErrOptions, e.First, e.Last, len(r.Stages))
	}
	return out, nil
}

// units starts a cascade with what the units ask for. first is the first stage
// that is evaluated.
func (e Evaluation) units(r *waveform.Response, first waveform.Stage) (cascade, error) {
	name := first.InputUnits
	unit, factor := waveform.ParseUnit(name)
	if unit == waveform.UnitUnknown && first.Number == r.Stages[0].Number {
		name = r.Sensitivity.InputUnits
		unit, factor = waveform.ParseUnit(name)
	}
	c := cascade{gain: 1 / factor}
	switch {
	case e.Unit == waveform.UnitUnknown:
		return c, nil
	case !e.Unit.IsMotion():
		return c, fmt.Errorf("%w: asked for %v, not for displacement, velocity or acceleration", ErrUnits, e.Unit)
	case !unit.IsMotion():
		return c, fmt.Errorf("%w: it starts from %q", ErrUnits, name)
	}
	c.integral = e.Unit.Derivatives() - unit.Derivatives()
	return c, nil
}

func referenceFrequency(r *waveform.Response) float64 {
	if f := r.Sensitivity.Frequency; r.Sensitivity.Value != 0 {
		if math.IsNaN(f) {
			return 0
		}
		return f
	}
	last := 0.0
	for _, s := range r.Stages {
		if s.Gain != 0 && s.GainFrequency != 0 {
			last = s.GainFrequency
		}
	}
	return last
}

// isUsable reports whether a gain can be multiplied with and divided by.
func isUsable(gain float64) bool {
	return gain != 0 && !math.IsNaN(gain) && !math.IsInf(gain, 0)
}

// builder adds the stages of a response to a cascade.
type builder struct {
	Evaluation
	*cascade
	r         *waveform.Response
	reference float64 // Hz
}

// add appends one stage with its gain, normalised where the rules ask for it.
func (b builder) add(s waveform.Stage) error {
	if s.Polynomial != nil {
		return b.addPolynomial(s.Polynomial)
	}
	gain, frequency := s.Gain, s.GainFrequency
	switch {
	case gain != 0:
	case len(b.r.Stages) == 1:
		gain, frequency = b.r.Sensitivity.Value, b.r.Sensitivity.Frequency
	case len(s.ResponseList) > 0:
		gain = 1
	}
	f, own, err := newFilter(s)
	if err != nil {
		return err
	}
	if !isUsable(gain) {
		return fmt.Errorf("%w: its gain is %g", ErrStage, gain)
	}
	if !b.TotalSensitivity {
		b.gain *= gain
	}
	if f == nil {
		return nil
	}
	b.filters = append(b.filters, f)
	if b.asGiven(s, frequency) {
		b.gain *= own
		return nil
	}
	if b.TotalSensitivity {
		frequency = b.reference
	}
	size := modulus(at(f, frequency))
	if !isUsable(size) {
		return fmt.Errorf("%w: its response at the gain frequency %g Hz is %g, which cannot be normalised to one",
			ErrStage, frequency, size)
	}
	b.gain /= size
	return nil
}

// asGiven reports whether the filter of a stage is used with the constant that
// belongs to it, not normalised.
func (b builder) asGiven(s waveform.Stage, gainFrequency float64) bool {
	switch {
	case len(s.ResponseList) > 0:
		return true
	case s.PolesZeros != nil && s.PolesZeros.NormalizationFrequency != b.reference:
		return false
	}
	return gainFrequency == b.reference
}

// newFilter makes the filter of a stage, nil if the stage is a plain gain, with
// the constant that belongs to it as given (A0).
func newFilter(s waveform.Stage) (f filter, own float64, err error) {
	switch {
	case len(s.ResponseList) > 0:
		f, err = newListed(s.ResponseList)
		return f, 1, err
	case s.PolesZeros != nil:
		f, err = newPolesZeros(s.PolesZeros, s.Decimation)
		return f, s.PolesZeros.Normalization, err
	case s.Coefficients != nil:
		f, err = newCoefficients(s.Coefficients, s.Decimation)
		return f, 1, err
	case s.FIR != nil && len(s.FIR.Coefficients) > 0:
		f, err = newFIR(s.FIR, s.Decimation)
		return f, 1, err
	}
	return nil, 1, nil
}

// interval is the sample interval (s) at the input of a digital stage.
func interval(d *waveform.Decimation) (float64, error) {
	if d == nil || !(d.InputRate > 0) || math.IsInf(d.InputRate, 0) {
		return 0, fmt.Errorf("%w: it is digital but names no input sample rate", ErrStage)
	}
	return 1 / d.InputRate, nil
}
