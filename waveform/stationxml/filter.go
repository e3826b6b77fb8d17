package stationxml

import (
	"encoding/xml"
	"math"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

func (d *decoder) polesZeros(s *waveform.Stage) (*waveform.PolesZeros, error) {
	p := &waveform.PolesZeros{Normalization: 1} // the schema's default
	var kind string
	err := d.filterChildren(s, func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "PzTransferFunctionType":
			kind, err = d.Text()
		case "NormalizationFactor":
			p.Normalization, err = d.float(e)
		case "NormalizationFrequency":
			p.NormalizationFrequency, err = d.float(e)
		case "Zero":
			err = d.poleZero(e, &p.Zeros)
		case "Pole":
			err = d.poleZero(e, &p.Poles)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	p.Type, err = d.transferType(kind)
	return p, err
}

// poleZero adds a pole or a zero.
func (d *decoder) poleZero(e xml.StartElement, to *[]complex128) error {
	re, im := math.NaN(), math.NaN()
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Real":
			re, err = d.float(e)
		case "Imaginary":
			im, err = d.float(e)
		}
		return err
	})
	if err == nil && (math.IsNaN(re) || math.IsNaN(im)) {
		err = d.Bad("a %s lacks its real or imaginary part", strings.ToLower(e.Name.Local))
	}
	*to = append(*to, complex(re, im))
	return err
}

// transferType reads PzTransferFunctionType and CfTransferFunctionType.
func (d *decoder) transferType(s string) (waveform.TransferType, error) {
	switch strings.Join(strings.Fields(strings.ToUpper(s)), " ") {
	case "LAPLACE (RADIANS/SECOND)", "ANALOG (RADIANS/SECOND)":
		return waveform.LaplaceRadians, nil
	case "LAPLACE (HERTZ)", "ANALOG (HERTZ)":
		return waveform.LaplaceHertz, nil
	case "DIGITAL (Z-TRANSFORM)", "DIGITAL":
		return waveform.Digital, nil
	}
	return 0, d.Bad("transfer function type %s is unknown", xmlwalk.Quote(s))
}

func (d *decoder) coefficients(s *waveform.Stage) (*waveform.Coefficients, error) {
	c := &waveform.Coefficients{}
	var kind string
	err := d.filterChildren(s, func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "CfTransferFunctionType":
			kind, err = d.Text()
		case "Numerator":
			err = d.appendFloat(e, &c.Numerator)
		case "Denominator":
			err = d.appendFloat(e, &c.Denominator)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Type, err = d.transferType(kind)
	return c, err
}

func (d *decoder) appendFloat(e xml.StartElement, to *[]float64) error {
	v, err := d.float(e)
	*to = append(*to, v)
	return err
}

func (d *decoder) fir(s *waveform.Stage) (*waveform.FIR, error) {
	f := &waveform.FIR{}
	var symmetry string
	err := d.filterChildren(s, func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Symmetry":
			symmetry, err = d.Text()
		case "NumeratorCoefficient":
			err = d.appendFloat(e, &f.Coefficients)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	switch strings.ToUpper(symmetry) {
	case "NONE":
		f.Symmetry = waveform.Asymmetric
	case "ODD":
		f.Symmetry = waveform.OddSymmetric
	case "EVEN":
		f.Symmetry = waveform.EvenSymmetric
	default:
		return nil, d.Bad("FIR symmetry %s is unknown: want NONE, ODD or EVEN", xmlwalk.Quote(symmetry))
	}
	return f, nil
}

func (d *decoder) polynomial(s *waveform.Stage) (*waveform.Polynomial, error) {
	p := &waveform.Polynomial{}
	kind := "MACLAURIN" // the only one there is
	err := d.filterChildren(s, func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "ApproximationType":
			kind, err = d.Text()
		case "ApproximationLowerBound":
			p.Lower, err = d.float(e)
		case "ApproximationUpperBound":
			p.Upper, err = d.float(e)
		case "Coefficient":
			err = d.appendFloat(e, &p.Coefficients)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case !strings.EqualFold(kind, "MACLAURIN"):
		return nil, d.Bad("polynomial approximation %s is unknown: want MACLAURIN", xmlwalk.Quote(kind))
	case len(p.Coefficients) == 0:
		return nil, d.Bad("a polynomial has no coefficients")
	}
	return p, nil
}

func (d *decoder) responseList(s *waveform.Stage) ([]waveform.ResponsePoint, error) {
	var list []waveform.ResponsePoint
	err := d.filterChildren(s, func(e xml.StartElement) error {
		if e.Name.Local != "ResponseListElement" {
			return nil
		}
		var p waveform.ResponsePoint
		err := d.Children(func(e xml.StartElement) (err error) {
			switch e.Name.Local {
			case "Frequency":
				p.Frequency, err = d.float(e)
			case "Amplitude":
				p.Amplitude, err = d.float(e)
			case "Phase":
				p.Phase, err = d.float(e)
			}
			return err
		})
		list = append(list, p)
		return err
	})
	if err == nil && len(list) == 0 {
		err = d.Bad("the response list of stage %d is empty", s.Number)
	}
	return list, err
}
