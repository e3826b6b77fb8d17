package dsp_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func TestSTALTAEqualsObsPyBitForBit(t *testing.T) {
	for _, want := range readGolden(t).Ratios {
		x := series(300)
		for i := 100; i < 120; i++ {
			x[i] *= 16
		}
		got := make([]float64, len(x))
		dsp.STALTAClassic(got, x, want.Nsta, want.Nlta)
		if d := worst(got, want.Classic); d != 0 {
			t.Errorf("classic %d/%d differs by %g", want.Nsta, want.Nlta, d)
		}
		if want.Nlta == len(x) {
			continue // the reference does not blank the first samples then
		}
		dsp.STALTARecursive(got, x, want.Nsta, want.Nlta)
		if d := worst(got, want.Recursive); d != 0 {
			t.Errorf("recursive %d/%d differs by %g", want.Nsta, want.Nlta, d)
		}
	}
}

// The definition, each mean summed up anew.
func TestSTALTAClassicIsTheRatioOfTwoMeans(t *testing.T) {
	const nsta, nlta = 3, 20
	x := series(100)
	energy := func(last, n int) float64 {
		sum := 0.0
		for _, v := range x[last+1-n : last+1] {
			sum += v * v / float64(n)
		}
		return sum
	}
	got := make([]float64, len(x))
	dsp.STALTAClassic(got, x, nsta, nlta)
	for i, v := range got {
		want := 0.0
		if i >= nlta-1 {
			want = energy(i, nsta) / energy(i, nlta)
		}
		if math.Abs(v-want) > 1e-12 {
			t.Fatalf("sample %d: %g, want %g", i, v, want)
		}
	}
}

func TestSTALTADoesNotDependOnTheScale(t *testing.T) {
	x, y := series(200), series(200)
	for i := range y {
		y[i] *= 0x1p-40 // a power of two changes no digit
	}
	a, b := make([]float64, 200), make([]float64, 200)
	dsp.STALTAClassic(a, x, 5, 50)
	dsp.STALTAClassic(b, y, 5, 50)
	if d := worst(a, b); d != 0 {
		t.Errorf("classic differs by %g", d)
	}
	dsp.STALTARecursive(a, x, 5, 50)
	dsp.STALTARecursive(b, y, 5, 50)
	if d := worst(a, b); d != 0 {
		t.Errorf("recursive differs by %g", d)
	}
}

func TestSTALTAOfAwkwardInput(t *testing.T) {
	for name, f := range map[string]func(dst, x []float64, nsta, nlta int){
		"classic": dsp.STALTAClassic, "recursive": dsp.STALTARecursive,
	} {
		f(nil, nil, 1, 2)
		dst := constant(3, 9)
		f(dst, []float64{1, 2, 3}, 2, 10)
		if peak(dst) != 0 {
			t.Errorf("%s of fewer samples than the long window: %v, want zeros", name, dst)
		}
		dst = constant(30, 9)
		f(dst, make([]float64, 30), 2, 10)
		if peak(dst) != 0 {
			t.Errorf("%s of silence: %v, want zeros", name, dst)
		}
		x := constant(30, 1)
		x[20] = math.NaN()
		f(dst, x, 2, 10)
		if math.IsNaN(dst[19]) || !math.IsNaN(dst[20]) || !math.IsNaN(dst[29]) {
			t.Errorf("%s: a NaN must spread to all later samples and to no earlier one: %v", name, dst)
		}
		mustPanic(t, name, func() { f(dst, x[:5], 2, 10) })
		mustPanic(t, name, func() { f(dst, x, 0, 10) })
		mustPanic(t, name, func() { f(dst, x, 11, 10) })
	}
}

func TestSTALTAClassicOfAConstantIsOne(t *testing.T) {
	dst := make([]float64, 50)
	dsp.STALTAClassic(dst, constant(50, 3), 4, 16)
	for i, v := range dst[15:] {
		if v != 1 {
			t.Fatalf("sample %d: %g", i+15, v)
		}
	}
}
