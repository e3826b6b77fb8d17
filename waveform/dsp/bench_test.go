package dsp_test

import (
	"fmt"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Lengths of about a minute and a half of 100 Hz data, padded: fast, with middling
// prime factors, and with a large one.
func BenchmarkCoefficients(b *testing.B) {
	var scratch dsp.Scratch
	for _, n := range []int{1 << 15, 30000, 2 * 13 * 17 * 59, 2 * 32 * 431} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			plan, x, c := dsp.NewFFT(n), series(n), make([]complex128, n/2+1)
			b.SetBytes(int64(8 * n))
			for b.Loop() {
				plan.Coefficients(c, x, &scratch)
			}
		})
	}
}

func BenchmarkNewFFT(b *testing.B) {
	for _, n := range []int{1 << 15, 2 * 32 * 431} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				dsp.NewFFT(n)
			}
		})
	}
}

func BenchmarkApplyZeroPhase(b *testing.B) {
	f, err := dsp.Butterworth(dsp.Bandpass, 4, 0.08, 37.5, 100)
	if err != nil {
		b.Fatal(err)
	}
	x := series(10000)
	b.SetBytes(int64(8 * len(x)))
	for b.Loop() {
		f.ApplyZeroPhase(x)
	}
}
