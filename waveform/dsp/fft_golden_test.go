package dsp_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// fftGolden is testdata/fft.json, made by testdata/reference/fft.py with the
// versions it names.
type fftGolden struct {
	MadeBy     versions `json:"made_by"`
	Transforms []longDouble
	Upsampled  []struct {
		N, K   int
		Offset float64
		Values []float64
	}
}

// longDouble is some bins of the transform of series(N): real and imaginary part,
// each as the sum of two numbers.
type longDouble struct {
	N      int
	Bins   []int
	Values [][4]float64
}

// versions are those of the programs that made a golden file.
type versions struct{ SciPy, NumPy string }

// madeBy reads them of testdata/golden.json.
func madeBy(t *testing.T) versions {
	t.Helper()
	var g struct {
		MadeBy versions `json:"made_by"`
	}
	agree.Golden(t, "golden.json", &g)
	return g.MadeBy
}

func readFFTGolden(t *testing.T) (g fftGolden) {
	t.Helper()
	agree.Golden(t, "fft.json", &g)
	return g
}

// Longer ones are for the test of long lengths only.
const (
	notLong = 1 << 20
	longest = 8640001
)

// The issue asks for 1e-14 of the root mean square of the spectrum; what is seen is a third.
func coefficientsAgree(source string) agree.Reference {
	return agree.Reference{Function: "dsp.FFT.Coefficients", Source: source, Measure: "rms", Within: 5e-15}
}

func sequenceAgrees(source string) agree.Reference {
	return agree.Reference{Function: "dsp.FFT.Sequence", Source: source, Measure: "rms", Within: 1e-14}
}

// rms is the root mean square of a series.
func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(x)))
}

// spectralRMS is that of all n coefficients of a series, by Parseval's theorem.
func spectralRMS(x []float64) float64 { return math.Sqrt(float64(len(x))) * rms(x) }

func (want longDouble) compare(t *testing.T, scipy string, got []complex128, x []float64) {
	t.Helper()
	largest, at := 0.0, 0
	for i, k := range want.Bins {
		v := want.Values[i]
		exact := twiceComplex{twice{v[0], v[1]}, twice{v[2], v[3]}}
		if d := exact.distance(got[k]); !(d <= largest) {
			largest, at = d, k
		}
	}
	coefficientsAgree("SciPy "+scipy+" rfft of long double").
		Deviation(t, fmt.Sprintf("length %d, bin %d", want.N, at), largest/spectralRMS(x))
}

func TestCoefficientsEqualSciPyInLongDouble(t *testing.T) {
	g := readFFTGolden(t)
	var scratch dsp.Scratch
	x := series(notLong)
	for _, want := range g.Transforms {
		if want.N > notLong {
			continue
		}
		x, plan := x[:want.N], dsp.NewFFT(want.N)
		c := plan.Coefficients(nil, x, &scratch)
		want.compare(t, g.MadeBy.SciPy, c, x)
		roundTrip(t, plan, c, x, &scratch)
	}
}

func roundTrip(t *testing.T, plan *dsp.FFT, c []complex128, x []float64, scratch *dsp.Scratch) {
	t.Helper()
	back := worst(plan.Sequence(nil, c, scratch), x) / rms(x)
	sequenceAgrees("the samples before Coefficients").Deviation(t, fmt.Sprintf("length %d", plan.Len()), back)
}

// Every bin of short lengths, of which there is every kind of pass and combinations.
func TestCoefficientsEqualTheDirectSum(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 18, 20, 25, 26, 30, 47, 53, 61, 64, 97, 98, 122,
		194, 360, 499, 770, 53 * 53} {
		directSums(t, n, 1)
	}
}

func TestCoefficientsOfLongSeriesEqualTheDirectSum(t *testing.T) {
	for _, n := range []int{9973, 2 * 9973, 97 * 97, 30000, 60006, 65537, 2 * 65537, 4 * 7 * 431, 2 * 53 * 59 * 61} {
		directSums(t, n, n/12)
	}
}

// directSums compares every step-th bin.
func directSums(t *testing.T, n, step int) {
	t.Helper()
	x, c := series(n), newCircle(n)
	got := dsp.NewFFT(n).Coefficients(nil, x, nil)
	if len(got) != n/2+1 {
		t.Fatalf("%d samples have %d coefficients", n, len(got))
	}
	largest := 0.0
	for k := 0; k < len(got); k += step {
		if d := directSum(x, k, c).distance(got[k]); !(d <= largest) {
			largest = d
		}
	}
	coefficientsAgree("the definition, summed in twice the precision").
		Deviation(t, fmt.Sprintf("length %d", n), largest/spectralRMS(x))
}

