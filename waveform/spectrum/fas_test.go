package spectrum_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Errorf("%s: no panic", what)
		}
	}()
	f()
}

func allNaN(x []float64) bool {
	for _, v := range x {
		if !math.IsNaN(v) {
			return false
		}
	}
	return true
}

// Parseval: the integral of x^2 over time is that of the squared spectrum over all
// frequencies, negative ones too, whatever the padding.
func TestFASKeepsTheEnergy(t *testing.T) {
	const dt = 0.02
	for _, c := range [][2]int{{100, 100}, {101, 101}, {101, 256}, {50, 333}, {1, 1}} {
		n, nfft := c[0], c[1]
		x, want := series(n), 0.0
		for _, v := range x {
			want += v * v * dt
		}
		got := 0.0
		for k, a := range fasOf(x, dt, nfft) {
			sides := 2.0
			if k == 0 || 2*k == nfft {
				sides = 1
			}
			got += sides * a * a / (float64(nfft) * dt)
		}
		if math.Abs(got/want-1) > 1e-14 {
			t.Errorf("%d samples, transform of %d: energy %g, want %g", n, nfft, got, want)
		}
	}
}

func TestFrequenciesReachNyquistOfEvenLengthsOnly(t *testing.T) {
	even, odd := spectrum.Frequencies(nil, 8, 0.01), spectrum.Frequencies(nil, 7, 0.01)
	if len(even) != 5 || even[4] != 50 || even[1] != 12.5 || even[0] != 0 {
		t.Errorf("transform of 8: %v", even)
	}
	if len(odd) != 4 || math.Abs(odd[3]-300./7) > 1e-13 {
		t.Errorf("transform of 7: %v", odd)
	}
}

func TestFASOfAwkwardInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, x := range map[string][]float64{"empty": {}, "NaN": {1, nan, 2}, "infinite": {1, inf, 2}, "last": {1, 2, -inf}} {
		if got := fasOf(x, 0.01, 8); !allNaN(got) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for k, v := range fasOf(make([]float64, 5), 0.01, 8) {
		if v != 0 {
			t.Errorf("zeros: bin %d is %v", k, v)
		}
	}
	var plans dsp.Plans
	var scratch dsp.Scratch
	mustPanic(t, "short transform", func() { spectrum.FAS(make([]float64, 4), make([]float64, 8), 1, 7, &plans, &scratch) })
	mustPanic(t, "no transform", func() { spectrum.FAS(make([]float64, 1), nil, 1, 0, &plans, &scratch) })
	mustPanic(t, "short destination", func() { spectrum.FAS(make([]float64, 4), make([]float64, 8), 1, 8, &plans, &scratch) })
	mustPanic(t, "frequencies", func() { spectrum.Frequencies(make([]float64, 4), 8, 1) })
}
