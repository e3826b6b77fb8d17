package metric

import "github.com/seisbatch/seisbatch/waveform/dsp"

// Spectra computes response spectra of the same oscillators for one trace after
// another, whatever their sample intervals: a [Bank] that is made anew where the
// interval changes, and a [Scratch]. It belongs to one goroutine at a time.
type Spectra struct {
	options SpectraOptions
	bank    *Bank // of the trace before
	scratch *Scratch
}

// NewSpectra prepares the spectra of o with transform plans and work space that
// the caller may share with others of the same goroutine.
func NewSpectra(o SpectraOptions, plans *dsp.Plans, scratch *dsp.Scratch) (*Spectra, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	return &Spectra{options: o, scratch: NewScratch(plans, scratch)}, nil
}

// Len is the number of oscillators, and of values in a spectrum: see [Bank.Len].
func (s *Spectra) Len() int { return len(s.options.Periods) * len(s.options.Dampings) }

// Factor is [SpectraOptions.Factor].
func (s *Spectra) Factor(dt float64) int { return s.options.Factor(dt) }

// Bank is the oscillators for traces of interval dt (s). It is nil for a dt that is not positive
// and finite.
func (s *Spectra) Bank(dt float64) *Bank {
	if s.bank != nil && s.bank.dt == dt {
		return s.bank
	}
	if !positive(dt) {
		return nil
	}
	s.bank = s.options.bank(dt)
	return s.bank
}

// Spectrum is [Bank.Spectrum] for a trace of interval dt (s). It returns the factor
// of the interpolation that short periods saw, 1 if there was none. NaN, too, where dt is not
// positive and finite.
func (s *Spectra) Spectrum(dst Spectrum, a []float64, dt float64) (factor int) {
	dst.check(s.Len())
	b := s.Bank(dt)
	if b == nil || len(a) == 0 {
		dst.blank()
		return 1
	}
	b.Spectrum(dst, a, s.scratch)
	return b.factor
}

// Rotated is [Bank.Rotated] for traces of interval dt (s), with the factor and NaN as in [Spectra.Spectrum].
func (s *Spectra) Rotated(dst RotatedSpectra, a1, a2 []float64, dt float64) (factor int) {
	dst.check(s.Len())
	if len(a1) != len(a2) {
		panic("metric: components of a pair differ in length")
	}
	b := s.Bank(dt)
	if b == nil || len(a1) == 0 {
		dst.blank()
		return 1
	}
	b.Rotated(dst, a1, a2, s.scratch)
	return b.factor
}

// PSA writes in dst, one value for each oscillator, the pseudo-spectral
// acceleration of a, in its unit: [Spectra.Spectrum] with nothing but PSA.
func (s *Spectra) PSA(dst, a []float64, dt float64) (factor int) {
	return s.Spectrum(Spectrum{PSA: present(dst)}, a, dt)
}

// PairSpectra is what [Spectra.Pair] fills: four slices of one value for each
// oscillator, in the unit of the acceleration.
type PairSpectra struct {
	PSA1, PSA2      []float64 // of each component
	RotD50, RotD100 []float64
}

// NewPairSpectra makes room for n oscillators.
func NewPairSpectra(n int) PairSpectra {
	v := make([]float64, 4*n)
	return PairSpectra{v[:n:n], v[n : 2*n : 2*n], v[2*n : 3*n : 3*n], v[3*n:]}
}

// Pair computes the PSA of two perpendicular horizontal components on their
// common time span, and the median and largest over their rotations: [Spectra.Rotated] with
// nothing but that. PSA1 and PSA2 are the very numbers that [Spectra.PSA] gives, and come at
// no cost: where the common span is the measurement window of both, that call
// can be spared.
func (s *Spectra) Pair(dst PairSpectra, a1, a2 []float64, dt float64) (factor int) {
	over := [2]Spectrum{{PSA: present(dst.RotD50)}, {PSA: present(dst.RotD100)}}
	percentiles := [2]float64{0.5, 1}
	return s.Rotated(RotatedSpectra{
		First: Spectrum{PSA: present(dst.PSA1)}, Second: Spectrum{PSA: present(dst.PSA2)},
		Percentiles: percentiles[:], Over: over[:],
	}, a1, a2, dt)
}

// present is x as a slice that is asked for, so that one that was forgotten panics.
func present(x []float64) []float64 {
	if x == nil {
		return []float64{}
	}
	return x
}
