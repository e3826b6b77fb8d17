package spectrum_test

import (
	"errors"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// With a window of ones and no overlap, the density integrates to the mean square of
// the samples used, exactly.
func TestDensityIntegratesToTheMeanSquare(t *testing.T) {
	const dt = 0.04
	for _, length := range []int{1, 2, 50, 51} {
		x := series(10 * length)
		want := 0.0
		for _, v := range x {
			want += v * v / float64(len(x))
		}
		o := spectrum.WelchOptions{Length: length, Window: filled(length, 2), Detrend: spectrum.DetrendNone}
		got := 0.0
		for _, p := range density(t, o, x, dt) {
			got += p / (float64(length) * dt)
		}
		if math.Abs(got/want-1) > 1e-13 {
			t.Errorf("length %d: %g, want %g", length, got, want)
		}
	}
}

func TestDensityDoesNotSeeTheTrend(t *testing.T) {
	x := series(1000)
	for trend, slope := range map[spectrum.Detrend]float64{spectrum.DetrendMean: 0, spectrum.DetrendLinear: 7} {
		o := spectrum.WelchOptions{Length: 100, Overlap: 50, Detrend: trend}
		want := density(t, o, x, 1)
		for k, v := range density(t, o, shifted(1000, 1000, slope), 1) {
			if math.Abs(v/want[k]-1) > 1e-8 {
				t.Errorf("trend %d, bin %d: %g, want %g", trend, k, v, want[k])
			}
		}
	}
}

func TestSubSegmentsAreCounted(t *testing.T) {
	w, err := spectrum.NewWelch(spectrum.WelchOptions{Length: 100, Overlap: 75})
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, spectrum.Bins(100))
	for n, want := range map[int]int{0: 0, 99: 0, 100: 1, 124: 1, 125: 2, 400: 13} {
		got := w.Density(dst, series(n), 1, new(dsp.Plans), new(dsp.Scratch))
		if got != want || w.Segments(n) != want || allNaN(dst) != (want == 0) {
			t.Errorf("%d samples: %d and %d sub-segments, want %d; %v ..", n, got, w.Segments(n), want, dst[0])
		}
	}
}

func TestDensityOfAwkwardInput(t *testing.T) {
	o := spectrum.WelchOptions{Length: 10}
	x := series(25)
	x[15] = math.NaN()
	if got := density(t, o, x, 1); !allNaN(got) {
		t.Errorf("NaN: %v", got)
	}
	x[15], x[24] = 0, math.NaN()
	if got := density(t, o, x, 1); math.IsNaN(got[3]) {
		t.Errorf("NaN in what is left over: %v", got)
	}
	for _, dt := range []float64{0, -1, math.NaN()} {
		if got := density(t, o, series(25), dt); !allNaN(got) {
			t.Errorf("interval %g: %v", dt, got)
		}
	}
	for k, v := range density(t, o, filled(25, 1e7), 1) {
		if v != 0 {
			t.Errorf("constant, bin %d: %g", k, v)
		}
	}
	w, _ := spectrum.NewWelch(o)
	mustPanic(t, "destination", func() { w.Density(make([]float64, 5), x, 1, new(dsp.Plans), new(dsp.Scratch)) })
}

func TestWelchRefusesWhatIsNoEstimate(t *testing.T) {
	for name, o := range map[string]spectrum.WelchOptions{
		"length": {}, "overlap": {Length: 10, Overlap: 10}, "negative": {Length: 10, Overlap: -1}, "transform": {Length: 10, NFFT: 9},
		"trend": {Length: 10, Detrend: 9}, "window": {Length: 10, Window: filled(9, 1)}, "zeros": {Length: 10, Window: filled(10, 0)},
		"NaN": {Length: 2, Window: []float64{1, math.NaN()}},
	} {
		if _, err := spectrum.NewWelch(o); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTapersOfFewSamples(t *testing.T) {
	if w := spectrum.Hann(1); w[0] != 1 {
		t.Errorf("Hann of one sample: %v", w)
	}
	if len(spectrum.Hann(0)) != 0 || len(spectrum.CosineTaper(0, 0.1)) != 0 {
		t.Error("windows of nothing")
	}
	for n, want := range map[int][]float64{1: {0}, 2: {0, 0}, 3: {0, 1, 0}, 4: {0, 1, 1, 0}} {
		got := spectrum.CosineTaper(n, 0.1)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%d samples: %v, want %v", n, got, want)
			}
		}
	}
	mustPanic(t, "fraction", func() { spectrum.CosineTaper(10, 0.6) })
	mustPanic(t, "no fraction", func() { spectrum.CosineTaper(10, 0) })
}
