package picker

import (
	"github.com/seisbatch/seisbatch/waveform"
)

// Trigger is a span of a characteristic function: from the first sample at or above
// the threshold for on, to the last at or above that for off. Both are indices, and
// both samples belong to it.
type Trigger struct{ On, Off int }

// Window is the time of the trigger on the trace whose samples the characteristic
// function has: from the sample On until one sample interval after Off, half open.
func (g Trigger) Window(tr waveform.Trace) waveform.Window {
	return waveform.Window{From: tr.Time(g.On), Until: tr.Time(g.Off + 1)}
}

// Thresholds say when a trigger is on.
type Thresholds struct {
	// On is the value of the characteristic function that switches on, Off the one
	// below which it is switched off again. Off must not be above On.
	On, Off float64
	// Longest is the greatest Off-On, in samples. A longer trigger ends there, and
	// another begins when the function, having been below On, is at or above it again. 0: no limit.
	Longest int
	// DropLong leaves out triggers longer than Longest instead of cutting them.
	DropLong bool
}

// Triggers appends to dst the triggers of a characteristic function, in order and
// without overlap, and returns it. A trigger may be on at the first sample; one that is on at the
// last sample ends there. These are the spans of ObsPy's trigger_onset.
//
// An empty or all NaN function has none; NaN switches a trigger off. It panics unless
// Off <= On and Longest >= 0.
func Triggers(dst []Trigger, function []float64, t Thresholds) []Trigger {
	if !(t.Off <= t.On) || t.Longest < 0 {
		panic("picker: thresholds must satisfy Off <= On and Longest >= 0")
	}
	for on := 0; on < len(function); on++ {
		if !(function[on] >= t.On) || on > 0 && function[on-1] >= t.On {
			continue // not the beginning of a crossing
		}
		off := on
		for off+1 < len(function) && function[off+1] >= t.Off {
			off++
		}
		switch long := t.Longest > 0 && off-on > t.Longest; {
		case !long:
			dst = append(dst, Trigger{on, off})
		case !t.DropLong:
			off = on + t.Longest
			dst = append(dst, Trigger{on, off})
		}
		on = off // the next one begins behind this one
	}
	return dst
}
