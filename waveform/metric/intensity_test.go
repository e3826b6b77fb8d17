package metric

import (
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func TestIntegralsOfAConstant(t *testing.T) {
	a := slices.Repeat([]float64{-2}, 101) // 1 s
	w := newWorst(t, 1e-15)
	w.near("arias", Arias(a, 0.01), math.Pi/(2*Gravity)*4, 1)
	w.near("cav", CAV(a, 0.01), 2, 2)
	w.near("duration", SignificantDuration(a, 0.01, 0.05, 0.75), 0.7, 1)
	w.near("whole duration", SignificantDuration(a, 0.01, 0, 1), 1, 1)
}

func TestIntegralsOfTooLittle(t *testing.T) {
	for _, a := range [][]float64{nil, {}, {7}} {
		if Arias(a, 0.01) != 0 || CAV(a, 0.01) != 0 {
			t.Errorf("%v spans no time: %g, %g", a, Arias(a, 0.01), CAV(a, 0.01))
		}
	}
	nan := math.NaN()
	for _, a := range [][]float64{nil, {7}, {0, 0, 0}, {1, nan, 2}, {1, math.Inf(1), 2}} {
		if v := SignificantDuration(a, 0.01, 0.05, 0.95); !isNaN(v) {
			t.Errorf("duration of %v: %g", a, v)
		}
	}
	for _, f := range [][2]float64{{-0.1, 0.5}, {0.5, 1.1}, {0.9, 0.1}, {nan, 1}, {0, nan}} {
		if v := SignificantDuration([]float64{1, 2, 3}, 0.01, f[0], f[1]); !isNaN(v) {
			t.Errorf("fractions %v: %g", f, v)
		}
	}
	if a := []float64{1, nan}; !isNaN(Arias(a, 1), CAV(a, 1)) {
		t.Error("NaN was passed over")
	}
}

func TestSignificantDurationIsLinearBetweenSamplesAndStartsAtPlateaus(t *testing.T) {
	// Energy by sample: 0, 2, 4, 4, 4, 6, 8.
	a := []float64{0, 2, 0, 0, 0, 2, 0}
	for _, c := range []struct{ from, until, want float64 }{
		{0, 1, 6}, {0.125, 0.25, 0.5}, {0.25, 0.5, 1}, {0.5, 0.625, 2.5}, {0.5, 0.5, 0},
	} {
		if got := SignificantDuration(a, 1, c.from, c.until); got != c.want {
			t.Errorf("%g to %g: %g, want %g", c.from, c.until, got, c.want)
		}
	}
}

func TestDominantFrequencyOfASine(t *testing.T) {
	d := NewDominant(new(dsp.Plans), new(dsp.Scratch))
	x := make([]float64, 1000)
	for i := range x {
		x[i] = 1e-6*math.Sin(2*math.Pi*7*float64(i)*0.01) + 5 // 7 Hz is a bin; the mean is not looked at
	}
	if f := d.Frequency(x, 0.01); math.Abs(f-7) > 1e-12 {
		t.Errorf("%g Hz, want 7", f)
	}
	for _, x := range [][]float64{nil, {1}, make([]float64, 100), {1, math.NaN(), 2}, {1, math.Inf(1), 2, 4}} {
		if f := d.Frequency(x, 0.01); !isNaN(f) {
			t.Errorf("%v: %g Hz", x, f)
		}
	}
}
