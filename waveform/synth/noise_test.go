package synth

import (
	"math"
	"testing"
)

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(x)))
}

func TestNoiseIsTheSameWhereverItBegins(t *testing.T) {
	m := noiseModel{white: 1, cultural: 2, microseism: 100}
	long := make([]float64, 60000)
	newNoise(1, "A", m, 1, 100, 0).read(long)
	short := make([]float64, 10000)
	newNoise(1, "A", m, 1, 100, 47001).read(short)
	for i := range short {
		// run-in: exp(-pi * 0.15 Hz * 100 s) = 3e-21, so rounding alone remains
		if d := math.Abs(short[i] - long[47001+i]); d > 1e-9 {
			t.Fatalf("sample %d differs by %g", i, d)
		}
	}
}

func TestNoiseHasTheAmplitudeOfItsModel(t *testing.T) {
	x := make([]float64, 2_000_000)
	for name, m := range map[string]noiseModel{
		"white": {white: 3}, "cultural": {cultural: 3}, "microseism": {microseism: 3},
	} {
		newNoise(2, "B", m, 10, 100, 0).read(x)
		// 20 000 s of a 0.15 Hz wide band hold some 3000 independent amplitudes.
		if got := rms(x); math.Abs(got/30-1) > 0.05 {
			t.Errorf("%s: rms %.3f, want 30", name, got)
		}
	}
}

func TestNoiseOfChannelsIsUnrelated(t *testing.T) {
	m := noiseModel{white: 1}
	x, y := make([]float64, 100000), make([]float64, 100000)
	newNoise(1, "A", m, 1, 100, 0).read(x)
	newNoise(1, "B", m, 1, 100, 0).read(y)
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	if c := sum / float64(len(x)); math.Abs(c) > 5/math.Sqrt(float64(len(x))) {
		t.Errorf("correlation %.4f", c)
	}
}

func TestRandomNumbersHaveTheirMoments(t *testing.T) {
	r := newSource(1, "moments")
	const n = 1_000_000
	var mean, square, uniform float64
	for range n {
		v := r.normal()
		mean += v / n
		square += v * v / n
		uniform += r.uniform() / n
	}
	if math.Abs(mean) > 5e-3 || math.Abs(square-1) > 5e-3 || math.Abs(uniform-0.5) > 2e-3 {
		t.Errorf("mean %.4f, variance %.4f, mean of uniform numbers %.4f", mean, square, uniform)
	}
}

func TestGeneratorsAreFixed(t *testing.T) {
	// Archives made by one version must be made by the next: these came from this
	// code when it was written, and change only together with version.
	r := newSource(42, "golden", 1, -2)
	got := [3]float64{r.uniform(), r.normal(), r.between(2, 3)}
	want := [3]float64{0.8811603964869683, -0.7958299853136296, 2.5259770198971396}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
