package dsp_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// The samples lie on an offset of 1e7, whose last place is 2e-9: a relative
// error of 1e-12 is 1e-5 there, and what is reached is about 1e-8.
func TestTrendsEqualThoseOfSciPyOnALargeOffset(t *testing.T) {
	linear := agree.Reference{Function: "dsp.DetrendLinear", Source: "SciPy 1.17.1 signal.detrend, offset 1e7", Measure: "offset", Within: 3e-15}
	simple := agree.Reference{Function: "dsp.DetrendSimple", Source: "ObsPy 1.5.0 Trace.detrend simple, offset 1e7", Measure: "offset", Within: 1e-15}
	mean := agree.Reference{Function: "dsp.Mean", Source: "NumPy 2.4.6 mean, offset 1e7", Measure: "value", Within: 1e-15}
	for _, want := range readGolden(t).Trends {
		label := fmt.Sprintf("%d samples", want.N)
		input := func() []float64 {
			x := series(want.N)
			for i := range x {
				x[i] += 1e7 + 3*float64(i)
			}
			return x
		}
		mean.Scalar(t, label, dsp.Mean(input()), want.Mean, 0)
		x := input()
		dsp.DetrendLinear(x)
		linear.Deviation(t, label, worst(x, want.Linear)/1e7)
		x = input()
		dsp.DetrendSimple(x)
		simple.Deviation(t, label, worst(x, want.Simple)/1e7)
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
