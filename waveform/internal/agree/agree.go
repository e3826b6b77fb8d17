// Package agree holds results to what other programs and published tables say,
// and keeps count of it: the table of waveform/README.md is made from what the
// comparisons of the tests note here. Only tests import it.
//
// A comparison whose [EnvFolder] is set appends a line to a file in that folder;
// the command that makes the table sets it. Functions may be called concurrently
// as far as their testing.TB may.
package agree

import (
	"encoding/json"
	"fmt"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"testing"
)

// EnvFolder is the environment variable that names the folder in which comparisons
// are noted; unset, they are not.
const EnvFolder = "SEISBATCH_AGREEMENT"

// Reference is one line of the table: a function, what it is compared with, and how
// far it may be off.
type Reference struct {
	Function string  // as go doc names it, with its package: dsp.Filter.Apply
	Source   string  // program or publication with its version: SciPy 1.17.1 sosfilt
	Measure  string  // what the deviation is relative to, or its unit: peak, value, s
	Within   float64 // greatest deviation allowed
}

// Noted is one comparison as it is written to the folder, a JSON object a line.
type Noted struct {
	Reference
	Deviation float64
}

// Trace compares a series with the reference's: the largest difference of two samples
// over the peak of want. NaN agrees with NaN, an infinity with itself. Different lengths are an error.
func (r Reference) Trace(t testing.TB, label string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %s: %d samples, %s has %d", r.Function, label, len(got), r.Source, len(want))
		return
	}
	peak, worst, at := 0.0, 0.0, 0
	for i, w := range want {
		if a := math.Abs(w); a > peak && !math.IsInf(a, 0) {
			peak = a
		}
		if d := distance(got[i], w); d > worst {
			worst, at = d, i
		}
	}
	if worst > 0 {
		worst /= peak
	}
	r.Deviation(t, fmt.Sprintf("%s, sample %d", label, at), worst)
}

// Scalar compares a number with the reference's: their difference over the greater
// of |want| and scale, the natural scale of the quantity (0 if it has none).
func (r Reference) Scalar(t testing.TB, label string, got, want, scale float64) {
	t.Helper()
	d := distance(got, want)
	if d > 0 {
		d /= math.Max(math.Abs(want), scale)
	}
	r.Deviation(t, fmt.Sprintf("%s: %v, want %v", label, got, want), d)
}

// Spectrum compares complex values one by one: the largest |got-want| over |want|.
// Different lengths are an error.
func (r Reference) Spectrum(t testing.TB, label string, got, want []complex128) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %s: %d values, %s has %d", r.Function, label, len(got), r.Source, len(want))
		return
	}
	worst, at := 0.0, 0
	for i, w := range want {
		if got[i] == w {
			continue
		}
		d := cmplx.Abs(got[i]-w) / cmplx.Abs(w)
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > worst {
			worst, at = d, i
		}
	}
	r.Deviation(t, fmt.Sprintf("%s, value %d", label, at), worst)
}

// Deviation notes a deviation that the caller measured, and fails the test where it is
// above Within or NaN.
func (r Reference) Deviation(t testing.TB, label string, deviation float64) {
	t.Helper()
	if !(deviation <= r.Within) {
		t.Errorf("%s: %s: %.3g of %s from %s, want at most %.3g", r.Function, label, deviation, r.Measure, r.Source, r.Within)
		return
	}
	if err := r.note(deviation); err != nil {
		t.Error(err)
	}
}

// note appends the comparison to a file of this process.
func (r Reference) note(deviation float64) error {
	folder := os.Getenv(EnvFolder)
	if folder == "" {
		return nil
	}
	line, err := json.Marshal(Noted{r, deviation})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(folder, fmt.Sprintf("%d.jsonl", os.Getpid())), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// distance is |a-b|: zero for two NaN or equal infinities, infinite for one of them.
func distance(a, b float64) float64 {
	switch {
	case a == b || math.IsNaN(a) && math.IsNaN(b):
		return 0
	case math.IsNaN(a) || math.IsNaN(b) || math.IsInf(a, 0) || math.IsInf(b, 0):
		return math.Inf(1)
	}
	return math.Abs(a - b)
}
