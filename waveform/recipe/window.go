package recipe

import (
	"fmt"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// Flags that rows carry, besides what headers say (Component.Doubts).
const (
	FlagShortPad    = "short_pad"       // less data around the windows than wanted
	FlagShortNoise  = "short_noise"     // the noise window was cut by missing data
	FlagShortSignal = "short_signal"    // the signal window was cut by missing data
	FlagNoDepth     = "no_depth"        // the origin has no depth; 0 was used
	FlagIncomplete  = "incomplete"      // another component of the instrument has no data
	FlagEpochChange = "epoch_change"    // the metadata used do not hold in the whole of the windows
	FlagOverlap     = "overlap_differs" // overlapping data disagree; the archive's priority decided
	FlagGainOnly    = "gain_only"       // corrected for the sensitivity alone, not for the response
	FlagClipped     = "clipped"         // the counts look clipped
	FlagFlat        = "flat_line"       // the counts stand still for longer than the recipe allows
	FlagUpsampled   = "psa_upsampled"   // short periods of psa are of upsampled data
	FlagNoRotation  = "no_rotation"     // two horizontals that cannot be rotated
	FlagNoBand      = "no_usable_band"  // the signal stands out of the noise in no band that is wide enough
	FlagCornerLimit = "corner_limit"    // the source's corner frequency is not resolved
	FlagScaleRange  = "out_of_range"    // farther or nearer than the formula of the local magnitude holds
	FlagImplausible = "implausible"     // outside physical plausibility
	FlagReviewed    = "reviewed"        // an analyst has accepted it, or set windows or corners
)

// plausibleAcceleration is what no recording of an earthquake has exceeded by far, m/s^2.
const plausibleAcceleration = 10 * Gravity

// plausibleRatio is what two horizontals of one instrument cannot differ by.
const plausibleRatio = 1e3

// Gravity is the standard acceleration of gravity in m/s^2.
const Gravity = 9.80665

// SourceConstant names the constant-velocity model in a row's time source;
// SourceArrival says that the time is a picked arrival. A layered model stands there with its
// name, and with the phases where these are not P and S: "ak135", "ak135 PKP SKS".
const (
	SourceConstant = "constant"
	SourceArrival  = "arrival"
)

// Onsets gives the origin time and the arrivals of P and S at an epicentral
// distance (m) from a source at depth (m; NaN counts as 0) by the recipe's model, and what
// to call it. Where a layered model has no times, for sources below 760 km or so, the
// constant velocities do. The model must come from [Parse].
func (t Times) Onsets(origin time.Time, distance, depth float64) (Onsets, string) {
	if depth != depth {
		depth = 0
	}
	if t.earth != nil {
		p, okP := t.earth.First(traveltime.P, distance, depth)
		s, okS := t.earth.First(traveltime.S, distance, depth)
		if okP && okS {
			source := t.Model
			if p.Phase != traveltime.PhaseP || s.Phase != traveltime.PhaseS {
				source = fmt.Sprintf("%s %s %s", t.Model, p.Phase, s.Phase)
			}
			return Onsets{Origin: origin, P: after(origin, p.Time), S: after(origin, s.Time)}, source
		}
	}
	p, s := traveltime.Constant{P: t.PVelocity, S: t.SVelocity}.Times(distance, depth)
	return Onsets{Origin: origin, P: origin.Add(p), S: origin.Add(s)}, SourceConstant
}

func after(t time.Time, seconds float64) time.Time {
	return t.Add(time.Duration(math.Round(seconds * 1e9)))
}

// Measured is the span from the start of the noise to the end of what is measured; of reviewed
// windows, the least that holds all.
func (w Windows) Measured(o Onsets) waveform.Window {
	ws := w.wanted(o)
	all := waveform.Window{From: ws.Noise.From, Until: ws.Signal.Until}
	if ws.Measurement.From.Before(all.From) {
		all.From = ws.Measurement.From
	}
	if ws.Measurement.Until.After(all.Until) {
		all.Until = ws.Measurement.Until
	}
	if w.review.hasWindows() {
		all = hull(all, ws.Noise, ws.Signal)
	}
	return all
}

// WindowSet is the windows of one component. Read is what must be read so that the
// others are clear of the taper.
type WindowSet struct {
	Read, Noise, Signal, Measurement waveform.Window
}

// Wanted gives the windows for data without end, sampled at rate Hz. The read
// window is the others with the pad around them, lengthened at its end to
// [CommonLength] samples: records of different distances then share transform
// plans and inverse responses, which are much of the work.
func (w Windows) Wanted(o Onsets, rate float64) WindowSet {
	ws := w.wanted(o)
	samples := math.Ceil(ws.Read.Duration().Seconds()*rate - 1e-6)
	n := CommonLength(int(max(0, min(samples, math.MaxInt32)))) // no real rate comes near
	ws.Read.Until = waveform.SampleTime(ws.Read.From, rate, int64(n))
	return ws
}

// Extent is a window that holds the read window of any sample rate of at least a
// few samples a second.
func (w Windows) Extent(o Onsets) waveform.Window {
	r := w.wanted(o).Read
	return waveform.Window{From: r.From, Until: r.Until.Add(r.Duration()/8 + time.Second)}
}

// CommonLength is the least of the lengths 32, 36, 40, 45, 48, 50, 54, 60 times a
// power of two (from 2^0) that is not below n, which is at most 2^40.
func CommonLength(n int) int {
	scale := 1
	n = min(n, 1<<40)
	for 64*scale < n {
		scale *= 2
	}
	for _, m := range [...]int{32, 36, 40, 45, 48, 50, 54, 60} {
		if m*scale >= n {
			return m * scale
		}
	}
	return 64 * scale
}

func (w Windows) wanted(o Onsets) WindowSet {
	var ws WindowSet
	ws.Noise, ws.Signal = w.reviewed(w.Noise.Span.at(o), w.Signal.Span.at(o))
	ws.Measurement = ws.Signal
	if w.Measurement != nil {
		ws.Measurement = w.Measurement.at(o)
	}
	ws.Read = ws.Noise
	for _, x := range []waveform.Window{ws.Signal, ws.Measurement} {
		if x.From.Before(ws.Read.From) {
			ws.Read.From = x.From
		}
		if x.Until.After(ws.Read.Until) {
			ws.Read.Until = x.Until
		}
	}
	ws.Read.From = ws.Read.From.Add(-w.Pad.Length)
	ws.Read.Until = ws.Read.Until.Add(w.Pad.Length)
	return ws
}

// Fit cuts the wanted windows to the data of tr, which holds at most the read
// window. It returns the flags that the cut earned, or a *Failure.
func (w Windows) Fit(ws WindowSet, o Onsets, tr waveform.Trace) (WindowSet, []string, error) {
	if w.review.hasWindows() {
		return w.fitReviewed(ws, o, tr)
	}
	start, end := tr.Start, tr.Time(len(tr.Data))
	earliest, latest := start.Add(w.Pad.AtLeast), end.Add(-w.Pad.AtLeast)
	sample := time.Duration(1e9 / tr.SampleRate)
	// The first sample in a window is up to an interval later than the window's start.
	tooEarly := func(at time.Time) bool { return !at.Add(sample).After(earliest) }
	var flags []string
	if tooEarly(ws.Noise.From) {
		ws.Noise.From = earliest
		flags = append(flags, FlagShortNoise)
	}
	if ws.Noise.Duration() < w.Noise.AtLeast {
		return ws, nil, failf(ShortWindow, "window", "%s: data begin at %s, which leaves %.1f s of noise before P; the recipe wants at least %v",
			tr.ID, stamp(start), max(0, ws.Noise.Duration().Seconds()), w.Noise.AtLeast)
	}
	if ws.Signal.Until.After(latest) {
		ws.Signal.Until = latest
		flags = append(flags, FlagShortSignal)
	}
	if reach := w.Signal.Reach.At(o); ws.Signal.Until.Before(reach) || ws.Signal.From.Before(start) {
		return ws, nil, failf(ShortWindow, "window", "%s: data are from %s to %s; the recipe wants the signal from %s to at least %s and %v of pad",
			tr.ID, stamp(start), stamp(tr.End()), stamp(ws.Signal.From), stamp(reach), w.Pad.AtLeast)
	}
	if w.Measurement == nil {
		ws.Measurement = ws.Signal
	} else if tooEarly(ws.Measurement.From) || ws.Measurement.Until.After(latest) {
		return ws, nil, failf(ShortWindow, "window", "%s: data from %s to %s do not hold the measurement window and %v of pad",
			tr.ID, stamp(start), stamp(tr.End()), w.Pad.AtLeast)
	}
	if ws.Noise.From.Sub(start)+sample < w.Pad.Length || end.Sub(ws.Signal.Until)+sample < w.Pad.Length {
		flags = append(flags, FlagShortPad)
	}
	return ws, flags, nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
