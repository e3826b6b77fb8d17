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
	for b.Loop() {
		if _, err := response.NewInverse(r, benchSamples, 0.01, options()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRemove(b *testing.B) {
	inv, err := response.NewInverse(broadband(b), benchSamples, 0.01, options())
	if err != nil {
		b.Fatal(err)
	}
	var plans dsp.Plans
	var scratch dsp.Scratch
	x := series(benchSamples)
	b.SetBytes(8 * benchSamples)
	for b.Loop() {
		inv.Remove(x, &plans, &scratch)
	}
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
