package recipe

import (
	"errors"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/metric"
)

// header is what every row of an item says about how it was made.
func (p *Processor) header(in *Input, m *Motion) Measurement {
	rate := m.Acceleration.SampleRate
	return Measurement{
		Definitions: Algorithm, TimingQuality: m.TimingQuality,
		Distance: in.Distance, Azimuth: in.Azimuth, SampleRate: rate, Highpass: m.Highpass, Lowpass: m.Lowpass,
		Onsets: in.Onsets, TimeSource: in.TimeSource, Noise: m.Windows.Noise, Signal: m.Windows.Signal,
		Measured: m.Windows.Measurement, Read: waveform.Window{From: m.Acceleration.Start, Until: m.Acceleration.Time(len(m.Acceleration.Data))},
		Flags: append([]string(nil), m.Flags...),
	}
}

// measure computes the row of one component.
func (p *Processor) measure(in *Input, m *Motion) (r Measurement, err error) {
	r = p.header(in, m)
	r.blank()
	r.Component = m.Channel.ID.Component()
	tr, dt := m.Acceleration, 1/m.Acceleration.SampleRate
	from, until := tr.Range(m.Windows.Measurement)
	a := tr.Data[from:until]
	if len(a) < 2 {
		return r, failf(ShortWindow, "measure", "%s: the measurement window holds %d samples", m.Channel.ID, len(a))
	}

	s := metric.Describe(a)
	r.Mean, r.RMS, r.Min, r.Max, r.Std, r.Skewness, r.Kurtosis = s.Mean, s.RMS, s.Min, s.Max, s.Std, s.Skewness, s.Kurtosis
	r.SNR = p.snr(m)
	var i int
	r.PGA, i = metric.Peak(a)
	r.PGAAt = tr.Time(from + i)
	r.PGV, i = metric.Peak(m.Velocity[from:until])
	r.PGVAt = tr.Time(from + i)
	r.PGD, i = metric.Peak(m.Displacement[from:until])
	r.PGDAt = tr.Time(from + i)
	r.Arias, r.CAV = metric.Arias(a, dt), metric.CAV(a, dt)
	r.D575 = metric.SignificantDuration(a, dt, 0.05, 0.75)
	r.D595 = metric.SignificantDuration(a, dt, 0.05, 0.95)
	r.SortedDuration = metric.SortedDuration(a, dt)
	r.STALTAMax = p.staltaMax(m)
	shape := metric.DescribeSpectrum(a, dt, p.scratch)
	r.DominantFrequency, r.SpectralCentroid, r.SpectralBandwidth = shape.Dominant, shape.Centroid, shape.Bandwidth
	if r.BandSNR, err = p.bandSNR(m); err != nil {
		return r, failf(ProcessingError, "measure", "%s: %v", m.Channel.ID, err)
	}
	if r.PGA > plausibleAcceleration {
		r.Flags = append(r.Flags, FlagImplausible)
	}
	if err := errors.Join(p.spectral(in, m, &r), p.localMagnitude(in, m, &r)); err != nil {
		return r, failf(ProcessingError, "measure", "%s: %v", m.Channel.ID, err)
	}
	for _, x := range p.recipe.Measure.Extra {
		p.extra(&r, x, m)
	}
	return r, nil
}

// extra computes a measurement of the program's own.
func (p *Processor) extra(r *Measurement, x Measure, m *Motion) {
	keys := x.Keys()
	numbers := make([]float64, len(keys))
	x.Measure(numbers, m, p.worker)
	if r.Extra == nil {
		r.Extra = map[string]float64{}
	}
	for i, k := range keys {
		r.Extra[k] = numbers[i]
	}
}

func (p *Processor) snr(m *Motion) float64 {
	tr := m.Acceleration
	n0, n1 := tr.Range(m.Windows.Noise)
	s0, s1 := tr.Range(m.Windows.Signal)
	return metric.SNR(tr.Data[s0:s1], tr.Data[n0:n1])
}

// bandSNR is the ratio in each of the recipe's bands, nil without any.
func (p *Processor) bandSNR(m *Motion) ([]float64, error) {
	bands := p.recipe.Measure.Bands
	if len(bands) == 0 {
		return nil, nil
	}
	tr := m.Acceleration
	filters, ok := p.bands[tr.SampleRate]
	if !ok {
		var err error
		if filters, err = metric.NewBands(bands, tr.SampleRate); err != nil {
			return nil, err
		}
		if len(p.bands) >= 64 { // sample rates are few; this only bounds hostile input
			clear(p.bands)
		}
		p.bands[tr.SampleRate] = filters
	}
	samples := func(w waveform.Window) metric.Samples {
		from, until := tr.Range(w)
		return metric.Samples{From: from, Until: until}
	}
	ratios := make([]float64, len(bands))
	filters.SNR(ratios, tr.Data, samples(m.Windows.Signal), samples(m.Windows.Noise), p.scratch)
	return ratios, nil
}

// staltaMax is the greatest classic STA/LTA within the signal window.
func (p *Processor) staltaMax(m *Motion) float64 {
	tr := m.Acceleration
	ratio := p.buffer(len(tr.Data))
	samples := func(s float64) int { return max(1, int(math.Round(s*tr.SampleRate))) }
	dsp.STALTAClassic(ratio, tr.Data, samples(p.recipe.Measure.STA.Seconds()), samples(p.recipe.Measure.LTA.Seconds()))
	from, until := tr.Range(m.Windows.Signal)
	greatest := math.NaN()
	for _, x := range ratio[from:until] {
		if !(x <= greatest) {
			greatest = x
		}
	}
	return greatest
}
