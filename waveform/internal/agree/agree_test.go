package agree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// listener stands for a test and keeps how often it failed.
type listener struct {
	testing.TB
	failures int
}

func (l *listener) Helper()               {}
func (l *listener) Errorf(string, ...any) { l.failures++ }
func (l *listener) Error(...any)          { l.failures++ }

func TestComparisonsFailWhereTheyAreOff(t *testing.T) {
	t.Setenv(EnvFolder, "") // what is compared here is nothing for the table
	r := Reference{Function: "f", Source: "s", Measure: "peak", Within: 1e-3}
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name    string
		compare func(t testing.TB)
		fails   bool
	}{
		{"equal series", func(t testing.TB) { r.Trace(t, "", []float64{1, nan, inf}, []float64{1, nan, inf}) }, false},
		{"close to the peak", func(t testing.TB) { r.Trace(t, "", []float64{0.009, 10}, []float64{0, 10}) }, false},
		{"far from the peak", func(t testing.TB) { r.Trace(t, "", []float64{0.011, 10}, []float64{0, 10}) }, true},
		{"a series of zeros", func(t testing.TB) { r.Trace(t, "", []float64{0, 1e-300}, []float64{0, 0}) }, true},
		{"NaN for a number", func(t testing.TB) { r.Trace(t, "", []float64{nan, 10}, []float64{0, 10}) }, true},
		{"a number for infinity", func(t testing.TB) { r.Trace(t, "", []float64{1, 10}, []float64{inf, 10}) }, true},
		{"a shorter series", func(t testing.TB) { r.Trace(t, "", []float64{1}, []float64{1, 2}) }, true},
		{"a close number", func(t testing.TB) { r.Scalar(t, "", 1000.9, 1000, 0) }, false},
		{"a far number", func(t testing.TB) { r.Scalar(t, "", 1001.1, 1000, 0) }, true},
		{"near zero, of a scale", func(t testing.TB) { r.Scalar(t, "", 1e-9, 0, 1) }, false},
		{"near zero, of none", func(t testing.TB) { r.Scalar(t, "", 1e-9, 0, 0) }, true},
		{"close values", func(t testing.TB) { r.Spectrum(t, "", []complex128{1 + 0.0009i, 0}, []complex128{1, 0}) }, false},
		{"far values", func(t testing.TB) { r.Spectrum(t, "", []complex128{1 + 0.0011i}, []complex128{1}) }, true},
		{"a value for zero", func(t testing.TB) { r.Spectrum(t, "", []complex128{1e-300}, []complex128{0}) }, true},
		{"fewer values", func(t testing.TB) { r.Spectrum(t, "", nil, []complex128{1}) }, true},
		{"NaN", func(t testing.TB) { r.Deviation(t, "", nan) }, true},
	} {
		l := &listener{TB: t}
		c.compare(l)
		if (l.failures > 0) != c.fails {
			t.Errorf("%s: failed %v, want %v", c.name, l.failures > 0, c.fails)
		}
	}
}

func TestComparisonsAreNoted(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(EnvFolder, folder)
	r := Reference{Function: "f", Source: "s", Measure: "peak", Within: 1}
	r.Scalar(t, "", 1, 2, 0)
	r.Deviation(&listener{TB: t}, "", 2) // too far: an error, not a line
	r.Deviation(t, "", 0.25)
	data, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("%d.jsonl", os.Getpid())))
	if err != nil {
		t.Fatal(err)
	}
	var first Noted
	lines := bytes.SplitAfter(data, []byte("\n"))
	if err := json.Unmarshal(lines[0], &first); err != nil || first != (Noted{r, 0.5}) || len(lines) != 3 {
		t.Errorf("%s: %v, want 0.5 and 0.25, a line each", data, err)
	}
}
