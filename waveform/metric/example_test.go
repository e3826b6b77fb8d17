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
