package stationxml

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/seisbatch/seisbatch/waveform"
)

func (p printer) response(r *waveform.Response) {
	p.Start("Response")
	switch {
	case r.Polynomial != nil:
		p.Start("InstrumentPolynomial")
		p.units(r.Sensitivity.InputUnits, r.Sensitivity.OutputUnits)
		p.polynomial(r.Polynomial)
		p.End()
	case r.Sensitivity != (waveform.Sensitivity{}):
		p.Start("InstrumentSensitivity")
		p.Number("Value", r.Sensitivity.Value)
		p.Number("Frequency", r.Sensitivity.Frequency)
		p.units(r.Sensitivity.InputUnits, r.Sensitivity.OutputUnits)
		p.End()
	}
	for i := range r.Stages {
		p.stage(&r.Stages[i])
	}
	p.End()
}

func (p printer) units(in, out string) {
	p.Start("InputUnits")
	p.Text("Name", in)
	p.End()
	p.Start("OutputUnits")
	p.Text("Name", out)
	p.End()
}

func (p printer) stage(s *waveform.Stage) {
	p.Start("Stage", "number", strconv.Itoa(s.Number))
	p.filter(s)
	if m := s.Decimation; m != nil {
		p.Start("Decimation")
		p.Number("InputSampleRate", m.InputRate)
		p.Text("Factor", strconv.Itoa(m.Factor))
		p.Text("Offset", strconv.Itoa(m.Offset))
		p.Number("Delay", m.Delay)
		p.Number("Correction", m.Correction)
		p.End()
	}
	if s.Polynomial == nil {
		p.Start("StageGain")
		p.Number("Value", s.Gain)
		p.Number("Frequency", s.GainFrequency)
		p.End()
	}
	p.End()
}

func (p printer) filter(s *waveform.Stage) {
	switch {
	case s.PolesZeros != nil:
		p.Start("PolesZeros")
		p.units(s.InputUnits, s.OutputUnits)
		p.polesZeros(s.PolesZeros)
	case s.Coefficients != nil:
		p.Start("Coefficients")
		p.units(s.InputUnits, s.OutputUnits)
		p.Text("CfTransferFunctionType", [...]string{"ANALOG (RADIANS/SECOND)", "ANALOG (HERTZ)", "DIGITAL"}[s.Coefficients.Type])
		p.numbers("Numerator", "number", 1, s.Coefficients.Numerator)
		p.numbers("Denominator", "number", 1, s.Coefficients.Denominator)
	case s.FIR != nil:
		p.Start("FIR")
		p.units(s.InputUnits, s.OutputUnits)
		p.Text("Symmetry", [...]string{"NONE", "ODD", "EVEN"}[s.FIR.Symmetry])
		p.numbers("NumeratorCoefficient", "i", 1, s.FIR.Coefficients)
	case s.Polynomial != nil:
		p.Start("Polynomial")
		p.units(s.InputUnits, s.OutputUnits)
		p.polynomial(s.Polynomial)
	case s.ResponseList != nil:
		p.Start("ResponseList")
		p.units(s.InputUnits, s.OutputUnits)
		p.responseList(s.ResponseList)
	default:
		return
	}
	p.End()
}

func (p printer) polesZeros(z *waveform.PolesZeros) {
	p.Text("PzTransferFunctionType", [...]string{"LAPLACE (RADIANS/SECOND)", "LAPLACE (HERTZ)", "DIGITAL (Z-TRANSFORM)"}[z.Type])
	p.Number("NormalizationFactor", z.Normalization)
	p.Number("NormalizationFrequency", z.NormalizationFrequency)
	p.complexes("Zero", 0, z.Zeros)
	p.complexes("Pole", len(z.Zeros), z.Poles)
}

func (p printer) complexes(name string, first int, values []complex128) {
	for i, v := range values {
		p.Start(name, "number", strconv.Itoa(first+i))
		p.Number("Real", real(v))
		p.Number("Imaginary", imag(v))
		p.End()
	}
}

// polynomial writes the bounds of frequency and error, which are not kept, as 0.
func (p printer) polynomial(q *waveform.Polynomial) {
	p.Text("ApproximationType", "MACLAURIN")
	p.Number("FrequencyLowerBound", 0)
	p.Number("FrequencyUpperBound", 0)
	p.Number("ApproximationLowerBound", q.Lower)
	p.Number("ApproximationUpperBound", q.Upper)
	p.Number("MaximumError", 0)
	p.numbers("Coefficient", "number", 1, q.Coefficients)
}

