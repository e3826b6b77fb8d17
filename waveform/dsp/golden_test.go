package dsp_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// golden is testdata/golden.json, made by testdata/reference/dsp_golden.py with
// the versions it names.
type golden struct {
	Series  []float64
	Filters []struct {
		design
		Sections [][5]float64
	}
	Filtered []struct {
		design
		Sections  [][5]float64
		Once      []float64
		ZeroPhase []float64 `json:"zero_phase"`
	}
	Ratios []struct {
		Nsta, Nlta         int
		Classic, Recursive []float64
	}
	Hann []struct {
		N                 int
		Fraction, Seconds float64
		Window            []float64
	}
	Sine []struct {
		N        int
		Fraction float64
		Window   []float64
	}
	Trends []struct {
		N              int
		Mean           float64
		Linear, Simple []float64
	}
	Upsampled []struct {
		N, K   int
		Values []float64
	}
	CumTrapezoid []float64 `json:"cum_trapezoid"`
	NextFast     [][2]int  `json:"next_fast"`
}

type design struct {
	Kind    string
	Order   int
	Corners []float64
	Rate    float64
}

func (d design) kind(t *testing.T) dsp.Kind {
	t.Helper()
	kinds := map[string]dsp.Kind{"lowpass": dsp.Lowpass, "highpass": dsp.Highpass, "bandpass": dsp.Bandpass, "bandstop": dsp.Bandstop}
	kind, ok := kinds[d.Kind]
	if !ok {
		t.Fatalf("golden file has a filter %q", d.Kind)
	}
	return kind
}

func (d design) make(t *testing.T) dsp.Filter {
	t.Helper()
	corners := append(d.Corners, 0)
	f, err := dsp.Butterworth(d.kind(t), d.Order, corners[0], corners[1], d.Rate)
	if err != nil {
		t.Fatalf("%+v: %v", d, err)
	}
	return f
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	if x := series(len(g.Series)); len(x) == 0 || worst(x, g.Series) != 0 {
		t.Fatalf("series() is not the sequence of the golden file: %v, want %v", x, g.Series)
	}
	return g
}

// series is the sequence of the same name in dsp_golden.py.
func series(n int) []float64 {
	x := make([]float64, n)
	s := uint64(1)
	for i := range x {
		s = (1103515245*s + 12345) % (1 << 31)
		x[i] = float64(s)/(1<<20) - 1024
	}
	return x
}

// worst is the largest difference of two slices; infinite if their lengths or
// any NaN differ.
func worst(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	largest := 0.0
	for i, v := range got {
		if math.IsNaN(v) != math.IsNaN(want[i]) {
			return math.Inf(1)
		}
		if d := math.Abs(v - want[i]); d > largest {
			largest = d
		}
	}
	return largest
}

func peak(x []float64) float64 {
	largest := 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

func constant(n int, value float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = value
	}
	return x
}
