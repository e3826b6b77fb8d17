package recipe

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// afterwards makes a chain valid whose steps come before or after the response is removed.
const (
	afterwards = "\n  - remove_response: {output: acceleration}\n"
	before     = "  - remove_response: {output: acceleration}\n"
)

func TestStepsAreReadAsWritten(t *testing.T) {
	hz, ny := process.Hertz, process.OfNyquist
	span := func(from, until string) Span {
		a, err := parseMark(from)
		if err != nil {
			t.Fatal(err)
		}
		b, err := parseMark(until)
		if err != nil {
			t.Fatal(err)
		}
		return Span{a, b}
	}
	for text, want := range map[string]process.Step{
		"detrend: linear":                               process.Detrend{},
		"detrend: constant":                             process.Demean{},
		"detrend: simple":                               process.DetrendSimple{},
		"detrend: {polynomial: 3}":                      process.DetrendPolynomial{Order: 3},
		"demean: {from: P - 22 s, until: P - 2 s}":      DemeanAt{span("P - 22 s", "P - 2 s")},
		"cut: {from: P - 30 s, until: S + 2 min}":       CutAt{span("P - 30 s", "S + 2 min")},
		"taper: {fraction: 0.1}":                        process.Taper{Fraction: 0.1},
		"taper: {fraction: 0.1, window: hann}":          process.Taper{Fraction: 0.1},
		"taper: {fraction: 0.1, window: cosine}":        process.Taper{Fraction: 0.1, Cosine: true},
		"decimate: {factor: 5}":                         process.Decimate{Factor: 5, ZeroPhase: true},
		"decimate: {factor: 5, zero_phase: false}":      process.Decimate{Factor: 5},
		"resample: {rate: 50 Hz}":                       process.Resample{Rate: 50},
		"bandpass: {low: 1 Hz, high: 0.5 nyquist}":      process.Bandpass{Low: hz(1), High: ny(0.5), Order: 4, Passes: 2},
		"bandstop: {low: 49 Hz, high: 51 Hz, order: 2}": process.Bandstop{Low: hz(49), High: hz(51), Order: 2, Passes: 2},
		"highpass: {corner: 1 Hz, passes: 1}":           process.Highpass{Corner: hz(1), Order: 4, Passes: 1},
		"lowpass: {corner: 0.4 nyquist}":                process.Lowpass{Corner: ny(0.4), Order: 4, Passes: 2},
		"amplitude_highpass: {corner: 1 Hz, order: 4}":  process.AmplitudeHighpass{Corner: hz(1), Order: 4},
		"amplitude_lowpass: {corner: 9 Hz}":             process.AmplitudeLowpass{Corner: hz(9), Order: 5},
	} {
		r, err := Parse("x", []byte("process:\n  - "+text+afterwards))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, r.Process[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for text, want := range map[string]process.Chain{
		"remove_response: {output: velocity, water_level: 0, demean: false, taper: false}\n  - differentiate: central": {
			process.RemoveResponse{Output: waveform.Velocity, NoMean: true, NoTaper: true}, process.Differentiate{}},
		"remove_sensitivity: {output: velocity}\n  - differentiate: spectral\n  - integrate: trapezoid\n  - differentiate: central\n  - correct_baseline: polynomial": {
			process.RemoveSensitivity{Output: waveform.Velocity}, process.Differentiate{Spectral: true}, process.Integrate{}, process.Differentiate{}, process.CorrectBaseline{}},
	} {
		r, err := Parse("x", []byte("process:\n  - "+text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if diff := cmp.Diff(want, r.Process); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestMistakesInStepsAreReported(t *testing.T) {
	for text, want := range map[string]string{
		"  - detrend: quadratic" + afterwards:                            "x:2: process[0].detrend: want linear, constant, simple, or {polynomial: ORDER}",
		"  - detrend: {polynomial: 0}" + afterwards:                      "x:2: process[0].detrend: want an order from 1 to 30",
		"  - taper: {fraction: 0.6}" + afterwards:                        "x:2: process[0].taper: want a fraction from 0 to 0.5",
		"  - taper: {window: boxcar}" + afterwards:                       `"boxcar": want hann or cosine`,
		"  - decimate: {factor: 17}" + afterwards:                        "want a factor from 2 to 16",
		"  - resample: {rate: 0.5 nyquist}" + afterwards:                 "is not a rate",
		"  - resample: {rate: 0 Hz}" + afterwards:                        "want a positive rate",
		"  - integrate: trapezoid" + afterwards:                          "x:2: process[0].integrate: trace is in counts, want velocity or acceleration",
		"  - correct_baseline: spline" + afterwards:                      `"spline": want polynomial`,
		"  - highpass: {corner: 1 nyquist}" + afterwards:                 "want 0 < corner < 1 nyquist",
		"  - amplitude_highpass: {corner: 1 Hz, passes: 2}" + afterwards: "x:2: process[0].amplitude_highpass.passes: unknown key",
		"  - correct_baseline" + afterwards:                              "want one step with its parameters",
		"  - cut: {from: P - 10 s, until: S + 2 min}" + afterwards:       "x:2: process[0].cut: it cuts off a part of the noise",
		"  - demean: {from: P - 2 s, until: P - 2 s}" + afterwards:       "the window holds no data",
		before + "  - integrate: spectral\n":                             "the measurements need acceleration, and this ends with m/s:",
		before + before:                                                  "x:3: process[1].remove_response: trace is in m/s^2, want counts",
	} {
		_, err := Parse("x", []byte("process:\n"+text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

// What is cut off before the response is removed changes little in the middle, but the trace is
// the cut's, and windows stay where they are.
func TestProcessingEndsAfterAStepAsTheRecipeNamesIt(t *testing.T) {
	p := newProcessor(t, "process:\n  - detrend: constant\n  - demean: {from: P - 22 s, until: P - 2 s}\n  - detrend: linear\n"+before+"  - amplitude_highpass: {corner: 0.1 Hz}\n")
	for step, unit := range map[string]waveform.Unit{"detrend#1": waveform.Counts, "demean": waveform.Counts, "detrend": waveform.Counts,
		"remove_response": waveform.Acceleration, "amplitude_highpass": waveform.Acceleration, "": waveform.Acceleration, "raw": waveform.Counts} {
		traces, err := p.Until(item("HNE", "HNZ"), step)
		if err != nil || len(traces) != 2 || traces[0].Unit != unit {
			t.Errorf("%q: %d traces, %v", step, len(traces), err)
		}
	}
	if _, err := p.Until(item("HNE"), "demean_part"); err == nil || !strings.Contains(err.Error(), "raw, detrend#1, demean, detrend#2, remove_response, amplitude_highpass") {
		t.Errorf("an unknown step: %v", err)
	}
}

func TestACutAndAMeanCountFromThePhases(t *testing.T) {
	const text = "process:\n" + before + "  - cut: {from: P - 25 s, until: S + 70 s}\n  - demean: {from: P - 22 s, until: P - 2 s}\n"
	p := newProcessor(t, text)
	motions, rows, err := p.MotionsAndRows(item("HNE", "HNN", "HNZ"))
	if err != nil {
		t.Fatal(err)
	}
	m := motions[0]
	if tr := m.Acceleration; !tr.Start.Equal(moment(-15)) || !tr.End().Equal(moment(87).Add(-10*time.Millisecond)) {
		t.Errorf("from %v to %v", tr.Start, tr.End())
	}
	from, until := m.Acceleration.Range(waveform.Window{From: moment(-12), Until: moment(8)})
	sum := 0.0
	for _, v := range m.Acceleration.Data[from:until] {
		sum += v
	}
	if mean := sum / float64(until-from); math.Abs(mean) > 1e-12 {
		t.Errorf("mean of the noise %v", mean)
	}
	if !rows[0].Noise.From.Equal(moment(-12)) || !(rows[0].PGA > 0) {
		t.Errorf("noise from %v, PGA %v", rows[0].Noise.From, rows[0].PGA)
	}
}

func TestAResampledTraceIsMeasuredAtItsNewRate(t *testing.T) {
	plain, err := newProcessor(t, "process:\n"+before).Process(item("HNZ"))
	if err != nil {
		t.Fatal(err)
	}
	for text, rate := range map[string]float64{"decimate: {factor: 2, zero_phase: true}": 50, "resample: {rate: 40 Hz}": 40, "resample: {rate: 250 Hz}": 250} {
		rows, err := newProcessor(t, "process:\n"+before+"  - "+text+"\n").Process(item("HNZ"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if r := rows[0]; r.SampleRate != rate || r.Lowpass > min(rate, 100)/2 || r.Lowpass < 0.35*min(rate, 100) || math.Abs(r.PGA/plain[0].PGA-1) > 0.02 {
			t.Errorf("%s: %g Hz, low-pass %g Hz, PGA %g times the one without", text, r.SampleRate, r.Lowpass, r.PGA/plain[0].PGA)
		}
	}
}
