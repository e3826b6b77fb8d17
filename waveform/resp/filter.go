package resp

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// stage adds what the blockette says to its stage.
func (b *blockette) stage(s *waveform.Stage) error {
	in, out := 5, 6
	if b.kind == responseList {
		in, out = 4, 5
	} else if b.kind == fir {
		in, out = 6, 7
	}
	var err error
	switch b.kind {
	case gain:
		return b.gain(s)
	case decimation:
		return b.decimation(s)
	case polesZeros:
		err = b.polesZeros(s)
	case coefficients:
		err = b.coefficients(s)
	case responseList:
		err = b.responseList(s)
	case fir:
		err = b.fir(s)
	case polynomial:
		err = b.polynomial(s)
	default:
		return bad(b.at, "a generic response (blockette %d) gives corner frequencies, not a response: ask for poles and zeros", b.kind)
	}
	if s.InputUnits == "" {
		s.InputUnits = unitName(b.values[in].text)
	}
	if s.OutputUnits == "" {
		s.OutputUnits = unitName(b.values[out].text)
	}
	return err
}

// alone is an error if the stage has a filter already.
func (b *blockette) alone(s *waveform.Stage) error {
	if s.PolesZeros != nil || s.Coefficients != nil || s.FIR != nil || s.Polynomial != nil || s.ResponseList != nil {
		return bad(b.at, "stage %d has more than one filter: give each a stage of its own", s.Number)
	}
	return nil
}

func (b *blockette) gain(s *waveform.Stage) error {
	value, err := b.float(4)
	if err != nil {
		return err
	}
	frequency, err := b.float(5)
	if err != nil {
		return err
	}
	if s.Gain != 0 && (s.Gain != value || s.GainFrequency != frequency) {
		return bad(b.at, "stage %d has two different gains", s.Number)
	}
	s.Gain, s.GainFrequency = value, frequency
	return nil
}

func (b *blockette) decimation(s *waveform.Stage) error {
	var d waveform.Decimation
	var err error
	for _, f := range [...]struct {
		number int
		to     *float64
	}{{4, &d.InputRate}, {7, &d.Delay}, {8, &d.Correction}} {
		if *f.to, err = b.float(f.number); err != nil {
			return err
		}
	}
	if d.Factor, err = b.whole(5); err != nil {
		return err
	}
	if d.Offset, err = b.whole(6); err != nil {
		return err
	}
	if d.Factor < 1 {
		return bad(b.at, "decimation factor of stage %d is %d: want 1 or more", s.Number, d.Factor)
	}
	if s.Decimation != nil && *s.Decimation != d {
		return bad(b.at, "stage %d has two different decimations", s.Number)
	}
	s.Decimation = &d
	return nil
}

// transferType reads A, B or D.
func (b *blockette) transferType() (waveform.TransferType, error) {
	switch c := b.letter(3); c {
	case 'A':
		return waveform.LaplaceRadians, nil
	case 'B':
		return waveform.LaplaceHertz, nil
	case 'D':
		return waveform.Digital, nil
	case 'C':
		return 0, bad(b.at, "a composite transfer function (type C) says not how it is composed: ask for types A, B or D")
	case 0:
		return 0, bad(b.at, "blockette %d has no transfer function type", b.kind)
	default:
		return 0, bad(b.values[3].at, "transfer function type %q is unknown: want A, B or D", c)
	}
}

func (b *blockette) polesZeros(s *waveform.Stage) error {
	if err := b.alone(s); err != nil {
		return err
	}
	p := &waveform.PolesZeros{}
	var err error
	if p.Type, err = b.transferType(); err != nil {
		return err
	}
	if p.Normalization, err = b.float(7); err != nil {
		return err
	}
	if p.NormalizationFrequency, err = b.float(8); err != nil {
		return err
	}
	if p.Zeros, err = b.roots(9, 10); err != nil {
		return err
	}
	p.Poles, err = b.roots(14, 15)
	s.PolesZeros = p
	return err
}

func (b *blockette) roots(counter, number int) ([]complex128, error) {
	rows, err := b.table(counter, number, 2)
	var out []complex128
	for _, r := range rows {
		out = append(out, complex(r.numbers[0], r.numbers[1]))
	}
	return out, err
}

func (b *blockette) coefficients(s *waveform.Stage) error {
	kind, err := b.transferType()
	if err != nil {
		return err
	}
	numerator, err := b.table(7, 8, 1)
	if err != nil {
		return err
	}
	denominator, err := b.table(10, 11, 1)
	if err != nil {
		return err
	}
	c := s.Coefficients
	if c == nil || c.Type != kind || len(c.Denominator)+len(denominator) > 0 { // a recursive filter cannot be continued
		if err := b.alone(s); err != nil {
			return err
		}
		c = &waveform.Coefficients{Type: kind}
		s.Coefficients = c
	}
	c.Numerator = append(c.Numerator, column(numerator, 0)...)
	c.Denominator = column(denominator, 0)
	return nil
}

func (b *blockette) fir(s *waveform.Stage) error {
	var symmetry waveform.Symmetry
	switch c := b.letter(5); c {
	case 'A':
		symmetry = waveform.Asymmetric
	case 'B':
		symmetry = waveform.OddSymmetric
	case 'C':
		symmetry = waveform.EvenSymmetric
	default:
		return bad(b.at, "FIR symmetry %q is unknown: want A, B or C", b.values[5].text)
	}
	rows, err := b.table(8, 9, 1)
	if err != nil {
		return err
	}
	f := s.FIR
	if f == nil || f.Symmetry != symmetry {
		if err := b.alone(s); err != nil {
			return err
		}
		f = &waveform.FIR{Symmetry: symmetry}
		s.FIR = f
	}
	f.Coefficients = append(f.Coefficients, column(rows, 0)...)
	return nil
}

func (b *blockette) responseList(s *waveform.Stage) error {
	rows, err := b.table(6, 7, 4)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return bad(b.at, "the response list of stage %d is empty", s.Number)
	}
	if s.ResponseList == nil {
		if err := b.alone(s); err != nil {
			return err
		}
	}
	for _, r := range rows { // frequency, amplitude, its error, phase
		s.ResponseList = append(s.ResponseList, waveform.ResponsePoint{Frequency: r.numbers[0], Amplitude: r.numbers[1], Phase: r.numbers[3]})
	}
	return nil
}

func (b *blockette) polynomial(s *waveform.Stage) error {
	if err := b.alone(s); err != nil {
		return err
	}
	if c := b.letter(7); c != 'M' {
		return bad(b.at, "polynomial of type %q is unknown: want M, a MacLaurin series", b.values[7].text)
	}
	rows, err := b.table(14, 15, 1)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return bad(b.at, "the polynomial of stage %d has no coefficients", s.Number)
	}
	p := &waveform.Polynomial{Coefficients: column(rows, 0), Lower: math.NaN(), Upper: math.NaN()}
	if p.Lower, err = b.float(11); err != nil {
		return err
	}
	p.Upper, err = b.float(12)
	s.Polynomial = p
	return err
}
