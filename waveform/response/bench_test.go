package response_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// Two minutes of 100 Hz data, a broadband sensor, and 161 FIR coefficients: what
// one trace costs where its length was not seen before, and where it was.
const benchSamples = 12004

func BenchmarkNewInverse(b *testing.B) {
	r := broadband(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := response.NewInverse(r, benchSamples, 0.01, options()); err != nil {
			b.Fatal(err)
		}
	}
	samplesPerSecond(b, benchSamples)
}

func BenchmarkRemove(b *testing.B) {
	inv, err := response.NewInverse(broadband(b), benchSamples, 0.01, options())
	if err != nil {
		b.Fatal(err)
	}
	var plans dsp.Plans
	var scratch dsp.Scratch
	given, x := series(benchSamples), series(benchSamples)
	inv.Remove(x, &plans, &scratch) // plans and scratch grow
	b.SetBytes(8 * benchSamples)
	b.ReportAllocs()
	for b.Loop() {
		copy(x, given) // or it would become ever smaller
		inv.Remove(x, &plans, &scratch)
	}
	samplesPerSecond(b, benchSamples)
}

func samplesPerSecond(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

func BenchmarkNewSimulation(b *testing.B) {
	r, wa := broadband(b), response.WoodAnderson()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := response.NewSimulation(r, wa, benchSamples, 0.01, options()); err != nil {
			b.Fatal(err)
		}
	}
	samplesPerSecond(b, benchSamples)
}

func BenchmarkSimulation(b *testing.B) {
	s, err := response.NewSimulation(broadband(b), response.WoodAnderson(), benchSamples, 0.01, options())
	if err != nil {
		b.Fatal(err)
	}
	var plans dsp.Plans
	var scratch dsp.Scratch
	given, x := series(benchSamples), series(benchSamples)
	s.Apply(x, &plans, &scratch) // plans and scratch grow
	b.ReportAllocs()
	for b.Loop() {
		copy(x, given) // or it would become ever smaller
		s.Apply(x, &plans, &scratch)
	}
	samplesPerSecond(b, benchSamples)
}

// What a trace costs whose inverse was made before, the cache's part of it.
func BenchmarkCachedInverse(b *testing.B) {
	r := broadband(b)
	hash, c := response.Hash(r), response.NewCache(1<<20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Inverse(hash, r, benchSamples, 0.01, options()); err != nil {
			b.Fatal(err)
		}
	}
	samplesPerSecond(b, benchSamples)
}

func BenchmarkCachedSimulation(b *testing.B) {
	r, wa := broadband(b), response.WoodAnderson()
	hash, target, c := response.Hash(r), response.Hash(wa), response.NewCache(1<<20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Simulation(hash, r, target, wa, benchSamples, 0.01, options()); err != nil {
			b.Fatal(err)
		}
	}
	samplesPerSecond(b, benchSamples)
}

func BenchmarkRemoveSensitivity(b *testing.B) {
	tr, r := waveform.Trace{Data: series(benchSamples)}, gainOnly(1.000001, "M/S", "COUNTS")
	b.ReportAllocs()
	for b.Loop() {
		tr.Unit = waveform.Counts
		if err := response.RemoveSensitivity(&tr, r); err != nil {
			b.Fatal(err)
		}
	}
	samplesPerSecond(b, benchSamples)
}

// channelsPerSecond is what checks count.
func channelsPerSecond(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "channels/s")
}

func BenchmarkCheck(b *testing.B) {
	ch := sound()
	ch.Response = broadband(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = response.Check(ch, 100)
	}
	channelsPerSecond(b, 1)
}

func BenchmarkCheckInstrument(b *testing.B) {
	channels := three()
	b.ReportAllocs()
	for b.Loop() {
		_ = response.CheckInstrument(channels)
	}
	channelsPerSecond(b, len(channels))
}

// broadband is the realistic response of the golden file.
func broadband(b *testing.B) *waveform.Response {
	b.Helper()
	var g golden
	readGolden(b, "golden.json", &g)
	for _, c := range g.Evaluated {
		if c.Name == "realistic" {
			return decode(b, c.Response)
		}
	}
	b.Fatal("golden file has no realistic response")
	return nil
}
