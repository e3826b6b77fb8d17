package recipe

import (
	"errors"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// timed is a step that counts from the phases of an item, and becomes one of package
// process when these are known.
type timed interface {
	at(o Onsets) process.Step
}

// errUnbound is what such a step says that was not.
var errUnbound = errors.New("times are known to a Processor only")

func (s Span) at(o Onsets) waveform.Window {
	return waveform.Window{From: s.From.At(o), Until: s.Until.At(o)}
}

// CutAt is [process.Cut] by marks.
type CutAt struct{ Span }

// Name is "cut".
func (CutAt) Name() string { return process.Cut{}.Name() }

// Apply always fails: a Processor puts the window in.
func (CutAt) Apply(*process.Worker, process.Instrument, *waveform.Trace) error { return errUnbound }

func (c CutAt) at(o Onsets) process.Step { return process.Cut{Window: c.Span.at(o)} }

// DemeanAt is [process.DemeanPart] by marks.
type DemeanAt struct{ Span }

// Name is "demean_part".
func (DemeanAt) Name() string { return process.DemeanPart{}.Name() }

// Apply always fails: a Processor puts the window in.
func (DemeanAt) Apply(*process.Worker, process.Instrument, *waveform.Trace) error { return errUnbound }

func (d DemeanAt) at(o Onsets) process.Step { return process.DemeanPart{Window: d.Span.at(o)} }

// bound is the chain with the times of an item in it.
func bound(c process.Chain, o Onsets) process.Chain {
	for i, s := range c {
		if _, ok := s.(timed); !ok {
			continue
		}
		all := append(process.Chain(nil), c...)
		for j := i; j < len(all); j++ {
			if t, ok := all[j].(timed); ok {
				all[j] = t.at(o)
			}
		}
		return all
	}
	return c
}
