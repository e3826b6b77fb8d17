package picker

import (
	"errors"
	"fmt"
	"math"
)

// ErrOptions is matched by every error of options that make no sense.
var ErrOptions = errors.New("picker options are unusable")

// Function names a characteristic function.
type Function uint8

// The characteristic functions that a Picker can use.
const (
	ClassicSTALTA   Function = iota // dsp.STALTAClassic
	RecursiveSTALTA                 // dsp.STALTARecursive
	DelayedSTALTA                   // Delayed
	ZDetector                       // ZDetect over Short; Long is not used
	KurtosisRise                    // Kurtosis over Long; Short is not used
)

// String gives the name: classic, recursive, delayed, z or kurtosis.
func (f Function) String() string {
	names := [...]string{"classic", "recursive", "delayed", "z", "kurtosis"}
	if int(f) < len(names) {
		return names[f]
	}
	return fmt.Sprintf("Function(%d)", uint8(f))
}

// Options say how onsets are found. The zero value is for P of local and regional
// earthquakes on a trace that was filtered to about 2 to 15 Hz.
type Options struct {
	// Function is the characteristic function. Zero is the classic STA/LTA.
	Function Function
	// Short and Long are its windows, s. Zero is 0.5 and 10.
	Short, Long float64
	// On and Off are the thresholds. Both zero is 4 and 1.5, which suits the three
	// STA/LTA, and 3 and 1 for the Z detector, 8 and 2 for the kurtosis.
	On, Off float64
	// Longest is the greatest length of a trigger, s, where it is cut. Zero: no limit.
	Longest float64
	// Before and After are how far, s, before and after the switch-on the onset is
	// looked for. Zero is 3 and 1.
	Before, After float64
	// Noise and Signal are the windows, s, before and after the onset, of which the root
	// mean squares are compared. Zero is 5 and 1.
	Noise, Signal float64
	// Motion is how long after the onset, s, the first motion may stand out from the noise, and
	// Clear by how many of its standard deviations it must. Zero is 0.2 and 4.
	Motion, Clear float64
}

// complete fills in the defaults.
func (o Options) complete() Options {
	for _, d := range []struct {
		value    *float64
		standard float64
	}{
		{&o.Short, 0.5}, {&o.Long, 10}, {&o.Before, 3}, {&o.After, 1},
		{&o.Noise, 5}, {&o.Signal, 1}, {&o.Motion, 0.2}, {&o.Clear, 4},
	} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.On == 0 && o.Off == 0 {
		switch o.Function {
		case ZDetector:
			o.On, o.Off = 3, 1
		case KurtosisRise:
			o.On, o.Off = 8, 2
		default:
			o.On, o.Off = 4, 1.5
		}
	}
	return o
}

// most is the greatest number of samples in a window.
const most = 1 << 30

// lengths are the windows of Options in samples.
type lengths struct{ short, long, longest, before, after, noise, signal, motion int }

// at gives the windows at a rate in Hz, or what is wrong with them.
func (o Options) at(rate float64) (n lengths, err error) {
	if !(rate > 0) || math.IsInf(rate, 1) {
		return n, fmt.Errorf("picker: %g samples per second: %w", rate, ErrOptions)
	}
	if o.Function > KurtosisRise {
		return n, fmt.Errorf("picker: no characteristic function %v: %w", o.Function, ErrOptions)
	}
	if !(o.Off <= o.On) || math.IsInf(o.On, 0) || math.IsInf(o.Off, 0) {
		return n, fmt.Errorf("picker: thresholds %g for on and %g for off: %w", o.On, o.Off, ErrOptions)
	}
	if !(o.Clear > 0) {
		return n, fmt.Errorf("picker: clear first motion at %g deviations: %w", o.Clear, ErrOptions)
	}
	for _, w := range []struct {
		name    string
		seconds float64
		least   int
		samples *int
	}{
		{"short", o.Short, 1, &n.short}, {"long", o.Long, 2, &n.long}, {"longest", o.Longest, 0, &n.longest},
		{"before", o.Before, 1, &n.before}, {"after", o.After, 1, &n.after},
		{"noise", o.Noise, 2, &n.noise}, {"signal", o.Signal, 1, &n.signal}, {"motion", o.Motion, 1, &n.motion},
	} {
		samples := math.Round(w.seconds * rate)
		if !(w.seconds >= 0 && samples <= most) || w.least > 0 && w.seconds == 0 {
			return n, fmt.Errorf("picker: %s window of %g s at %g Hz: %w", w.name, w.seconds, rate, ErrOptions)
		}
		*w.samples = max(w.least, int(samples))
	}
	if o.Longest > 0 {
		n.longest = max(1, n.longest) // zero would be no limit
	}
	if n.short > n.long && o.Function <= DelayedSTALTA {
		return n, fmt.Errorf("picker: short window of %g s, long one of %g s: %w", o.Short, o.Long, ErrOptions)
	}
	return n, nil
}
