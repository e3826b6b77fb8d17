package response

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// The JSON document of Encode and Decode.
type (
	responseJSON struct {
		Sensitivity sensitivityJSON `json:"sensitivity"`
		Polynomial  *polynomialJSON `json:"polynomial,omitempty"` // of the whole channel
		Stages      []stageJSON     `json:"stages"`
	}
	sensitivityJSON struct {
		Value       number `json:"value"`
		Frequency   number `json:"frequency"`
		InputUnits  string `json:"input_units"`
		OutputUnits string `json:"output_units"`
	}
	stageJSON struct {
		Number        int               `json:"number"`
		InputUnits    string            `json:"input_units"`
		OutputUnits   string            `json:"output_units"`
		Gain          number            `json:"gain"`
		GainFrequency number            `json:"gain_frequency"`
		PolesZeros    *polesZerosJSON   `json:"poles_zeros,omitempty"`
		Coefficients  *coefficientsJSON `json:"coefficients,omitempty"`
		FIR           *firJSON          `json:"fir,omitempty"`
		Polynomial    *polynomialJSON   `json:"polynomial,omitempty"`
		ResponseList  [][3]number       `json:"response_list,omitempty"` // Hz, amplitude, degrees
		Decimation    *decimationJSON   `json:"decimation,omitempty"`
	}
	polesZerosJSON struct {
		Type        string      `json:"type"`
		A0          number      `json:"a0"`
		A0Frequency number      `json:"a0_frequency"`
		Zeros       [][2]number `json:"zeros"`
		Poles       [][2]number `json:"poles"`
	}
	coefficientsJSON struct {
		Type        string   `json:"type"`
		Numerator   []number `json:"numerator"`
		Denominator []number `json:"denominator"`
	}
	firJSON struct {
		Symmetry     string   `json:"symmetry"`
		Coefficients []number `json:"coefficients"`
	}
	polynomialJSON struct {
		Coefficients []number `json:"coefficients"`
		Lower        number   `json:"lower"`
		Upper        number   `json:"upper"`
	}
	decimationJSON struct {
		InputRate  number `json:"input_rate"`
		Factor     int    `json:"factor"`
		Offset     int    `json:"offset"`
		Delay      number `json:"delay"`
		Correction number `json:"correction"`
	}
)

// enumeration is the names of three values, in their order.
type enumeration [3]string

func transferNames() enumeration { return enumeration{"laplace_radians", "laplace_hertz", "digital"} }
func symmetryNames() enumeration { return enumeration{"none", "odd", "even"} }

func (names enumeration) name(value int) (string, error) {
	if value >= len(names) {
		return "", fmt.Errorf("%w: a kind %d where there are %v", ErrUnsupported, value, names)
	}
	return names[value], nil
}

func (names enumeration) value(name string) (int, error) {
	i := slices.Index(names[:], name)
	if i < 0 {
		return 0, fmt.Errorf("%w: %q is none of %v", ErrUnsupported, name, names)
	}
	return i, nil
}

// number is a float64 that JSON can carry even if it is not finite.
type number float64

func (v number) MarshalJSON() ([]byte, error) {
	if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
		return json.Marshal(strconv.FormatFloat(f, 'g', -1, 64))
	}
	return json.Marshal(float64(v))
}

func (v *number) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) != nil {
		return json.Unmarshal(data, (*float64)(v))
	}
	switch name {
	case "NaN":
		*v = number(math.NaN())
	case "+Inf":
		*v = number(math.Inf(1))
	case "-Inf":
		*v = number(math.Inf(-1))
	default:
		return fmt.Errorf("%q is not a number", name)
	}
	return nil
}

func numbers(vs []float64) []number {
	out := make([]number, len(vs))
	for i, v := range vs {
		out[i] = number(v)
	}
	return out
}

func floats(vs []number) []float64 {
	out := make([]float64, len(vs))
	for i, v := range vs {
		out[i] = float64(v)
	}
	return out
}

func pairs(vs []complex128) [][2]number {
	out := make([][2]number, len(vs))
	for i, v := range vs {
		out[i] = [2]number{number(real(v)), number(imag(v))}
	}
	return out
}

func complexes(vs [][2]number) []complex128 {
	out := make([]complex128, len(vs))
	for i, v := range vs {
		out[i] = complex(v[0], v[1])
	}
	return out
}
