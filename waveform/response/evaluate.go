package response

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Evaluate stores in dst the response at freqs (Hz): counts per SI unit of out,
// which must be displacement, velocity or acceleration, with the sign convention
// exp(+i w t). Between units the response is multiplied or divided by (i w); at
// zero frequency it is then 0. The response at a negative frequency is the
// complex conjugate.
//
// It panics if dst and freqs differ in length. The error matches one of
// the Err values of the package.
func Evaluate(dst []complex128, r *waveform.Response, out waveform.Unit, freqs []float64) error {
	if len(dst) != len(freqs) {
		panic("response: lengths of Evaluate differ")
	}
	c, err := compile(r, out)
	if err != nil {
		return err
	}
	c.evaluate(dst, freqs)
	return nil
}

// cascade is a response made ready for evaluation. It is not changed by use.
type cascade struct {
	gain     float64 // product of all gains and normalisations, and of the unit's factor
	integral int     // the response is divided by (i w) to this power
	filters  []filter
}

// filter is the frequency-dependent part of a stage.
type filter interface {
	// multiply multiplies each element of dst by the value at its frequency (Hz).
	multiply(dst []complex128, freqs []float64)
}

func (c cascade) evaluate(dst []complex128, freqs []float64) {
	for i := range dst {
		dst[i] = complex(c.gain, 0)
	}
	for _, f := range c.filters {
		f.multiply(dst, freqs)
	}
	if c.integral == 0 {
		return
	}
	for i, f := range freqs {
		dst[i] *= derivative(f, -c.integral)
	}
}

// onGrid stores in dst the response at the frequencies 0, step, 2 step .. (Hz):
// the same as evaluate but for rounding, in less time.
func (c cascade) onGrid(dst []complex128, step float64) {
	var smooth []fir
	rest := cascade{gain: c.gain, integral: c.integral}
	for _, f := range c.filters {
		if f, ok := f.(fir); ok {
			smooth = append(smooth, f)
			continue
		}
		rest.filters = append(rest.filters, f)
	}
	rest.evaluate(dst, frequencies(len(dst), step))
	multiplyGrid(dst, smooth, step)
}

// frequencies is the first n multiples of step.
func frequencies(n int, step float64) []float64 {
	freqs := make([]float64, n)
	for i := range freqs {
		freqs[i] = float64(i) * step
	}
	return freqs
}

// derivative is (i w)^k, and 0 at w = 0.
func derivative(f float64, k int) complex128 {
	w := 2 * math.Pi * f
	if w == 0 {
		return 0
	}
	size := 1.0
	for range max(k, -k) {
		size *= w
	}
	if k < 0 {
		size = 1 / size
	}
	switch k & 3 { // powers of i
	case 0:
		return complex(size, 0)
	case 1:
		return complex(0, size)
	case 2:
		return complex(-size, 0)
	}
	return complex(0, -size)
}

// at is the value of one filter at one frequency.
func at(f filter, freq float64) complex128 {
	value := [1]complex128{1}
	f.multiply(value[:], []float64{freq})
	return value[0]
}

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
