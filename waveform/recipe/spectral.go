package recipe

import (
	"errors"
	"math"
	"math/bits"

	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/source"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// spectral computes what a recipe asks for by frequency: Fourier amplitudes, the usable band, and
// the source. What does not exist for a component stays NaN, with a flag that says why.
func (p *Processor) spectral(in *Input, m *Motion, r *Measurement) error {
	tr := m.Acceleration
	from, until := tr.Range(m.Windows.Measurement)
	a, dt := tr.Data[from:until], 1/tr.SampleRate
	var err error
	if f := p.recipe.Measure.FAS; f != nil {
		if r.FAS, r.FASLength, err = p.amplitudes(p.shared.fas, a, dt); err != nil {
			return err
		}
	}
	r.UsableLow, r.UsableHigh = math.NaN(), math.NaN()
	if p.recipe.Measure.UsableBand != nil {
		if err := p.usable(m, r); err != nil {
			return err
		}
	}
	if p.recipe.Measure.Source != nil && isHorizontal(m.Channel) {
		return p.fitSource(in, a, dt, r)
	}
	return nil
}

// amplitudes is the smoothed Fourier amplitude spectrum of a, padded to a power of two.
func (p *Processor) amplitudes(smoothers *spectrum.Smoothers, a []float64, dt float64) (smooth []float64, nfft int, err error) {
	nfft = 1 << bits.Len(uint(len(a)-1))
	s, err := smoothers.Smoother(nfft, dt)
	if err != nil {
		return nil, 0, err
	}
	fas := p.buffer(spectrum.Bins(nfft))
	spectrum.FAS(fas, a, dt, nfft, p.shared.process.Plans, &p.worker.Scratch)
	smooth = make([]float64, s.Len())
	s.Smooth(smooth, fas)
	return smooth, nfft, nil
}

// usable finds the band in which the signal stands out of the noise.
func (p *Processor) usable(m *Motion, r *Measurement) error {
	o := p.recipe.Measure.UsableBand
	tr := m.Acceleration
	n0, n1 := tr.Range(m.Windows.Noise)
	s0, s1 := tr.Range(m.Windows.Signal)
	freqs, ratio, err := p.ratios.Spectrum(tr.Data[s0:s1], tr.Data[n0:n1], 1/tr.SampleRate)
	if errors.Is(err, spectrum.ErrShortWindow) {
		r.Flags = append(r.Flags, FlagNoBand)
		return nil
	} else if err != nil {
		return err
	}
	floor := max(r.Highpass, tr.SampleRate/float64(min(s1-s0, n1-n0)))
	if floor >= r.Lowpass {
		r.Flags = append(r.Flags, FlagNoBand)
		return nil
	}
	band, err := spectrum.SelectBand(freqs, ratio, spectrum.BandOptions{Threshold: o.SNR, Must: spectrum.Band{Low: o.Around, High: o.Around},
		Octaves: o.Octaves, Floor: floor, Ceiling: r.Lowpass})
	var none *spectrum.BandError
	switch {
	case errors.As(err, &none):
		r.Flags = append(r.Flags, FlagNoBand)
	case err != nil:
		return err
	default:
		r.UsableLow, r.UsableHigh = band.Low, band.High
	}
	return nil
}

// fitSource finds the source whose spectrum is closest to that of a horizontal component.
func (p *Processor) fitSource(in *Input, a []float64, dt float64, r *Measurement) error {
	s := p.recipe.Measure.Source
	low, high := r.Highpass, r.Lowpass
	if p.recipe.Measure.UsableBand != nil {
		low, high = r.UsableLow, r.UsableHigh
	}
	if math.IsNaN(low) {
		return nil // flagged as without a band
	}
	model, err := source.New(source.Options{Distance: hypocentral(in), Density: s.Density, Velocity: s.Velocity, Q: s.Q, QExponent: s.QExponent})
	if err != nil {
		return err
	}
	smooth, nfft, err := p.amplitudes(p.shared.snr, a, dt)
	if err != nil {
		return err
	}
	smoother, err := p.shared.snr.Smoother(nfft, dt)
	if err != nil {
		return err
	}
	f, err := model.Fit(smoother.Centres(), smooth, nil, source.FitOptions{From: low, Until: high, Kappa: s.Kappa, FreeKappa: s.FreeKappa})
	switch {
	case errors.Is(err, source.ErrTooFew):
		r.Flags = append(r.Flags, FlagNoBand)
		return nil
	case err != nil:
		return err
	}
	r.Moment, r.CornerFrequency, r.StressDrop, r.Kappa, r.SourceMisfit = f.Moment, f.Corner, f.StressDrop, f.Kappa, f.RMS
	if f.AtLimit {
		r.Flags = append(r.Flags, FlagCornerLimit)
		r.CornerFrequency, r.StressDrop = math.NaN(), math.NaN()
	}
	return nil
}

// hypocentral is the straight distance from the source to the station, m, at least 1.
func hypocentral(in *Input) float64 {
	depth := in.Origin.Depth
	if math.IsNaN(depth) {
		depth = 0
	}
	return max(1, math.Hypot(in.Distance, depth))
}

// localMagnitude simulates a Wood-Anderson seismograph for a horizontal component, and takes
// the magnitude of its greatest amplitude.
func (p *Processor) localMagnitude(in *Input, m *Motion, r *Measurement) error {
	scale, ok := scales()[p.recipe.Measure.LocalMagnitude]
	if !ok || !isHorizontal(m.Channel) {
		return nil
	}
	tr := m.Acceleration
	tr.Data = p.buffer(len(tr.Data))
	copy(tr.Data, m.Acceleration.Data)
	if err := (process.WoodAnderson{}).Apply(p.worker, process.Instrument{}, &tr); err != nil {
		return err
	}
	from, until := tr.Range(m.Windows.Measurement)
	amplitude, at := metric.Peak(tr.Data[from:until])
	if at < 0 {
		return nil
	}
	r.WoodAnderson, r.WoodAndersonAt = amplitude, tr.Time(from+at)
	ml, err := scale.Station(amplitude, hypocentral(in), 0)
	switch {
	case errors.Is(err, source.ErrInput): // no amplitude
		return nil
	case err != nil:
		return err
	}
	r.LocalMagnitude = ml.Value
	if ml.OutOfRange {
		r.Flags = append(r.Flags, FlagScaleRange)
	}
	return nil
}

// scales are the formulas of the local magnitude, by the names that recipes have for them.
func scales() map[string]source.Scale {
	return map[string]source.Scale{"iaspei": source.IASPEI(), "hutton_boore": source.HuttonBoore()}
}
