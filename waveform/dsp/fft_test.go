package dsp_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// The definition, summed up directly.
func TestCoefficientsAreTheDiscreteFourierTransform(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 18, 20, 25, 26, 30, 47, 53, 61, 64, 97, 98, 122, 194, 360, 499, 770, 53 * 59} {
		x := series(n)
		got := dsp.NewFFT(n).Coefficients(nil, x, nil)
		if len(got) != n/2+1 {
			t.Fatalf("%d samples have %d coefficients", n, len(got))
		}
		for k := range got {
			var want complex128
			for j, v := range x {
				want += complex(v, 0) * cmplx.Rect(1, -2*math.Pi*float64(j*k%n)/float64(n))
			}
			if d := cmplx.Abs(got[k] - want); d > 2e-14*math.Sqrt(float64(n))*1024 {
				t.Errorf("length %d, coefficient %d: %v, want %v", n, k, got[k], want)
			}
		}
	}
}

func TestSequenceUndoesCoefficients(t *testing.T) {
	for _, n := range []int{1, 2, 5, 100, 101, 499 * 2, 1 << 12, 5 * 59 * 2, 9973, 9973 * 2, 2 * 53 * 59, 4 * 7 * 431} {
		x := series(n)
		f := dsp.NewFFT(n)
		c := f.Coefficients(make([]complex128, f.Bins()), x, nil)
		if d := worst(f.Sequence(make([]float64, n), c, nil), x); d > 1e-11 { // of samples up to 1024
			t.Errorf("length %d: differs by %g", n, d)
		}
	}
}

func TestEveryLengthGoesThereAndBack(t *testing.T) {
	for n := 1; n <= 700; n++ {
		x := series(n)
		f := dsp.NewFFT(n)
		c := f.Coefficients(nil, x, nil)
		k := len(c) / 2
		var want complex128
		for j, v := range x {
			want += complex(v, 0) * cmplx.Rect(1, -2*math.Pi*float64(j*k%n)/float64(n))
		}
		if d := cmplx.Abs(c[k] - want); d > 2e-14*math.Sqrt(float64(n))*1024 {
			t.Errorf("length %d: coefficient %d is %v, want %v", n, k, c[k], want)
		}
		if d := worst(f.Sequence(nil, c, nil), x); d > 1e-11 {
			t.Errorf("length %d: there and back differs by %g", n, d)
		}
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
	mustPanic(t, "short source", func() { f.Coefficients(nil, make([]float64, 7), nil) })
	mustPanic(t, "short destination", func() { f.Coefficients(make([]complex128, 4), make([]float64, 8), nil) })
	mustPanic(t, "short coefficients", func() { f.Sequence(nil, make([]complex128, 4), nil) })
	mustPanic(t, "long destination", func() { f.Sequence(make([]float64, 9), make([]complex128, 5), nil) })
}

func TestNextFastIsTheNextLengthWithoutLargePrimes(t *testing.T) {
	for _, want := range readGolden(t).NextFast {
		if got := dsp.NextFast(want[0]); got != want[1] {
			t.Errorf("NextFast(%d) = %d, want %d", want[0], got, want[1])
		}
	}
	if dsp.NextFast(0) != 1 || dsp.NextFast(-5) != 1 {
		t.Error("NextFast below 1 must be 1")
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
