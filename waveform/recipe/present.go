package recipe

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// present gives the components that have data, or why the item ends here.
func (p *Processor) present(in *Input) ([]*Component, error) {
	var with []*Component
	for i := range in.Components {
		c := &in.Components[i]
		if c.Review.IsRejected() {
			continue
		}
		if c.Failure != nil {
			return nil, c.Failure
		}
		switch {
		case len(c.Traces) > 0:
			with = append(with, c)
		case c.Damage != nil:
			return nil, explained(failf(NoData, "read", "%s has no other data in the window", c.Channel.ID), c)
		}
	}
	switch wanted := wantedOf(in); {
	case wanted == 0 && len(in.Components) > 0:
		return nil, failf(Rejected, "read", "all components were rejected by a review")
	case len(with) == 0:
		return nil, failf(NoData, "read", "no waveforms of %s in the window", in.Instrument)
	case len(with) < wanted && p.recipe.Incomplete == Fail:
		for _, c := range in.Components {
			if len(c.Traces) == 0 && !c.Review.IsRejected() {
				return nil, failf(MissingChannel, "read", "%s has no waveforms in the window, other components have; the recipe says incomplete: fail", c.Channel.ID)
			}
		}
	}
	return with, nil
}

// wantedOf is how many components are not rejected.
func wantedOf(in *Input) (n int) {
	for i := range in.Components {
		if !in.Components[i].Review.IsRejected() {
			n++
		}
	}
	return n
}

// fit is the piece of a component that is processed, with the windows in it.
func (p *Processor) fit(in *Input, c *Component) (tr *waveform.Trace, fitted WindowSet, flags []string, err error) {
	windows := p.recipe.Windows.For(c.Review)
	wanted := windows.Wanted(in.Onsets, c.Traces[0].SampleRate)
	if tr, err = pieceAtP(c, in.Onsets, wanted); err == nil {
		fitted, flags, err = windows.Fit(wanted, in.Onsets, *tr)
	}
	if err != nil {
		err = explained(err, c)
	}
	return tr, fitted, flags, err
}

// pieceAtP is the continuous piece of the component that holds P, or the start of its reviewed signal.
func pieceAtP(c *Component, o Onsets, wanted WindowSet) (*waveform.Trace, error) {
	for i := range c.Traces {
		// Headers of one recorder may differ by a rounding: that is no change.
		if first := c.Traces[0].SampleRate; math.Abs(c.Traces[i].SampleRate-first) > 1e-4*first {
			return nil, failf(RateChange, "window", "%s: the sample rate changes from %g to %g Hz at %s, inside the window",
				c.Channel.ID, c.Traces[0].SampleRate, c.Traces[i].SampleRate, stamp(c.Traces[i].Start))
		}
	}
	at, name := c.Review.Anchor(o)
	for i := range c.Traces {
		if tr := &c.Traces[i]; !at.Before(tr.Start) && !at.After(tr.End()) {
			return tr, nil
		}
	}
	first, last := c.Traces[0], c.Traces[len(c.Traces)-1]
	code := Gap
	if at.Before(first.Start) || at.After(last.End()) {
		code = ShortWindow
	}
	return nil, failf(code, "window", "%s: no data at %s (%s); of the window %s to %s there are data from %s to %s, in pieces: %d",
		c.Channel.ID, name, stamp(at), stamp(wanted.Read.From), stamp(wanted.Read.Until), stamp(first.Start), stamp(last.End()), len(c.Traces))
}
