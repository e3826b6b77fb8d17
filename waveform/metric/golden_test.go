package metric

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// golden is testdata/golden.json, made by testdata/reference/metric_golden.py
// of the repository: NumPy and SciPy, and oscillators in decimal arithmetic.
type golden struct {
	Statistics []struct {
		Input                                        string
		N                                            int
		Mean, RMS, Min, Max, Std, Skewness, Kurtosis float64
		Quantiles                                    []float64
	}
	Motion []struct {
		N              int
		Seed           uint64
		DT, Arias, CAV float64
		D5To75         float64 `json:"d5_75"`
		D5To95         float64 `json:"d5_95"`
		Dominant       float64
	}
	Oscillator []struct {
		N                              int
		Seed                           uint64
		DT, Period, Damping, PSA, Peak float64
		U                              []float64
	}
	Spectra []struct {
		N                           int
		DT                          float64
		Factor                      int
		PSA1, PSA2, RotD50, RotD100 []float64
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Statistics) == 0 || len(g.Motion) == 0 || len(g.Oscillator) == 0 || len(g.Spectra) == 0 {
		t.Fatal("golden.json lacks a part")
	}
	return g
}

// worst collects the largest deviation of a test, to be printed.
type worst struct {
	t         *testing.T
	tolerance float64
	off       float64
	what      string
}

func newWorst(t *testing.T, tolerance float64) *worst {
	w := &worst{t: t, tolerance: tolerance}
	t.Cleanup(func() { t.Logf("worst deviation %.2g at %s, tolerance %.2g", w.off, w.what, w.tolerance) })
	return w
}

// near compares relative to scale, the reference's own size or its natural one.
func (w *worst) near(what string, got, want, scale float64) {
	w.t.Helper()
	off := math.Abs(got-want) / scale
	if !(off <= w.tolerance) {
		w.t.Errorf("%s: %.15g, want %.15g (off by %.2g of %.3g)", what, got, want, off, scale)
	}
	if off >= w.off {
		w.off, w.what = off, what
	}
}

func statisticsInput(t *testing.T, name string) []float64 {
	x := quake(1001, 3)
	switch name {
	case "quake":
	case "quake+1e7":
		for i := range x {
			x[i] += 1e7
		}
	case "quake squared":
		for i := range x {
			x[i] *= x[i]
		}
	case "ramp":
		x = []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	default:
		t.Fatalf("golden.json has an unknown input %q", name)
	}
	return x
}

// 1e-13 is a few hundred roundings of sums of 1001 numbers, of which errors mostly cancel.
func TestDescribeAgreesWithNumPyAndSciPyAndExactFractions(t *testing.T) {
	w := newWorst(t, 1e-13)
	for _, g := range readGolden(t).Statistics {
		x := statisticsInput(t, g.Input)
		s := Describe(x)
		if s.N != g.N {
			t.Errorf("%s: n %d, want %d", g.Input, s.N, g.N)
		}
		w.near(g.Input+" mean", s.Mean, g.Mean, max(g.Std, math.Abs(g.Mean)))
		w.near(g.Input+" rms", s.RMS, g.RMS, g.RMS)
		w.near(g.Input+" rms alone", RMS(x), g.RMS, g.RMS)
		w.near(g.Input+" min", s.Min, g.Min, math.Abs(g.Min)+g.Std)
		w.near(g.Input+" max", s.Max, g.Max, math.Abs(g.Max)+g.Std)
		w.near(g.Input+" std", s.Std, g.Std, g.Std)
		w.near(g.Input+" skewness", s.Skewness, g.Skewness, max(1, math.Abs(g.Skewness)))
		w.near(g.Input+" kurtosis", s.Kurtosis, g.Kurtosis, max(1, math.Abs(g.Kurtosis)))
		slices.Sort(x)
		for i, p := range []float64{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1} {
			w.near(g.Input+" quantile", Quantile(x, p), g.Quantiles[i], g.Std+math.Abs(g.Quantiles[i]))
		}
		w.near(g.Input+" median", Median(x), g.Quantiles[3], g.Std+math.Abs(g.Quantiles[3]))
	}
}

func TestMotionAgreesWithSciPy(t *testing.T) {
	w := newWorst(t, 1e-13) // sums of up to 6500 numbers of one sign
	dominant := NewDominant(new(dsp.Plans), new(dsp.Scratch))
	for _, g := range readGolden(t).Motion {
		a := quake(g.N, g.Seed)
		span := float64(g.N) * g.DT
		w.near("arias", Arias(a, g.DT), g.Arias, g.Arias)
		w.near("cav", CAV(a, g.DT), g.CAV, g.CAV)
		w.near("d5-75", SignificantDuration(a, g.DT, 0.05, 0.75), g.D5To75, span)
		w.near("d5-95", SignificantDuration(a, g.DT, 0.05, 0.95), g.D5To95, span)
		w.near("dominant frequency", dominant.Frequency(a, g.DT), g.Dominant, g.Dominant)
	}
}

// 1e-12 of the peak: thousands of steps, each a few roundings, which an oscillator
// of 5 % damping forgets after some hundred.
func TestOscillatorAgreesWithTheMatrixExponentialInFiftyDigits(t *testing.T) {
	w := newWorst(t, 1e-12)
	for _, g := range readGolden(t).Oscillator {
		a := quake(g.N, g.Seed)
		o, err := NewOscillator(g.Period, g.Damping, g.DT)
		if err != nil {
			t.Fatal(err)
		}
		u := make([]float64, g.N)
		o.Displacement(u, a)
		for i, want := range g.U {
			w.near("displacement", u[i*(g.N/25)], want, g.Peak)
		}
		w.near("psa", o.PSA(a), g.PSA, g.PSA)
	}
}

// 1e-11: as above, after an interpolation by Fourier transforms of 12 000 points.
func TestSpectraAgreeWithTheReference(t *testing.T) {
	w := newWorst(t, 1e-11)
	s := newSpectra(t, SpectraOptions{Periods: periods21})
	for _, g := range readGolden(t).Spectra {
		a1, a2 := quake(g.N, 1), quake(g.N, 2)
		p := NewPairSpectra(s.Len())
		if k := s.Pair(p, a1, a2, g.DT); k != g.Factor {
			t.Errorf("dt %g: factor %d, want %d", g.DT, k, g.Factor)
		}
		alone := make([]float64, s.Len())
		if k := s.PSA(alone, a1, g.DT); k != g.Factor {
			t.Errorf("dt %g: factor of one component %d, want %d", g.DT, k, g.Factor)
		}
		for i := range periods21 {
			w.near("psa 1", p.PSA1[i], g.PSA1[i], g.PSA1[i])
			w.near("psa 2", p.PSA2[i], g.PSA2[i], g.PSA2[i])
			w.near("psa 1 alone", alone[i], g.PSA1[i], g.PSA1[i])
			w.near("rotd50", p.RotD50[i], g.RotD50[i], g.RotD50[i])
			w.near("rotd100", p.RotD100[i], g.RotD100[i], g.RotD100[i])
		}
	}
}
