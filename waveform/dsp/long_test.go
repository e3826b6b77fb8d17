//go:build !race

// The race detector makes of the gigabyte that a long prime takes several.

package dsp_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// A day at 100 Hz; and one sample more, which is a prime.
func TestLongLengthsAreTransformedAsExactly(t *testing.T) {
	var scratch dsp.Scratch
	g, all, compared := readFFTGolden(t), series(longest), 0
	for _, want := range g.Transforms {
		if want.N <= notLong {
			continue
		}
		compared++
		plan, x := dsp.NewFFT(want.N), all[:want.N]
		c := plan.Coefficients(nil, x, &scratch)
		want.compare(t, g.MadeBy.SciPy, c, x)
		roundTrip(t, plan, c, x, &scratch)

		x, exact := chirp(want.N)
		plan.Coefficients(c, x, &scratch)
		coefficientsAgree("chirps in closed form").Deviation(t, "long chirp", farthest(c, exact)/spectralRMS(x))
	}
	if compared != 2 {
		t.Errorf("the golden file has %d long transforms, want those of %d and %d samples", compared, longest-1, longest)
	}
}
