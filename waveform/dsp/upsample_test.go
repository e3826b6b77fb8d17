package dsp_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

func upsample(x []float64, k int) []float64 {
	dst := make([]float64, dsp.UpsampledLen(len(x), k))
	dsp.Upsample(dst, x, k, new(dsp.Plans), new(dsp.Scratch))
	return dst
}

func TestUpsampleEqualsSpectrumExtensionByNumPy(t *testing.T) {
	r := agree.Reference{Function: "dsp.Upsample", Source: "NumPy " + madeBy(t).NumPy + " rfft, irfft", Measure: "peak", Within: 2e-15}
	for _, want := range readGolden(t).Upsampled {
		r.Trace(t, fmt.Sprintf("%d samples by %d", want.N, want.K), upsample(series(want.N), want.K), want.Values)
	}
}

func TestUpsampleEqualsResampleOfSciPy(t *testing.T) {
	g := readFFTGolden(t)
	r := agree.Reference{Function: "dsp.Upsample", Source: "SciPy " + g.MadeBy.SciPy + " resample, padded", Measure: "peak", Within: 2e-15}
	for _, want := range g.Upsampled {
		x := series(want.N)
		for i := range x {
			x[i] += want.Offset
		}
		r.Trace(t, fmt.Sprintf("%d samples by %d, offset %g", want.N, want.K, want.Offset), upsample(x, want.K), want.Values)
	}
}

func TestUpsampleKeepsTheSamplesBetween(t *testing.T) {
	for _, n := range []int{1, 2, 3, 50, 53, 54} {
		x := series(n)
		y := upsample(x, 7)
		for i, v := range x {
			if math.Abs(y[7*i]-v) > 1e-11 {
				t.Fatalf("%d samples: sample %d becomes %g, was %g", n, i, y[7*i], v)
			}
		}
	}
}

// 48 samples are not padded, and hold four whole periods: the interpolation is
// exact.
func TestUpsampleFollowsASine(t *testing.T) {
	x := make([]float64, 48)
	for i := range x {
		x[i] = math.Sin(2 * math.Pi * float64(i) / 12)
	}
	for i, v := range upsample(x, 5) {
		if want := math.Sin(2 * math.Pi * float64(i) / 60); math.Abs(v-want) > 1e-13 {
			t.Fatalf("sample %d: %g, want %g", i, v, want)
		}
	}
}

func TestUpsampleOfAwkwardInput(t *testing.T) {
	if got := upsample(nil, 3); len(got) != 0 {
		t.Errorf("nothing becomes %v", got)
	}
	if got := upsample([]float64{4}, 3); len(got) != 1 || math.Abs(got[0]-4) > 1e-15 {
		t.Errorf("one sample becomes %v", got)
	}
	if got := upsample([]float64{4, 5}, 1); worst(got, []float64{4, 5}) != 0 {
		t.Errorf("factor one changes the samples: %v", got)
	}
	x := series(10)
	x[3] = math.NaN()
	for _, v := range upsample(x, 2) {
		if !math.IsNaN(v) {
			t.Fatal("a NaN must spread")
		}
	}
	mustPanic(t, "length", func() { dsp.Upsample(make([]float64, 20), x, 2, new(dsp.Plans), new(dsp.Scratch)) })
	mustPanic(t, "factor", func() { dsp.Upsample(nil, nil, 0, new(dsp.Plans), new(dsp.Scratch)) })
}

func TestUpsampleLeavesNothingOfAnEarlierCall(t *testing.T) {
	var plans dsp.Plans
	var scratch dsp.Scratch
	big, small := series(500), series(7)
	dsp.Upsample(make([]float64, dsp.UpsampledLen(500, 4)), big, 4, &plans, &scratch)
	got := make([]float64, dsp.UpsampledLen(7, 4))
	dsp.Upsample(got, small, 4, &plans, &scratch)
	if d := worst(got, upsample(small, 4)); d != 0 {
		t.Errorf("differs by %g after a longer input", d)
	}
}

func TestCumTrapezoidEqualsSciPy(t *testing.T) {
	want := readGolden(t).CumTrapezoid
	x := series(len(want))
	dsp.CumTrapezoid(x, x, 0.01) // in place
	agree.Reference{Function: "dsp.CumTrapezoid", Source: "SciPy 1.17.1 cumulative_trapezoid", Measure: "peak"}.Trace(t, "in place", x, want)
}

func TestCumTrapezoidIsExactForALine(t *testing.T) {
	x := make([]float64, 65)
	for i := range x {
		x[i] = float64(i)
	}
	got := make([]float64, 65)
	dsp.CumTrapezoid(got, x, 0.5)
	for i, v := range got {
		if want := 0.25 * float64(i*i); v != want {
			t.Fatalf("sample %d: %g, want %g", i, v, want)
		}
	}
}

func TestCumTrapezoidOfAwkwardInput(t *testing.T) {
	dsp.CumTrapezoid(nil, nil, 1)
	one := []float64{5}
	dsp.CumTrapezoid(one, one, 1)
	if one[0] != 0 {
		t.Errorf("one sample gives %v", one)
	}
	x := []float64{1, math.NaN(), 1, 1}
	dsp.CumTrapezoid(x, x, 1)
	if x[0] != 0 || !math.IsNaN(x[1]) || !math.IsNaN(x[3]) {
		t.Errorf("NaN: %v", x)
	}
	mustPanic(t, "length", func() { dsp.CumTrapezoid(make([]float64, 2), x, 1) })
}
