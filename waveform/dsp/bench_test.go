package dsp_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// plain are the kernels that need no plans, on x and a destination of its length.
func plain(t testing.TB) []struct {
	name  string
	apply func(dst, x []float64)
} {
	t.Helper()
	f, err := dsp.Butterworth(dsp.Bandpass, 4, 0.08, 37.5, 100)
	if err != nil {
		t.Fatal(err)
	}
	return []struct {
		name  string
		apply func(dst, x []float64)
	}{
		{"Mean", func(_, x []float64) { dsp.Mean(x) }},
		{"Demean", func(_, x []float64) { dsp.Demean(x) }},
		{"DetrendSimple", func(_, x []float64) { dsp.DetrendSimple(x) }},
		{"DetrendLinear", func(_, x []float64) { dsp.DetrendLinear(x) }},
		{"TaperHann", func(_, x []float64) { dsp.TaperHann(x, len(x)/20) }},
		{"TaperSine", func(_, x []float64) { dsp.TaperSine(x, 0.1) }},
		{"Filter.Apply", func(_, x []float64) { f.Apply(x) }},
		{"Filter.ApplyZeroPhase", func(_, x []float64) { f.ApplyZeroPhase(x) }},
		{"CumTrapezoid", func(dst, x []float64) { dsp.CumTrapezoid(dst, x, 0.01) }},
		{"STALTAClassic", func(dst, x []float64) { dsp.STALTAClassic(dst, x, 50, 1000) }},
		{"STALTARecursive", func(dst, x []float64) { dsp.STALTARecursive(dst, x, 50, 1000) }},
	}
}

// Five minutes at 100 Hz. Most of these work in place: each turn starts from a copy, as
// what is tapered or filtered again and again becomes numbers too small to be quick.
func BenchmarkPlain(b *testing.B) {
	const n = 30000
	given, x, dst := series(n), make([]float64, n), make([]float64, n)
	for _, k := range plain(b) {
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				copy(x, given)
				k.apply(dst, x)
			}
			reportSamples(b, n)
		})
	}
}

func TestPlainKernelsDoNotAllocate(t *testing.T) {
	x, dst := series(2000), make([]float64, 2000)
	for _, k := range plain(t) {
		if n := testing.AllocsPerRun(5, func() { k.apply(dst, x) }); n != 0 {
			t.Errorf("%s: %g allocations", k.name, n)
		}
	}
}

// What is made once for many traces.
func BenchmarkDesigns(b *testing.B) {
	for name, design := range map[string]func() error{
		"Butterworth":          func() error { _, err := dsp.Butterworth(dsp.Bandpass, 4, 0.08, 37.5, 100); return err },
		"NewDecimator":         func() error { _, err := dsp.NewDecimator(5); return err },
		"Chebyshev2":           func() error { _, err := dsp.Chebyshev2(12, 8, 96, 100); return err },
		"Chebyshev2Order":      func() error { _, _, err := dsp.Chebyshev2Order(5, 8, 1, 96, 100); return err },
		"AmplitudeButterworth": func() error { _, err := dsp.AmplitudeButterworth(dsp.Highpass, 5, 0.1, 0, 100); return err },
		"ToZNE": func() error {
			_, err := dsp.ToZNE(dsp.Orientation{Dip: -90}, dsp.Orientation{Azimuth: 3}, dsp.Orientation{Azimuth: 93})
			return err
		},
		"ToNE":      func() error { _, err := dsp.ToNE(3, 93); return err },
		"NEToRT":    func() error { dsp.NEToRT(30); return nil },
		"RTToNE":    func() error { dsp.RTToNE(30); return nil },
		"ZNEToLQT":  func() error { dsp.ZNEToLQT(30, 20); return nil },
		"LQTToZNE":  func() error { dsp.LQTToZNE(30, 20); return nil },
		"NextFast":  func() error { dsp.NextFast(8640001); return nil },
		"RateRatio": func() error { dsp.RateRatio(100, 62.5); return nil },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := design(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "designs/s")
		})
	}
}
