package spectrum

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// maxSmootherBytes bounds the weights that a [Smoothers] keeps.
const maxSmootherBytes = 256 << 20

// Smoothers keeps the [Smoother]s of one set of options, for the transform lengths
// and sample intervals used last. They take at most 256 MB, except that the newest
// always stays. It may be used by any number of goroutines at once: one for all
// workers of a program is as it should be.
type Smoothers struct {
	options SmootherOptions
	limit   int // bytes

	mu    sync.Mutex
	kept  []*Smoother // the one used last comes last
	bytes int
}

// NewSmoothers prepares for the options o. The error matches [ErrOptions].
func NewSmoothers(o SmootherOptions) (*Smoothers, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	return &Smoothers{options: o, limit: maxSmootherBytes}, nil
}

// Smoother gives the smoother for transforms of nfft samples at intervals of dt
// seconds. Goroutines that ask for a new one at the same time may each make it, of which one
// is kept; nobody waits for another's. The error matches [ErrOptions].
func (s *Smoothers) Smoother(nfft int, dt float64) (*Smoother, error) {
	if nfft < 2 || !(dt > 0) || math.IsInf(dt, 1) {
		return nil, fmt.Errorf("%w: no smoothing of %d samples at intervals of %g s", ErrOptions, nfft, dt)
	}
	s.mu.Lock()
	found := s.use(nfft, dt)
	s.mu.Unlock()
	if found != nil {
		return found, nil
	}
	return s.keep(newSmoother(s.options, nfft, dt)), nil
}

// keep adds a smoother, unless there is one like it by now: that is given then.
func (s *Smoothers) keep(made *Smoother) *Smoother {
	s.mu.Lock()
	defer s.mu.Unlock()
	if earlier := s.use(made.nfft, made.dt); earlier != nil {
		return earlier
	}
	s.kept = append(s.kept, made)
	s.bytes += made.bytes()
	count := 0
	for count < len(s.kept)-1 && s.bytes > s.limit {
		s.bytes -= s.kept[count].bytes()
		count++
	}
	s.kept = slices.Delete(s.kept, 0, count)
	return made
}

// use gives the smoother kept for nfft and dt, which is now the one used last, or
// nil. The caller holds the lock.
func (s *Smoothers) use(nfft int, dt float64) *Smoother {
	for i, k := range slices.Backward(s.kept) {
		if k.nfft == nfft && k.dt == dt {
			copy(s.kept[i:], s.kept[i+1:])
			s.kept[len(s.kept)-1] = k
			return k
		}
	}
	return nil
}
