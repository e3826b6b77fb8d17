package metric_test

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/metric"
)

// Two horizontal components, a burst of 2 Hz at 100 Hz, the second weaker and later.
func Example() {
	const dt = 0.01
	a1, a2 := make([]float64, 2000), make([]float64, 2000)
	for i := range a1 {
		at := float64(i) * dt
		a1[i] = math.Exp(-(at-8)*(at-8)) * math.Sin(4*math.Pi*at)
		a2[i] = 0.5 * math.Exp(-(at-9)*(at-9)) * math.Sin(4*math.Pi*at)
	}
	pga, at := metric.Peak(a1)
	fmt.Printf("PGA %.3f m/s^2 after %.2f s\n", pga, float64(at)*dt)
	fmt.Printf("Arias %.4f m/s, CAV %.3f m/s, D5-75 %.2f s\n",
		metric.Arias(a1, dt), metric.CAV(a1, dt), metric.SignificantDuration(a1, dt, 0.05, 0.75))

	// Once for each worker:
	var plans dsp.Plans
	var scratch dsp.Scratch
	spectra, err := metric.NewSpectra(metric.SpectraOptions{Periods: []float64{0.05, 0.5, 5}}, &plans, &scratch)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := metric.NewPairSpectra(spectra.Len())

	// For each record:
	factor := spectra.Pair(p, a1, a2, dt)
	fmt.Printf("upsampled by %d\n", factor)
	for i, period := range []float64{0.05, 0.5, 5} {
		fmt.Printf("%4g s: PSA %.3f and %.3f, RotD50 %.3f, RotD100 %.3f m/s^2\n",
			period, p.PSA1[i], p.PSA2[i], p.RotD50[i], p.RotD100[i])
	}
	// Output:
	// PGA 0.984 m/s^2 after 7.88 s
	// Arias 0.1004 m/s, CAV 1.127 m/s, D5-75 1.21 s
	// upsampled by 4
	// 0.05 s: PSA 0.995 and 0.497, RotD50 0.760, RotD100 1.022 m/s^2
	//  0.5 s: PSA 5.614 and 2.807, RotD50 4.427, RotD100 5.832 m/s^2
	//    5 s: PSA 0.010 and 0.005, RotD50 0.008, RotD100 0.011 m/s^2
}

// Absolute and pseudo-spectral acceleration for two dampings, and their medians over all rotations.
func ExampleBank_Rotated() {
	const dt = 0.01
	a1, a2 := make([]float64, 2000), make([]float64, 2000)
	for i := range a1 {
		at := float64(i) * dt
		a1[i] = math.Exp(-(at-8)*(at-8)) * math.Sin(4*math.Pi*at)
		a2[i] = 0.5 * math.Exp(-(at-9)*(at-9)) * math.Sin(4*math.Pi*at)
	}
	// Once, for all workers:
	bank, err := metric.NewBank(metric.SpectraOptions{Periods: []float64{0.2, 0.5}, Dampings: []float64{0.05, 0.2}}, dt)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Once for each worker:
	scratch := metric.NewScratch(new(dsp.Plans), new(dsp.Scratch))
	r := metric.NewRotatedSpectra(bank.Len(), metric.PSA|metric.SA, 0.5)

	// For each record:
	bank.Rotated(r, a1, a2, scratch)
	for i := range bank.Len() {
		fmt.Printf("PSA %.3f and %.3f, RotD50 %.3f, SA RotD50 %.3f, geometric mean %.3f m/s^2\n",
			r.First.PSA[i], r.Second.PSA[i], r.Over[0].PSA[i], r.Over[0].SA[i], metric.GeometricMean(r.First.PSA[i], r.Second.PSA[i]))
	}
	// Output:
	// PSA 1.174 and 0.587, RotD50 0.897, SA RotD50 0.897, geometric mean 0.830 m/s^2
	// PSA 5.614 and 2.807, RotD50 4.427, SA RotD50 4.449, geometric mean 3.970 m/s^2
	// PSA 1.155 and 0.578, RotD50 0.882, SA RotD50 0.893, geometric mean 0.817 m/s^2
	// PSA 2.237 and 1.119, RotD50 1.718, SA RotD50 1.850, geometric mean 1.582 m/s^2
}

// A sine of 1 s in counts, cut off at 90 % of its amplitude.
func ExampleDetectClipping() {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = max(-90000, min(90000, 1e5*math.Sin(2*math.Pi*float64(i)*0.01)))
	}
	c := metric.DetectClipping(x, metric.ClippingRules{})
	fmt.Printf("clipped %v from sample %d: %d flat tops of up to %d samples, at %g and %g counts\n",
		c.Clipped, c.First, c.FlatTops, c.LongestFlat, c.Low, c.High)
	// Output:
	// clipped true from sample 18: 20 flat tops of up to 15 samples, at -90000 and 90000 counts
}
