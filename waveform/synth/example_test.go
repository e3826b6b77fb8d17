package synth_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/seisbatch/seisbatch/waveform/synth"
)

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "synth")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	cfg := synth.Config{Stations: 2, Events: 1, Instruments: []string{"HN"}, Duration: time.Hour}
	made, err := synth.Write(context.Background(), dir, cfg, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.Files, "files of", made.Channels, "channels")
	again, err := synth.Write(context.Background(), dir, cfg, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("there already:", again.Existing)
	// Output:
	// 6 files of 6 channels
	// there already: true
}

func ExamplePlan() {
	a, err := synth.Plan(synth.Config{Seed: 1, Stations: 1, Events: 1})
	if err != nil {
		log.Fatal(err)
	}
	origin, _ := a.Events[0].PreferredOrigin()
	p, s := a.Onsets(0, 0)
	fmt.Println(a.Stations[0].Channels[0].ID)
	fmt.Println("P before S:", origin.Time.Before(p) && p.Before(s))
	fmt.Printf("M 5 at 20 km: %.2f m/s^2\n", synth.PeakAcceleration(5, 20e3))
	// Output:
	// SY.ST01..HNE
	// P before S: true
	// M 5 at 20 km: 0.37 m/s^2
}
