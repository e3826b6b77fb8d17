package metric

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// published makes a reference to numbers that others have published, within how
// far these are rounded or otherwise defined.
func published(function, source, measure string, within float64) agree.Reference {
	return agree.Reference{Function: "metric." + function, Source: source, Measure: measure, Within: within}
}

const gmprocessTests = "gmprocess test data (USGS)"

func readJSON(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

// readRows gives the numbers of a text file, row by row, without the rows that
// are not numbers.
func readRows(t *testing.T, name string) (rows [][]float64) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
next:
	for lines.Scan() {
		var row []float64
		for word := range strings.FieldsFuncSeq(lines.Text(), func(r rune) bool { return r == ',' || r == ' ' }) {
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				continue next
			}
			row = append(row, v)
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func column(rows [][]float64, i int) []float64 {
	c := make([]float64, len(rows))
	for j, row := range rows {
		c[j] = row[i]
	}
	return c
}

// gmprocessRecord is a series in cm/s^2 at 200 Hz, here in m/s^2.
func gmprocessRecord(t *testing.T, name string, expected any) []float64 {
	t.Helper()
	var record struct{ Acc, Time []float64 }
	readJSON(t, name, &record)
	readJSON(t, name, expected)
	if step := record.Time[1] - record.Time[0]; math.Abs(step-0.005) > 1e-12 {
		t.Fatalf("sample interval %g", step)
	}
	for i := range record.Acc {
		record.Acc[i] /= 100
	}
	return record.Acc
}

// The tables take the nearest samples for both fractions: up to one sample together.
func TestDurationAgreesWithThePublishedValueWithinASample(t *testing.T) {
	var want struct{ D595 float64 }
	a := gmprocessRecord(t, "metrics/gmprocess/duration_data.json", &want)
	off := math.Abs(SignificantDuration(a, 0.005, 0.05, 0.95) - want.D595)
	published("SignificantDuration", gmprocessTests, "s", 0.005).Deviation(t, "D5-95", off)
}

// The published Arias intensity and CAV are not what their names say: gmprocess
// made them by integration in the frequency domain, which drops the mean of the
// integrand, and took the maximum. The trapezoidal integrals, less the straight line of
// that mean, must have the published maximum, but for the difference of the two kinds of
// integration, 1e-5 here: NumPy's spectral one gives all the published digits. (The
// intensity itself is 2.6699 m/s.)
func TestIntegralsAgreeWithThePublishedOnesOfGmprocess(t *testing.T) {
	largest := func(a []float64, integral func([]float64, float64) float64) (v float64) {
		mean := integral(a, 0.005) / float64(len(a))
		for i := range a {
			v = max(v, integral(a[:i+1], 0.005)-mean*float64(i))
		}
		return v
	}
	mean := gmprocessTests + ", less the mean of the integrand"
	cav := published("CAV", mean, "value", 1.2e-5)
	var intensity struct{ IA float64 } // cm/s
	a := gmprocessRecord(t, "metrics/gmprocess/arias_data.json", &intensity)
	published("Arias", mean, "value", 1.2e-5).Scalar(t, "maximum", largest(a, Arias)*100, intensity.IA, 0)

	var velocity struct{ CAV struct{ AM, GM float64 } } // 0.01 g s, means of a and 2a
	a = gmprocessRecord(t, "metrics/gmprocess/cav_data.json", &velocity)
	got := largest(a, CAV) / Gravity * 100
	cav.Scalar(t, "arithmetic mean", got*1.5, velocity.CAV.AM, 0)
	cav.Scalar(t, "geometric mean", GeometricMean(got, 2*got), velocity.CAV.GM, 0)
}
