package metric

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Dominant finds the dominant frequency of traces. It uses plans and work space
// that the caller may share with others of the same goroutine, and belongs to
// that goroutine. Where a [Scratch] is at hand, [DescribeSpectrum] gives the same number.
type Dominant struct{ scratch *Scratch }

// NewDominant prepares for traces of any length.
func NewDominant(plans *dsp.Plans, scratch *dsp.Scratch) *Dominant {
	return &Dominant{NewScratch(plans, scratch)}
}

// Frequency is the frequency, Hz, of the largest |DFT| of x above zero: x is
// padded with zeros at its end to N = [dsp.NextFast] samples, and the result is
// k/(N dt) for the first k >= 1 of the largest modulus. Nothing is removed or
// tapered. NaN where nothing stands out: fewer than two samples, zeros, or a sample
// that is not finite.
func (d *Dominant) Frequency(x []float64, dt float64) float64 {
	return DescribeSpectrum(x, dt, d.scratch).Dominant
}

// SpectralShape says where the power |DFT|^2 of a trace lies, in Hz, in moments
// m_i = sum f^i |X(f)|^2 over the frequencies f > 0 up to the Nyquist frequency.
type SpectralShape struct {
	Dominant  float64 // frequency of the largest |X|
	Centroid  float64 // m1/m0, the mean frequency
	Bandwidth float64 // sqrt(m2/m0 - (m1/m0)^2), the standard deviation about the centroid
}

// Central is Vanmarcke's (1972) central frequency sqrt(m2/m0), Hz: the rate of
// upward zero crossings of Gaussian noise with this spectrum.
func (s SpectralShape) Central() float64 { return math.Hypot(s.Centroid, s.Bandwidth) }

// Vanmarcke is his measure of bandwidth sqrt(1 - m1^2/(m0 m2)), without unit: 0 for one
// frequency, towards 1 for power spread wide. NaN where the shape is.
func (s SpectralShape) Vanmarcke() float64 { return s.Bandwidth / s.Central() }

// DescribeSpectrum gives the shape of the spectrum of x, of interval dt (s), which is
// padded with zeros at its end to [dsp.NextFast] samples. Nothing is removed or tapered: take off the mean
// first, or the padding spreads it over the lowest frequencies. All is NaN where nothing stands
// out: fewer than two samples, zeros, or a sample that is not finite.
func DescribeSpectrum(x []float64, dt float64, s *Scratch) SpectralShape {
	nan := math.NaN()
	if len(x) < 2 {
		return SpectralShape{nan, nan, nan}
	}
	bins, n := s.transform(x)
	best, at, m0, m1 := 0.0, 0, 0.0, 0.0
	for k, c := range bins[1:] {
		power := squared(c)
		if power > best {
			best, at = power, k+1
		}
		m0 += power
		m1 += float64(power * float64(k+1))
	}
	if at == 0 || math.IsInf(best, 1) {
		return SpectralShape{nan, nan, nan}
	}
	mean, spread := m1/m0, 0.0
	for k, c := range bins[1:] {
		off := float64(k+1) - mean
		spread += float64(squared(c) * float64(off*off))
	}
	step := 1 / (float64(n) * dt)
	return SpectralShape{
		Dominant: float64(at) / (float64(n) * dt), Centroid: mean * step, Bandwidth: math.Sqrt(spread/m0) * step,
	}
}

// squared is |c|^2.
func squared(c complex128) float64 { return float64(real(c)*real(c)) + float64(imag(c)*imag(c)) }
