package metric

import "github.com/seisbatch/seisbatch/waveform/dsp"

// Scratch is work space for the functions that need some: one for each worker. It
// grows to the longest trace seen and belongs to one goroutine at a time. Plans and
// work space of transforms may be shared with others of that goroutine.
type Scratch struct {
	plans    *dsp.Plans
	dsp      *dsp.Scratch
	rotator  Rotator
	input    [2][]float64 // interpolated traces
	motions  [6][]float64 // of oscillators: displacement, velocity and acceleration of two traces
	peaks    []float64    // of displacements
	spectrum []complex128

	oscillators []Oscillator
}

// NewScratch makes work space that shares plans, with all, and scratch, with others of its goroutine.
func NewScratch(plans *dsp.Plans, scratch *dsp.Scratch) *Scratch {
	return &Scratch{plans: plans, dsp: scratch}
}

// upsample interpolates a into the work space of component c.
func (s *Scratch) upsample(c int, a []float64, factor int) []float64 {
	dst := grow(&s.input[c], dsp.UpsampledLen(len(a), factor))
	dsp.Upsample(dst, a, factor, s.plans, s.dsp)
	return dst
}

// transform gives |DFT| bins of x, padded with zeros at its end to n = [dsp.NextFast]
// samples; valid until the next call.
func (s *Scratch) transform(x []float64) (bins []complex128, n int) {
	plan := s.plans.FFT(dsp.NextFast(len(x)))
	samples := grow(&s.input[0], plan.Len())
	clear(samples[copy(samples, x):])
	return plan.Coefficients(grow(&s.spectrum, plan.Bins()), samples, s.dsp), plan.Len()
}

// grow gives n values of any kind from *space, which it lengthens if it must.
func grow[T any](space *[]T, n int) []T {
	if cap(*space) < n {
		*space = make([]T, n)
	}
	return (*space)[:n]
}
