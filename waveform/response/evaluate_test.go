package response_test

import (
	"errors"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
)

func TestEvaluateEqualsEvalresp(t *testing.T) {
	var g golden
	readGolden(t, "golden.json", &g)
	if len(g.Evaluated) == 0 {
		t.Fatal("golden file is empty")
	}
	ref := agree.Reference{Function: "response.Evaluate", Source: "evalresp 3.3.3 in ObsPy 1.5.0", Measure: "value", Within: within}
	for _, c := range g.Evaluated {
		r := decode(t, c.Response)
		for name, want := range c.Values {
			got := make([]complex128, len(c.Freqs))
			if err := response.Evaluate(got, r, unit(t, name), c.Freqs); err != nil {
				t.Errorf("%s: %v", c.Name, err)
				continue
			}
			ref.Spectrum(t, c.Name+", "+name, got, complexes(want))
		}
	}
}

func velocimeter() *waveform.Response {
	return &waveform.Response{Stages: []waveform.Stage{
		{Number: 1, InputUnits: "M/S", OutputUnits: "V", Gain: 1500, GainFrequency: 1, PolesZeros: &waveform.PolesZeros{
			Normalization: 100, NormalizationFrequency: 1,
			Zeros: []complex128{0, 0}, Poles: []complex128{-0.037 + 0.037i, -0.037 - 0.037i, -100},
		}},
		{Number: 2, InputUnits: "V", OutputUnits: "COUNTS", Gain: 4e5, GainFrequency: 1},
		{Number: 3, InputUnits: "COUNTS", OutputUnits: "COUNTS", Gain: 1, GainFrequency: 1,
			FIR:        &waveform.FIR{Coefficients: []float64{0.2, 0.5, 0.3}},
			Decimation: &waveform.Decimation{InputRate: 100, Factor: 1}},
	}}
}

