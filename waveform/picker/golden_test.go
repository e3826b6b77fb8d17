package picker_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/picker"
)

const (
	obspyTrigger  = "ObsPy 1.5.0 signal.trigger "
	scipyKurtosis = "SciPy 1.17.1 stats.kurtosis, window by window"
)

// golden is testdata/golden.json, made by testdata/reference/picker.py of the
// repository with the versions it names.
type golden struct {
	Series []float64
	Ratios []struct {
		made
		Nsta, Nlta         int
		Classic, Recursive []float64
	}
	Delayed []struct {
		made
		Nsta, Nlta int
		Values     []float64
	}
	Z []struct {
		made
		Nsta   int
		Values []float64
	}
	Kurtosis []struct {
		made
		Window int
		Exact  bool
		Values numbers
	}
	AIC []struct {
		made
		Values, Exact numbers
	}
	Triggers []struct {
		K, N, Longest int
		Seed          uint64
		On, Off       float64
		Drop          bool
		Spans         [][2]int
	}
	Recordings []struct {
		Name                            string
		N, Nsta, Nlta, Window, Step     int
		First                           float64
		Classic, Recursive, Z, Kurtosis []float64
		AIC                             []float64
		AICLeast                        int `json:"aic_least"`
		Triggers                        [][2]int
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	agree.Golden(t, "golden.json", &g)
	if x := series(len(g.Series), 1); len(x) == 0 || !slices.Equal(x, g.Series) {
		t.Fatalf("series() is not the sequence of the golden file: %v, want %v", x, g.Series)
	}
	return g
}

// numbers are read from JSON with "nan", "inf" and "-inf" among them.
type numbers []float64

func (v *numbers) UnmarshalJSON(text []byte) error {
	var words []json.RawMessage
	if err := json.Unmarshal(text, &words); err != nil {
		return err
	}
	for _, w := range words {
		s := string(w)
		if s[0] == '"' {
			s = s[1 : len(s)-1]
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return err
		}
		*v = append(*v, f)
	}
	return nil
}

// series is the sequence of the same name in picker.py.
func series(n int, seed uint64) []float64 {
	x := make([]float64, n)
	for i := range x {
		seed = (1103515245*seed + 12345) % (1 << 31)
		x[i] = float64(seed)/(1<<20) - 1024
	}
	return x
}

// made names an input of the golden file; the function of the same name in picker.py makes it too.
type made struct {
	Input string
	N     int
}

func (m made) String() string { return fmt.Sprintf("%s of %d", m.Input, m.N) }

func (m made) make(t *testing.T) []float64 {
	t.Helper()
	x, n := series(m.N, 1), m.N
	switch m.Input {
	case "plain":
	case "burst":
		for i := n / 2; i < n/2+n/5; i++ {
			x[i] *= 16
		}
	case "offset":
		for i := range x {
			x[i] /= 1024
			if i >= 2*n/3 {
				x[i] *= 8
			}
			x[i] += 1e7
		}
	case "spike":
		x[n/3] = 1 << 30
	case "first":
		x[0] = 1 << 60
	case "constant":
		for i := range x {
			x[i] = 0.1
		}
	case "silence":
		clear(x[:n/2])
	default:
		t.Fatalf("golden file has an input %q", m.Input)
	}
	return x
}

func TestSTALTAIsObsPysToTheBit(t *testing.T) {
	classic := agree.Reference{Function: "dsp.STALTAClassic", Source: obspyTrigger + "classic_sta_lta", Measure: "peak"}
	recursive := agree.Reference{Function: "dsp.STALTARecursive", Source: obspyTrigger + "recursive_sta_lta", Measure: "peak"}
	for _, g := range readGolden(t).Ratios {
		x := g.make(t)
		got := make([]float64, g.N)
		label := fmt.Sprintf("%v, %d/%d", g.made, g.Nsta, g.Nlta)
		dsp.STALTAClassic(got, x, g.Nsta, g.Nlta)
		classic.Trace(t, label, got, g.Classic)
		dsp.STALTARecursive(got, x, g.Nsta, g.Nlta)
		recursive.Trace(t, label, got, g.Recursive)
	}
}

func TestDelayedIsTheRatioOfItsTwoMeans(t *testing.T) {
	r := agree.Reference{Function: "picker.Delayed", Source: "definition, Python math.fsum", Measure: "peak", Within: 1e-15}
	for _, g := range readGolden(t).Delayed {
		got := make([]float64, g.N)
		picker.Delayed(got, g.make(t), g.Nsta, g.Nlta, new(dsp.Scratch))
		r.Trace(t, fmt.Sprintf("%v, %d/%d", g.made, g.Nsta, g.Nlta), got, g.Values)
	}
}

// The reference takes differences of one sum over the whole trace.
func TestZDetectAgreesWithObsPy(t *testing.T) {
	r := agree.Reference{Function: "picker.ZDetect", Source: obspyTrigger + "z_detect", Measure: "peak", Within: 1e-13}
	for _, g := range readGolden(t).Z {
		got := make([]float64, g.N)
		picker.ZDetect(got, g.make(t), g.Nsta)
		r.Trace(t, fmt.Sprintf("%v, %d", g.made, g.Nsta), got, g.Values)
	}
}

func TestKurtosisAgreesWithSciPyAndWithExactFractions(t *testing.T) {
	r := agree.Reference{Function: "picker.Kurtosis", Source: scipyKurtosis, Measure: "peak", Within: 1e-13}
	exact := agree.Reference{Function: "picker.Kurtosis", Source: "exact fractions", Measure: "peak", Within: 1e-13}
	for _, g := range readGolden(t).Kurtosis {
		got := make([]float64, g.N)
		picker.Kurtosis(got, g.make(t), g.Window, new(dsp.Scratch))
		reference := r
		if g.Exact {
			reference = exact
		}
		reference.Trace(t, fmt.Sprintf("%v, %d", g.made, g.Window), got, g.Values)
	}
}

// Beside an offset of 1e7 ObsPy's own variances keep nine digits (its criterion is off by 2.8e-10 of the peak
// there), and behind a large first sample none, so that only the exact ones are of use.
func TestAICAgreesWithObsPyAndWithExactFractions(t *testing.T) {
	r := agree.Reference{Function: "picker.AIC", Source: obspyTrigger + "aic_simple", Measure: "peak", Within: 1e-14}
	exact := agree.Reference{Function: "picker.AIC", Source: "exact fractions", Measure: "peak", Within: 1e-14}
	for _, g := range readGolden(t).AIC {
		got := make([]float64, g.N)
		picker.AIC(got, g.make(t))
		if g.Input != "offset" && g.Input != "first" {
			r.Trace(t, g.made.String(), got, g.Values)
		}
		exact.Trace(t, g.made.String(), got, g.Exact)
	}
}

func TestTriggersAreTheSpansOfObsPy(t *testing.T) {
	r := agree.Reference{Function: "picker.Triggers", Source: obspyTrigger + "trigger_onset", Measure: "spans that differ"}
	spans := 0
	for _, g := range readGolden(t).Triggers {
		function := series(g.N, g.Seed)
		for i := g.N / 4; i < g.N/2 && g.K%3 > 0; i++ {
			function[i] /= 8
		}
		if g.K%2 == 1 {
			function = smooth(function)
		}
		got := picker.Triggers(nil, function, picker.Thresholds{On: g.On, Off: g.Off, Longest: g.Longest, DropLong: g.Drop})
		off := 0
		for i := range max(len(got), len(g.Spans)) {
			if i >= len(got) || i >= len(g.Spans) || got[i] != (picker.Trigger{On: g.Spans[i][0], Off: g.Spans[i][1]}) {
				off++
			}
		}
		r.Deviation(t, fmt.Sprintf("%+v gave %v", g, got), float64(off))
		spans += len(got)
	}
	if spans < 500 {
		t.Errorf("only %d spans were compared", spans)
	}
}

// smooth is numpy.convolve(x, [0.25, 0.5, 0.25], "same").
func smooth(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = 0.5 * v
		if i > 0 {
			y[i] += 0.25 * x[i-1]
		}
		if i+1 < len(x) {
			y[i] += 0.25 * x[i+1]
		}
	}
	return y
}

