package response_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// everything has each kind of stage, and numbers that are hard to write.
func everything() *waveform.Response {
	return &waveform.Response{
		Sensitivity: waveform.Sensitivity{Value: 6.27192e8, Frequency: math.NaN(), InputUnits: "M/S", OutputUnits: "COUNTS"},
		Stages: []waveform.Stage{
			{Number: 1, InputUnits: "M/S", OutputUnits: "V", Gain: 0.1, GainFrequency: math.Copysign(0, -1),
				PolesZeros: &waveform.PolesZeros{Type: waveform.LaplaceHertz, Normalization: 1.0 / 3, NormalizationFrequency: 5e-324,
					Zeros: []complex128{0, complex(math.Inf(1), math.Inf(-1))}, Poles: []complex128{complex(-math.Pi, math.MaxFloat64)}}},
			{Number: 2, Gain: 1, Coefficients: &waveform.Coefficients{Type: waveform.Digital,
				Numerator: []float64{1, 2}, Denominator: []float64{3}},
				Decimation: &waveform.Decimation{InputRate: 3200, Factor: 2, Offset: 1, Delay: 0.01, Correction: -0.01}},
			{Number: 3, Gain: 1, FIR: &waveform.FIR{Symmetry: waveform.EvenSymmetric, Coefficients: []float64{0.1, 0.4}}},
			{Number: 4, Polynomial: &waveform.Polynomial{Coefficients: []float64{1e-300}, Lower: -1, Upper: 1}},
			{Number: 5, InputUnits: "µm <&>", ResponseList: []waveform.ResponsePoint{{Frequency: 1, Amplitude: 2, Phase: -90}}},
			{Number: 6},
		},
	}
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	curved := everything()
	curved.Polynomial = &waveform.Polynomial{Coefficients: []float64{1, math.NaN(), -1e-300}, Lower: math.Inf(-1), Upper: 0.1}
	for name, want := range map[string]*waveform.Response{
		"nil": nil, "empty": {}, "velocimeter": velocimeter(), "everything": everything(), "polynomial of the channel": curved,
	} {
		data, err := response.Encode(want)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := response.Decode(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(sameBits)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if response.Hash(got) != response.Hash(want) {
			t.Errorf("%s: the hash changes", name)
		}
	}
}

func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

func TestEncodeRefusesKindsWithoutName(t *testing.T) {
	for _, s := range []waveform.Stage{
		{PolesZeros: &waveform.PolesZeros{Type: 3}},
		{Coefficients: &waveform.Coefficients{Type: 200}},
		{FIR: &waveform.FIR{Symmetry: 3}},
	} {
		if _, err := response.Encode(&waveform.Response{Stages: []waveform.Stage{s}}); !errors.Is(err, response.ErrUnsupported) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestDecodeRefusesWhatEncodeDoesNotWrite(t *testing.T) {
	for _, text := range []string{
		"", "{", "7", `"x"`, "[]",
		`{"stages":[{"gain":"many"}]}`,
		`{"stages":[{"gain":""}]}`,
		`{"stages":[{"gain":1e999}]}`,
		`{"stages":[{"poles_zeros":{"type":"Laplace"}}]}`,
		`{"stages":[{"coefficients":{"type":""}}]}`,
		`{"stages":[{"fir":{"symmetry":"both"}}]}`,
	} {
		if r, err := response.Decode([]byte(text)); err == nil {
			t.Errorf("%s: %+v", text, r)
		}
	}
}

func TestHashDependsOnEveryValue(t *testing.T) {
	changes := map[string]func(r *waveform.Response){
		"sensitivity":           func(r *waveform.Response) { r.Sensitivity.Value++ },
		"sensitivity frequency": func(r *waveform.Response) { r.Sensitivity.Frequency = 0 },
		"sensitivity input":     func(r *waveform.Response) { r.Sensitivity.InputUnits = "M" },
		"sensitivity output":    func(r *waveform.Response) { r.Sensitivity.OutputUnits = "" },
		"polynomial of all":     func(r *waveform.Response) { r.Polynomial = &waveform.Polynomial{} },
		"its coefficients":      func(r *waveform.Response) { r.Polynomial = &waveform.Polynomial{Coefficients: []float64{1}} },
		"its lower bound":       func(r *waveform.Response) { r.Polynomial = &waveform.Polynomial{Lower: 1} },
		"its upper bound":       func(r *waveform.Response) { r.Polynomial = &waveform.Polynomial{Upper: 1} },
		"stages":                func(r *waveform.Response) { r.Stages = r.Stages[:5] },
		"number":                func(r *waveform.Response) { r.Stages[5].Number++ },
		"input units":           func(r *waveform.Response) { r.Stages[0].InputUnits = "M" },
		"output units":          func(r *waveform.Response) { r.Stages[0].OutputUnits = "" },
		"letters between units": func(r *waveform.Response) { r.Stages[0].InputUnits, r.Stages[0].OutputUnits = "M/SV", "" },
		"gain":                  func(r *waveform.Response) { r.Stages[0].Gain = math.Nextafter(0.1, 1) },
		"sign of zero":          func(r *waveform.Response) { r.Stages[0].GainFrequency = 0 },
		"type":                  func(r *waveform.Response) { r.Stages[0].PolesZeros.Type = waveform.LaplaceRadians },
		"A0":                    func(r *waveform.Response) { r.Stages[0].PolesZeros.Normalization = 0.3 },
		"A0 frequency":          func(r *waveform.Response) { r.Stages[0].PolesZeros.NormalizationFrequency = 0 },
		"zero":                  func(r *waveform.Response) { r.Stages[0].PolesZeros.Zeros[0] = 1i },
		"pole":                  func(r *waveform.Response) { r.Stages[0].PolesZeros.Poles[0] = 1 },
		"pole among zeros": func(r *waveform.Response) {
			p := r.Stages[0].PolesZeros
			p.Zeros, p.Poles = append(p.Zeros, p.Poles[0]), nil
		},
		"coefficient type":   func(r *waveform.Response) { r.Stages[1].Coefficients.Type = waveform.LaplaceHertz },
		"numerator":          func(r *waveform.Response) { r.Stages[1].Coefficients.Numerator[0] = 0 },
		"denominator":        func(r *waveform.Response) { r.Stages[1].Coefficients.Denominator[0] = 0 },
		"no coefficients":    func(r *waveform.Response) { r.Stages[1].Coefficients = nil },
		"input rate":         func(r *waveform.Response) { r.Stages[1].Decimation.InputRate = 0 },
		"factor":             func(r *waveform.Response) { r.Stages[1].Decimation.Factor = 0 },
		"offset":             func(r *waveform.Response) { r.Stages[1].Decimation.Offset = 0 },
		"delay":              func(r *waveform.Response) { r.Stages[1].Decimation.Delay = 0 },
		"correction":         func(r *waveform.Response) { r.Stages[1].Decimation.Correction = 0 },
		"no decimation":      func(r *waveform.Response) { r.Stages[1].Decimation = nil },
		"empty decimation":   func(r *waveform.Response) { r.Stages[5].Decimation = &waveform.Decimation{} },
		"symmetry":           func(r *waveform.Response) { r.Stages[2].FIR.Symmetry = waveform.Asymmetric },
		"FIR":                func(r *waveform.Response) { r.Stages[2].FIR.Coefficients[1] = 0 },
		"polynomial":         func(r *waveform.Response) { r.Stages[3].Polynomial.Coefficients[0] = 0 },
		"polynomial bound":   func(r *waveform.Response) { r.Stages[3].Polynomial.Lower = 0 },
		"polynomial bound 2": func(r *waveform.Response) { r.Stages[3].Polynomial.Upper = 0 },
		"response list":      func(r *waveform.Response) { r.Stages[4].ResponseList[0].Phase = 0 },
	}
	seen := map[[32]byte]string{
		response.Hash(everything()): "nothing", response.Hash(nil): "nil", response.Hash(&waveform.Response{}): "empty",
	}
	for name, change := range changes {
		r := everything()
		change(r)
		h := response.Hash(r)
		if other, ok := seen[h]; ok {
			t.Errorf("changing %s gives the hash of changing %s", name, other)
		}
		seen[h] = name
	}
	if len(seen) != len(changes)+3 {
		t.Errorf("%d hashes of %d responses", len(seen), len(changes)+3)
	}
}

func TestHashIsTheSameForAnyNaNAndAnyEmptySlice(t *testing.T) {
	a, b := everything(), everything()
	a.Sensitivity.Frequency = math.Float64frombits(0x7ff8000000000123)
	a.Stages[1].Coefficients.Denominator, b.Stages[1].Coefficients.Denominator = nil, []float64{}
	if response.Hash(a) != response.Hash(b) {
		t.Error("the hash differs")
	}
}

func FuzzDecode(f *testing.F) {
	for _, r := range []*waveform.Response{nil, velocimeter(), everything()} {
		data, err := response.Encode(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := response.Decode(data)
		if err != nil {
			return
		}
		again, err := response.Encode(r)
		if err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		if !json.Valid(again) {
			t.Fatalf("not JSON: %s", again)
		}
		if back, err := response.Decode(again); err != nil || response.Hash(back) != response.Hash(r) {
			t.Fatalf("the hash changes (%v)", err)
		}
		_ = response.Evaluate(make([]complex128, 1), r, waveform.Acceleration, []float64{1}) // must not panic
	})
}

// Hashes are kept in databases: one that changes makes every result stale.
func TestHashesStayWhatTheyWere(t *testing.T) {
	for want, r := range map[string]*waveform.Response{
		"58f0b990a186b5395ad76fd97e49504505622a15e711a6a3248b7322505f06f1": everything(),
		"e6ee3dfc9bc297ce5643ebf31c388c14b29b77dfbc151c4334527cf274a94e00": velocimeter(),
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d": nil,
	} {
		if got := fmt.Sprintf("%x", response.Hash(r)); got != want {
			t.Errorf("hash %s, was %s", got, want)
		}
	}
}
