package recipe

import (
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// Shared is what all processors of a recipe have in common: inverse responses, transform plans
// and the weights of smoothing. It may be used by any number of goroutines at once.
type Shared struct {
	recipe   Recipe
	process  *process.Shared
	fas, snr *spectrum.Smoothers
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