// Counts of a broadband and two strong-motion channels, as the digitizer gave them,
// offset included.
func TestFunctionsOfRecordingsAgreeWithObsPy(t *testing.T) {
	var scratch dsp.Scratch
	for _, g := range readGolden(t).Recordings {
		x := recording(t, g.Name)
		if len(x) != g.N {
			t.Fatalf("%s has %d samples, want %d", g.Name, len(x), g.N)
		}
		got := make([]float64, g.N)
		compare := func(function, source string, within float64, want []float64) {
			t.Helper()
			some := make([]float64, 0, len(want))
			for i := 0; i < g.N; i += g.Step {
				some = append(some, got[i])
			}
			agree.Reference{Function: function, Source: source, Measure: "peak", Within: within}.Trace(t, g.Name, some, want)
		}
		dsp.STALTAClassic(got, x, g.Nsta, g.Nlta)
		compare("dsp.STALTAClassic", obspyTrigger+"classic_sta_lta", 0, g.Classic)
		dsp.STALTARecursive(got, x, g.Nsta, g.Nlta)
		compare("dsp.STALTARecursive", obspyTrigger+"recursive_sta_lta", 0, g.Recursive)
		picker.ZDetect(got, x, g.Nsta)
		compare("picker.ZDetect", obspyTrigger+"z_detect", 1e-13, g.Z)
		picker.Kurtosis(got, x, g.Window, &scratch)
		compare("picker.Kurtosis", scipyKurtosis, 1e-13, g.Kurtosis)
		picker.AIC(got, x)
		compare("picker.AIC", obspyTrigger+"aic_simple", 1e-14, g.AIC)
		if k := picker.Onset(x, got); k != g.AICLeast+1 {
			t.Errorf("%s: onset at %d, ObsPy's least AIC divides at %d", g.Name, k, g.AICLeast+1)
		}

		first := x[0]
		for i := range x {
			x[i] -= first
		}
		dsp.STALTAClassic(got, x, g.Nsta, g.Nlta)
		spans := picker.Triggers(nil, got, picker.Thresholds{On: 3, Off: 1})
		differ := math.Abs(float64(len(spans) - len(g.Triggers)))
		for i, s := range spans[:min(len(spans), len(g.Triggers))] {
			if s != (picker.Trigger{On: g.Triggers[i][0], Off: g.Triggers[i][1]}) {
				differ++
			}
		}
		agree.Reference{Function: "picker.Triggers", Source: obspyTrigger + "trigger_onset", Measure: "spans that differ"}.
			Deviation(t, g.Name, differ)
	}
}

func recording(t *testing.T, name string) []float64 {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	segments, _, err := mseed.Segments(f)
	if err != nil || len(segments) == 0 {
		t.Fatal(name, err)
	}
	return segments[0].Trace().Data
}
