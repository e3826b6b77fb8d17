package response_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// geophone is a 4.5 Hz geophone of 28.8 V s/m before a digitizer of 4e5 counts a volt.
func geophone() *waveform.Response {
	w := 2 * math.Pi * 4.5
	return &waveform.Response{
		Sensitivity: waveform.Sensitivity{Value: 28.8 * 4e5, Frequency: 20, InputUnits: "M/S", OutputUnits: "COUNTS"},
		Stages: []waveform.Stage{
			{Number: 1, InputUnits: "M/S", OutputUnits: "V", Gain: 28.8, GainFrequency: 20, PolesZeros: &waveform.PolesZeros{
				Normalization: 1, NormalizationFrequency: 1000, // far above the corner
				Zeros: []complex128{0, 0}, Poles: []complex128{complex(-0.7*w, 0.714*w), complex(-0.7*w, -0.714*w)}}},
			{Number: 2, InputUnits: "V", OutputUnits: "COUNTS", Gain: 4e5, GainFrequency: 20},
		},
	}
}

// recorded is a minute of a 6 Hz sine of 1 mm/s at 100 Hz, as the geophone writes it.
func recorded() []float64 {
	h := make([]complex128, 1)
	if err := response.Evaluate(h, geophone(), waveform.Velocity, []float64{6}); err != nil {
		panic(err)
	}
	x := make([]float64, 6000)
	for i := range x {
		s, c := math.Sincos(2 * math.Pi * 6 * float64(i) / 100)
		x[i] = 1e-3 * (real(h[0])*c - imag(h[0])*s)
	}
	return x
}

func ExampleNewInverse() {
	x := recorded()
	inverse, err := response.NewInverse(geophone(), len(x), 0.01, response.Options{
		Unit: waveform.Velocity, WaterLevel: 60, PreFilter: [4]float64{0.5, 1, 42, 48}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var plans dsp.Plans // one of each a worker
	var scratch dsp.Scratch
	inverse.Remove(x, &plans, &scratch)
	fmt.Printf("%.2f mm/s\n", 1e3*slices.Max(x[1000:5000]))
	// Output: 1.00 mm/s
}

func ExampleNewSimulation() {
	x := recorded()
	simulation, err := response.NewSimulation(geophone(), response.WoodAnderson(), len(x), 0.01, response.Options{
		WaterLevel: 60, PreFilter: [4]float64{0.5, 1, 42, 48}})
	if err != nil {
		fmt.Println(err)
		return
	}
	simulation.Apply(x, new(dsp.Plans), new(dsp.Scratch))
	fmt.Printf("%.1f mm on the record\n", 1e3*slices.Max(x[1000:5000]))
	// Output: 55.2 mm on the record
}

func ExampleRemoveSensitivity() {
	tr := waveform.Trace{Unit: waveform.Counts, Data: []float64{1152, 0, -576}}
	if err := response.RemoveSensitivity(&tr, geophone()); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tr.Data, tr.Unit)
	// Output: [0.0001 0 -5e-05] m/s
}

func ExampleCheck() {
	ch := waveform.Channel{ID: waveform.SourceID{Network: "XX", Station: "HILL", Channel: "GPZ"}, Dip: -90, SampleRate: 100, Response: geophone()}
	ch.Response.Sensitivity.Value = 28.8 * 4e6
	ch.Response.Stages[1].InputUnits = "A"
	for _, p := range response.Check(ch, 100) {
		fmt.Println(p)
	}
	// Output:
	// stage_units: stage 2 takes "A", the one before gives "V"
	// gain_product: stage gains multiply to 1.152e+07 at 20 Hz, the sensitivity is 1.152e+08
	// sensitivity: the response is 1.152e+07 at 20 Hz, the sensitivity is 1.152e+08
}

func ExampleEvaluate() {
	freqs := []float64{0.45, 4.5, 45}
	h := make([]complex128, len(freqs))
	if err := response.Evaluate(h, geophone(), waveform.Velocity, freqs); err != nil {
		fmt.Println(err)
	}
	for i, f := range freqs {
		fmt.Printf("%g Hz: %9.4g counts per m/s, %4.0f degrees\n", f, cmplx.Abs(h[i]), cmplx.Phase(h[i])*180/math.Pi)
	}
	// Output:
	// 0.45 Hz: 1.153e+05 counts per m/s,  172 degrees
	// 4.5 Hz: 8.231e+06 counts per m/s,   90 degrees
	// 45 Hz: 1.152e+07 counts per m/s,    8 degrees
}

// The sensor alone, as evalresp -stage 1 -u def gives it; made once, it can be used by many goroutines.
func ExampleEvaluation() {
	transfer, err := response.Evaluation{Last: 1}.Compile(geophone())
	if err != nil {
		fmt.Println(err)
		return
	}
	var h [1]complex128
	transfer.Evaluate(h[:], []float64{20})
	fmt.Printf("%.4f V per m/s\n", cmplx.Abs(h[0]))
	// Output: 28.8000 V per m/s
}
