package dsp_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// kernel is a function of the package that makes samples of as many samples, with all
// it needs beside them.
type kernel struct {
	name  string
	apply func(x []float64, w *workspace)
	// constant is what becomes of a constant of 1 in the middle of 9 samples
	constant float64
}

func kernels(t testing.TB) []kernel {
	t.Helper()
	amplitude, err := dsp.AmplitudeButterworth(dsp.Bandpass, 5, 0.1, 20, 100)
	if err != nil {
		t.Fatal(err)
	}
	return []kernel{
		{"AmplitudeFilter.Apply", func(x []float64, w *workspace) { amplitude.Apply(x, &w.plans, &w.scratch) }, 0},
		{"Resample", func(x []float64, w *workspace) {
			dsp.Resample(w.half(len(x)), x, &w.plans, &w.scratch)
			dsp.Resample(x, w.half(len(x)), &w.plans, &w.scratch)
		}, 1},
		{"ResampleHann", func(x []float64, w *workspace) { dsp.ResampleHann(x, x, &w.plans, &w.scratch) }, (1 + math.Cos(math.Pi/9)) / 2},
		{"ResampleRatio", func(x []float64, w *workspace) { dsp.ResampleRatio(x, x, 1, 1, &w.plans, &w.scratch) }, 1},
		{"Differentiate", func(x []float64, _ *workspace) { dsp.Differentiate(x, x, 0.01) }, 0},
		{"DifferentiateSpectral", func(x []float64, w *workspace) { dsp.DifferentiateSpectral(x, x, 0.01, &w.plans, &w.scratch) }, 0},
		{"IntegrateSpectral", func(x []float64, w *workspace) { dsp.IntegrateSpectral(x, x, 0.01, &w.plans, &w.scratch) }, 0},
		{"Hilbert", func(x []float64, w *workspace) { dsp.Hilbert(x, x, &w.plans, &w.scratch) }, 0},
		{"Envelope", func(x []float64, w *workspace) { dsp.Envelope(x, x, &w.plans, &w.scratch) }, 1},
		{"DetrendPolynomial", func(x []float64, _ *workspace) { dsp.DetrendPolynomial(x, 5) }, 0},
		{"TaperCosine", func(x []float64, _ *workspace) { dsp.TaperCosine(x, dsp.TaperWidth(len(x), 0.2, 0, 100)) }, 1},
		{"CorrectBaseline", func(x []float64, _ *workspace) { dsp.CorrectBaseline(x) }, 0},
	}
}

func TestStepsTakeAnyLengthInPlace(t *testing.T) {
	var w workspace
	for _, k := range kernels(t) {
		k.apply(nil, &w)
		for n := 1; n < 20; n++ {
			x := series(n)
			k.apply(x, &w)
			for i, v := range x {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s: sample %d of %d is %g", k.name, i, n, v)
				}
			}
		}
		x := constant(9, 1)
		k.apply(x, &w)
		if math.Abs(x[4]-k.constant) > 1e-14 {
			t.Errorf("%s: a constant becomes %v, want %g in the middle", k.name, x, k.constant)
		}
	}
}

func TestStepsLeaveNothingOfAnEarlierCall(t *testing.T) {
	var used workspace
	for _, k := range kernels(t) {
		k.apply(seeded(301, 5), &used)
		got, want := series(64), series(64)
		k.apply(got, &used)
		k.apply(want, new(workspace))
		if d := worst(got, want); d != 0 {
			t.Errorf("%s: differs by %g after a longer input", k.name, d)
		}
	}
}

func TestStepsDoNotHideNaN(t *testing.T) {
	var w workspace
	for _, k := range kernels(t) {
		x := series(30)
		x[12] = math.NaN()
		k.apply(x, &w)
		if !math.IsNaN(x[12]) && !math.IsNaN(x[13]) { // of differences, the neighbours
			t.Errorf("%s: %v", k.name, x)
		}
	}
}

func TestStepsDoNotAllocate(t *testing.T) {
	var w workspace
	d, err := dsp.NewDecimator(4)
	if err != nil {
		t.Fatal(err)
	}
	x, more := series(300), make([]float64, dsp.ResampledLen(300, 5, 2))
	steps := append(kernels(t),
		kernel{name: "Decimator", apply: func(x []float64, _ *workspace) { d.ApplyZeroPhase(x); d.Apply(x) }},
		kernel{name: "ResampleRatio up", apply: func(x []float64, w *workspace) { dsp.ResampleRatio(more, x, 5, 2, &w.plans, &w.scratch) }},
		kernel{name: "Rotation", apply: func(x []float64, _ *workspace) {
			dsp.NEToRT(30).Apply(x[:100], x[100:200])
			dsp.ZNEToLQT(30, 20).Apply(x[:100], x[100:200], x[200:])
			if r, err := dsp.ToZNE(dsp.Orientation{Dip: -90}, dsp.Orientation{Azimuth: 3}, dsp.Orientation{Azimuth: 93}); err == nil {
				r.Apply(x[:100], x[100:200], x[200:])
			}
		}})
	for _, k := range steps {
		work := func() { k.apply(x, &w) }
		work() // plans and scratch grow
		if n := testing.AllocsPerRun(5, work); n != 0 {
			t.Errorf("%s: %g allocations", k.name, n)
		}
	}
}