// A chirp has all its coefficients in closed form, and all of one size: every bin
// is compared, and both directions.
func TestChirpsTransformToChirps(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 6, 7, 9, 11, 54, 55, 101, 103, 1009, 53 * 53, 97 * 97, 59 * 61 * 53, 19946, 30000, 32768,
		60006, 65537, 2 * 65537, 99991, 100003, 99999} {
		var scratch dsp.Scratch
		chirpTransforms(t, dsp.NewFFT(n), &scratch)
	}
}

func chirpTransforms(t *testing.T, plan *dsp.FFT, scratch *dsp.Scratch) {
	t.Helper()
	x, want := chirp(plan.Len())
	label := fmt.Sprintf("chirp of %d samples", plan.Len())
	got := plan.Coefficients(nil, x, scratch)
	coefficientsAgree("chirps in closed form").Deviation(t, label, farthest(got, want)/spectralRMS(x))
	sequenceAgrees("chirps in closed form").Deviation(t, label, worst(plan.Sequence(nil, want, scratch), x)/rms(x))
}

// farthest is the largest |got-want|, infinite where one is NaN.
func farthest(got, want []complex128) float64 {
	largest := 0.0
	for i, v := range got {
		d := cmplx.Abs(v - want[i])
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		largest = max(largest, d)
	}
	return largest
}

// All coefficients of an impulse have the modulus 1, wherever it is.
func TestImpulsesHaveTheUnitCircleForSpectrum(t *testing.T) {
	for _, n := range []int{1, 2, 3, 8, 15, 53, 54, 101, 1009, 53 * 53, 19946, 30000, 60006, 65537} {
		plan, c := dsp.NewFFT(n), newCircle(n)
		for _, at := range []int{0, 1, n / 3, n / 2, n - 1} {
			if at >= n {
				continue
			}
			x := make([]float64, n)
			x[at] = 1
			largest := 0.0
			for k, v := range plan.Coefficients(nil, x, nil) {
				if d := c.at(at * k % n).distance(v); !(d <= largest) {
					largest = d
				}
			}
			coefficientsAgree("impulses in closed form").Deviation(t, fmt.Sprintf("length %d, impulse at %d", n, at), largest)
		}
	}
}

// A cosine is in one bin. That bin alone is rounded by more of the root mean square than the
// rest; measured is the part of it that leaks anywhere.
func TestCosinesStayInTheirBin(t *testing.T) {
	for _, n := range []int{3, 8, 15, 53, 101, 1009, 53 * 53, 19946, 30000, 60006, 65537} {
		plan := dsp.NewFFT(n)
		for _, k := range []int{0, 1, n / 5, (n - 1) / 2} {
			x, want := make([]float64, n), make([]complex128, plan.Bins())
			for j := range x {
				x[j] = cosineOf(j*k%n, n)
			}
			peak := float64(n)
			if k > 0 {
				peak /= 2 // the other half is at -k
			}
			want[k] = complex(peak, 0)
			r := agree.Reference{Function: "dsp.FFT.Coefficients", Source: "cosines in closed form", Measure: "peak", Within: 1e-15}
			r.Deviation(t, fmt.Sprintf("length %d, bin %d", n, k), farthest(plan.Coefficients(nil, x, nil), want)/peak)
		}
	}
}

func TestNextFastEqualsSciPy(t *testing.T) {
	r := agree.Reference{Function: "dsp.NextFast", Source: "SciPy " + madeBy(t).SciPy + " next_fast_len", Measure: "value"}
	for _, want := range readGolden(t).NextFast {
		r.Scalar(t, fmt.Sprint("length ", want[0]), float64(dsp.NextFast(want[0])), float64(want[1]), 0)
	}
}

func TestNextFastIsTheSmallestLengthWithoutLargePrimes(t *testing.T) {
	fast := func(n int) bool {
		for _, p := range []int{2, 3, 5} {
			for n%p == 0 {
				n /= p
			}
		}
		return n == 1
	}
	for n := -5; n < 20000; n++ {
		want := max(n, 1)
		for !fast(want) {
			want++
		}
		if got := dsp.NextFast(n); got != want {
			t.Fatalf("NextFast(%d) = %d, want %d", n, got, want)
		}
	}
}