func (p printer) responseList(list []waveform.ResponsePoint) {
	for _, v := range list {
		p.Start("ResponseListElement")
		p.Number("Frequency", v.Frequency)
		p.Number("Amplitude", v.Amplitude)
		p.Number("Phase", v.Phase)
		p.End()
	}
}

func checkResponse(r *waveform.Response) error {
	if !finite(r.Sensitivity.Value, r.Sensitivity.Frequency) {
		return errors.New("the sensitivity is not finite")
	}
	if q := r.Polynomial; q != nil {
		switch {
		case r.Sensitivity.Value != 0 || r.Sensitivity.Frequency != 0:
			return errors.New("it has both a sensitivity and a polynomial, of which the schema takes one")
		case len(q.Coefficients) == 0:
			return errors.New("the polynomial of the instrument has no coefficients")
		case !finite(q.Lower, q.Upper) || !finite(q.Coefficients...):
			return errors.New("the polynomial of the instrument holds a number that is not finite")
		}
	}
	for i := range r.Stages {
		s := &r.Stages[i]
		if i > 0 && s.Number <= r.Stages[i-1].Number || s.Number < 1 {
			return fmt.Errorf("stage %d: numbers must rise from 1", s.Number)
		}
		if err := checkStage(s); err != nil {
			return fmt.Errorf("stage %d: %w", s.Number, err)
		}
	}
	return nil
}

func checkStage(s *waveform.Stage) error {
	filters := 0
	for _, set := range [...]bool{s.PolesZeros != nil, s.Coefficients != nil, s.FIR != nil, s.Polynomial != nil, s.ResponseList != nil} {
		if set {
			filters++
		}
	}
	switch gainless := s.Gain == 0 && s.GainFrequency == 0; {
	case filters > 1:
		return errors.New("it has more than one filter")
	case filters == 0 && (s.InputUnits != "" || s.OutputUnits != ""):
		return errors.New("a plain gain cannot carry units: leave them empty or give it Coefficients")
	case s.Polynomial == nil && gainless:
		return errors.New("it has no gain, which the schema requires: give it 1")
	case s.Polynomial != nil && (!gainless || s.Decimation != nil):
		return errors.New("a polynomial stage can have neither gain nor decimation")
	case s.Polynomial != nil && len(s.Polynomial.Coefficients) == 0:
		return errors.New("the polynomial has no coefficients")
	case s.Decimation != nil && s.Decimation.Factor < 1:
		return fmt.Errorf("decimation factor is %d: want 1 or more", s.Decimation.Factor)
	}
	if !finite(stageNumbers(s)...) {
		return errors.New("it holds a number that is not finite")
	}
	return checkTypes(s)
}

// checkTypes finds constants that are none of the package waveform.
func checkTypes(s *waveform.Stage) error {
	if s.PolesZeros != nil && s.PolesZeros.Type > waveform.Digital ||
		s.Coefficients != nil && s.Coefficients.Type > waveform.Digital ||
		s.FIR != nil && s.FIR.Symmetry > waveform.EvenSymmetric {
		return errors.New("its transfer type or symmetry is unknown")
	}
	return nil
}

// stageNumbers lists every floating-point number of a stage.
func stageNumbers(s *waveform.Stage) []float64 {
	v := []float64{s.Gain, s.GainFrequency}
	if z := s.PolesZeros; z != nil {
		v = append(v, z.Normalization, z.NormalizationFrequency)
		for _, c := range [...][]complex128{z.Zeros, z.Poles} {
			for _, x := range c {
				v = append(v, real(x), imag(x))
			}
		}
	}
	if c := s.Coefficients; c != nil {
		v = append(append(v, c.Numerator...), c.Denominator...)
	}
	if f := s.FIR; f != nil {
		v = append(v, f.Coefficients...)
	}
	if q := s.Polynomial; q != nil {
		v = append(append(v, q.Lower, q.Upper), q.Coefficients...)
	}
	for _, x := range s.ResponseList {
		v = append(v, x.Frequency, x.Amplitude, x.Phase)
	}
	if m := s.Decimation; m != nil {
		v = append(v, m.InputRate, m.Delay, m.Correction)
	}
	return v
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
