package metric

import (
	"math"
	"slices"
	"testing"
)

func TestSortedDurationLeavesOutPauses(t *testing.T) {
	strong, pause := slices.Repeat([]float64{1}, 51), make([]float64, 400)
	one := SortedDuration(strong, 0.01)
	w := newWorst(t, 1e-12)
	w.near("even energy", one, 0.7*0.5, 0.5) // 14 of 20 equal parts
	// Two strong phases, each with half an interval's energy on the way to or from the pause: a twentieth
	// is 5.05 intervals, and none of the fourteen shortest holds the pause.
	both := slices.Concat(strong, pause, strong)
	w.near("two phases", SortedDuration(both, 0.01), 14*0.0505, 1)
	if d := SignificantDuration(both, 0.01, 0.05, 0.75); d < 4 {
		t.Errorf("D5-75 is %g s, and should hold the pause", d)
	}
}

func TestSortedDurationOfNothingOrNotFiniteIsNaN(t *testing.T) {
	for _, a := range [][]float64{nil, {7}, {0, 0, 0}, {1, math.NaN(), 2}, {1, math.Inf(1), 2}} {
		if v := SortedDuration(a, 0.01); !isNaN(v) {
			t.Errorf("%v: %g", a, v)
		}
	}
	if v := SortedDuration([]float64{1, 1}, 2); math.Abs(v-1.4) > 1e-15 {
		t.Errorf("one interval: %g, want 1.4", v)
	}
}

func TestBracketedAndUniformDurationAreLinearBetweenSamples(t *testing.T) {
	for _, c := range []struct {
		name               string
		a                  []float64
		threshold          float64
		bracketed, uniform float64
	}{
		{"nothing", nil, 1, 0, 0},
		{"one sample above", []float64{3}, 1, 0, 0},
		{"below", []float64{0, 0.9, -0.9}, 1, 0, 0},
		{"touching", []float64{0, 1, 0}, 1, 0, 0},
		{"a triangle", []float64{0, 2, 0}, 1, 1, 1},
		{"from the start", []float64{2, 0, 0}, 1, 0.5, 0.5},
		{"to the end", []float64{0, 0, -4}, 1, 0.75, 0.75},
		{"from side to side", []float64{-2, 2}, 1, 1, 0.5},
		{"two, apart", []float64{0, 2, 0, 0, 0, -2, 0}, 1, 5, 2},
		{"on the threshold", []float64{0, 1, 1, 1, 0}, 1, 2, 2},
		{"always", []float64{2, 3, 4}, 1, 2, 2},
	} {
		if b, u := BracketedDuration(c.a, 1, c.threshold), UniformDuration(c.a, 1, c.threshold); b != c.bracketed || u != c.uniform {
			t.Errorf("%s: %g and %g, want %g and %g", c.name, b, u, c.bracketed, c.uniform)
		}
		half := slices.Clone(c.a)
		for i := range half {
			half[i] *= -0.5
		}
		if b, u := BracketedDuration(half, 0.1, c.threshold/2), UniformDuration(half, 0.1, c.threshold/2); math.Abs(b-c.bracketed/10) > 1e-15 || math.Abs(u-c.uniform/10) > 1e-15 {
			t.Errorf("%s, halved and turned over: %g and %g", c.name, b, u)
		}
	}
	nan := math.NaN()
	for _, c := range []struct {
		a         []float64
		threshold float64
	}{{[]float64{1, nan, 2}, 1}, {[]float64{nan}, 1}, {[]float64{1, math.Inf(1)}, 1}, {[]float64{1, 2}, 0}, {[]float64{1, 2}, -1}, {[]float64{1, 2}, nan}} {
		if b, u := BracketedDuration(c.a, 1, c.threshold), UniformDuration(c.a, 1, c.threshold); !isNaN(b, u) {
			t.Errorf("%v above %g: %g, %g", c.a, c.threshold, b, u)
		}
	}
}

func TestCumulativeAriasEndsAtArias(t *testing.T) {
	for _, n := range []int{1, 2, 3, 1001} {
		a := quake(n, 1)
		want := Arias(a, 0.01)
		CumulativeArias(a, a, 0.01) // in place
		if a[0] != 0 || a[n-1] != want || !slices.IsSorted(a) {
			t.Errorf("%d samples: from %g to %g, want 0 to %g, rising", n, a[0], a[n-1], want)
		}
	}
	CumulativeArias(nil, nil, 0.01)
	x := []float64{1, math.NaN(), 1, 1}
	CumulativeArias(x, x, 0.01)
	if x[0] != 0 || !isNaN(x[1:]...) {
		t.Errorf("NaN was passed over: %v", x)
	}
	defer func() {
		if recover() == nil {
			t.Error("a destination of another length was accepted")
		}
	}()
	CumulativeArias(make([]float64, 2), make([]float64, 3), 0.01)
}

func TestStandardizedCAVLeavesOutWeakSeconds(t *testing.T) {
	const strong, weak = 0.03 * Gravity, 0.02 * Gravity
	a := slices.Concat(slices.Repeat([]float64{weak}, 101), slices.Repeat([]float64{-strong}, 99), slices.Repeat([]float64{weak}, 151))
	// The second second goes from sample 100 to sample 200, both of which are weak; the last is half.
	w := newWorst(t, 1e-14)
	w.near("one strong second", StandardizedCAV(a, 0.01), 0.01*(99*strong+weak), 1)
	w.near("all strong", StandardizedCAV(slices.Repeat([]float64{strong}, 251), 0.01), CAV(slices.Repeat([]float64{strong}, 251), 0.01), 1)
	w.near("on the limit", StandardizedCAV(slices.Repeat([]float64{weakSecond * Gravity}, 101), 0.01), weakSecond*Gravity, 1)
	w.near("coarser than a second", StandardizedCAV([]float64{strong, strong, weak, weak}, 3), 3*strong+1.5*(strong+weak), 1)
	if v := StandardizedCAV(slices.Repeat([]float64{weak}, 1000), 0.01); v != 0 {
		t.Errorf("weak: %g", v)
	}
	for _, a := range [][]float64{nil, {7}} {
		if v := StandardizedCAV(a, 0.01); v != 0 {
			t.Errorf("%v spans no time: %g", a, v)
		}
	}
	if v := []float64{StandardizedCAV([]float64{0, math.NaN(), 0}, 0.01), StandardizedCAV(a, 0), StandardizedCAV(a, math.NaN())}; !isNaN(v...) {
		t.Errorf("without meaning: %v", v)
	}
}
