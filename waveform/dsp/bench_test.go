package dsp_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

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
