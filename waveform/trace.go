package waveform

import (
	"math"
	"time"
)

// Trace is continuous, evenly sampled data of one channel.
type Trace struct {
	ID         SourceID
	Start      time.Time // time of Data[0]
	SampleRate float64   // Hz
	Unit       Unit
	Data       []float64
}

// End is the time of the last sample; of an empty trace, Start.
func (t Trace) End() time.Time {
	if len(t.Data) == 0 {
		return t.Start
	}
	return t.Time(len(t.Data) - 1)
}

// Time is the time of sample i, which may lie outside the data.
func (t Trace) Time(i int) time.Time { return SampleTime(t.Start, t.SampleRate, int64(i)) }

// Index is the position of at in samples from Start, fractional and possibly
// outside the data.
func (t Trace) Index(at time.Time) float64 { return at.Sub(t.Start).Seconds() * t.SampleRate }

// Range gives the half-open range of indices of the samples inside w, clipped to
// the data; an open side (zero time) has no edge. A sample within a microsecond of an edge, or within a millionth of the
// sample interval, counts as on it: record times are no finer, so that the same data
// in other records have the same samples in a window.
func (t Trace) Range(w Window) (from, until int) {
	tolerance := min(1e-6*max(1, t.SampleRate), 0.25) // samples
	clip := func(at time.Time) int {
		return int(max(0, min(float64(len(t.Data)), math.Ceil(t.Index(at)-tolerance))))
	}
	until = len(t.Data)
	if !w.From.IsZero() {
		from = clip(w.From)
	}
	if !w.Until.IsZero() {
		until = clip(w.Until)
	}
	return from, max(from, until)
}

// farthest is how far from the start of a series SampleTime goes, in s: what a
// time.Duration holds, 291 years.
const farthest = 9.2e9

// SampleTime is the time of sample i of a series that starts at start, at rate
// Hz: start + i/rate, rounded once, to a nanosecond. What is farther than 291 years
// from the start is put there; a rate that is no positive number gives the start.
func SampleTime(start time.Time, rate float64, i int64) time.Time {
	if !(rate > 0) || math.IsInf(rate, 1) {
		return start
	}
	if math.Abs(float64(i)/rate) > farthest {
		return start.Add(time.Duration(math.Copysign(farthest, float64(i))) * time.Second)
	}
	if rate == math.Trunc(rate) && rate <= 1e9 { // exact for any i
		r := int64(rate)
		sec, rest := i/r, i%r
		half := r / 2
		if rest < 0 {
			half = -half
		}
		return start.Add(time.Duration(sec)*time.Second + time.Duration((rest*1e9+half)/r))
	}
	sec := math.Trunc(float64(i) / rate)
	rest := math.FMA(-sec, rate, float64(i)) // without rounding
	return start.Add(time.Duration(sec)*time.Second + time.Duration(math.Round(rest/rate*1e9)))
}

// Stream is the traces of one instrument at one station, at most one per
// channel, ordered by channel code.
type Stream struct {
	ID     InstrumentID
	Traces []Trace
}

// Window is a half-open span of time: From <= t < Until.
type Window struct{ From, Until time.Time }

// Duration is the length of the window.
func (w Window) Duration() time.Duration { return w.Until.Sub(w.From) }

// Contains reports whether From <= at < Until, an open side (zero time) being
// always met.
func (w Window) Contains(at time.Time) bool {
	return (w.From.IsZero() || !at.Before(w.From)) && (w.Until.IsZero() || at.Before(w.Until))
}

// Gap is missing data between two continuous pieces of a channel: from the time
// of the last sample before to that of the first sample after. In an overlap,
// Until is not after From.
type Gap struct {
	ID          SourceID
	From, Until time.Time
}
