package dsp_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// wave is so many periods of a sine over n samples.
func wave(n int, periods, phase float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Sin(2*math.Pi*periods*float64(i)/float64(n) + phase)
	}
	return x
}

func TestResampleFollowsAWave(t *testing.T) {
	var w workspace
	for _, n := range []int{40, 41} {
		for _, m := range []int{15, 16, 39, 40, 41, 42, 97, 200} {
			got := make([]float64, m)
			dsp.Resample(got, wave(n, 5, 0.3), &w.plans, &w.scratch)
			if d := worst(got, wave(m, 5, 0.3)); d > 1e-14 {
				t.Errorf("%d samples to %d: differs by %g", n, m, d)
			}
		}
	}
}

func TestResampleRemovesWhatTheNewRateCannotHold(t *testing.T) {
	var w workspace
	got := make([]float64, 15)
	dsp.Resample(got, wave(40, 8, 0.3), &w.plans, &w.scratch)
	if peak(got) > 1e-14 {
		t.Errorf("8 periods in 15 samples leave %g", peak(got))
	}
}

func TestResampleRatioKeepsTheSamplesBetween(t *testing.T) {
	var w workspace
	x := series(47)
	got := make([]float64, dsp.ResampledLen(47, 3, 1))
	dsp.ResampleRatio(got, x, 3, 1, &w.plans, &w.scratch)
	if d := worst(every(got, 3), x); d > 1e-11 {
		t.Errorf("differs by %g", d)
	}
}

func TestRateRatioFindsTheSmallestNumbers(t *testing.T) {
	for _, c := range []struct {
		from, to float64
		up, down int
		ok       bool
	}{
		{100, 40, 2, 5, true}, {40, 100, 5, 2, true}, {100, 100, 1, 1, true}, {200, 0.1, 1, 2000, true},
		{1.0 / 3, 1, 3, 1, true}, {31.25, 100, 16, 5, true}, {99.9, 100, 1000, 999, true}, {18.18, 20, 1000, 909, true},
		{1, 10000, 10000, 1, true}, {1, 10001, 0, 0, false}, {10001, 1, 0, 0, false}, {100, 99.99423, 0, 0, false},
		{0, 1, 0, 0, false}, {1, 0, 0, 0, false}, {-1, -2, 0, 0, false}, {math.NaN(), 1, 0, 0, false}, {1, math.NaN(), 0, 0, false},
		{1, math.Inf(1), 0, 0, false}, {math.Inf(1), 1, 0, 0, false}, {math.Inf(1), math.Inf(1), 0, 0, false}, {math.Pi, 1, 0, 0, false},
	} {
		up, down, ok := dsp.RateRatio(c.from, c.to)
		if up != c.up || down != c.down || ok != c.ok {
			t.Errorf("%g to %g Hz: %d/%d, %v", c.from, c.to, up, down, ok)
		}
	}
}

func TestDerivativesOfAWave(t *testing.T) {
	var w workspace
	for _, n := range []int{60, 61} {
		const dt = 0.25
		scale := 2 * math.Pi * 7 / (float64(n) * dt)
		x, cosine, got := wave(n, 7, 0), wave(n, 7, math.Pi/2), make([]float64, n)
		dsp.DifferentiateSpectral(got, x, dt, &w.plans, &w.scratch)
		for i := range got {
			got[i] /= scale
		}
		if d := worst(got, cosine); d > 1e-13 {
			t.Errorf("derivative of %d samples differs by %g", n, d)
		}
		dsp.IntegrateSpectral(got, cosine, dt, &w.plans, &w.scratch)
		for i := range got {
			got[i] *= scale
		}
		if d := worst(got, x); d > 1e-13 {
			t.Errorf("integral of %d samples differs by %g", n, d)
		}
		dsp.Hilbert(got, cosine, &w.plans, &w.scratch)
		if d := worst(got, x); d > 1e-14 {
			t.Errorf("Hilbert transform of %d samples differs by %g", n, d)
		}
		dsp.Envelope(got, x, &w.plans, &w.scratch)
		if d := worst(got, constant(n, 1)); d > 1e-14 {
			t.Errorf("envelope of %d samples differs by %g", n, d)
		}
	}
}

func TestIntegralUndoesDerivativeOfOddNumbers(t *testing.T) {
	var w workspace
	x := series(101)
	dsp.Demean(x)
	got := slices.Clone(x)
	dsp.DifferentiateSpectral(got, got, 0.01, &w.plans, &w.scratch)
	dsp.IntegrateSpectral(got, got, 0.01, &w.plans, &w.scratch)
	if d := worst(got, x); d > 1e-11 {
		t.Errorf("differs by %g", d)
	}
}

