package dsp_test

import (
	"fmt"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// benchmarked are lengths of five minutes of 100 Hz data, padded: fast ones, one with
// middling prime factors, ones with large factors, a prime, and a day and one sample.
var benchmarked = []int{1 << 15, 30000, 2 * 13 * 17 * 59, 2 * 32 * 431, 60006, 30011, 8640001}

// reportSamples says how many samples a second a benchmark of n samples a turn works on.
func reportSamples(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

func BenchmarkCoefficients(b *testing.B) {
	var scratch dsp.Scratch
	for _, n := range benchmarked {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			plan, x := dsp.NewFFT(n), series(n)
			c := plan.Coefficients(nil, x, &scratch) // scratch grows
			b.ReportAllocs()
			for b.Loop() {
				plan.Coefficients(c, x, &scratch)
			}
			reportSamples(b, n)
		})
	}
}

func BenchmarkSequence(b *testing.B) {
	var scratch dsp.Scratch
	for _, n := range benchmarked {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			plan, x := dsp.NewFFT(n), series(n)
			c := plan.Coefficients(nil, x, &scratch)
			b.ReportAllocs()
			for b.Loop() {
				plan.Sequence(x, c, &scratch)
			}
			reportSamples(b, n)
		})
	}
}

// One plan and a scratch for each goroutine.
func BenchmarkCoefficientsInParallel(b *testing.B) {
	const n = 30000
	var plans dsp.Plans
	plans.FFT(n)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		var scratch dsp.Scratch
		x, c := series(n), make([]complex128, n/2+1)
		for pb.Next() {
			plans.FFT(n).Coefficients(c, x, &scratch)
		}
	})
	reportSamples(b, n)
}

func BenchmarkNewFFT(b *testing.B) {
	for _, n := range benchmarked {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dsp.NewFFT(n)
			}
			reportSamples(b, n)
		})
	}
}

// A plan that is there, among others used later.
func BenchmarkPlans(b *testing.B) {
	var plans dsp.Plans
	for n := 90; n <= 100; n++ {
		plans.FFT(n)
	}
	b.ReportAllocs()
	for b.Loop() {
		plans.FFT(95)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "plans/s")
}

func BenchmarkUpsample(b *testing.B) {
	const n = 30000
	for _, k := range []int{2, 5, 10} {
		b.Run(fmt.Sprint(n, "by", k), func(b *testing.B) {
			var plans dsp.Plans
			var scratch dsp.Scratch
			x, dst := series(n), make([]float64, dsp.UpsampledLen(n, k))
			dsp.Upsample(dst, x, k, &plans, &scratch)
			b.ReportAllocs()
			for b.Loop() {
				dsp.Upsample(dst, x, k, &plans, &scratch)
			}
			reportSamples(b, n)
		})
	}
}
