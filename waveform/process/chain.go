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

// Step is one operation on a trace, which Apply changes in place: its data, unit, or
// (decimation, a cut) start, rate and length. It may put another slice in Data, but not
// one of the worker's scratch memory, and must not keep the trace. A step is a plain value whose exported fields
// are its parameters: their JSON is hashed into a recipe's identity.
//
// A step may also have methods of [Converter], [Checker], [Filterer] and [Resampler].
type Step interface {
	Name() string
	Apply(w *Worker, in Instrument, tr *waveform.Trace) error
}

// Converter is a step that changes the unit of traces, or works on some units only.
// Convert gives the unit after the step, or why it cannot work on unit.
type Converter interface {
	Convert(unit waveform.Unit) (waveform.Unit, error)
}

// Checker is a step whose parameters may be wrong in themselves.
type Checker interface {
	Check() error
}

// Filterer is a step that narrows the band of a trace. Band gives what it leaves at a sample
// rate, Hz; 0 and +Inf where it has no corner.
type Filterer interface {
	Band(sampleRate float64) (low, high float64)
}

// Resampler is a step that changes the sample rate, Hz: NewRate gives that after it.
type Resampler interface {
	NewRate(sampleRate float64) float64
}

// Check checks a step that is to work on traces of a unit, and gives the unit after it.
func Check(s Step, unit waveform.Unit) (waveform.Unit, error) {
	if c, ok := s.(Checker); ok {
		if err := c.Check(); err != nil {
			return unit, err
		}
	}
	if c, ok := s.(Converter); ok {
		return c.Convert(unit)
	}
	return unit, nil
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

// Band gives the corners in Hz that the chain's filters leave of traces that come at a
// sample rate: the highest of the high-pass and the lowest of the low-pass corners; 0 and
// the Nyquist frequency (the lowest, if the rate changes) where there are none. Band-stop
// filters do not count.
func (c Chain) Band(sampleRate float64) (highpass, lowpass float64) {
	lowpass = sampleRate / 2
	for _, s := range c {
		if f, ok := s.(Filterer); ok {
			low, high := f.Band(sampleRate)
			highpass, lowpass = max(highpass, low), min(lowpass, high)
		}
		if r, ok := s.(Resampler); ok {
			sampleRate = r.NewRate(sampleRate)
			lowpass = min(lowpass, sampleRate/2)
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

	decimators  map[int]dsp.Decimator
	instruments map[string]Instrument // see known
}

// NewWorker returns a worker of those that share the given.
func NewWorker(shared *Shared) *Worker {
	return &Worker{Shared: shared, filters: map[filterKey]dsp.Filter{}, decimators: map[int]dsp.Decimator{}, instruments: map[string]Instrument{}}
}
