package metric

import (
	"math"
	"slices"
	"testing"
)

func isNaN(v ...float64) bool {
	return !slices.ContainsFunc(v, func(f float64) bool { return !math.IsNaN(f) })
}

func TestDescribeOfNothingOrNaNIsNaN(t *testing.T) {
	for name, x := range map[string][]float64{"empty": {}, "nil": nil, "NaN": {1, math.NaN(), 3}, "NaN first": {math.NaN(), 3}} {
		s := Describe(x)
		if s.N != len(x) || !isNaN(s.Mean, s.RMS, s.Min, s.Max, s.Std, s.Skewness, s.Kurtosis) {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestDescribeOfAConstantHasNoShape(t *testing.T) {
	for _, c := range []float64{0, 3, -0.1, 1e7 + 0.1} {
		for _, n := range []int{1, 2, 1000} {
			s := Describe(slices.Repeat([]float64{c}, n))
			if s.Mean != c || s.Min != c || s.Max != c || s.Std > 1e-15*math.Abs(c) || !isNaN(s.Skewness, s.Kurtosis) {
				t.Errorf("%d times %g: %+v", n, c, s)
			}
		}
	}
}

func TestDescribeFollowsShiftAndScale(t *testing.T) {
	x := quake(999, 9)
	y := make([]float64, len(x))
	for i := range x {
		y[i] = 100 - 2*x[i]
	}
	a, b := Describe(x), Describe(y)
	w := newWorst(t, 1e-12) // the rounding of y, 1e-14, over its deviation
	w.near("mean", b.Mean, 100-2*a.Mean, 100)
	w.near("min", b.Min, 100-2*a.Max, 100)
	w.near("std", b.Std, 2*a.Std, a.Std)
	w.near("skewness", b.Skewness, -a.Skewness, 1)
	w.near("kurtosis", b.Kurtosis, a.Kurtosis, a.Kurtosis)
}

func TestSNROfSilence(t *testing.T) {
	zeros, ones := []float64{0, 0}, []float64{1, -1, 1}
	if v := SNR(ones, zeros); !math.IsInf(v, 1) {
		t.Errorf("signal over silence: %g", v)
	}
	if v := SNR(zeros, ones); v != 0 {
		t.Errorf("silence over noise: %g", v)
	}
	if v := []float64{SNR(zeros, zeros), SNR(nil, ones), SNR(ones, nil), SNR([]float64{math.NaN()}, ones)}; !isNaN(v...) {
		t.Errorf("without meaning: %v", v)
	}
	if v := SNR([]float64{3, -3}, ones); v != 3 {
		t.Errorf("three times the noise: %g", v)
	}
}

func TestPeakIsTheFirstOfTheLargest(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		x     []float64
		value float64
		index int
	}{
		{[]float64{1, -3, 2, 3}, 3, 1},
		{[]float64{0, 0}, 0, 0},
		{[]float64{-5}, 5, 0},
		{[]float64{1, math.Inf(-1), 2}, math.Inf(1), 1},
	} {
		if v, i := Peak(c.x); v != c.value || i != c.index {
			t.Errorf("%v: %g at %d", c.x, v, i)
		}
	}
	if v, i := Peak(nil); !isNaN(v) || i != -1 {
		t.Errorf("empty: %g at %d", v, i)
	}
	if v, i := Peak([]float64{1, nan, 7, nan}); !isNaN(v) || i != 1 {
		t.Errorf("NaN: %g at %d", v, i)
	}
}

func TestQuantileOfAwkwardInput(t *testing.T) {
	if v := []float64{Quantile(nil, 0.5), Quantile([]float64{1}, -0.1), Quantile([]float64{1}, 1.1),
		Quantile([]float64{1}, math.NaN()), Median(nil), Median([]float64{1, math.NaN(), 2})}; !isNaN(v...) {
		t.Errorf("without meaning: %v", v)
	}
	for _, x := range [][]float64{nil, {1, math.NaN(), 2}} {
		if a, b, c := Quartiles(x); !isNaN(a, b, c) {
			t.Errorf("quartiles of %v: %g, %g, %g", x, a, b, c)
		}
	}
	if v := Quantile([]float64{4}, 0.3); v != 4 {
		t.Errorf("one sample: %g", v)
	}
	if v := Median([]float64{3, 1, 2}); v != 2 {
		t.Errorf("odd: %g", v)
	}
	if v := Median([]float64{4, 1, 3, 2}); v != 2.5 {
		t.Errorf("even: %g", v)
	}
}
