package recipe

import (
	"cmp"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// For is the windows with those of a review in place of the recipe's.
func (w Windows) For(r Review) Windows {
	w.review = r
	return w
}

// reviewed puts the reviewed windows in the place of those by marks.
func (w Windows) reviewed(noise, signal waveform.Window) (waveform.Window, waveform.Window) {
	if isSet(w.review.Noise) {
		noise = w.review.Noise
	}
	if isSet(w.review.Signal) {
		signal = w.review.Signal
	}
	return noise, signal
}

// hull is the least window that holds all the given.
func hull(w waveform.Window, others ...waveform.Window) waveform.Window {
	for _, o := range others {
		if o.From.Before(w.From) {
			w.From = o.From
		}
		if o.Until.After(w.Until) {
			w.Until = o.Until
		}
	}
	return w
}

// fitReviewed is Fit where windows are reviewed: these are taken whole or not at all; the
// others are cut to the data as ever.
func (w Windows) fitReviewed(ws WindowSet, o Onsets, tr waveform.Trace) (WindowSet, []string, error) {
	r := w.review
	if f := cmp.Or(w.lacks(tr, "noise", r.Noise), w.lacks(tr, "signal", r.Signal)); f != nil {
		return ws, nil, f
	}
	plain := w
	plain.review = Review{}
	if isSet(r.Noise) {
		plain.Noise.AtLeast = 0
	}
	if isSet(r.Signal) {
		plain.Signal.Reach = Mark{AtOrigin, ws.Signal.From.Sub(o.Origin)}
	}
	ws, flags, err := plain.Fit(ws, o, tr)
	if err != nil {
		return ws, flags, err
	}
	all, sample := hull(ws.Noise, ws.Signal, ws.Measurement), time.Duration(1e9/tr.SampleRate)
	if all.From.Sub(tr.Start)+sample < w.Pad.Length || tr.Time(len(tr.Data)).Sub(all.Until)+sample < w.Pad.Length {
		flags = slices.DeleteFunc(flags, func(f string) bool { return f == FlagShortPad })
		flags = append(flags, FlagShortPad)
	}
	return ws, flags, nil
}

// lacks says why the data do not hold a reviewed window with the least pad; nil if they do, or there is
// no such window.
func (w Windows) lacks(tr waveform.Trace, name string, window waveform.Window) *Failure {
	if !isSet(window) {
		return nil
	}
	sample := time.Duration(1e9 / tr.SampleRate)
	earliest, latest := tr.Start.Add(w.Pad.AtLeast), tr.Time(len(tr.Data)).Add(-w.Pad.AtLeast)
	if !window.From.Add(sample).After(earliest) || window.Until.After(latest) {
		return failf(ShortWindow, "window", "%s: the reviewed %s window is from %s to %s; the data and %v of pad allow %s to %s: review it again",
			tr.ID, name, stamp(window.From), stamp(window.Until), w.Pad.AtLeast, stamp(earliest), stamp(latest))
	}
	if from, until := tr.Range(window); until-from < 2 {
		return failf(BadReview, "window", "%s: the reviewed %s window holds %d samples", tr.ID, name, until-from)
	}
	return nil
}

// widened is a chain whose cuts leave as much around the reviewed windows as around the recipe's own.
func (w Windows) widened(c process.Chain, o Onsets) process.Chain {
	if !w.review.hasWindows() {
		return c
	}
	own, all := w.For(Review{}).Measured(o), w.Measured(o)
	out := append(process.Chain(nil), c...)
	for i, s := range out {
		cut, ok := s.(process.Cut)
		if !ok {
			continue
		}
		before, after := max(0, own.From.Sub(cut.Window.From)), max(0, cut.Window.Until.Sub(own.Until))
		cut.Window = hull(cut.Window, waveform.Window{From: all.From.Add(-before), Until: all.Until.Add(after)})
		out[i] = cut
	}
	return out
}
