package response_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// golden is testdata/golden.json, made by testdata/reference/response_golden.py
// with the versions it names.
type golden struct {
	Series    []float64
	Evaluated []struct {
		Name     string
		Response json.RawMessage
		Freqs    []float64
		Values   map[string][][2]float64
	}
	Removed []removal
	Lengths [][2]int
}

type removal struct {
	Name       string
	Response   json.RawMessage
	N, Step    int
	Rate       float64
	Unit       string
	WaterLevel *float64  `json:"water_level"`
	PreFilter  []float64 `json:"pre_filter"`
	Length     int
	Peak       float64
	Samples    []float64
}

func readGolden(t testing.TB, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func decode(t testing.TB, data []byte) *waveform.Response {
	t.Helper()
	r, err := response.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unit(t *testing.T, name string) waveform.Unit {
	t.Helper()
	u, ok := map[string]waveform.Unit{"DISP": waveform.Displacement, "VEL": waveform.Velocity, "ACC": waveform.Acceleration}[name]
	if !ok {
		t.Fatalf("golden file has a unit %q", name)
	}
	return u
}

// series is the sequence of the same name in response_golden.py.
func series(n int) []float64 {
	x := make([]float64, n)
	s := uint64(1)
	for i := range x {
		s = (1103515245*s + 12345) % (1 << 31)
		x[i] = float64(s)/(1<<20) + 5000
	}
	return x
}
