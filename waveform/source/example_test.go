package source_test

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform/source"
)

// A spectrum of acceleration 20 km from an earthquake, with some scatter, and what it says.
func Example() {
	m, err := source.New(source.Options{Distance: 20e3, Q: 180, QExponent: 0.45})
	if err != nil {
		fmt.Println(err)
		return
	}
	var freqs []float64
	for i := range 80 {
		freqs = append(freqs, 0.1*math.Pow(1.07, float64(i)))
	}
	spectrum := make([]float64, len(freqs)) // m/s
	m.Spectrum(spectrum, freqs, source.Source{Moment: 2e15, Corner: 1.4, Kappa: 0.035})
	for i := range spectrum {
		spectrum[i] *= math.Exp(0.2 * math.Sin(float64(i*i)))
	}

	fit, err := m.Fit(freqs, spectrum, nil, source.FitOptions{From: 0.2, Until: 20, FreeKappa: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("Mw %.2f, corner %.2f Hz +- %.0f %%, stress drop %.2f MPa, kappa %.3f s\n",
		fit.Magnitude, fit.Corner, 100*fit.LnCorner, fit.StressDrop/1e6, fit.Kappa)
	fmt.Printf("%d frequencies, misfit %.2f, R2 %.3f\n", fit.Frequencies, fit.RMS, fit.R2)
	// Output:
	// Mw 4.13, corner 1.41 Hz +- 4 %, stress drop 0.92 MPa, kappa 0.034 s
	// 68 frequencies, misfit 0.14, R2 0.976
}

// The largest amplitude on the traces of three Wood-Anderson seismographs, m.
func ExampleScale() {
	var stations []source.StationMagnitude
	for _, s := range []struct{ amplitude, distance, correction float64 }{
		{1.2e-3, 40e3, 0.05}, {0.31e-3, 95e3, -0.1}, {4e-3, 4e3, 0},
	} {
		m, err := source.IASPEI().Station(s.amplitude, s.distance, s.correction)
		if err != nil {
			fmt.Println(err)
			return
		}
		stations = append(stations, m)
		fmt.Printf("%.2f %v\n", m.Value, m.OutOfRange)
	}
	event, err := source.Network(stations)
	fmt.Printf("ML %.2f of %d stations, %v\n", event.Value, event.Stations, err)
	// Output:
	// 2.58 false
	// 2.36 false
	// 1.87 true
	// ML 2.47 of 2 stations, <nil>
}
