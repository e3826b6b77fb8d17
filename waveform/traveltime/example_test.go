package traveltime_test

import (
	"fmt"
	"log/slog"

	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// When the first P and S of an earthquake near Sumatra arrive at stations near and far.
func Example() {
	earth, err := traveltime.Load("ak135") // once
	if err != nil {
		slog.Error(err.Error())
		return
	}
	const latitude, longitude, depth = 3.3, 95.98, 30e3
	stations := []struct {
		name                string
		latitude, longitude float64
	}{
		{"GSI", 1.304, 97.576}, {"KMI", 25.123, 102.740}, {"GRFO", 49.692, 11.222}, {"COLA", 64.874, -147.862},
		{"NNA", -11.988, -76.842},
	}
	for _, st := range stations {
		distance, _ := traveltime.Distance(latitude, longitude, st.latitude, st.longitude)
		fmt.Printf("%-4s %8.0f km", st.name, distance/1e3)
		for _, w := range []traveltime.Wave{traveltime.P, traveltime.S} {
			if a, ok := earth.First(w, distance, depth); ok {
				fmt.Printf("  %-5s %7.1f s", a.Phase, a.Time)
			}
		}
		fmt.Println()
	}
	// Output:
	// GSI       283 km  P        39.2 s  S        69.2 s
	// KMI      2521 km  P       298.8 s  S       545.4 s
	// GRFO     9353 km  P       748.0 s  SKS    1369.2 s
	// COLA    10872 km  P       812.2 s  SKS    1447.6 s
	// NNA     18772 km  PKP    1203.9 s  SKS    1625.4 s
}

// A model is one value to the caller, layered or not.
func ExampleModel() {
	earth, _ := traveltime.Load("iasp91")
	for _, m := range []traveltime.Model{earth, traveltime.Constant{P: 6500, S: 3700}} {
		a, ok := m.First(traveltime.S, 250e3, 10e3)
		fmt.Printf("%s %.1f s %v\n", a.Phase, a.Time, ok)
	}
	// Output:
	// S 65.9 s true
	// S 67.6 s true
}

// PKP, where Pdiff is the first but too weak to be seen.
func ExampleEarth_Time() {
	earth, _ := traveltime.Load("ak135")
	const distance = 150 * 111194.93 // m
	a, _ := earth.First(traveltime.P, distance, 0)
	pkp, ok := earth.Time(traveltime.PhasePKP, distance, 0)
	fmt.Printf("%s %.0f s, PKP %.0f s %v\n", a.Phase, a.Time, pkp, ok)
	// Output:
	// Pdiff 1049 s, PKP 1187 s true
}
