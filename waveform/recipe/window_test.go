package recipe

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestWantedWindowsLieByTheirMarks(t *testing.T) {
	ws := Default().Windows.Wanted(made, 100)
	for name, c := range map[string]struct {
		got         waveform.Window
		from, until float64
	}{
		"noise": {ws.Noise, -12, 8}, "signal": {ws.Signal, 10, 77}, "measurement": {ws.Measurement, 10, 77},
		"read": {ws.Read, -32, -32 + 138.24}, // 129 s and at most an eighth, 13824 samples = 54*256
	} {
		if !c.got.From.Equal(moment(c.from)) || !c.got.Until.Equal(moment(c.until)) {
			t.Errorf("%s: %v to %v", name, c.got.From, c.got.Until)
		}
	}
	early := mustParse(t, "windows: {measurement: {from: P - 60 s, until: S + 90 s}}").Windows.Wanted(made, 100)
	if !early.Read.From.Equal(moment(-70)) || early.Read.Until.Before(moment(127)) {
		t.Errorf("the read window %v does not hold the measurement window and its pad", early.Read)
	}
}

func TestExtentHoldsTheReadWindowOfAnyRate(t *testing.T) {
	for _, text := range []string{"", "windows: {pad: {length: 0 s, at_least: 0 s}}", "windows: {signal: {until: S + 5 h}}"} {
		w := mustParse(t, text).Windows
		extent := w.Extent(made)
		for rate := 2.0; rate < 5000; rate *= 1.013 {
			if read := w.Wanted(made, rate).Read; read.From.Before(extent.From) || read.Until.After(extent.Until) {
				t.Errorf("%q: at %g Hz %v is read, outside %v", text, rate, read, extent)
			}
		}
	}
}

// A rate comes from a file.
func TestRatesThatCannotBeDoNotHang(t *testing.T) {
	w := Default().Windows
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1), 3e16, 1e30, 3.4e38, 1e-38} {
		w.Wanted(made, rate)
	}
	for _, n := range []int{-5, 0, math.MaxInt64, math.MaxInt64/2 + 1} {
		if c := CommonLength(n); c < 32 {
			t.Errorf("CommonLength(%d) = %d", n, c)
		}
	}
}

func TestFitCutsNoiseAndSignalToTheData(t *testing.T) {
	const ms = 0.001
	for _, c := range []struct {
		name        string
		recipe      string
		from, until float64 // of the data
		code        Code
		flags       string
		noise       float64 // where the noise begins, if it is a success
		signal      float64 // where the signal ends
	}{
		{"all the data", "", -32, 97, "", "", -12, 77},
		{"a sample less", "", -31.99, 97, "", "", -12, 77},
		{"two samples less", "", -31.98, 97, "", "short_pad", -12, 77},
		{"less behind", "", -32, 96.9, "", "short_pad", -12, 77},
		{"noise at its pad's limit", "", -15, 97, "", "short_pad", -12, 77},
		{"noise cut", "", -10, 97, "", "short_noise short_pad", -7, 77},
		{"noise at its limit", "", 0, 97, "", "short_noise short_pad", 3, 77},
		{"noise too short", "", 1 * ms, 97, ShortWindow, "", 0, 0},
		{"no noise", "", 9, 97, ShortWindow, "", 0, 0},
		{"signal cut", "", -32, 60, "", "short_pad short_signal", -12, 57},
		{"signal at its reach", "", -32, 40, "", "short_pad short_signal", -12, 37},
		{"signal too short", "", -32, 39.99, ShortWindow, "", 0, 0},
		{"pad at least all of it", "windows: {pad: {length: 20 s, at_least: 20 s}}", -31.992, 97, "", "", -12, 77},
		{"no pad", "windows: {pad: {length: 0 s, at_least: 0 s}}", -11.992, 77, "", "", -12, 77},
		{"no pad, two samples less", "windows: {pad: {length: 0 s, at_least: 0 s}}", -11.98, 77, "", "short_noise", -11.98, 77},
		{"measurement held", "windows: {measurement: {from: P - 5 s, until: S + 10 s}}", -32, 50, "", "short_pad short_signal", -12, 47},
		{"measurement not held", "windows: {measurement: {from: P - 5 s, until: S + 35 s}}", -32, 50, ShortWindow, "", 0, 0},
		{"measurement before the data", "windows: {measurement: {from: P - 40 s, until: S + 10 s}}", -32, 97, ShortWindow, "", 0, 0},
		{"measurement from the first sample", "windows: {pad: {length: 3 s, at_least: 3 s}, measurement: {from: P - 40 s, until: S + 10 s}}", -32.995, 97, "", "", -12, 77},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := mustParse(t, c.recipe).Windows
			tr := waveform.Trace{Start: moment(c.from), SampleRate: 100, Data: make([]float64, int(math.Ceil((c.until-c.from)*100-1e-6)))}
			ws, flags, err := w.Fit(w.Wanted(made, 100), made, tr)
			if got := code(t, err); got != c.code {
				t.Fatalf("%q (%v), want %q", got, err, c.code)
			}
			if err != nil {
				return
			}
			slices.Sort(flags)
			if got := strings.Join(flags, " "); got != c.flags {
				t.Errorf("flags %q, want %q", got, c.flags)
			}
			near := func(at time.Time, s float64) bool { return at.Sub(moment(s)).Abs() <= time.Microsecond }
			if !near(ws.Noise.From, c.noise) || !ws.Noise.Until.Equal(moment(8)) || !ws.Signal.From.Equal(made.P) || !near(ws.Signal.Until, c.signal) {
				t.Errorf("noise %v, signal %v", ws.Noise, ws.Signal)
			}
			if w.Measurement == nil && ws.Measurement != ws.Signal {
				t.Errorf("measurement %v, want the signal", ws.Measurement)
			}
		})
	}
}

func TestWindowsWithoutBoundAreRefused(t *testing.T) {
	for _, text := range []string{
		"windows: {measurement: {from: P, until: P + 7 h}}", "windows: {measurement: {from: P - 7 h}}", "windows: {signal: {until: S + 7 h}}",
		"windows: {signal: {from: P - 7 h}}", "windows: {noise: {from: P - 7 h}}", "windows: {pad: {length: 2 h}}",
	} {
		if _, err := Parse("x", []byte(text)); err == nil || !strings.Contains(err.Error(), "many hours") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCornersAboveNyquistAreRefused(t *testing.T) {
	for _, text := range []string{
		"process: [remove_response: {}, bandpass: {low: 1 Hz, high: 1 nyquist}]",
		"process: [remove_response: {}, bandpass: {low: 1.1 nyquist, high: 100 Hz}]",
		"process: [remove_response: {pre_filter: [0.1 Hz, 0.2 Hz, 0.9 nyquist, 1.1 nyquist]}]",
	} {
		if _, err := Parse("x", []byte(text)); err == nil {
			t.Errorf("%s: accepted", text)
		}
	}
}

func TestMistakeBesideADefaultNamesItsKey(t *testing.T) {
	_, err := Parse("mine.yaml", []byte("measure: {sta: 20 s}"))
	if err == nil || !strings.Contains(err.Error(), "recipe mine.yaml: measure.lta: want 0 < sta < lta") {
		t.Errorf("error %v", err)
	}
}
