package dsp_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// The samples lie on an offset of 1e7, whose last place is 2e-9: a relative
// error of 1e-12 is 1e-5 there, and what is reached is about 1e-8.
func TestTrendsEqualThoseOfSciPyOnALargeOffset(t *testing.T) {
	for _, want := range readGolden(t).Trends {
		input := func() []float64 {
			x := series(want.N)
			for i := range x {
				x[i] += 1e7 + 3*float64(i)
			}
			return x
		}
		if got := dsp.Mean(input()); math.Abs(got-want.Mean) > 4e-9 {
			t.Errorf("mean of %d samples is %v, want %v", want.N, got, want.Mean)
		}
		x := input()
		dsp.DetrendLinear(x)
		if d := worst(x, want.Linear); d > 3e-8 {
			t.Errorf("linear trend of %d samples differs by %g", want.N, d)
		}
		x = input()
		dsp.DetrendSimple(x)
		if d := worst(x, want.Simple); d > 1e-8 {
			t.Errorf("simple trend of %d samples differs by %g", want.N, d)
		}
	}
}

func TestDetrendLeavesNothingOfALine(t *testing.T) {
	for _, n := range []int{1, 2, 3, 1000, 1001} {
		for name, detrend := range map[string]func([]float64){"linear": dsp.DetrendLinear, "simple": dsp.DetrendSimple} {
			x := make([]float64, n)
			for i := range x {
				x[i] = 12.5 - 0.25*float64(i)
			}
			detrend(x)
			if peak(x) > 1e-12 { // of a line of up to 250
				t.Errorf("%s: %d samples of a line leave %g", name, n, peak(x))
			}
		}
	}
}

func TestDetrendLinearLeavesMeanAndSlopeZero(t *testing.T) {
	x := series(1001)
	dsp.DetrendLinear(x)
	slope := 0.0
	for i, v := range x {
		slope += (float64(i) - 500) * v
	}
	if mean := dsp.Mean(x); math.Abs(mean) > 1e-12 || math.Abs(slope) > 1e-6 { // of terms up to 5e5
		t.Errorf("mean %g and moment %g remain", mean, slope)
	}
}

func TestMeanKeepsItsDigitsOnAnOffset(t *testing.T) {
	x := make([]float64, 1<<20)
	for i := range x {
		x[i] = 1e7 + float64(i%2) // mean exactly 1e7 + 0.5
	}
	if got := dsp.Mean(x); got != 1e7+0.5 {
		t.Errorf("mean %v", got)
	}
}

func TestTrendOfAwkwardInput(t *testing.T) {
	if !math.IsNaN(dsp.Mean(nil)) {
		t.Error("the mean of nothing must be NaN")
	}
	for name, f := range map[string]func([]float64){
		"demean": dsp.Demean, "linear": dsp.DetrendLinear, "simple": dsp.DetrendSimple,
	} {
		f(nil)
		one := []float64{7}
		f(one)
		same := constant(5, -3)
		f(same)
		if one[0] != 0 || peak(same) != 0 {
			t.Errorf("%s: one sample leaves %v, a constant %v", name, one, same)
		}
		bad := []float64{math.NaN(), 1, 2}
		f(bad)
		if !math.IsNaN(bad[1]) {
			t.Errorf("%s: NaN is lost: %v", name, bad)
		}
	}
}
