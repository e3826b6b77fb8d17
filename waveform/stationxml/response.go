package stationxml

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// response reads the instrument response of a channel; nil if anything in it is
// unusable, which is reported: part of a response is a wrong response.
func (d *decoder) response(subject string) (*waveform.Response, error) {
	inside := d.Depth()
	r, err := d.responseContent()
	wrong, err := d.Resume(inside-1, err)
	if err != nil {
		return nil, err
	}
	if wrong != nil {
		d.reportValue(BadResponse, subject, wrong, "the channel is kept without response; ask the operator for correct metadata")
		return nil, nil
	}
	return r, nil
}

func (d *decoder) responseContent() (*waveform.Response, error) {
	r := &waveform.Response{}
	err := d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "InstrumentSensitivity":
			return d.sensitivity(&r.Sensitivity)
		case "InstrumentPolynomial":
			return d.instrumentPolynomial(r)
		case "Stage":
			s, err := d.stage(e)
			if err != nil {
				return err
			}
			r.Stages = append(r.Stages, s)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.Stages, func(a, b waveform.Stage) int { return cmp.Compare(a.Number, b.Number) })
	for i := 1; i < len(r.Stages); i++ {
		if r.Stages[i].Number == r.Stages[i-1].Number {
			return nil, d.Bad("stage number %d is given twice", r.Stages[i].Number)
		}
	}
	return r, nil
}

func (d *decoder) sensitivity(s *waveform.Sensitivity) error {
	return d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Value":
			s.Value, err = d.float(e)
		case "Frequency":
			s.Frequency, err = d.float(e)
		case "InputUnits":
			err = d.named(&s.InputUnits)
		case "OutputUnits":
			err = d.named(&s.OutputUnits)
		}
		return err
	})
}

// instrumentPolynomial reads the polynomial of the whole channel. Its units are kept
// as those of the sensitivity, unless there is one too, against the schema.
func (d *decoder) instrumentPolynomial(r *waveform.Response) error {
	var units waveform.Stage
	p, err := d.polynomial(&units)
	if err != nil {
		return err
	}
	if r.Polynomial != nil {
		return d.Bad("the response has two polynomials of the instrument")
	}
	r.Polynomial = p
	r.Sensitivity.InputUnits = cmp.Or(r.Sensitivity.InputUnits, units.InputUnits)
	r.Sensitivity.OutputUnits = cmp.Or(r.Sensitivity.OutputUnits, units.OutputUnits)
	return nil
}

func (d *decoder) stage(e xml.StartElement) (waveform.Stage, error) {
	var s waveform.Stage
	var err error
	if s.Number, err = strconv.Atoi(xmlwalk.Attribute(e, "number")); err != nil || s.Number < 1 {
		return s, d.Bad("stage number is %s: want 1 or more", xmlwalk.Quote(xmlwalk.Attribute(e, "number")))
	}
	filters := 0
	err = d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "PolesZeros", "Coefficients", "FIR", "Polynomial", "ResponseList":
			if filters++; filters > 1 {
				return d.Bad("stage %d has more than one filter", s.Number)
			}
			return d.filter(e.Name.Local, &s)
		case "Decimation":
			s.Decimation, err = d.decimation()
		case "StageGain":
			err = d.stageGain(&s)
		}
		return err
	})
	return s, err
}

// filter reads the filter of the given kind into its stage.
func (d *decoder) filter(kind string, s *waveform.Stage) (err error) {
	switch kind {
	case "PolesZeros":
		s.PolesZeros, err = d.polesZeros(s)
	case "Coefficients":
		s.Coefficients, err = d.coefficients(s)
	case "FIR":
		s.FIR, err = d.fir(s)
	case "Polynomial":
		s.Polynomial, err = d.polynomial(s)
	case "ResponseList":
		s.ResponseList, err = d.responseList(s)
	}
	return err
}

// filterChildren visits the children of a filter. Those that all filters have,
// the units, go to the stage.
func (d *decoder) filterChildren(s *waveform.Stage, visit func(e xml.StartElement) error) error {
	return d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "InputUnits":
			return d.named(&s.InputUnits)
		case "OutputUnits":
			return d.named(&s.OutputUnits)
		}
		return visit(e)
	})
}

func (d *decoder) stageGain(s *waveform.Stage) error {
	return d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Value":
			s.Gain, err = d.float(e)
		case "Frequency":
			s.GainFrequency, err = d.float(e)
		}
		return err
	})
}

func (d *decoder) decimation() (*waveform.Decimation, error) {
	m := &waveform.Decimation{}
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "InputSampleRate":
			m.InputRate, err = d.float(e)
		case "Factor":
			m.Factor, err = d.integer(e)
		case "Offset":
			m.Offset, err = d.integer(e)
		case "Delay":
			m.Delay, err = d.float(e)
		case "Correction":
			m.Correction, err = d.float(e)
		}
		return err
	})
	if err == nil && m.Factor < 1 {
		err = d.Bad("decimation factor is %d: want 1 or more", m.Factor)
	}
	return m, err
}
