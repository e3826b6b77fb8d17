package dsp_test

import (
	"fmt"
	"math"
	"math/cmplx"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// The frequency at which a series is strongest. The Plans is for all goroutines, the Scratch
// for this one.
func ExampleFFT() {
	const rate = 100.0 // Hz
	x := make([]float64, 1499)
	for i := range x {
		x[i] = math.Sin(2 * math.Pi * 12.5 * float64(i) / rate)
	}

	var plans dsp.Plans
	var scratch dsp.Scratch
	plan := plans.FFT(dsp.NextFast(len(x)))
	samples := scratch.Samples(plan.Len())
	clear(samples[copy(samples, x):])
	spectrum := plan.Coefficients(scratch.Spectrum(plan.Bins()), samples, &scratch)

	at := 0
	for k, c := range spectrum {
		if cmplx.Abs(c) > cmplx.Abs(spectrum[at]) {
			at = k
		}
	}
	fmt.Printf("%d samples padded to %d: %.1f Hz\n", len(x), plan.Len(), float64(at)*rate/float64(plan.Len()))
	// Output: 1499 samples padded to 1500: 12.5 Hz
}
