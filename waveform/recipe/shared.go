package recipe

import (
	"math"
	"math/cmplx"
	"sync"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// Shared is what all processors of a recipe have in common: inverse responses, transform plans
// and the weights of smoothing. It may be used by any number of goroutines at once.
type Shared struct {
	recipe   Recipe
	process  *process.Shared
	fas, snr *spectrum.Smoothers
	absurd   sync.Map // whether the gain of a response is, by its hash
}

// The smoothing of the ratios of signal to noise by frequency, and of the spectra that sources
// are fitted to, that of gmprocess 1.2.1.
const (
	ratioBandwidth = 20
	ratioReach     = 3
)

// NewShared prepares for a recipe. At most so many bytes of inverse responses are kept, 16 a
// sample of trace. The error is one of smoothing that cannot be done, which a recipe from Parse
// does not ask for.
func NewShared(r Recipe, inverseBytes int64) (*Shared, error) {
	s := &Shared{recipe: r, process: process.NewShared(inverseBytes)}
	var err error
	if f := r.Measure.FAS; f != nil {
		if s.fas, err = spectrum.NewSmoothers(spectrum.SmootherOptions{Centres: f.Frequencies, Bandwidth: f.Bandwidth}); err != nil {
			return nil, err
		}
	}
	s.snr, err = spectrum.NewSmoothers(spectrum.SmootherOptions{Bandwidth: ratioBandwidth, Reach: ratioReach})
	return s, err
}

// absurdGain is a factor that a response cannot be off the sensitivity by: a unit is wrong. A
// factor of just 100 is the usual mistake, cm for m.
const absurdGain = 95.0

// hasAbsurdGain reports whether a response and its total sensitivity contradict each other by
// that much. hash is the hash of it.
func (s *Shared) hasAbsurdGain(hash [32]byte, r *waveform.Response) bool {
	if r == nil {
		return false
	}
	if known, ok := s.absurd.Load(hash); ok {
		return known.(bool)
	}
	absurd := false
	if perUnit, unit, err := response.Sensitivity(r); err == nil && len(r.Stages) > 0 {
		var h [1]complex128
		if response.Evaluate(h[:], r, unit, []float64{r.Sensitivity.Frequency}) == nil {
			factor := cmplx.Abs(h[0]) / math.Abs(perUnit)
			absurd = factor >= absurdGain || factor <= 1/absurdGain && factor > 0
		}
	}
	s.absurd.Store(hash, absurd)
	return absurd
}
