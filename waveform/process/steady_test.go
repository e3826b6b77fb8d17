package process

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
)

// steady is every step, with the unit that it works on.
var steady = []struct {
	name string
	step Step
	unit waveform.Unit
}{
	{"Demean", Demean{}, waveform.Counts},
	{"Detrend", Detrend{}, waveform.Counts},
	{"DetrendSimple", DetrendSimple{}, waveform.Counts},
	{"DetrendPolynomial", DetrendPolynomial{3}, waveform.Counts},
	{"DemeanPart", DemeanPart{between(0, 2)}, waveform.Counts},
	{"Taper", Taper{Fraction: 0.05}, waveform.Counts},
	{"TaperCosine", Taper{Fraction: 0.05, Cosine: true}, waveform.Counts},
	{"Bandpass", Bandpass{Hertz(1), OfNyquist(0.5), 4, 2}, waveform.Counts},
	{"Bandstop", Bandstop{Hertz(1), OfNyquist(0.5), 4, 1}, waveform.Counts},
	{"Highpass", Highpass{Hertz(1), 4, 1}, waveform.Counts},
	{"Lowpass", Lowpass{Hertz(10), 4, 2}, waveform.Counts},
	{"AmplitudeHighpass", AmplitudeHighpass{Hertz(1), 5}, waveform.Counts},
	{"AmplitudeLowpass", AmplitudeLowpass{Hertz(10), 5}, waveform.Counts},
	{"Cut", Cut{between(1, 39)}, waveform.Counts},
	{"Decimate", Decimate{Factor: 2}, waveform.Counts},
	{"DecimateZeroPhase", Decimate{Factor: 5, ZeroPhase: true}, waveform.Counts},
	{"Resample", Resample{Rate: 40}, waveform.Counts},
	{"Integrate", Integrate{}, waveform.Acceleration},
	{"IntegrateSpectral", Integrate{Spectral: true}, waveform.Acceleration},
	{"Differentiate", Differentiate{}, waveform.Velocity},
	{"DifferentiateSpectral", Differentiate{Spectral: true}, waveform.Velocity},
	{"CorrectBaseline", CorrectBaseline{}, waveform.Acceleration},
	{"RemoveResponse", RemoveResponse{Output: waveform.Velocity, WaterLevel: 60}, waveform.Counts},
	{"RemoveSensitivity", RemoveSensitivity{Output: waveform.Acceleration}, waveform.Counts},
	{"WoodAnderson", WoodAnderson{WaterLevel: 60}, waveform.Counts},
	{"WoodAndersonOfVelocity", WoodAnderson{WaterLevel: 60}, waveform.Velocity},
}

// repeatedly gives a function that puts a step to the same trace again and again.
func repeatedly(tb testing.TB, step Step, unit waveform.Unit) func() {
	w, in, original := worker(), flat(400), noise(unit)
	tr := original
	data := make([]float64, len(original.Data))
	return func() {
		tr = original
		tr.Data = data
		copy(tr.Data, original.Data)
		if err := step.Apply(w, in, &tr); err != nil {
			tb.Fatal(err)
		}
	}
}

func TestStepsAllocateNothingOnceWarm(t *testing.T) {
	for _, c := range steady {
		work := repeatedly(t, c.step, c.unit)
		work()
		if n := testing.AllocsPerRun(10, work); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for _, c := range steady {
		b.Run(c.name, func(b *testing.B) {
			work := repeatedly(b, c.step, c.unit)
			work()
			b.ReportAllocs()
			for b.Loop() {
				work()
			}
			b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func BenchmarkChain(b *testing.B) {
	chain := Chain{Detrend{}, Taper{Fraction: 0.05}, RemoveResponse{Output: waveform.Acceleration, WaterLevel: 60}, Bandpass{Hertz(0.1), OfNyquist(0.8), 4, 2}}
	w, in, original := worker(), flat(400), noise(waveform.Counts)
	data := make([]float64, len(original.Data))
	work := func() {
		tr := original
		tr.Data = data
		copy(tr.Data, original.Data)
		if err := chain.Apply(w, in, &tr); err != nil {
			b.Fatal(err)
		}
	}
	work()
	b.ReportAllocs()
	for b.Loop() {
		work()
	}
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}
