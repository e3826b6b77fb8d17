package metric

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Dominant finds the dominant frequency of traces. It uses plans that
// all may share, and work space that the caller may share with others of the same
// goroutine, to which it belongs.
type Dominant struct {
	plans   *dsp.Plans
	scratch *dsp.Scratch
}

// NewDominant prepares for traces of any length.
func NewDominant(plans *dsp.Plans, scratch *dsp.Scratch) *Dominant {
	return &Dominant{plans, scratch}
}

// Frequency is the frequency, Hz, of the largest |DFT| of x above zero: x is
// padded with zeros at its end to N = [dsp.NextFast] samples, and the result is
// k/(N dt) for the first k >= 1 of the largest modulus. Nothing is removed or
// tapered. NaN where nothing stands out: fewer than two samples, zeros, or a sample
// that is not finite.
func (d *Dominant) Frequency(x []float64, dt float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	plan := d.plans.FFT(dsp.NextFast(len(x)))
	samples := d.scratch.Samples(plan.Len())
	clear(samples[copy(samples, x):])
	spectrum := plan.Coefficients(d.scratch.Spectrum(plan.Bins()), samples, d.scratch)
	best, at := 0.0, 0
	for k, c := range spectrum[1:] {
		power := real(c)*real(c) + imag(c)*imag(c)
		if power > best {
			best, at = power, k+1
		}
	}
	if at == 0 || math.IsInf(best, 1) {
		return math.NaN()
	}
	return float64(at) / (float64(plan.Len()) * dt)
}
