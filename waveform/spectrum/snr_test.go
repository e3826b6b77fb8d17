package spectrum_test

import (
	"errors"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

func newSNR(t testing.TB, o spectrum.SNROptions) *spectrum.SNR {
	t.Helper()
	smoothers, err := spectrum.NewSmoothers(spectrum.SmootherOptions{Bandwidth: 20, Reach: 3})
	if err != nil {
		t.Fatal(err)
	}
	s, err := spectrum.NewSNR(smoothers, o, new(dsp.Plans), new(dsp.Scratch))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func times(x []float64, factor float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = factor * v
	}
	return y
}

func ratio(t *testing.T, o spectrum.SNROptions, signal, noise []float64) []float64 {
	t.Helper()
	freqs, snr, err := newSNR(t, o).Spectrum(signal, noise, 0.01)
	if err != nil || len(freqs) != len(snr) || len(freqs) != 301 {
		t.Fatalf("%d frequencies, %d ratios, %v", len(freqs), len(snr), err)
	}
	return snr
}

func TestSNRTakesTheNoiseOffTheSignal(t *testing.T) {
	noise := series(3000)
	for i, v := range ratio(t, spectrum.SNROptions{}, times(noise, 5), noise) {
		if !math.IsNaN(v) && math.Abs(v-4) > 1e-12 {
			t.Errorf("ratio %d of five times the noise is %v, want 4", i, v)
		}
	}
	for i, v := range ratio(t, spectrum.SNROptions{}, times(noise, 0.5), noise) {
		if !math.IsNaN(v) && math.Abs(v+0.5) > 1e-12 {
			t.Errorf("ratio %d of half the noise is %v, want -0.5", i, v)
		}
	}
}

func TestSNRIsOfTheFluctuationsOnly(t *testing.T) {
	noise := series(3000)
	signal := times(noise, 3)
	for i := range signal {
		signal[i] += 1e6
	}
	for i, v := range ratio(t, spectrum.SNROptions{}, signal, noise) {
		if !math.IsNaN(v) && math.Abs(v-2) > 1e-8 {
			t.Errorf("ratio %d with an offset is %v, want 2", i, v)
		}
	}
}

// Four times as long a window of the same noise has twice the amplitude spectrum: a
// ratio of (2-1)/1 as the windows are, of 0 where the noise is grown to it. Over 301 smoothed
// values the means scatter by a few percent.
func TestGrownNoiseLeavesNothingOfALongerWindow(t *testing.T) {
	all := series(20000)
	noise, signal := all[:4000], all[4000:]
	for _, c := range []struct {
		grow bool
		want float64
	}{{false, 1}, {true, 0}} {
		sum, n := 0.0, 0
		for _, v := range ratio(t, spectrum.SNROptions{GrowNoise: c.grow}, signal, noise)[150:] {
			sum, n = sum+v, n+1
		}
		if mean := sum / float64(n); math.Abs(mean-c.want) > 0.1 {
			t.Errorf("grown %v: mean ratio %.3f, want %g", c.grow, mean, c.want)
		}
	}
}

func TestSNRDoesNotDependOnWhatWasComputedBefore(t *testing.T) {
	s := newSNR(t, spectrum.SNROptions{})
	x := series(9000)
	want := ratio(t, spectrum.SNROptions{}, x[:2000], x[2000:2300])
	for _, c := range [][2]int{{8000, 9000}, {100, 20}} {
		if _, _, err := s.Spectrum(x[:c[0]], x[:c[1]], 0.005); err != nil {
			t.Fatal(err)
		}
	}
	_, got, err := s.Spectrum(x[:2000], x[2000:2300], 0.01)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if v != want[i] && !(math.IsNaN(v) && math.IsNaN(want[i])) {
			t.Errorf("ratio %d: %v, want %v", i, v, want[i])
		}
	}
	for i, v := range series(9000) {
		if x[i] != v {
			t.Fatalf("sample %d was changed", i)
		}
	}
}

func TestSNROfAwkwardInput(t *testing.T) {
	x := series(100)
	s := newSNR(t, spectrum.SNROptions{})
	for _, c := range [][2]int{{100, 9}, {9, 100}, {0, 0}, {100, 0}} {
		if _, _, err := s.Spectrum(x[:c[0]], x[:c[1]], 0.01); !errors.Is(err, spectrum.ErrShortWindow) {
			t.Errorf("windows of %v samples: %v", c, err)
		}
	}
	if _, _, err := s.Spectrum(x[:10], x[:10], 0.01); err != nil {
		t.Errorf("windows of ten samples: %v", err)
	}
	for _, dt := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, _, err := s.Spectrum(x, x, dt); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("interval %g: %v", dt, err)
		}
	}
	_, got, err := s.Spectrum(x, make([]float64, 50), 0.01)
	if err != nil || !math.IsInf(got[300], 1) {
		t.Errorf("no noise at all: %v, %v", got[300], err)
	}
	if _, got, _ = s.Spectrum(make([]float64, 50), make([]float64, 50), 0.01); !allNaN(got) {
		t.Errorf("nothing at all: %v", got)
	}
	x[50] = math.NaN()
	if _, got, _ = s.Spectrum(x, series(50), 0.01); !allNaN(got) {
		t.Errorf("NaN: %v", got)
	}
	for _, taper := range []float64{-0.1, 0.6, math.NaN()} {
		if _, err := spectrum.NewSNR(nil, spectrum.SNROptions{Taper: taper}, nil, nil); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("taper %g: %v", taper, err)
		}
	}
}
