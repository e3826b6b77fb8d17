package response_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// form is a response and an evaluation of it in testdata/forms.json, made by
// testdata/reference/resp.py.
type form struct {
	Name          string
	Response      json.RawMessage
	Freqs         []float64
	Unit          string
	First, Last   int
	Total, Linear bool
	Values        [][2]float64
}

func (f form) evaluation() response.Evaluation {
	unit := map[string]waveform.Unit{"DISP": waveform.Displacement, "VEL": waveform.Velocity, "ACC": waveform.Acceleration}[f.Unit]
	return response.Evaluation{Unit: unit, First: f.First, Last: f.Last, TotalSensitivity: f.Total, Linear: f.Linear}
}

func TestListsPolynomialsRangesOfStagesAndTotalSensitivityAreThoseOfEvalresp(t *testing.T) {
	compareForms(t, "evalresp", 20, "evalresp 3.3.3 in ObsPy 1.5.0")
}

func TestAnalogueCoefficientsAreThoseOfSciPy(t *testing.T) {
	compareForms(t, "scipy", 16, "SciPy 1.17.1 signal.freqs")
}

func compareForms(t *testing.T, part string, least int, source string) {
	var g map[string]json.RawMessage
	agree.Golden(t, "forms.json", &g)
	var forms []form
	if err := json.Unmarshal(g[part], &forms); err != nil || len(forms) < least {
		t.Fatalf("%d forms, want %d or more: %v", len(forms), least, err)
	}
	ref := agree.Reference{Function: "response.Transfer.Evaluate", Source: source, Measure: "value", Within: within}
	for _, f := range forms {
		ref.Spectrum(t, f.Name, evaluation(t, f.Name, f.evaluation(), decode(t, f.Response), f.Freqs), complexes(f.Values))
	}
}

func TestAResponseListIsZeroOutsideItsFrequenciesAndConjugateBelowZero(t *testing.T) {
	r := &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: "M/S", Gain: 2, ResponseList: []waveform.ResponsePoint{
		{Frequency: 8, Amplitude: 1, Phase: -20}, {Frequency: 1, Amplitude: 2, Phase: 90}, // in any order
		{Frequency: 2, Amplitude: 3, Phase: 40}, {Frequency: 4, Amplitude: 2, Phase: 10}}}}}
	h := evaluate(t, r, waveform.Velocity, 0, 0.999, 8.001, -9, math.Inf(1), math.NaN(), 1, 8, 3, -3)
	for i, v := range h[:6] {
		if v != 0 {
			t.Errorf("value %d is %v, want 0", i, v)
		}
	}
	for i, want := range []complex128{4i, cmplx.Rect(2, -math.Pi/9)} {
		if cmplx.Abs(h[6+i]-want) > 1e-15 {
			t.Errorf("at a point listed: %v, want %v", h[6+i], want)
		}
	}
	if h[8] == 0 || h[9] != cmplx.Conj(h[8]) {
		t.Errorf("%v at 3 Hz, %v at -3 Hz: want the conjugate", h[8], h[9])
	}
}

