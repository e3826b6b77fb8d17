package response

import (
	"encoding/json"
	"fmt"

	"github.com/seisbatch/seisbatch/waveform"
)

// Encode writes r as JSON, with the numbers as the metadata give them: they
// come back bit for bit (but for the payload of a NaN), complex ones are
// [re, im] pairs, and what is not finite is one of the strings "NaN", "+Inf",
// "-Inf". A nil r is null. The error matches [ErrUnsupported]: a kind of filter
// that has no name.
func Encode(r *waveform.Response) ([]byte, error) {
	if r == nil {
		return []byte("null"), nil
	}
	doc := responseJSON{Sensitivity: sensitivityJSON{
		number(r.Sensitivity.Value), number(r.Sensitivity.Frequency), r.Sensitivity.InputUnits, r.Sensitivity.OutputUnits,
	}}
	doc.Polynomial = encodePolynomial(r.Polynomial)
	for _, s := range r.Stages {
		stage, err := encodeStage(s)
		if err != nil {
			return nil, fmt.Errorf("stage %d: %w", s.Number, err)
		}
		doc.Stages = append(doc.Stages, stage)
	}
	return json.Marshal(doc)
}

// Decode reads what [Encode] wrote, so that the [Hash] is the same. It gives nil
// for null, and an error for anything that Encode cannot have written.
func Decode(data []byte) (*waveform.Response, error) {
	var doc *responseJSON
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	if doc == nil {
		return nil, nil
	}
	s := doc.Sensitivity
	r := &waveform.Response{Sensitivity: waveform.Sensitivity{
		Value: float64(s.Value), Frequency: float64(s.Frequency), InputUnits: s.InputUnits, OutputUnits: s.OutputUnits,
	}, Polynomial: decodePolynomial(doc.Polynomial)}
	for _, stage := range doc.Stages {
		decoded, err := decodeStage(stage)
		if err != nil {
			return nil, fmt.Errorf("response: stage %d: %w", stage.Number, err)
		}
		r.Stages = append(r.Stages, decoded)
	}
	return r, nil
}

func encodeStage(s waveform.Stage) (stageJSON, error) {
	out := stageJSON{
		Number: s.Number, InputUnits: s.InputUnits, OutputUnits: s.OutputUnits,
		Gain: number(s.Gain), GainFrequency: number(s.GainFrequency),
	}
	var err error
	if p := s.PolesZeros; p != nil {
		out.PolesZeros = &polesZerosJSON{
			A0: number(p.Normalization), A0Frequency: number(p.NormalizationFrequency),
			Zeros: pairs(p.Zeros), Poles: pairs(p.Poles),
		}
		if out.PolesZeros.Type, err = transferNames().name(int(p.Type)); err != nil {
			return out, err
		}
	}
	if c := s.Coefficients; c != nil {
		out.Coefficients = &coefficientsJSON{Numerator: numbers(c.Numerator), Denominator: numbers(c.Denominator)}
		if out.Coefficients.Type, err = transferNames().name(int(c.Type)); err != nil {
			return out, err
		}
	}
	if f := s.FIR; f != nil {
		out.FIR = &firJSON{Coefficients: numbers(f.Coefficients)}
		if out.FIR.Symmetry, err = symmetryNames().name(int(f.Symmetry)); err != nil {
			return out, err
		}
	}
	out.Polynomial = encodePolynomial(s.Polynomial)
	for _, p := range s.ResponseList {
		out.ResponseList = append(out.ResponseList, [3]number{number(p.Frequency), number(p.Amplitude), number(p.Phase)})
	}
	if d := s.Decimation; d != nil {
		out.Decimation = &decimationJSON{number(d.InputRate), d.Factor, d.Offset, number(d.Delay), number(d.Correction)}
	}
	return out, nil
}

func decodeStage(s stageJSON) (waveform.Stage, error) {
	out := waveform.Stage{
		Number: s.Number, InputUnits: s.InputUnits, OutputUnits: s.OutputUnits,
		Gain: float64(s.Gain), GainFrequency: float64(s.GainFrequency),
	}
	if p := s.PolesZeros; p != nil {
		kind, err := transferNames().value(p.Type)
		if err != nil {
			return out, err
		}
		out.PolesZeros = &waveform.PolesZeros{
			Type: waveform.TransferType(kind), Normalization: float64(p.A0), NormalizationFrequency: float64(p.A0Frequency),
			Zeros: complexes(p.Zeros), Poles: complexes(p.Poles),
		}
	}
	if c := s.Coefficients; c != nil {
		kind, err := transferNames().value(c.Type)
		if err != nil {
			return out, err
		}
		out.Coefficients = &waveform.Coefficients{
			Type: waveform.TransferType(kind), Numerator: floats(c.Numerator), Denominator: floats(c.Denominator),
		}
	}
	if f := s.FIR; f != nil {
		symmetry, err := symmetryNames().value(f.Symmetry)
		if err != nil {
			return out, err
		}
		out.FIR = &waveform.FIR{Symmetry: waveform.Symmetry(symmetry), Coefficients: floats(f.Coefficients)}
	}
	out.Polynomial = decodePolynomial(s.Polynomial)
	for _, p := range s.ResponseList {
		out.ResponseList = append(out.ResponseList, waveform.ResponsePoint{
			Frequency: float64(p[0]), Amplitude: float64(p[1]), Phase: float64(p[2]),
		})
	}
	if d := s.Decimation; d != nil {
		out.Decimation = &waveform.Decimation{
			InputRate: float64(d.InputRate), Factor: d.Factor, Offset: d.Offset,
			Delay: float64(d.Delay), Correction: float64(d.Correction),
		}
	}
	return out, nil
}

func encodePolynomial(p *waveform.Polynomial) *polynomialJSON {
	if p == nil {
		return nil
	}
	return &polynomialJSON{numbers(p.Coefficients), number(p.Lower), number(p.Upper)}
}

func decodePolynomial(p *polynomialJSON) *waveform.Polynomial {
	if p == nil {
		return nil
	}
	return &waveform.Polynomial{Coefficients: floats(p.Coefficients), Lower: float64(p.Lower), Upper: float64(p.Upper)}
}