func TestStepsPanicOnWrongLengths(t *testing.T) {
	var w workspace
	x, short := series(9), series(8)
	mustPanic(t, "differentiate", func() { dsp.Differentiate(short, x, 1) })
	mustPanic(t, "spectral derivative", func() { dsp.DifferentiateSpectral(short, x, 1, &w.plans, &w.scratch) })
	mustPanic(t, "spectral integral", func() { dsp.IntegrateSpectral(short, x, 1, &w.plans, &w.scratch) })
	mustPanic(t, "envelope", func() { dsp.Envelope(short, x, &w.plans, &w.scratch) })
	mustPanic(t, "two components", func() { dsp.NEToRT(0).Apply(short, x) })
	mustPanic(t, "three components", func() { dsp.ZNEToLQT(0, 0).Apply(x, short, x) })
	mustPanic(t, "three components", func() { dsp.ZNEToLQT(0, 0).Apply(x, x, short) })
	mustPanic(t, "ratio", func() { dsp.ResampleRatio(short, x, 1, 1, &w.plans, &w.scratch) })
	mustPanic(t, "ratio of nothing", func() { dsp.ResampleRatio(nil, nil, 0, 1, &w.plans, &w.scratch) })
	mustPanic(t, "resampling of nothing", func() { dsp.Resample(x, nil, &w.plans, &w.scratch) })
	mustPanic(t, "resampling to nothing", func() { dsp.Resample(nil, x, &w.plans, &w.scratch) })
	mustPanic(t, "order", func() { dsp.DetrendPolynomial(x, -1) })
	mustPanic(t, "order", func() { dsp.DetrendPolynomial(x, dsp.MaxTrendOrder+1) })
	mustPanic(t, "cosine", func() { dsp.TaperCosine(x, 5) })
	mustPanic(t, "cosine", func() { dsp.TaperCosine(x, -1) })
}

// half is space for about half as many samples.
func (w *workspace) half(n int) []float64 {
	if len(w.space) < n {
		w.space = make([]float64, n)
	}
	return w.space[:(n+1)/2]
}

func BenchmarkSteps(b *testing.B) {
	const n = 30000
	d, err := dsp.NewDecimator(5)
	if err != nil {
		b.Fatal(err)
	}
	more := make([]float64, dsp.ResampledLen(n, 5, 4))
	third := func(x []float64) (a, b, c []float64) { return x[:n/3], x[n/3 : 2*n/3], x[2*n/3:] }
	for _, k := range append(kernels(b),
		kernel{name: "Decimator.Apply", apply: func(x []float64, _ *workspace) { d.Apply(x) }},
		kernel{name: "Decimator.ApplyZeroPhase", apply: func(x []float64, _ *workspace) { d.ApplyZeroPhase(x) }},
		kernel{name: "ResampleRatio 4 to 5", apply: func(x []float64, w *workspace) { dsp.ResampleRatio(more, x, 5, 4, &w.plans, &w.scratch) }},
		kernel{name: "Rotation2.Apply", apply: func(x []float64, _ *workspace) { dsp.NEToRT(30).Apply(x[:n/2], x[n/2:]) }},
		kernel{name: "Rotation3.Apply", apply: func(x []float64, _ *workspace) { dsp.ZNEToLQT(30, 20).Apply(third(x)) }},
	) {
		b.Run(k.name, func(b *testing.B) {
			var w workspace
			given, x := series(n), make([]float64, n)
			copy(x, given)
			k.apply(x, &w) // plans and scratch grow
			b.ReportAllocs()
			for b.Loop() {
				copy(x, given)
				k.apply(x, &w)
			}
			reportSamples(b, n)
		})
	}
}

func ExampleDecimator() {
	d, err := dsp.NewDecimator(4) // 100 Hz to 25 Hz
	if err != nil {
		fmt.Println(err)
		return
	}
	x := make([]float64, 6001)
	x = d.Apply(x)
	fmt.Println(len(x), "samples,", len(d.Filter()), "sections")
	// Output: 1501 samples, 6 sections
}
