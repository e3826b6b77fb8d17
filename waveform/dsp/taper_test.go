package dsp_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

func TestTaperHannIsTheWindowOfObsPy(t *testing.T) {
	ref := agree.Reference{Function: "dsp.TaperHann", Source: "ObsPy 1.5.0 Trace.taper hann", Measure: "peak", Within: 1e-15}
	for _, want := range readGolden(t).Hann {
		x := constant(want.N, 1)
		dsp.TaperHann(x, dsp.TaperWidth(want.N, want.Fraction, want.Seconds, 100))
		ref.Trace(t, fmt.Sprintf("%d samples, fraction %g, at most %g s", want.N, want.Fraction, want.Seconds), x, want.Window)
	}
}

func TestTaperSineIsTheWindowOfObsPy(t *testing.T) {
	ref := agree.Reference{Function: "dsp.TaperSine", Source: "ObsPy 1.5.0 invsim.cosine_taper", Measure: "peak", Within: 1e-15}
	for _, want := range readGolden(t).Sine {
		x := constant(want.N, 1)
		dsp.TaperSine(x, want.Fraction)
		ref.Trace(t, fmt.Sprintf("%d samples, fraction %g", want.N, want.Fraction), x, want.Window)
	}
}

func TestTaperWidthTakesTheLeastLimit(t *testing.T) {
	for _, c := range []struct {
		n                       int
		fraction, seconds, rate float64
		want                    int
	}{
		{1000, 0.05, 3, 100, 50},
		{100000, 0.05, 3, 100, 300},
		{100000, 0.05, 0, 100, 5000},
		{1000, 0.7, 0, 100, 500},
		{1001, 0.7, 0, 100, 500},
		{19, 0.05, 3, 100, 0},
		{0, 0.05, 3, 100, 0},
		{1000, 0, 3, 100, 0},
		{1000, -1, 3, 100, 0},
	} {
		if got := dsp.TaperWidth(c.n, c.fraction, c.seconds, c.rate); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestTapersAreSymmetricAndLeaveTheMiddle(t *testing.T) {
	for _, n := range []int{100, 101} {
		for name, taper := range map[string]func([]float64){
			"hann": func(x []float64) { dsp.TaperHann(x, 20) },
			"sine": func(x []float64) { dsp.TaperSine(x, 0.4) },
		} {
			x := constant(n, 1)
			taper(x)
			for i, v := range x {
				if v != x[n-1-i] || v < 0 || v > 1 {
					t.Fatalf("%s of %d: sample %d is %g, its mirror image %g", name, n, i, v, x[n-1-i])
				}
				if i >= 20 && i < n-20 && v != 1 {
					t.Fatalf("%s of %d: sample %d in the middle is %g", name, n, i, v)
				}
			}
			if x[0] != 0 || x[n-1] != 0 {
				t.Errorf("%s of %d: the ends are %g and %g", name, n, x[0], x[n-1])
			}
		}
	}
}

func TestTaperOfAwkwardInput(t *testing.T) {
	dsp.TaperHann(nil, 0)
	dsp.TaperSine(nil, 0.05)
	for n := 1; n < 4; n++ {
		x := constant(n, 5)
		dsp.TaperHann(x, 0)
		if dsp.Mean(x) != 5 {
			t.Errorf("width 0 changes %d samples: %v", n, x)
		}
		dsp.TaperSine(x, 1)
		if x[0] != 0 || x[n-1] != 0 {
			t.Errorf("sine taper of %d samples leaves %v", n, x)
		}
	}
	x := constant(10, math.NaN())
	dsp.TaperHann(x, 5)
	if !math.IsNaN(x[0]) {
		t.Error("a taper must not hide NaN")
	}
}

func TestTaperPanicsOnImpossibleWidths(t *testing.T) {
	mustPanic(t, "hann", func() { dsp.TaperHann(make([]float64, 9), 5) })
	mustPanic(t, "hann", func() { dsp.TaperHann(make([]float64, 9), -1) })
	mustPanic(t, "sine", func() { dsp.TaperSine(make([]float64, 9), 0) })
	mustPanic(t, "sine", func() { dsp.TaperSine(make([]float64, 9), 1.5) })
}

func mustPanic(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", name)
		}
	}()
	f()
}
