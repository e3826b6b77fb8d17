package metric

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// SpectraOptions says which response spectrum is wanted.
type SpectraOptions struct {
	// Periods are the natural periods of the oscillators, s, in any order, each positive
	// and finite. There must be one or more.
	Periods []float64
	// Damping is the fraction of critical damping, at least 0 and below 1. Zero is 0.05.
	Damping float64
	// PointsPerPeriod is how finely input must be sampled: an oscillator with a
	// period of fewer sample intervals gets input that was interpolated to so many points
	// in the shortest period. Zero is 20, which keeps linear interpolation between
	// samples within 0.7 % of the band-limited answer. At least 1.
	PointsPerPeriod float64
}

// Spectra computes response spectra of the same periods and damping for one
// trace after another. Its oscillators and work space stay from trace to trace
// (they are made anew where the sample interval changes), so it belongs to one
// goroutine at a time.
type Spectra struct {
	periods         []float64
	damping, points float64
	plans           *dsp.Plans
	scratch         *dsp.Scratch
	rotator         Rotator

	dt             float64 // the interval of what follows; 0 before the first trace
	factor         int
	fine, coarse   []Oscillator // for upsampled input, and for input as it is
	order          []int        // indices of periods: the fine ones, then the coarse ones
	psa            [2][]float64 // in that order
	input, motions [2][]float64
}

// NewSpectra prepares the spectra of o with transform plans that all may share, and
// work space that the caller may share with others of the same goroutine.
func NewSpectra(o SpectraOptions, plans *dsp.Plans, scratch *dsp.Scratch) (*Spectra, error) {
	if len(o.Periods) == 0 {
		return nil, errors.New("response spectrum: no periods")
	}
	if o.Damping == 0 {
		o.Damping = 0.05
	}
	if o.PointsPerPeriod == 0 {
		o.PointsPerPeriod = 20
	}
	if !(o.PointsPerPeriod >= 1) || math.IsInf(o.PointsPerPeriod, 1) {
		return nil, fmt.Errorf("response spectrum: %g points per period, want 1 or more", o.PointsPerPeriod)
	}
	for _, period := range o.Periods {
		if _, err := NewOscillator(period, o.Damping, 1); err != nil {
			return nil, fmt.Errorf("response spectrum: %w", err)
		}
	}
	n := len(o.Periods)
	return &Spectra{
		periods: slices.Clone(o.Periods), damping: o.Damping, points: o.PointsPerPeriod,
		plans: plans, scratch: scratch,
		psa: [2][]float64{make([]float64, n), make([]float64, n)},
	}, nil
}

// Len is the number of periods.
func (s *Spectra) Len() int { return len(s.periods) }

// Factor is how many times finer than dt (s) input is interpolated for the
// periods shorter than PointsPerPeriod dt: ceil(PointsPerPeriod dt / shortest
// period), or 1 if there is none. Memory and time grow with it: a trace of a
// day at 1 Hz, with a period of 0.01 s, has 2000 * 86400 points. A thousand-millionth of
// slack keeps the rounding of dt from adding a step.
func (s *Spectra) Factor(dt float64) int {
	shortest := slices.Min(s.periods)
	if !positive(dt) || !s.upsamples(shortest, dt) {
		return 1
	}
	return int(math.Ceil(s.points * dt / shortest * (1 - 1e-9)))
}

func (s *Spectra) upsamples(period, dt float64) bool {
	return period < s.points*dt*(1-1e-9)
}

// PSA writes in dst, one value for each period, the pseudo-spectral acceleration
// w^2 max|u| of a, in its unit; u is the displacement of an [Oscillator] at rest
// at the first sample, the maximum over the sample times. Periods shorter than
// PointsPerPeriod dt see a band-limited interpolation of a ([dsp.Upsample]).
// It returns the factor of that interpolation, 1 if none was used.
//
// One sample gives zeros. An empty or not finite trace, or a dt that is not
// positive and finite, gives NaN. It panics if dst has not length Len.
func (s *Spectra) PSA(dst, a []float64, dt float64) (factor int) {
	s.check(dst)
	if !s.prepare(dt) || len(a) == 0 {
		fill(dst, math.NaN())
		return 1
	}
	nfine := len(s.fine)
	if nfine > 0 {
		psaEach(s.psa[0], s.fine, s.upsample(0, a))
	}
	psaEach(s.psa[0][nfine:], s.coarse, a)
	for i, at := range s.order {
		dst[at] = s.psa[0][i]
	}
	return s.factor
}

