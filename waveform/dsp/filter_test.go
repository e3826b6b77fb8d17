package dsp_test

import (
	"errors"
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func coefficients(f dsp.Filter) [][5]float64 {
	var rows [][5]float64
	for _, s := range f {
		rows = append(rows, [5]float64{s.B0, s.B1, s.B2, s.A1, s.A2})
	}
	return rows
}

func sections(rows [][5]float64) dsp.Filter {
	var f dsp.Filter
	for _, r := range rows {
		f = append(f, dsp.Section{B0: r[0], B1: r[1], B2: r[2], A1: r[3], A2: r[4]})
	}
	return f
}

// SciPy and this package round differently, a few units in the last place of
// numbers of order one; the first section carries the gain, which may be tiny.
func TestButterworthHasTheSectionsOfSciPy(t *testing.T) {
	for _, want := range readGolden(t).Filters {
		got := coefficients(want.make(t))
		if len(got) != len(want.Sections) {
			t.Errorf("%+v: %d sections, want %d", want.design, len(got), len(want.Sections))
			continue
		}
		for i := range got {
			scale := 1.0
			if i == 0 {
				scale = peak(want.Sections[0][:3])
			}
			numerator := worst(got[i][:3], want.Sections[i][:3]) / scale
			if d := max(numerator, worst(got[i][3:], want.Sections[i][3:])); d > 1e-12 {
				t.Errorf("%+v: section %d differs by %.1e: %v, want %v", want.design, i, d, got[i], want.Sections[i])
			}
		}
	}
}

func TestApplyEqualsSciPyBitForBit(t *testing.T) {
	for _, want := range readGolden(t).Filtered {
		f := sections(want.Sections)
		x := series(len(want.Once))
		f.Apply(x)
		if d := worst(x, want.Once); d != 0 {
			t.Errorf("%+v: one pass differs by %g", want.design, d)
		}
		x = series(len(want.Once))
		f.ApplyZeroPhase(x)
		if d := worst(x, want.ZeroPhase); d != 0 {
			t.Errorf("%+v: two passes differ by %g", want.design, d)
		}
	}
}

// The transform of the impulse response must have the modulus that defines a
// Butterworth filter: 1/sqrt(1 + (w/wc)^2n) in the prewarped frequency.
func TestLowpassHasButterworthGain(t *testing.T) {
	const n, rate, corner, order = 4096, 100.0, 12.0, 5
	f, err := dsp.Butterworth(dsp.Lowpass, order, corner, 0, rate)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, n)
	x[0] = 1
	f.Apply(x)
	for k, c := range dsp.NewFFT(n).Coefficients(nil, x, nil) {
		ratio := math.Tan(math.Pi*float64(k)/n) / math.Tan(math.Pi*corner/rate)
		want := 1 / math.Sqrt(1+math.Pow(ratio, 2*order))
		if got := cmplx.Abs(c); math.Abs(got-want) > 1e-12 {
			t.Fatalf("gain at %g Hz is %g, want %g", float64(k)*rate/n, got, want)
		}
	}
}

func TestFilterIsLinear(t *testing.T) {
	f, err := dsp.Butterworth(dsp.Bandpass, 4, 0.5, 9, 100)
	if err != nil {
		t.Fatal(err)
	}
	x, y, sum := series(300), series(300), make([]float64, 300)
	slices.Reverse(y)
	for i := range sum {
		sum[i] = 2*x[i] - 3*y[i]
	}
	f.ApplyZeroPhase(x)
	f.ApplyZeroPhase(y)
	f.ApplyZeroPhase(sum)
	for i := range sum {
		if d := math.Abs(sum[i] - (2*x[i] - 3*y[i])); d > 1e-9 { // of inputs up to 5000
			t.Fatalf("sample %d differs by %g", i, d)
		}
	}
}

func TestZeroPhaseIsTheSameBackward(t *testing.T) {
	f, err := dsp.Butterworth(dsp.Highpass, 2, 3, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 2001) // long enough for the response to die out at both ends
	x[1000] = 1
	f.ApplyZeroPhase(x)
	y := slices.Clone(x)
	slices.Reverse(y)
	if d := worst(x, y); d > 1e-15 {
		t.Errorf("response to a spike in the middle is not symmetric: %g", d)
	}
}

func TestFilterOfAwkwardInput(t *testing.T) {
	f, err := dsp.Butterworth(dsp.Bandpass, 4, 0.5, 9, 100)
	if err != nil {
		t.Fatal(err)
	}
	f.ApplyZeroPhase(nil)
	one := []float64{3}
	f.Apply(one)
	want := 3.0
	for _, s := range f {
		want = float64(s.B0 * want)
	}
	if one[0] != want {
		t.Errorf("one sample gives %g, want %g", one[0], want)
	}
	zero := make([]float64, 100)
	f.ApplyZeroPhase(zero)
	if peak(zero) != 0 {
		t.Error("zeros do not stay zeros")
	}
	x := series(50)
	clean := series(50)
	x[20] = math.NaN()
	f.Apply(x)
	f.Apply(clean)
	if worst(x[:20], clean[:20]) != 0 || !math.IsNaN(x[20]) || !math.IsNaN(x[49]) {
		t.Error("a NaN must spread to all later samples of a pass, and to no earlier one")
	}
	dsp.Filter(nil).Apply(clean)
}

func TestButterworthRefusesImpossibleDesigns(t *testing.T) {
	for _, c := range []struct {
		kind         dsp.Kind
		order        int
		f1, f2, rate float64
	}{
		{dsp.Lowpass, 0, 1, 0, 100},
		{dsp.Lowpass, 101, 1, 0, 100},
		{dsp.Lowpass, 4, 0, 0, 100},
		{dsp.Lowpass, 4, 50, 0, 100},
		{dsp.Highpass, 4, -1, 0, 100},
		{dsp.Highpass, 4, math.NaN(), 0, 100},
		{dsp.Bandpass, 4, 1, 50, 100},
		{dsp.Bandpass, 4, 2, 2, 100},
		{dsp.Bandstop, 4, 3, 2, 100},
		{dsp.Bandpass, 4, 1, math.NaN(), 100},
		{dsp.Lowpass, 4, 1, 0, 0},
		{dsp.Lowpass, 4, 1, 0, math.NaN()},
		{dsp.Kind(7), 4, 1, 2, 100},
	} {
		if f, err := dsp.Butterworth(c.kind, c.order, c.f1, c.f2, c.rate); !errors.Is(err, dsp.ErrFilter) || f != nil {
			t.Errorf("%v order %d from %g to %g Hz at %g Hz: %v, %v", c.kind, c.order, c.f1, c.f2, c.rate, f, err)
		}
	}
}

func TestEveryAllowedOrderGivesFiniteSections(t *testing.T) {
	for order := 1; order <= 100; order++ {
		for kind := dsp.Lowpass; kind <= dsp.Bandstop; kind++ {
			f, err := dsp.Butterworth(kind, order, 0.08, 37.5, 100)
			if err != nil {
				if !errors.Is(err, dsp.ErrFilter) {
					t.Errorf("%v of order %d: %v", kind, order, err)
				}
				continue
			}
			for _, row := range coefficients(f) {
				for _, v := range row {
					if math.IsNaN(v) || math.IsInf(v, 0) {
						t.Fatalf("%v of order %d: %v", kind, order, f)
					}
				}
			}
		}
	}
}
