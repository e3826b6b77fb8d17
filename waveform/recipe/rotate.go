package recipe

import (
	"math"
	"slices"

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
// and appends the rows over both horizontals.
func (p *Processor) spectraOf(in *Input, motions []Motion, rows []Measurement) []Measurement {
	h, rotates := pairOf(motions)
	done := make([]bool, len(motions))
	if rotates {
		a, b := &motions[h.first], &motions[h.second]
		x, y := h.of(a.Acceleration.Data, b.Acceleration.Data)
		s := metric.NewRotatedSpectra(p.spectra.Len(), p.recipe.Measure.Spectra, p.percentiles...)
		factor := p.spectra.Rotated(s, x, y, 1/a.Acceleration.SampleRate)
		// Where the common span is a component's own window, the spectrum is the component's.
		if whole(a, h.from, h.until) {
			rows[h.first].spectrum(s.First, factor)
			done[h.first] = true
		}
		if whole(b, h.from+h.shift, h.until+h.shift) {
			rows[h.second].spectrum(s.Second, factor)
			done[h.second] = true
		}
		rows = append(rows, p.rotatedRows(in, a, b, h, s, factor)...)
		if slices.Contains(p.recipe.Measure.Rotated, GeoMean) {
			rows = append(rows, p.meanRow(in, a, b, h, s, factor))
		}
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
		s := metric.NewSpectrum(p.spectra.Len(), p.recipe.Measure.Spectra)
		rows[i].spectrum(s, p.spectra.Spectrum(s, tr.Data[from:until], 1/tr.SampleRate))
	}
	return rows
}

// of cuts the common span out of series of both components.
func (h pair) of(x, y []float64) (first, second []float64) {
	return x[h.from:h.until], y[h.from+h.shift : h.until+h.shift]
}

func (m *Measurement) spectrum(s metric.Spectrum, factor int) {
	m.PSA, m.SA, m.SD, m.SV = s.PSA, s.SA, s.SD, s.SV
	if factor > 1 {
		m.Flags = append(m.Flags, FlagUpsampled)
	}
}

func whole(m *Motion, from, until int) bool {
	f, u := m.Acceleration.Range(m.Windows.Measurement)
	return f == from && u == until
}

// rotations are the components over all rotations, and the percentile that each is.
func rotations() map[string]float64 {
	return map[string]float64{RotD00: 0, RotD50: 0.5, RotD100: 1}
}

// rotatedRows makes the rows over all rotations, of the peaks and the spectra.
func (p *Processor) rotatedRows(in *Input, a, b *Motion, h pair, s metric.RotatedSpectra, factor int) []Measurement {
	peaks := func(x, y []float64) []float64 {
		x, y = h.of(x, y)
		dst := make([]float64, len(p.percentiles))
		p.rotator.Percentiles(dst, p.percentiles, x, y)
		return dst
	}
	pga, pgv, pgd := peaks(a.Acceleration.Data, b.Acceleration.Data), peaks(a.Velocity, b.Velocity), peaks(a.Displacement, b.Displacement)
	var rows []Measurement
	for _, name := range p.recipe.Measure.Rotated {
		percentile, ok := rotations()[name]
		if !ok {
			continue
		}
		k := slices.Index(p.percentiles, percentile)
		r := p.bothRow(in, a, b, name, pga[k], pgv[k], pgd[k])
		r.spectrum(s.Over[k], factor)
		rows = append(rows, r)
	}
	return rows
}

// meanRow is the geometric mean of the peaks of both components as they were recorded, on their
// common span.
func (p *Processor) meanRow(in *Input, a, b *Motion, h pair, s metric.RotatedSpectra, factor int) Measurement {
	mean := func(x, y []float64) float64 {
		x, y = h.of(x, y)
		first, _ := metric.Peak(x)
		second, _ := metric.Peak(y)
		return metric.GeometricMean(first, second)
	}
	r := p.bothRow(in, a, b, GeoMean, mean(a.Acceleration.Data, b.Acceleration.Data), mean(a.Velocity, b.Velocity), mean(a.Displacement, b.Displacement))
	m := metric.NewSpectrum(p.spectra.Len(), p.recipe.Measure.Spectra)
	for _, v := range [...][3][]float64{{m.PSA, s.First.PSA, s.Second.PSA}, {m.SA, s.First.SA, s.Second.SA}, {m.SD, s.First.SD, s.Second.SD}, {m.SV, s.First.SV, s.Second.SV}} {
		if v[0] != nil {
			metric.GeometricMeans(v[0], v[1], v[2])
		}
	}
	r.spectrum(m, factor)
	return r
}

// bothRow is the row of something that both horizontals have together; what has no meaning
// for it is NaN.
func (p *Processor) bothRow(in *Input, a, b *Motion, component string, pga, pgv, pgd float64) Measurement {
	r := p.header(in, a)
	r.Flags = append(r.Flags, b.Flags...)
	r.blank()
	r.Noise = waveform.Window{}
	r.Signal, r.Measured, r.Read = common(r.Signal, b.Windows.Signal), common(r.Measured, b.Windows.Measurement), waveform.Window{}
	r.Component, r.PGA, r.PGV, r.PGD = component, pga, pgv, pgd
	if q := b.TimingQuality; q != nil && (r.TimingQuality == nil || *q < *r.TimingQuality) {
		r.TimingQuality = q
	}
	if pga > plausibleAcceleration {
		r.Flags = append(r.Flags, FlagImplausible)
	}
	return r
}

// common is what two windows have in common.
func common(a, b waveform.Window) waveform.Window {
	if b.From.After(a.From) {
		a.From = b.From
	}
	if b.Until.Before(a.Until) {
		a.Until = b.Until
	}
	return a
}

// blank sets the numbers of one component to NaN.
func (m *Measurement) blank() {
	for _, v := range []*float64{&m.Mean, &m.RMS, &m.Min, &m.Max, &m.Std, &m.Skewness, &m.Kurtosis, &m.SNR,
		&m.Arias, &m.CAV, &m.D575, &m.D595, &m.SortedDuration, &m.STALTAMax, &m.DominantFrequency, &m.SpectralCentroid, &m.SpectralBandwidth,
		&m.UsableLow, &m.UsableHigh, &m.WoodAnderson, &m.LocalMagnitude, &m.Moment, &m.CornerFrequency, &m.StressDrop, &m.Kappa, &m.SourceMisfit} {
		*v = math.NaN()
	}
}

// pairOf finds the two horizontals and their common span. It is false, with the
// same index twice, where there are not two; false with two indices where there are
// two that cannot be rotated: not perpendicular, of different rates or reviewed corners, or without a common span.
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
	if a.Acceleration.SampleRate != b.Acceleration.SampleRate || !perpendicular(a.Channel, b.Channel) ||
		(a.reviewed || b.reviewed) && (a.Highpass != b.Highpass || a.Lowpass != b.Lowpass) {
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
