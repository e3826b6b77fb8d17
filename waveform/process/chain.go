package process

import (
	"errors"
	"fmt"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// ErrUnits says that a step got a trace in units it cannot work on.
var ErrUnits = errors.New("wrong units")

// Instrument is the response that a trace was recorded with.
type Instrument struct {
	Response *waveform.Response
	Hash     [32]byte // response.Hash(Response)
}

// Step is one operation on a trace. Apply changes the trace in place: its data
// and unit, never its times. A step must not keep the trace.
type Step interface {
	Name() string
	Apply(w *Worker, in Instrument, tr *waveform.Trace) error
}

// Chain is steps in order.
type Chain []Step

// Apply runs the steps on tr in place. An error names the step; the trace is then
// in no useful state. An empty trace is left as it is.
func (c Chain) Apply(w *Worker, in Instrument, tr *waveform.Trace) error {
	if len(tr.Data) == 0 {
		return nil
	}
	for _, s := range c {
		if err := s.Apply(w, in, tr); err != nil {
			return fmt.Errorf("%s: %w", s.Name(), err)
		}
	}
	return nil
}

// Band gives the corners in Hz that the chain's band-pass steps leave at a
// sample rate: the highest of the high-pass and the lowest of the low-pass corners;
// 0 and the Nyquist frequency where there are none.
func (c Chain) Band(sampleRate float64) (highpass, lowpass float64) {
	lowpass = sampleRate / 2
	for _, s := range c {
		if b, ok := s.(Bandpass); ok {
			highpass = max(highpass, b.Low.At(sampleRate))
			lowpass = min(lowpass, b.High.At(sampleRate))
		}
	}
	return highpass, lowpass
}

// Shared is what all workers of a run have in common: the inverse responses and
// transform plans used last. It may be used by any number of goroutines at once.
type Shared struct {
	Responses *response.Cache
	Plans     *dsp.Plans
}

// NewShared keeps at most so many bytes of inverse responses (see
// [response.NewCache]), and plans as [dsp.Plans] does.
func NewShared(inverseBytes int64) *Shared {
	return &Shared{Responses: response.NewCache(inverseBytes), Plans: new(dsp.Plans)}
}

// Worker is what steps work with: what all workers share, and scratch memory and
// filters of its own. It belongs to one goroutine at a time.
type Worker struct {
	*Shared
	Scratch dsp.Scratch // free for use within a call of Step.Apply, and between calls
	filters map[filterKey]dsp.Filter
}

// NewWorker returns a worker of those that share the given.
func NewWorker(shared *Shared) *Worker {
	return &Worker{Shared: shared, filters: map[filterKey]dsp.Filter{}}
}
