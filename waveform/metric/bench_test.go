package metric

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// periods21 are the periods of the default recipe.
var periods21 = []float64{0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10}

func newSpectra(tb testing.TB, o SpectraOptions) *Spectra {
	tb.Helper()
	s, err := NewSpectra(o, new(dsp.Plans), new(dsp.Scratch))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func BenchmarkOscillator(b *testing.B) {
	a := quake(130000, 1)
	o1, _ := NewOscillator(0.05, 0.05, 0.0005)
	o2, _ := NewOscillator(0.1, 0.05, 0.0005)
	y1, y2 := make([]float64, len(a)), make([]float64, len(a))
	perStep := func(b *testing.B, steps int) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(steps), "ns/step")
	}
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			o1.PSA(a)
		}
		perStep(b, len(a))
	})
	b.Run("two", func(b *testing.B) {
		for b.Loop() {
			psa2(&o1, &o2, a)
		}
		perStep(b, 2*len(a))
	})
	b.Run("pair", func(b *testing.B) {
		for b.Loop() {
			o1.traces(y1, y2, a, a)
		}
		perStep(b, 2*len(a))
	})
}

// A record of 65 s at 100 Hz, the 21 periods of the default recipe.
func BenchmarkSpectra(b *testing.B) {
	a1, a2 := quake(6500, 1), quake(6500, 2)
	s := newSpectra(b, SpectraOptions{Periods: periods21})
	dst := NewPairSpectra(s.Len())
	b.Run("upsample", func(b *testing.B) {
		b.ReportAllocs()
		s.prepare(0.01)
		for b.Loop() {
			s.upsample(0, a1)
		}
	})
	b.Run("PSA", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.PSA(dst.PSA1, a1, 0.01)
		}
	})
	b.Run("Pair", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Pair(dst, a1, a2, 0.01)
		}
	})
}

func BenchmarkRotD(b *testing.B) {
	a1, a2 := quake(130000, 1), quake(130000, 2)
	o, _ := NewOscillator(0.05, 0.05, 0.0005)
	y1, y2 := make([]float64, len(a1)), make([]float64, len(a1))
	o.traces(y1, y2, a1, a2)
	var r Rotator
	b.Run("pruned", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.RotD(y1, y2)
		}
		b.ReportMetric(float64(len(r.near1)), "near")
	})
	b.Run("brute", func(b *testing.B) {
		for b.Loop() {
			bruteRotD(y1, y2)
		}
	})
}
