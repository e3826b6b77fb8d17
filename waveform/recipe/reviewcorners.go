package recipe

import (
	"fmt"

	"github.com/seisbatch/seisbatch/waveform/process"
)

// chain is the first n steps of a recipe's with the reviewed corners: in the last step that has such a
// corner or, where the whole chain has none, in a Butterworth filter of order 4 without a phase shift
// after its end. The rate is that of the data, Hz.
func (r Review) chain(all process.Chain, n int, rate float64) (process.Chain, error) {
	if r.Highpass == 0 && r.Lowpass == 0 {
		return all[:n], nil
	}
	changed := append(process.Chain(nil), all...)
	for _, c := range []reviewedCorner{
		{"high-pass", process.Hertz(r.Highpass), withHighpass, process.Highpass{Corner: process.Hertz(r.Highpass), Order: 4, Passes: 2}},
		{"low-pass", process.Hertz(r.Lowpass), withLowpass, process.Lowpass{Corner: process.Hertz(r.Lowpass), Order: 4, Passes: 2}},
	} {
		var err error
		if changed, err = c.put(changed, rate); err != nil {
			return nil, err
		}
	}
	if low, high := changed.Band(rate); low >= high {
		return nil, fmt.Errorf("with the reviewed corners, the chain has a high-pass corner of %g Hz that is not below the low-pass corner of %g Hz", low, high)
	}
	if n < len(all) {
		return changed[:n], nil
	}
	return changed, nil
}

// reviewedCorner is a corner to put into a chain.
type reviewedCorner struct {
	name   string
	corner process.Corner // 0: none
	with   func(process.Step, process.Corner) process.Step
	added  process.Step // where no step has such a corner
}

// put changes the chain, or appends to it.
func (c reviewedCorner) put(chain process.Chain, rate float64) (process.Chain, error) {
	if c.corner.Value == 0 {
		return chain, nil
	}
	at, atRate := len(chain), 0.0
	for i, s := range chain {
		if c.with(s, c.corner) != nil {
			at, atRate = i, rate
		}
		if to, ok := s.(process.Resampler); ok {
			rate = to.NewRate(rate)
		}
	}
	if at == len(chain) {
		chain, atRate = append(chain, c.added), rate
	}
	if c.corner.Value >= atRate/2 {
		return nil, fmt.Errorf("the reviewed %s corner of %g Hz is not below the Nyquist frequency of %g Hz", c.name, c.corner.Value, atRate/2)
	}
	if s := c.with(chain[at], c.corner); s != nil {
		chain[at] = s
	}
	return chain, nil
}

// withHighpass is the step with another high-pass corner; nil if it has none to set.
func withHighpass(s process.Step, c process.Corner) process.Step {
	switch s := s.(type) {
	case process.Bandpass:
		s.Low = c
		return s
	case process.Highpass:
		s.Corner = c
		return s
	case process.AmplitudeHighpass:
		s.Corner = c
		return s
	}
	return nil
}

// withLowpass is the step with another low-pass corner; nil if it has none to set.
func withLowpass(s process.Step, c process.Corner) process.Step {
	switch s := s.(type) {
	case process.Bandpass:
		s.High = c
		return s
	case process.Lowpass:
		s.Corner = c
		return s
	case process.AmplitudeLowpass:
		s.Corner = c
		return s
	}
	return nil
}
