package recipe

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/metric"
)

// pair is two horizontal components on their common time span.
type pair struct {
	first, second int // index of the motions
	from, until   int // samples of the first
	shift         int // from the first's index to the second's
}

// spectraOf completes the rows of the components with their response spectra,
// and appends the rows over all rotations of two horizontals.
func (p *Processor) spectraOf(in *Input, motions []Motion, rows []Measurement) []Measurement {
	h, rotates := pairOf(motions)
	done := make([]bool, len(motions))
	if rotates {
		a, b := &motions[h.first], &motions[h.second]
		x, y := a.Acceleration.Data[h.from:h.until], b.Acceleration.Data[h.from+h.shift:h.until+h.shift]
		s := metric.NewPairSpectra(p.spectra.Len())
		factor := p.spectra.Pair(s, x, y, 1/a.Acceleration.SampleRate)
		// Where the common span is a component's own window, the spectrum is the component's.
		if whole(a, h.from, h.until) {
			rows[h.first].PSA, done[h.first] = s.PSA1, true
			rows[h.first].upsampled(factor)
		}
		if whole(b, h.from+h.shift, h.until+h.shift) {
			rows[h.second].PSA, done[h.second] = s.PSA2, true
			rows[h.second].upsampled(factor)
		}
		r50, r100 := p.rotatedRows(in, a, b, h)
		r50.PSA, r100.PSA = s.RotD50, s.RotD100
		r50.upsampled(factor)
		r100.upsampled(factor)
		rows = append(rows, r50, r100)
	} else if h.first != h.second {
		rows[h.first].Flags = append(rows[h.first].Flags, FlagNoRotation)
		rows[h.second].Flags = append(rows[h.second].Flags, FlagNoRotation)
	}
	for i := range motions {
		if done[i] {
			continue
		}
		tr := motions[i].Acceleration
		from, until := tr.Range(motions[i].Windows.Measurement)
		rows[i].PSA = make([]float64, p.spectra.Len())
		rows[i].upsampled(p.spectra.PSA(rows[i].PSA, tr.Data[from:until], 1/tr.SampleRate))
	}
	return rows
}

func (m *Measurement) upsampled(factor int) {
	if factor > 1 {
		m.Flags = append(m.Flags, FlagUpsampled)
	}
}

func whole(m *Motion, from, until int) bool {
	f, u := m.Acceleration.Range(m.Windows.Measurement)
	return f == from && u == until
}

// rotatedRows makes the rows for RotD50 and RotD100 with their peaks; what has no
// meaning over rotations is NaN.
func (p *Processor) rotatedRows(in *Input, a, b *Motion, h pair) (r50, r100 Measurement) {
	rotate := func(x, y []float64) metric.RotD {
		return p.rotator.RotD(x[h.from:h.until], y[h.from+h.shift:h.until+h.shift])
	}
	pga := rotate(a.Acceleration.Data, b.Acceleration.Data)
	pgv := rotate(a.Velocity, b.Velocity)
	row := func(component string, pga, pgv float64) Measurement {
		r := p.header(in, a)
		r.Flags = append(r.Flags, b.Flags...)
		r.blank()
		r.Noise = waveform.Window{}
		if b.Windows.Signal.From.After(r.Signal.From) {
			r.Signal.From = b.Windows.Signal.From
		}
		if b.Windows.Signal.Until.Before(r.Signal.Until) {
			r.Signal.Until = b.Windows.Signal.Until
		}
		r.Component, r.PGA, r.PGV = component, pga, pgv
		if pga > plausibleAcceleration {
			r.Flags = append(r.Flags, FlagImplausible)
		}
		return r
	}
	return row(RotD50, pga.D50, pgv.D50), row(RotD100, pga.D100, pgv.D100)
}

// blank sets the numbers of one component to NaN.
func (m *Measurement) blank() {
	for _, v := range []*float64{&m.Mean, &m.RMS, &m.Min, &m.Max, &m.Std, &m.Skewness, &m.Kurtosis, &m.SNR, &m.PGD,
		&m.Arias, &m.CAV, &m.D575, &m.D595, &m.STALTAMax, &m.DominantFrequency} {
		*v = math.NaN()
	}
}

// pairOf finds the two horizontals and their common span. It is false, with the
// same index twice, where there are not two; false with two indices where there are
// two that cannot be rotated: not perpendicular, of different rates, or without a common span.
func pairOf(motions []Motion) (pair, bool) {
	var at []int
	for i, m := range motions {
		if isHorizontal(m.Channel) {
			at = append(at, i)
		}
	}
	if len(at) != 2 {
		return pair{}, false
	}
	h := pair{first: at[0], second: at[1]}
	a, b := &motions[h.first], &motions[h.second]
	if a.Acceleration.SampleRate != b.Acceleration.SampleRate || !perpendicular(a.Channel, b.Channel) {
		return h, false
	}
	h.shift = int(math.Round(b.Acceleration.Index(a.Acceleration.Start)))
	from, until := a.Acceleration.Range(a.Windows.Measurement)
	bFrom, bUntil := b.Acceleration.Range(b.Windows.Measurement)
	h.from, h.until = max(from, bFrom-h.shift), min(until, bUntil-h.shift)
	return h, h.until-h.from >= 2
}

// isHorizontal goes by the dip; where metadata give none, by the channel's letter.
func isHorizontal(c waveform.Channel) bool {
	if math.IsNaN(c.Dip) {
		return c.ID.Component() != "Z"
	}
	return math.Abs(c.Dip) < 45
}

// perpendicular allows ten degrees of misalignment; unknown azimuths pass.
func perpendicular(a, b waveform.Channel) bool {
	if math.IsNaN(a.Azimuth) || math.IsNaN(b.Azimuth) {
		return true
	}
	between := math.Abs(math.Remainder(a.Azimuth-b.Azimuth, 180)) // 0 to 90
	return between >= 80
}
