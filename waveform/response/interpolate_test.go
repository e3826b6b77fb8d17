package response

import (
	"math"
	"math/cmplx"
	"testing"
)

// decaying is an asymmetric filter of n coefficients that add up to about one.
func decaying(n int) []float64 {
	c := make([]float64, n)
	sum := 0.0
	for i := range c {
		c[i] = math.Exp(-float64(3*i)/float64(n)) * math.Cos(float64(i))
		sum += c[i]
	}
	for i := range c {
		c[i] /= sum
	}
	return c
}

// Values are compared with direct evaluation, relative to the largest one
// possible: the sum of the moduli of the coefficients. Rounding 50 Hz to 16 digits
// turns a filter that reaches 0.7 s by 2e-14 rad, on either side.
func TestInterpolationAddsNoMoreThanRounding(t *testing.T) {
	asymmetric := fir{c: decaying(300), interval: 1. / 400, advance: 0.02}
	symmetric := fir{c: decaying(90), interval: 1. / 200, symmetric: true}
	half := fir{c: decaying(30), interval: 1. / 1000, advance: -1. / 2000, symmetric: true}
	late := fir{c: decaying(20), interval: 1. / 100, advance: -3}
	still := fir{c: []float64{1}, interval: 0.01, symmetric: true}
	for name, filters := range map[string][]fir{
		"none": nil, "asymmetric": {asymmetric}, "symmetric": {symmetric}, "half": {half},
		"all": {asymmetric, symmetric, half}, "late": {late}, "still": {still},
	} {
		for _, n := range []int{1, 2, 3, 47, 5000, 5001} {
			for _, step := range []float64{50. / 5000, 50. / 777, 1e-7} {
				if d := gridDeviation(filters, n, step); d > 2e-14 {
					t.Errorf("%s: %d points %g Hz apart: differ by %.1e", name, n, step, d)
				}
			}
		}
	}
}

func gridDeviation(filters []fir, n int, step float64) float64 {
	got, want := make([]complex128, n), make([]complex128, n)
	freqs := make([]float64, n)
	scale := 2.0
	for i := range got {
		got[i], want[i], freqs[i] = 2, 2, float64(i)*step
	}
	for _, f := range filters {
		f.multiply(want, freqs)
		sum := 0.0
		for _, c := range f.c {
			sum += math.Abs(c)
		}
		scale *= sum
	}
	multiplyGrid(got, filters, step)
	largest := 0.0
	for i := range got {
		largest = max(largest, cmplx.Abs(got[i]-want[i])/scale)
	}
	return largest
}

func TestInvertRaisesToTheWaterLevelAndKeepsPhases(t *testing.T) {
	h := []complex128{100, 50i, -1, 1e-3 + 1e-3i, 1e-200i, 0}
	if err := invert(h, 20); err != nil { // floor 10
		t.Fatal(err)
	}
	want := []complex128{0.01, -0.02i, -0.1, (1 - 1i) * complex(0.1/math.Sqrt2, 0), -0.1i, 0}
	for i := range h {
		if cmplx.Abs(h[i]-want[i]) > 1e-16 {
			t.Errorf("value %d is %v, want %v", i, h[i], want[i])
		}
	}
	h = []complex128{1e200, 1e-150i, 3 - 4i}
	if err := invert(h, math.Inf(1)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []complex128{1e-200, -1e150i, 0.12 + 0.16i} {
		if cmplx.Abs(h[i]-want) > 1e-15*cmplx.Abs(want) {
			t.Errorf("without level, value %d is %v, want %v", i, h[i], want)
		}
	}
}
