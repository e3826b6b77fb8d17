package metric

import (
	"fmt"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// golden is testdata/golden.json, made by testdata/reference/metric_golden.py
// of the repository: NumPy and SciPy, and oscillators in decimal arithmetic.
type golden struct {
	NumPy, SciPy string
	Statistics   []struct {
		Input                                        string
		N                                            int
		Mean, RMS, Min, Max, Std, Skewness, Kurtosis float64
		Quantiles                                    []float64
	}
	Motion []struct {
		N                                     int
		Seed                                  uint64
		DT, Arias, CAV                        float64
		D5To75                                float64 `json:"d5_75"`
		D5To95                                float64 `json:"d5_95"`
		StandardizedCAV                       float64 `json:"cav_standardized"`
		Sorted, Threshold, Bracketed, Uniform float64
		Dominant, Centroid, Bandwidth         float64
		Vanmarcke, Peak                       float64
		PeakAt                                int `json:"peak_at"`
		Cumulative                            []float64
	}
	Oscillator []struct {
		N                         int
		Seed                      uint64
		DT, Period, Damping, Peak float64
		PSA, SV, SA               float64
		U, V, A                   []float64
	}
	Spectra []struct {
		N                           int
		DT                          float64
		Factor                      int
		PSA1, PSA2, RotD50, RotD100 []float64
	}
	Responses []struct {
		N                    int
		DT                   float64
		Method               string
		Factor               int
		SD, PSV, PSA, SV, SA []float64
		RotatedPSA           [][]float64 `json:"rotated_psa"`
		RotatedSV            [][]float64 `json:"rotated_sv"`
		RotatedSA            [][]float64 `json:"rotated_sa"`
	}
	Bands []struct {
		N             int
		Seed          uint64
		Rate          float64
		Noise, Signal [2]int
		SNR           []float64
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	agree.Golden(t, "golden.json", &g)
	if len(g.Statistics) == 0 || len(g.Motion) == 0 || len(g.Oscillator) == 0 || len(g.Spectra) == 0 ||
		len(g.Responses) == 0 || len(g.Bands) == 0 || g.NumPy == "" || g.SciPy == "" {
		t.Fatal("golden.json lacks a part")
	}
	return g
}

// reference makes the references of one source, within one bound.
func reference(source string, within float64) func(function string) agree.Reference {
	return func(function string) agree.Reference {
		return agree.Reference{Function: "metric." + function, Source: source, Measure: "value", Within: within}
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
	case "two":
		x = []float64{3, -1}
	case "three":
		x = []float64{1e7, 1e7 + 1, 1e7 + 4}
	default:
		t.Fatalf("golden.json has an unknown input %q", name)
	}
	return x
}

// 2e-14 is a hundred roundings of sums of 1001 numbers, of which errors mostly cancel.
func TestDescribeAgreesWithNumPyAndSciPyAndExactFractions(t *testing.T) {
	g := readGolden(t)
	exact := reference("exact fractions, checked against SciPy "+g.SciPy, 2e-14)
	quantile := reference("NumPy "+g.NumPy+" quantile", 1e-15)
	for _, g := range g.Statistics {
		x := statisticsInput(t, g.Input)
		s := Describe(x)
		if s.N != g.N {
			t.Errorf("%s: n %d, want %d", g.Input, s.N, g.N)
		}
		describe := exact("Describe").Scalar
		describe(t, g.Input+" mean", s.Mean, g.Mean, g.Std)
		describe(t, g.Input+" rms", s.RMS, g.RMS, 0)
		describe(t, g.Input+" min", s.Min, g.Min, g.Std)
		describe(t, g.Input+" max", s.Max, g.Max, g.Std)
		describe(t, g.Input+" std", s.Std, g.Std, 0)
		describe(t, g.Input+" skewness", s.Skewness, g.Skewness, 1)
		describe(t, g.Input+" kurtosis", s.Kurtosis, g.Kurtosis, 1)
		exact("RMS").Scalar(t, g.Input, RMS(x), g.RMS, 0)
		slices.Sort(x)
		for i, p := range []float64{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1} {
			quantile("Quantile").Scalar(t, fmt.Sprint(g.Input, " ", p), Quantile(x, p), g.Quantiles[i], g.Std)
		}
		lower, median, upper := Quartiles(x)
		for i, q := range []float64{lower, median, upper} {
			quantile("Quartiles").Scalar(t, g.Input, q, g.Quantiles[2+i], g.Std)
		}
		quantile("Median").Scalar(t, g.Input, Median(x), g.Quantiles[3], g.Std)
	}
}

// Sums of up to 6500 numbers of one sign.
func TestIntensitiesAndDurationsAgreeWithSciPy(t *testing.T) {
	g := readGolden(t)
	sum := reference("SciPy "+g.SciPy+" trapezoid", 1e-14)
	time := reference("SciPy "+g.SciPy+" cumulative_trapezoid, NumPy "+g.NumPy+" interp", 1e-14)
	for _, g := range g.Motion {
		a, label := quake(g.N, g.Seed), fmt.Sprint(g.N, " samples")
		sum("Arias").Scalar(t, label, Arias(a, g.DT), g.Arias, 0)
		sum("CAV").Scalar(t, label, CAV(a, g.DT), g.CAV, 0)
		sum("StandardizedCAV").Scalar(t, label, StandardizedCAV(a, g.DT), g.StandardizedCAV, 0)
		cumulative := make([]float64, len(a))
		CumulativeArias(cumulative, a, g.DT)
		var some []float64
		for i := 0; i < len(a); i += g.N / 7 {
			some = append(some, cumulative[i])
		}
		sum("CumulativeArias").Trace(t, label, some, g.Cumulative)

		span := float64(g.N) * g.DT
		time("SignificantDuration").Scalar(t, label+", 75 %", SignificantDuration(a, g.DT, 0.05, 0.75), g.D5To75, span)
		time("SignificantDuration").Scalar(t, label+", 95 %", SignificantDuration(a, g.DT, 0.05, 0.95), g.D5To95, span)
		time("SortedDuration").Scalar(t, label, SortedDuration(a, g.DT), g.Sorted, span)
		time("BracketedDuration").Scalar(t, label, BracketedDuration(a, g.DT, g.Threshold), g.Bracketed, span)
		time("UniformDuration").Scalar(t, label, UniformDuration(a, g.DT, g.Threshold), g.Uniform, span)
	}
}

func TestPeaksAndSpectralShapeAgreeWithNumPy(t *testing.T) {
	g := readGolden(t)
	numpy := reference("NumPy "+g.NumPy+" abs", 0)
	fft := reference("NumPy "+g.NumPy+" rfft", 1e-14)
	scratch := NewScratch(new(dsp.Plans), new(dsp.Scratch)) // one, so that what a longer trace leaves in it is seen
	dominant := NewDominant(new(dsp.Plans), new(dsp.Scratch))
	for _, g := range g.Motion {
		a, label := quake(g.N, g.Seed), fmt.Sprint(g.N, " samples")
		peak, at := Peak(a)
		numpy("Peak").Scalar(t, label, peak, g.Peak, 0)
		if at != g.PeakAt {
			t.Errorf("%s: peak at %d, want %d", label, at, g.PeakAt)
		}
		s := DescribeSpectrum(a, g.DT, scratch)
		fft("DescribeSpectrum").Scalar(t, label+", dominant", s.Dominant, g.Dominant, 0)
		fft("DescribeSpectrum").Scalar(t, label+", centroid", s.Centroid, g.Centroid, 0)
		fft("DescribeSpectrum").Scalar(t, label+", bandwidth", s.Bandwidth, g.Bandwidth, 0)
		fft("SpectralShape.Vanmarcke").Scalar(t, label, s.Vanmarcke(), g.Vanmarcke, 0)
		fft("Dominant.Frequency").Scalar(t, label, dominant.Frequency(a, g.DT), g.Dominant, 0)
	}
}

// Filters are those of SciPy but for a few roundings, and so are their outputs; a band far below
// the rate, with poles close to the unit circle, shows them most.
func TestBandSNRAgreesWithSciPyFilters(t *testing.T) {
	g := readGolden(t)
	scipy := reference("SciPy "+g.SciPy+" butter, sosfilt", 1e-12)
	for _, g := range g.Bands {
		b, err := NewBands([]Band{{0, 1}, {0.1, 0.5}, {1, 3}, {5, 20}, {20, 24.9}}, g.Rate)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float64, b.Len())
		b.SNR(got, quake(g.N, g.Seed), Samples{g.Signal[0], g.Signal[1]}, Samples{g.Noise[0], g.Noise[1]},
			NewScratch(new(dsp.Plans), new(dsp.Scratch)))
		for i, want := range g.SNR {
			scipy("Bands.SNR").Scalar(t, fmt.Sprint("band ", i), got[i], want, 0)
		}
	}
}
