package response_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// benchFreqs is the frequencies of a trace of benchSamples, padded to twice its length.
func benchFreqs() []float64 {
	freqs := make([]float64, benchSamples+1)
	for i := range freqs {
		freqs[i] = 50 * float64(i) / benchSamples
	}
	return freqs
}

func BenchmarkEvaluate(b *testing.B) {
	r, freqs := broadband(b), benchFreqs()
	h := make([]complex128, len(freqs))
	b.ReportAllocs()
	for b.Loop() {
		if err := response.Evaluate(h, r, waveform.Acceleration, freqs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(freqs))*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

func BenchmarkTransferEvaluate(b *testing.B) {
	freqs := benchFreqs()
	h := make([]complex128, len(freqs))
	list := make([]waveform.ResponsePoint, 60)
	for i := range list {
		list[i] = waveform.ResponsePoint{Frequency: float64(i), Amplitude: 1 + float64(i%3), Phase: -float64(i)}
	}
	for name, r := range map[string]*waveform.Response{
		"broadband": broadband(b),
		"list":      {Stages: []waveform.Stage{{Number: 1, InputUnits: "M/S", Gain: 1, ResponseList: list}}},
	} {
		transfer, err := (response.Evaluation{Unit: waveform.Acceleration}).Compile(r)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				transfer.Evaluate(h, freqs)
			}
			b.ReportMetric(float64(len(freqs))*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	r := broadband(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (response.Evaluation{Unit: waveform.Acceleration}).Compile(r); err != nil {
			b.Fatal(err)
		}
	}
	stagesPerSecond(b)
}

func BenchmarkHash(b *testing.B) {
	r := broadband(b)
	b.ReportAllocs()
	for b.Loop() {
		response.Hash(r)
	}
	stagesPerSecond(b)
}

func BenchmarkEncode(b *testing.B) {
	r := broadband(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := response.Encode(r); err != nil {
			b.Fatal(err)
		}
	}
	stagesPerSecond(b)
}

func BenchmarkDecode(b *testing.B) {
	data, err := response.Encode(broadband(b))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := response.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
	stagesPerSecond(b)
}

// stagesPerSecond is for benchmarks of the broadband response.
func stagesPerSecond(b *testing.B) {
	b.ReportMetric(float64(len(broadband(b).Stages))*float64(b.N)/b.Elapsed().Seconds(), "stages/s")
}
