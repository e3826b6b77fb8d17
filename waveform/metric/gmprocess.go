package metric

import "math"

// stretch interpolates a, of interval dt, for component c as gmprocess 1.2 does: to factor times
// as many samples from the first to the last, whose interval is then a little less than dt/factor. It
// asks ObsPy's Trace.resample without a window for them, which does not pad: the spectrum of a
// is interpolated linearly between bins that nearly meet those of the finer one, and
// goes on above the old Nyquist frequency with the coefficient there.
func (s *Scratch) stretch(c int, a []float64, dt float64, factor int) (finer []float64, interval float64) {
	n := len(a)
	interval = float64(n-1) * dt / float64(n*factor-1)
	m := int(float64(n) * dt / interval)
	from, to := s.plans.FFT(n), s.plans.FFT(m)
	coarse := from.Coefficients(s.dsp.Spectrum(from.Bins()), a, s.dsp)
	wide := grow(&s.spectrum, to.Bins())
	last := len(coarse) - 1
	for k := range wide {
		at := float64(k) / (float64(m) * interval) * (float64(n) * dt) // in bins of coarse
		below, part := math.Modf(at)
		if i := int(below); i < last {
			wide[k] = coarse[i] + complex(part*real(coarse[i+1]-coarse[i]), part*imag(coarse[i+1]-coarse[i]))
		} else {
			wide[k] = coarse[last]
		}
	}
	finer = to.Sequence(grow(&s.input[c], m), wide, s.dsp)
	for i := range finer {
		finer[i] *= float64(m) / float64(n)
	}
	return finer[:n*factor], interval
}

// interpolate gives the input of the oscillators of short periods, and these, prepared for it.
func (b *Bank) interpolate(c int, a []float64, s *Scratch) ([]float64, []Oscillator) {
	if b.method == Fine || len(a) < 2 {
		return s.upsample(c, a, b.factor), b.fine
	}
	x, interval := s.stretch(c, a, b.dt, b.factor)
	group := grow(&s.oscillators, len(b.fine))
	for i, o := range b.fine {
		prepared, err := NewOscillator(o.Period(), o.Damping(), interval)
		if err != nil {
			panic(err) // a shorter interval is as good as the one it was checked with
		}
		group[i] = prepared
	}
	return x, group
}
