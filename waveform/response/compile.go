package response

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// compile turns the metadata into a cascade, by the rules of the package comment.
func compile(r *waveform.Response, out waveform.Unit) (cascade, error) {
	if r == nil || len(r.Stages) == 0 {
		return cascade{}, fmt.Errorf("%w; load station metadata at response level", ErrNoStages)
	}
	in, factor, err := inputUnit(r)
	if err != nil {
		return cascade{}, err
	}
	if !out.IsMotion() {
		return cascade{}, fmt.Errorf("%w: asked for %v, not for displacement, velocity or acceleration", ErrUnits, out)
	}
	c := cascade{gain: 1 / factor, integral: out.Derivatives() - in.Derivatives()}
	reference := referenceFrequency(r)
	for _, s := range r.Stages {
		if err := c.add(s, r, reference); err != nil {
			return cascade{}, fmt.Errorf("stage %d: %w", s.Number, err)
		}
	}
	return c, nil
}

func inputUnit(r *waveform.Response) (unit waveform.Unit, factor float64, err error) {
	name := r.Stages[0].InputUnits
	if unit, factor = waveform.ParseUnit(name); unit == waveform.UnitUnknown {
		name = r.Sensitivity.InputUnits
		unit, factor = waveform.ParseUnit(name)
	}
	if !unit.IsMotion() {
		return unit, 1, fmt.Errorf("%w: it starts from %q", ErrUnits, name)
	}
	return unit, factor, nil
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

// add appends one stage with its gain, normalised where the rules ask for it.
func (c *cascade) add(s waveform.Stage, r *waveform.Response, reference float64) error {
	gain, frequency := s.Gain, s.GainFrequency
	if gain == 0 && len(r.Stages) == 1 {
		gain, frequency = r.Sensitivity.Value, r.Sensitivity.Frequency
	}
	f, own, err := transfer(s)
	if err != nil {
		return err
	}
	if gain == 0 || math.IsNaN(gain) || math.IsInf(gain, 0) {
		return fmt.Errorf("%w: its gain is %g", ErrStage, gain)
	}
	c.gain *= gain
	if f == nil {
		return nil
	}
	c.filters = append(c.filters, f)
	asGiven := frequency == reference && (s.PolesZeros == nil || s.PolesZeros.NormalizationFrequency == reference)
	if asGiven {
		c.gain *= own
		return nil
	}
	h := at(f, frequency)
	size := math.Hypot(real(h), imag(h))
	if !(size > 0) || math.IsInf(size, 0) {
		return fmt.Errorf("%w: its response at the gain frequency %g Hz is %g, which cannot be normalised to one",
			ErrStage, frequency, size)
	}
	c.gain /= size
	return nil
}

// transfer makes the filter of a stage, nil if the stage is a plain gain, with
// the constant that belongs to it as given (A0).
func transfer(s waveform.Stage) (f filter, own float64, err error) {
	switch {
	case s.Polynomial != nil:
		return nil, 0, ErrPolynomial
	case len(s.ResponseList) > 0:
		return nil, 0, fmt.Errorf("%w: a response list of %d points; ask for poles and zeros", ErrUnsupported, len(s.ResponseList))
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