func TestEvaluationRefusesWhatItCannotMean(t *testing.T) {
	volts := velocimeter()
	volts.Stages[1].InputUnits = "V"
	quadratic := &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: "PA", Polynomial: &waveform.Polynomial{Coefficients: []float64{1, 0, 3}}}}}
	list := func(points ...waveform.ResponsePoint) *waveform.Response {
		return &waveform.Response{Stages: []waveform.Stage{{Number: 1, Gain: 1, ResponseList: points}}}
	}
	p := func(f, a float64) waveform.ResponsePoint { return waveform.ResponsePoint{Frequency: f, Amplitude: a} }
	for name, c := range map[string]struct {
		e    response.Evaluation
		r    *waveform.Response
		want error
	}{
		"no such stage":                     {response.Evaluation{First: 4}, velocimeter(), response.ErrOptions},
		"stages the wrong way round":        {response.Evaluation{First: 3, Last: 1}, velocimeter(), response.ErrOptions},
		"a negative last stage":             {response.Evaluation{Last: -1}, velocimeter(), response.ErrOptions},
		"motion from volts":                 {response.Evaluation{Unit: waveform.Velocity, First: 2}, volts, response.ErrUnits},
		"motion from a stage without units": {response.Evaluation{Unit: waveform.Velocity, First: 2}, velocimeter(), response.ErrUnits},
		"counts":                            {response.Evaluation{Unit: waveform.Counts}, velocimeter(), response.ErrUnits},
		"no total sensitivity":              {response.Evaluation{TotalSensitivity: true}, velocimeter(), response.ErrNoSensitivity},
		"a polynomial":                      {response.Evaluation{}, quadratic, response.ErrPolynomial},
		"a polynomial without slope there":  {response.Evaluation{Linear: true}, quadratic, response.ErrStage},
		"only a polynomial of the channel": {response.Evaluation{Linear: true}, &waveform.Response{Polynomial: &waveform.Polynomial{}},
			response.ErrPolynomial},
		"a list of three points":              {response.Evaluation{}, list(p(1, 1), p(2, 1), p(3, 1)), response.ErrStage},
		"a list with a frequency twice":       {response.Evaluation{}, list(p(1, 1), p(2, 1), p(2, 1), p(3, 1)), response.ErrStage},
		"a list with an infinite value":       {response.Evaluation{}, list(p(1, 1), p(2, math.Inf(1)), p(4, 1), p(3, 1)), response.ErrStage},
		"a list with NaN for a frequency":     {response.Evaluation{}, list(p(1, 1), p(math.NaN(), 1), p(4, 1), p(3, 1)), response.ErrStage},
		"coefficients of an unknown type":     {response.Evaluation{}, coefficientStage(9), response.ErrUnsupported},
		"digital coefficients without a rate": {response.Evaluation{}, coefficientStage(waveform.Digital), response.ErrStage},
	} {
		if _, err := c.e.Compile(c.r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func coefficientStage(kind waveform.TransferType) *waveform.Response {
	return &waveform.Response{Stages: []waveform.Stage{{Number: 1, Gain: 1, Coefficients: &waveform.Coefficients{Type: kind, Numerator: []float64{1}, Denominator: []float64{1, 2}}}}}
}

func TestTheTangentOfAPolynomialIsTakenWhereItIsAskedFor(t *testing.T) {
	// f(x) = 1 + 2 x + 3 x^2 - x^3 has the slope 2 + 6 x - 3 x^2, which is 2 at 0 and -7 at 3.
	r := &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: "PA", Polynomial: &waveform.Polynomial{Coefficients: []float64{1, 2, 3, -1}}}, {Number: 2, Gain: 14}}}
	for x, want := range map[float64]complex128{0: 7, 3: -2} {
		h := evaluation(t, "tangent", response.Evaluation{Linear: true, At: x}, r, []float64{0, 5})
		if h[0] != want || h[1] != want {
			t.Errorf("at %v: %v, want %v", x, h, want)
		}
	}
}

func TestTransferEvaluatesWithoutAllocating(t *testing.T) {
	r := velocimeter()
	r.Stages[1].ResponseList = []waveform.ResponsePoint{{Frequency: 0, Amplitude: 1}, {Frequency: 10, Amplitude: 2}, {Frequency: 20, Amplitude: 1}, {Frequency: 50, Amplitude: 1}}
	transfer, err := (response.Evaluation{Unit: waveform.Acceleration}).Compile(r)
	if err != nil {
		t.Fatal(err)
	}
	freqs, h := []float64{0, 1, 10, 49}, make([]complex128, 4)
	if n := testing.AllocsPerRun(10, func() { transfer.Evaluate(h, freqs) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestTransferPanicsOnDifferentLengths(t *testing.T) {
	transfer, err := (response.Evaluation{}).Compile(velocimeter())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if v, _ := recover().(string); !strings.Contains(v, "lengths") {
			t.Errorf("panic %q, want one about lengths", v)
		}
	}()
	transfer.Evaluate(make([]complex128, 2), []float64{1})
}