// An offset of 1e7 leaves every bit of series, so that results may only differ by what
// rounding does on the way: 1e-12 of the peak if the offset were carried along, a few 1e-16 if not.
func TestStepsThatDropTheMeanAreNotRoundedOnIt(t *testing.T) {
	var w workspace
	high, err := dsp.AmplitudeButterworth(dsp.Highpass, 5, 1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for name, step := range map[string]func(x []float64){
		"highpass":   func(x []float64) { high.Apply(x, &w.plans, &w.scratch) },
		"derivative": func(x []float64) { dsp.DifferentiateSpectral(x, x, 1, &w.plans, &w.scratch) },
		"integral":   func(x []float64) { dsp.IntegrateSpectral(x, x, 1, &w.plans, &w.scratch) },
		"transform":  func(x []float64) { dsp.Hilbert(x, x, &w.plans, &w.scratch) },
	} {
		got, want := onOffset(series(300), 1e7), series(300)
		step(got)
		step(want)
		if d := worst(got, want) / peak(want); d > 1e-14 {
			t.Errorf("%s: differs by %g of the peak", name, d)
		}
	}
}

// An even number of samples holds a wave at the Nyquist frequency, plus and minus in turn.
func TestDerivativeAndHilbertTransformAreZeroAtTheNyquistFrequency(t *testing.T) {
	var w workspace
	x, got := wave(8, 4, math.Pi/2), make([]float64, 8)
	for name, f := range map[string]func(){
		"derivative": func() { dsp.DifferentiateSpectral(got, x, 1, &w.plans, &w.scratch) },
		"integral":   func() { dsp.IntegrateSpectral(got, x, 1, &w.plans, &w.scratch) },
		"transform":  func() { dsp.Hilbert(got, x, &w.plans, &w.scratch) },
	} {
		if f(); peak(got) > 1e-14 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDifferentiateIsExactForAParabola(t *testing.T) {
	x := make([]float64, 20)
	for i := range x {
		x[i] = float64(i * i)
	}
	dsp.Differentiate(x, x, 0.5)
	for i, v := range x {
		want := 4 * float64(i)
		if i == 0 || i == 19 {
			want += 2 - 4*float64(i/19) // one-sided: half a sample off
		}
		if v != want {
			t.Errorf("sample %d: %g, want %g", i, v, want)
		}
	}
}

func TestDetrendPolynomialLeavesNothingOfAPolynomial(t *testing.T) {
	for _, n := range []int{21, 100, 5000} {
		for order := range 21 {
			x := make([]float64, n)
			for i := range x {
				u := 2*float64(i)/float64(n-1) - 1
				x[i] = 1e7 + 100*math.Cos(float64(order)*math.Acos(max(-1, min(1, u)))) // a Chebyshev polynomial
			}
			dsp.DetrendPolynomial(x, order)
			if peak(x) > 1e-8 { // the input is rounded to 2e-9
				t.Errorf("order %d of %d samples leaves %g", order, n, peak(x))
			}
		}
	}
}

func TestDetrendPolynomialOfLowOrderIsTheOtherTrends(t *testing.T) {
	for _, n := range []int{1, 2, 3, 1000} {
		for order, other := range []func([]float64){dsp.Demean, dsp.DetrendLinear} {
			got, want := onOffset(series(n), 1e5), onOffset(series(n), 1e5)
			dsp.DetrendPolynomial(got, order)
			other(want)
			if d := worst(got, want); d > 1e-9 {
				t.Errorf("order %d of %d samples: differs by %g", order, n, d)
			}
		}
	}
}

func TestCorrectBaselineTakesOffADrift(t *testing.T) {
	const n = 3001
	clean, drifting := series(n), series(n)
	for i := range drifting {
		u := float64(i) / (n - 1)
		drifting[i] += 500 - 40*u + 300*u*u - 1000*u*u*u + 200*u*u*u*u
	}
	dsp.CorrectBaseline(clean)
	dsp.CorrectBaseline(drifting)
	// The trapezoid rule is off by a twelfth of the slope's change over a sample, 1e-4 here.
	if d := worst(clean, drifting); d > 1e-3 {
		t.Errorf("the corrected traces differ by %g", d)
	}
}

func TestCorrectBaselineLeavesFewSamplesAlone(t *testing.T) {
	for n := range 7 {
		x := series(n)
		dsp.CorrectBaseline(x)
		if worst(x, series(n)) != 0 {
			t.Errorf("%d samples become %v", n, x)
		}
	}
}

func TestTaperCosineOfOneSampleAtEachEnd(t *testing.T) {
	x := constant(5, 3)
	dsp.TaperCosine(x, 1)
	if worst(x, []float64{0, 3, 3, 3, 0}) != 0 {
		t.Errorf("%v", x)
	}
}

func TestRotationsUndoEachOther(t *testing.T) {
	for _, angle := range []float64{-700, -90, 0, 12.3, 90, 200, 359.9, 1e6} {
		a, b, c := series(20), seeded(20, 3), seeded(20, 4)
		dsp.NEToRT(angle).Apply(a, b)
		dsp.RTToNE(angle).Apply(a, b)
		dsp.ZNEToLQT(angle, angle/3).Apply(a, b, c)
		dsp.LQTToZNE(angle, angle/3).Apply(a, b, c)
		if d := max(worst(a, series(20)), worst(b, seeded(20, 3)), worst(c, seeded(20, 4))); d > 2e-12 { // of 1024
			t.Errorf("%g degrees: differs by %g", angle, d)
		}
	}
}

func TestFullTurnsChangeNothing(t *testing.T) {
	for _, turns := range []float64{-2, -1, 1, 1000} {
		for _, angle := range []float64{20, 100, 190, 300} {
			got, want := dsp.NEToRT(angle+360*turns), dsp.NEToRT(angle)
			if got != want {
				t.Errorf("%g turns and %g degrees: %v, want %v", turns, angle, got, want)
			}
		}
	}
}

func TestRightAnglesKeepEveryBit(t *testing.T) {
	z, n, e := series(9), seeded(9, 3), seeded(9, 4)
	r, err := dsp.ToZNE(dsp.Orientation{Azimuth: 90}, dsp.Orientation{Azimuth: 37, Dip: 90}, dsp.Orientation{Azimuth: 180})
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := slices.Clone(e), slices.Clone(z), slices.Clone(n)
	for i := range b {
		b[i], c[i] = -b[i], -c[i]
	}
	r.Apply(a, b, c)
	if worst(a, z) != 0 || worst(b, n) != 0 || worst(c, e) != 0 {
		t.Error("axes east, down and south: components do not come out as they were")
	}
	flat, err := dsp.ToNE(90, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, b = slices.Clone(e), slices.Clone(n)
	flat.Apply(a, b)
	if worst(a, n) != 0 || worst(b, e) != 0 {
		t.Error("azimuths 90 and 0: components do not come out as they were")
	}
}

func TestToNEIsToZNEOfHorizontalAxes(t *testing.T) {
	for _, az := range [][2]float64{{0, 90}, {30, 120}, {200, 110}, {10, 20}, {-5, 300}} {
		flat, err := dsp.ToNE(az[0], az[1])
		if err != nil {
			t.Fatal(err)
		}
		whole, err := dsp.ToZNE(dsp.Orientation{Dip: -90}, dsp.Orientation{Azimuth: az[0]}, dsp.Orientation{Azimuth: az[1]})
		if err != nil {
			t.Fatal(err)
		}
		for i := range flat {
			for j := range flat[i] {
				if math.Abs(flat[i][j]-whole[i+1][j+1]) > 1e-14 {
					t.Errorf("azimuths %v: %v and %v", az, flat, whole)
				}
			}
		}
	}
}

func TestAxesInOnePlaneAreRefused(t *testing.T) {
	vertical, nan := dsp.Orientation{Dip: -90}, math.NaN()
	for _, axes := range [][3]dsp.Orientation{
		{vertical, {Azimuth: 10}, {Azimuth: 10}},
		{vertical, {Azimuth: 10}, {Azimuth: 192}},
		{{Azimuth: 0}, {Azimuth: 120}, {Azimuth: 240}},
		{vertical, vertical, {Azimuth: 90}},
		{vertical, {Azimuth: nan}, {Azimuth: 90}},
		{{}, {}, {}},
	} {
		if r, err := dsp.ToZNE(axes[0], axes[1], axes[2]); !errors.Is(err, dsp.ErrAxes) || r != (dsp.Rotation3{}) {
			t.Errorf("%v: %v, %v", axes, r, err)
		}
	}
	for _, az := range [][2]float64{{5, 5}, {5, 185}, {5, 7}, {nan, 0}, {0, math.Inf(1)}} {
		if r, err := dsp.ToNE(az[0], az[1]); !errors.Is(err, dsp.ErrAxes) || r != (dsp.Rotation2{}) {
			t.Errorf("%v: %v, %v", az, r, err)
		}
	}
}