// PairSpectra is what [Spectra.Pair] fills: four slices of one value for each
// period, in the unit of the acceleration.
type PairSpectra struct {
	PSA1, PSA2      []float64 // of each component
	RotD50, RotD100 []float64
}

// NewPairSpectra makes room for n periods.
func NewPairSpectra(n int) PairSpectra {
	v := make([]float64, 4*n)
	return PairSpectra{v[:n:n], v[n : 2*n : 2*n], v[2*n : 3*n : 3*n], v[3*n:]}
}

// Pair computes the spectra of two perpendicular horizontal components on their
// common time span, and of their rotations ([Rotator.RotD], of the two oscillator
// displacements). PSA1 and PSA2 are the very numbers that [Spectra.PSA] gives, and come at
// no cost: where the common span is the measurement window of both, that call
// can be spared.
//
// NaN and upsampling are as in PSA; a NaN in one component makes both rotated
// values NaN. It panics if a1 and a2, or the slices of dst, have the wrong length.
func (s *Spectra) Pair(dst PairSpectra, a1, a2 []float64, dt float64) (factor int) {
	for _, d := range [...][]float64{dst.PSA1, dst.PSA2, dst.RotD50, dst.RotD100} {
		s.check(d)
	}
	if len(a1) != len(a2) {
		panic("metric: components of a pair differ in length")
	}
	if !s.prepare(dt) || len(a1) == 0 {
		for _, d := range [...][]float64{dst.PSA1, dst.PSA2, dst.RotD50, dst.RotD100} {
			fill(d, math.NaN())
		}
		return 1
	}
	nfine := len(s.fine)
	if nfine > 0 {
		s.pairEach(dst, s.fine, s.order, s.upsample(0, a1), s.upsample(1, a2))
	}
	s.pairEach(dst, s.coarse, s.order[nfine:], a1, a2)
	return s.factor
}

// pairEach fills dst at the indices order for the oscillators of bank.
func (s *Spectra) pairEach(dst PairSpectra, bank []Oscillator, order []int, a1, a2 []float64) {
	if len(bank) == 0 {
		return
	}
	y1, y2 := grow(&s.motions[0], len(a1)), grow(&s.motions[1], len(a2))
	for i := range bank {
		o, at := &bank[i], order[i]
		hi1, hi2 := o.traces(y1, y2, a1, a2)
		r := s.rotator.RotD(y1, y2)
		scale := -o.pseudo
		dst.PSA1[at], dst.PSA2[at] = hi1*scale, hi2*scale
		dst.RotD50[at], dst.RotD100[at] = r.D50*scale, r.D100*scale
	}
}

// prepare makes the oscillators for dt. It is false if there are none for such a dt.
func (s *Spectra) prepare(dt float64) bool {
	if !positive(dt) {
		return false
	}
	if dt == s.dt {
		return true
	}
	s.dt, s.factor = dt, s.Factor(dt)
	s.fine, s.coarse, s.order = s.fine[:0], s.coarse[:0], s.order[:0]
	s.fine = s.bank(s.fine, dt/float64(s.factor), func(p float64) bool { return s.upsamples(p, dt) })
	s.coarse = s.bank(s.coarse, dt, func(p float64) bool { return !s.upsamples(p, dt) })
	return true
}

// bank appends to it the oscillators of the periods that belong, noting their indices.
func (s *Spectra) bank(bank []Oscillator, dt float64, belongs func(period float64) bool) []Oscillator {
	for i, period := range s.periods {
		if belongs(period) {
			o, err := NewOscillator(period, s.damping, dt)
			if err != nil {
				panic(err) // NewSpectra and prepare checked all three
			}
			bank = append(bank, o)
			s.order = append(s.order, i)
		}
	}
	return bank
}

// upsample interpolates a into the work space of component c.
func (s *Spectra) upsample(c int, a []float64) []float64 {
	dst := grow(&s.input[c], dsp.UpsampledLen(len(a), s.factor))
	dsp.Upsample(dst, a, s.factor, s.plans, s.scratch)
	return dst
}

func (s *Spectra) check(dst []float64) {
	if len(dst) != len(s.periods) {
		panic("metric: length of a spectrum is not the number of periods")
	}
}

func fill(dst []float64, v float64) {
	for i := range dst {
		dst[i] = v
	}
}

// grow gives n numbers of any value from *space, which it lengthens if it must.
func grow(space *[]float64, n int) []float64 {
	if cap(*space) < n {
		*space = make([]float64, n)
	}
	return (*space)[:n]
}
