package process_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/response"
)

func ExampleChain() {
	// A minute of a 2 Hz sine with an amplitude of 400 counts, recorded by an
	// accelerometer of 400 counts for 1 m/s^2, with an offset and a drift.
	metadata := &waveform.Response{Stages: []waveform.Stage{{
		Number: 1, InputUnits: "M/S**2", OutputUnits: "COUNTS", Gain: 400, GainFrequency: 1,
		PolesZeros: &waveform.PolesZeros{Normalization: 1, NormalizationFrequency: 1},
	}}}
	instrument := process.Instrument{Response: metadata, Hash: response.Hash(metadata)}
	trace := waveform.Trace{SampleRate: 100, Unit: waveform.Counts, Data: make([]float64, 6000)}
	for i := range trace.Data {
		t := float64(i) / trace.SampleRate
		trace.Data[i] = 12000 + 3*t + 400*math.Sin(2*math.Pi*2*t)
	}

	chain := process.Chain{
		process.Detrend{},
		process.Taper{Fraction: 0.05, Longest: 3},
		process.RemoveResponse{Output: waveform.Acceleration, WaterLevel: 60,
			PreFilter: [4]process.Corner{process.Hertz(0.02), process.Hertz(0.05), process.OfNyquist(0.85), process.OfNyquist(0.95)}},
		process.Bandpass{Low: process.Hertz(0.08), High: process.OfNyquist(0.75), Order: 4, Passes: 2},
	}
	worker := process.NewWorker(process.NewShared(1 << 20)) // what is shared is for all workers
	if err := chain.Apply(worker, instrument, &trace); err != nil {
		fmt.Println(err)
		return
	}

	low, high := chain.Band(trace.SampleRate)
	middle := trace.Data[2000:4000]
	fmt.Printf("%.2f %v, from %v to %v Hz\n", slices.Max(middle), trace.Unit, low, high)
	// Output: 1.00 m/s^2, from 0.08 to 37.5 Hz
}