func evaluate(t *testing.T, r *waveform.Response, out waveform.Unit, freqs ...float64) []complex128 {
	t.Helper()
	h := make([]complex128, len(freqs))
	if err := response.Evaluate(h, r, out, freqs); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestResponseAtNegativeFrequencyIsTheConjugate(t *testing.T) {
	for _, out := range []waveform.Unit{waveform.Displacement, waveform.Velocity, waveform.Acceleration} {
		h := evaluate(t, velocimeter(), out, 3, -3)
		if cmplx.Abs(h[1]-cmplx.Conj(h[0])) > 1e-12*cmplx.Abs(h[0]) {
			t.Errorf("%v: %v and %v", out, h[0], h[1])
		}
	}
}

func TestUnitsDifferByPowersOfIOmega(t *testing.T) {
	const f = 2.5
	iw := complex(0, 2*math.Pi*f)
	d := evaluate(t, velocimeter(), waveform.Displacement, f)[0]
	v := evaluate(t, velocimeter(), waveform.Velocity, f)[0]
	a := evaluate(t, velocimeter(), waveform.Acceleration, f)[0]
	for _, pair := range [][2]complex128{{d, v * iw}, {v, a * iw}} {
		if cmplx.Abs(pair[0]-pair[1]) > 1e-14*cmplx.Abs(pair[0]) {
			t.Errorf("%v, want %v", pair[0], pair[1])
		}
	}
}

func TestInputUnitsAreTakenFromTheSensitivityWhereTheStageHasNone(t *testing.T) {
	r := velocimeter()
	want := evaluate(t, r, waveform.Velocity, 3)[0]
	r.Stages[0].InputUnits = ""
	r.Sensitivity.InputUnits = "NM/S" // no value: the frequency does not count
	got := evaluate(t, r, waveform.Velocity, 3)[0]
	if cmplx.Abs(got-want*1e9) > 1e-5*cmplx.Abs(want) {
		t.Errorf("%v, want 1e9 times %v", got, want)
	}
}

func TestEvaluateRefusesWhatItCannotMean(t *testing.T) {
	stage := func(change func(s *waveform.Stage)) *waveform.Response {
		r := velocimeter()
		change(&r.Stages[2])
		return r
	}
	for name, c := range map[string]struct {
		r    *waveform.Response
		want error
	}{
		"nil":                     {nil, response.ErrNoStages},
		"no stages":               {&waveform.Response{Sensitivity: waveform.Sensitivity{Value: 6e8, Frequency: 1}}, response.ErrNoStages},
		"no units":                {&waveform.Response{Stages: []waveform.Stage{{Gain: 1}}}, response.ErrUnits},
		"pressure":                {&waveform.Response{Stages: []waveform.Stage{{Gain: 1, InputUnits: "PA"}}}, response.ErrUnits},
		"polynomial":              {stage(func(s *waveform.Stage) { *s = waveform.Stage{Polynomial: &waveform.Polynomial{}} }), response.ErrPolynomial},
		"response list of zeros":  {stage(func(s *waveform.Stage) { s.FIR, s.ResponseList = nil, make([]waveform.ResponsePoint, 9) }), response.ErrStage},
		"unknown transfer type":   {stage(func(s *waveform.Stage) { s.FIR, s.PolesZeros = nil, &waveform.PolesZeros{Type: 9} }), response.ErrUnsupported},
		"unknown symmetry":        {stage(func(s *waveform.Stage) { s.FIR.Symmetry = 9 }), response.ErrUnsupported},
		"no gain":                 {stage(func(s *waveform.Stage) { s.Gain = 0 }), response.ErrStage},
		"gain not a number":       {stage(func(s *waveform.Stage) { s.Gain = math.NaN() }), response.ErrStage},
		"no gain frequency":       {stage(func(s *waveform.Stage) { s.GainFrequency = math.NaN() }), response.ErrStage},
		"no decimation":           {stage(func(s *waveform.Stage) { s.Decimation = nil }), response.ErrStage},
		"no input rate":           {stage(func(s *waveform.Stage) { s.Decimation.InputRate = 0 }), response.ErrStage},
		"input rate not a number": {stage(func(s *waveform.Stage) { s.Decimation.InputRate = math.NaN() }), response.ErrStage},
		"no correction":           {stage(func(s *waveform.Stage) { s.Decimation.Correction = math.NaN() }), response.ErrStage},
		"recursive without rate": {stage(func(s *waveform.Stage) {
			s.FIR, s.Decimation = nil, nil
			s.Coefficients = &waveform.Coefficients{Type: waveform.Digital, Numerator: []float64{1}, Denominator: []float64{1, 0.5}}
		}), response.ErrStage},
		"sum of coefficients zero": {stage(func(s *waveform.Stage) { s.FIR.Coefficients = []float64{1, -1} }), response.ErrStage},
		"coefficient not a number": {stage(func(s *waveform.Stage) { s.FIR.Coefficients[1] = math.NaN() }), response.ErrStage},
		"zero at the gain frequency": {func() *waveform.Response {
			r := velocimeter()
			r.Stages[0].GainFrequency = 0
			return r
		}(), response.ErrStage},
	} {
		err := response.Evaluate(make([]complex128, 1), c.r, waveform.Velocity, []float64{1})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	err := response.Evaluate(make([]complex128, 1), velocimeter(), waveform.Counts, []float64{1})
	if !errors.Is(err, response.ErrUnits) {
		t.Errorf("counts: %v", err)
	}
}

func TestErrorsNameTheStage(t *testing.T) {
	r := velocimeter()
	r.Stages[2].Decimation = nil
	err := response.Evaluate(nil, r, waveform.Velocity, nil)
	if err == nil || !strings.Contains(err.Error(), "stage 3") {
		t.Errorf("%v", err)
	}
}

func TestEvaluateAtNoFrequencyGivesNothing(t *testing.T) {
	if err := response.Evaluate(nil, velocimeter(), waveform.Velocity, nil); err != nil {
		t.Error(err)
	}
}

func TestEvaluatePanicsOnDifferentLengths(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	_ = response.Evaluate(make([]complex128, 2), velocimeter(), waveform.Velocity, []float64{1})
}
