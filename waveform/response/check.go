package response

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Check looks for contradictions in the metadata of a channel epoch, and between
// them and the sample rate of its data (Hz; 0 or NaN if there are none). The codes are
// listed in the package documentation; an empty result is what good metadata
// give. What is found does not mean that the response cannot be used: only what
// [Evaluate] says does.
//
// Numbers that are NaN count as not given. It may be called concurrently.
func Check(ch waveform.Channel, dataRate float64) []Problem {
	c := checker{r: ch.Response}
	if c.r == nil {
		c.r = &waveform.Response{}
	}
	c.kind()
	c.sequence()
	c.units()
	c.gains()
	c.sensitivity(ch.SampleRate)
	c.normalizations()
	c.rates(ch.SampleRate, dataRate)
	c.instrument(ch.ID.Channel)
	c.orientation(ch)
	return c.found
}

// checker collects what is found about a response.
type checker struct {
	r     *waveform.Response
	found []Problem
}

func (c *checker) add(code Code, format string, arguments ...any) {
	c.found = append(c.found, Problem{code, fmt.Sprintf(format, arguments...)})
}

// kind tells responses that are not whole.
func (c *checker) kind() {
	hasSensitivity := usable(c.r.Sensitivity.Value)
	switch {
	case len(c.r.Stages) == 0 && !hasSensitivity:
		c.add(CodeNoResponse, "there are neither stages nor a sensitivity")
		return
	case len(c.r.Stages) == 0:
		c.add(CodeGainOnly, "there is a sensitivity, but no stages")
		return
	}
	for _, s := range c.r.Stages {
		if s.Polynomial != nil {
			c.add(CodePolynomial, "stage %d is a polynomial", s.Number)
			return
		}
	}
	if !hasSensitivity {
		c.add(CodeNoSensitivity, "there are %d stages, but no total sensitivity", len(c.r.Stages))
	}
	if _, err := level(c.r, 1); err != nil {
		c.add(CodeUnusable, "%v", err)
	}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// usable is whether a gain can be divided by.
func usable(v float64) bool { return v != 0 && finite(v) }

// sequence wants stages 1, 2, 3 ...
func (c *checker) sequence() {
	want := 1
	for _, s := range c.r.Stages {
		if s.Number != want {
			c.add(CodeStageSequence, "stage %d stands where stage %d should", s.Number, want)
		}
		want = s.Number + 1
	}
}

func (c *checker) gains() {
	for _, s := range c.r.Stages {
		single := len(c.r.Stages) == 1 && usable(c.r.Sensitivity.Value) // takes the sensitivity
		if s.Polynomial == nil && !usable(s.Gain) && !single {
			c.add(CodeStageGain, "stage %d has a gain of %g", s.Number, s.Gain)
		}
	}
}

// sensitivity compares the reported one with the product of the stage gains, and
// with the response, at its frequency.
func (c *checker) sensitivity(channelRate float64) {
	s := c.r.Sensitivity
	if !usable(s.Value) || math.IsNaN(s.Frequency) || len(c.r.Stages) == 0 {
		return
	}
	rate := lastRate(c.r)
	if rate == 0 {
		rate = channelRate
	}
	beyond := rate > 0 && s.Frequency >= rate/2
	if product, ok := gainProduct(c.r, !beyond); ok && off(product, s.Value) > gainTolerance {
		c.add(CodeGainProduct, "stage gains multiply to %.6g at %g Hz, the sensitivity is %.6g", product, s.Frequency, s.Value)
	}
	if beyond {
		c.add(CodeSensitivityFrequency, "the sensitivity is that at %g Hz, the data end at %g Hz", s.Frequency, rate/2)
		return
	}
	if size, err := level(c.r, s.Frequency); err == nil && off(size, s.Value) > gainTolerance {
		c.add(CodeSensitivity, "the response is %.6g at %g Hz, the sensitivity is %.6g", size, s.Frequency, s.Value)
	}
}

// off is how far the modulus of a is from that of b, relative to b.
func off(a, b float64) float64 { return math.Abs(math.Abs(a)/math.Abs(b) - 1) }

// gainProduct is the product of the stage gains, each brought from its own frequency
// to that of the sensitivity; digital filters are taken for flat unless they count.
// False where a stage says too little.
func gainProduct(r *waveform.Response, digital bool) (float64, bool) {
	product := 1.0
	for _, s := range r.Stages {
		if !usable(s.Gain) {
			return 0, false
		}
		product *= s.Gain
		if s.Decimation != nil && !digital {
			continue
		}
		at, own, ok := moduli(s, r.Sensitivity.Frequency, s.GainFrequency)
		if !ok || own == 0 {
			return 0, false
		}
		product *= at / own
	}
	return product, true
}

// moduli is the modulus of a stage without its gain, with A0 as given, at two
// frequencies.
func moduli(s waveform.Stage, f, g float64) (atF, atG float64, ok bool) {
	s.Gain, s.GainFrequency, s.InputUnits = 1, 0, "M"
	if s.PolesZeros != nil {
		p := *s.PolesZeros
		p.NormalizationFrequency = 0
		s.PolesZeros = &p
	}
	var h [2]complex128
	err := Evaluate(h[:], &waveform.Response{Stages: []waveform.Stage{s}}, waveform.Displacement, []float64{f, g})
	atF, atG = math.Hypot(real(h[0]), imag(h[0])), math.Hypot(real(h[1]), imag(h[1]))
	return atF, atG, err == nil && finite(atF) && finite(atG)
}

// level is the modulus of the response at a frequency, in output units per input
// unit as it names them, whatever they are.
func level(r *waveform.Response, f float64) (float64, error) {
	named := *r
	named.Stages = append([]waveform.Stage(nil), r.Stages...)
	unit := waveform.Displacement
	if u, _ := waveform.ParseUnit(inputName(r)); u.IsMotion() {
		unit = u // the evaluation may be asked for it
	}
	named.Stages[0].InputUnits = unitName(unit)
	var h [1]complex128
	if err := Evaluate(h[:], &named, unit, []float64{f}); err != nil {
		return 0, err
	}
	return math.Hypot(real(h[0]), imag(h[0])), nil
}

// normalizations evaluates A0 at its frequency.
func (c *checker) normalizations() {
	for _, s := range c.r.Stages {
		if s.PolesZeros == nil {
			continue
		}
		f := s.PolesZeros.NormalizationFrequency
		if size, _, ok := moduli(s, f, f); ok && off(size, 1) > a0Tolerance {
			c.add(CodeNormalization, "stage %d with its A0 is %.6g at %g Hz, not one", s.Number, size, f)
		}
	}
}
