package dsp_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func TestEveryLengthGoesThereAndBack(t *testing.T) {
	var scratch dsp.Scratch
	for n := 1; n <= 700; n++ {
		x := series(n)
		plan := dsp.NewFFT(n)
		c := plan.Coefficients(nil, x, &scratch)
		for _, k := range []int{len(c) / 2, len(c) - 1} {
			var want complex128
			for j, v := range x {
				want += complex(v, 0) * cmplx.Rect(1, -2*math.Pi*float64(j*k%n)/float64(n))
			}
			if d := cmplx.Abs(c[k] - want); !(d <= 1e-13*spectralRMS(x)) { // rough, as want is
				t.Errorf("length %d: coefficient %d is %v, want %v", n, k, c[k], want)
			}
		}
		roundTrip(t, plan, c, x, &scratch)
	}
}

func TestEnergyIsTheSameInTimeAndFrequency(t *testing.T) {
	for _, n := range []int{60, 61} {
		x := series(n)
		var inTime, inFrequency float64
		for _, v := range x {
			inTime += v * v
		}
		for k, c := range dsp.NewFFT(n).Coefficients(nil, x, nil) {
			weight := 2.0
			if k == 0 || 2*k == n {
				weight = 1
			}
			inFrequency += weight * real(c*cmplx.Conj(c)) / float64(n)
		}
		if math.Abs(inTime/inFrequency-1) > 1e-14 {
			t.Errorf("length %d: %g and %g", n, inTime, inFrequency)
		}
	}
}

func TestFFTPanicsOnWrongLengths(t *testing.T) {
	f := dsp.NewFFT(8)
	mustPanic(t, "length zero", func() { dsp.NewFFT(0) })
	mustPanic(t, "length below zero", func() { new(dsp.Plans).FFT(-1) })
	mustPanic(t, "short source", func() { f.Coefficients(nil, make([]float64, 7), nil) })
	mustPanic(t, "short destination", func() { f.Coefficients(make([]complex128, 4), make([]float64, 8), nil) })
	mustPanic(t, "short coefficients", func() { f.Sequence(nil, make([]complex128, 4), nil) })
	mustPanic(t, "long destination", func() { f.Sequence(make([]float64, 9), make([]complex128, 5), nil) })
}

func TestTransformsDoNotAllocate(t *testing.T) {
	var plans dsp.Plans
	var scratch dsp.Scratch
	for _, n := range []int{1, 2, 64, 30, 49, 2 * 13 * 17, 53, 2 * 59, 61 * 67, 998} {
		x, c := series(n), make([]complex128, n/2+1)
		work := func() {
			plan := plans.FFT(n)
			plan.Sequence(x, plan.Coefficients(c, x, &scratch), &scratch)
		}
		work() // plans and scratch grow
		if got := testing.AllocsPerRun(10, work); got != 0 {
			t.Errorf("length %d: %g allocations", n, got)
		}
	}
}

func TestKernelsDoNotAllocate(t *testing.T) {
	var plans dsp.Plans
	var scratch dsp.Scratch
	x, y, long := series(300), make([]float64, 300), make([]float64, dsp.UpsampledLen(300, 4))
	spectrum := make([]complex128, 151)
	f, err := dsp.Butterworth(dsp.Bandpass, 4, 0.5, 9, 100)
	if err != nil {
		t.Fatal(err)
	}
	work := func() {
		dsp.DetrendLinear(x)
		dsp.TaperHann(x, 10)
		dsp.TaperSine(x, 0.05)
		f.ApplyZeroPhase(x)
		dsp.CumTrapezoid(y, x, 0.01)
		dsp.STALTAClassic(y, x, 5, 50)
		plan := plans.FFT(len(x))
		plan.Sequence(y, plan.Coefficients(spectrum, x, &scratch), &scratch)
		dsp.Upsample(long, x, 4, &plans, &scratch)
	}
	work() // plans and scratch grow
	if n := testing.AllocsPerRun(10, work); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
