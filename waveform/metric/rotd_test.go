package metric

import (
	"math"
	"slices"
	"testing"
)

// bruteRotD evaluates the definition: every angle at every sample.
func bruteRotD(x1, x2 []float64) RotD {
	peaks := make([]float64, rotations)
	for angle := range peaks {
		s, c := math.Sincos(float64(angle) * (math.Pi / 180))
		for i := range x1 {
			peaks[angle] = max(peaks[angle], math.Abs(float64(x1[i]*c)+float64(x2[i]*s)))
		}
	}
	slices.Sort(peaks)
	return RotD{peaks[0], (peaks[89] + peaks[90]) / 2, peaks[179]}
}

// pairs are components of many shapes, by name.
func pairs() map[string][2][]float64 {
	const n = 8000
	g1, g2 := quake(n, 1), quake(n, 2)
	zeros := make([]float64, n)
	make2 := func(f func(i int) (float64, float64)) [2][]float64 {
		x1, x2 := make([]float64, n), make([]float64, n)
		for i := range x1 {
			x1[i], x2[i] = f(i)
		}
		return [2][]float64{x1, x2}
	}
	return map[string][2][]float64{
		"independent":     {g1, g2},
		"zeros":           {zeros, zeros},
		"first dead":      {zeros, g2},
		"second dead":     {g1, zeros},
		"equal":           {g1, g1},
		"opposite":        make2(func(i int) (float64, float64) { return g1[i], -g1[i] }),
		"multiple":        make2(func(i int) (float64, float64) { return g1[i], 0.3 * g1[i] }),
		"polarised at 37": make2(func(i int) (float64, float64) { s, c := math.Sincos(37 * math.Pi / 180); return c * g1[i], s * g1[i] }),
		"nearly dead":     make2(func(i int) (float64, float64) { return g1[i], 1e-15 * g2[i] }),
		"weak":            make2(func(i int) (float64, float64) { return 1e-4 * g1[i], g2[i] }),
		"weak, turned":    make2(func(i int) (float64, float64) { p, q := g1[i], 1e-3*g2[i]; return 0.8*p - 0.6*q, 0.6*p + 0.8*q }),
		"circle":          make2(func(i int) (float64, float64) { return math.Sincos(float64(i)) }),
		"one spike":       make2(func(i int) (float64, float64) { return spike(i, 777), 2 * spike(i, 777) }),
		"two spikes":      make2(func(i int) (float64, float64) { return spike(i, 777), spike(i, 5432) }),
		"last sample":     make2(func(i int) (float64, float64) { return spike(i, n-1), 0 }),
		"constant":        make2(func(i int) (float64, float64) { return 3, -4 }),
		"tiny":            make2(func(i int) (float64, float64) { return 1e-200 * g1[i], 1e-200 * g2[i] }),
		"subnormal":       make2(func(i int) (float64, float64) { return 5e-324 * float64(i%3), 5e-324 * float64(i%7) }),
		"huge":            make2(func(i int) (float64, float64) { return 1e200 * g1[i], 1e200 * g2[i] }),
		"one sample":      {{3}, {4}},
		"two samples":     {{3, -1}, {4, 7}},
		"offset":          make2(func(i int) (float64, float64) { return 100 + g1[i], -50 + g2[i] }),
		"between multiples": make2(func(i int) (float64, float64) {
			if i%50 == 7 { // what every so many samples would miss
				return g1[i], g2[i]
			}
			return 0, 0
		}),
	}
}

func spike(i, at int) float64 {
	if i == at {
		return 1
	}
	return 0
}

func TestRotDEqualsEveryAngleAtEverySampleToTheLastBit(t *testing.T) {
	var r Rotator
	for name, x := range pairs() {
		if got, want := r.RotD(x[0], x[1]), bruteRotD(x[0], x[1]); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestPercentilesAndAnglesAreThoseOfEveryAngle(t *testing.T) {
	var r Rotator
	p := []float64{1, 0, 0.5, 0.16, 0.84}
	got, peaks := make([]float64, len(p)), make([]float64, rotations)
	for name, x := range pairs() {
		r.Percentiles(got, p, x[0], x[1])
		d := r.RotD(x[0], x[1])
		r.Angles(peaks, x[0], x[1])
		brute := make([]float64, rotations)
		for angle := range brute {
			s, c := math.Sincos(float64(angle) * (math.Pi / 180))
			for i := range x[0] {
				brute[angle] = max(brute[angle], math.Abs(float64(x[0][i]*c)+float64(x[1][i]*s)))
			}
		}
		if !slices.Equal(peaks, brute) {
			t.Errorf("%s: angles differ", name)
		}
		slices.Sort(brute)
		want := []float64{d.D100, d.D00, d.D50, Quantile(brute, 0.16), Quantile(brute, 0.84)}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	r.Percentiles(got, []float64{-0.1, 1.1, math.NaN(), 0.5, 1}, []float64{1, 2}, []float64{3, 4})
	if !isNaN(got[:3]...) || isNaN(got[3]) {
		t.Errorf("percentiles outside 0 to 1: %v", got)
	}
	r.Percentiles(got, p, []float64{1, math.NaN()}, []float64{3, 4})
	r.Angles(peaks, nil, nil)
	if !isNaN(got...) || !isNaN(peaks...) {
		t.Errorf("NaN was passed over: %v", got)
	}
}

func TestRotDOfNothingOrNotFiniteIsNaN(t *testing.T) {
	var r Rotator
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, at := range []int{0, 1, 777, 7999} { // found by the search for bounds, and not
			for c := range 2 {
				x := [2][]float64{quake(8000, 1), quake(8000, 2)}
				x[c][at] = bad
				if v := r.RotD(x[0], x[1]); !isNaN(v.D00, v.D50, v.D100) {
					t.Errorf("%g in component %d at %d: %v", bad, c, at, v)
				}
			}
		}
	}
	if v := r.RotD(nil, nil); !isNaN(v.D00, v.D50, v.D100) {
		t.Errorf("empty: %v", v)
	}
}

// 1e-15: the sine of an angle and the cosine of its complement differ in the last bit.
func TestRotDDoesNotMindWhichComponentComesFirst(t *testing.T) {
	var r Rotator
	w := newWorst(t, 1e-15)
	for name, x := range pairs() {
		a, b := r.RotD(x[0], x[1]), r.RotD(x[1], x[0])
		scale := max(a.D100, math.SmallestNonzeroFloat64)
		w.near(name+" median", b.D50, a.D50, scale)
		w.near(name+" maximum", b.D100, a.D100, scale)
	}
}

func TestMedianOfTheAnglesIsTheMeanOfTheTwoInTheMiddle(t *testing.T) {
	for _, pair := range [][2]float64{{0.1, 0.7}, {0.1, 0.9}, {0.01, 0.3}, {0.3, 1.1}, {1e-17, 1}} {
		var r Rotator
		for i := range r.peaks {
			r.peaks[i] = pair[i*2/rotations]
		}
		if got, want := r.percentile(0.5), (pair[0]+pair[1])/2; got != want {
			t.Errorf("%v: %v, want %v", pair, got, want)
		}
	}
}

func FuzzRotDEqualsEveryAngleAtEverySample(f *testing.F) {
	f.Add(uint64(1), uint16(300), 0.3, 1e-5, uint8(3))
	f.Add(uint64(2), uint16(5000), 1.5707963267948966, 0.0, uint8(0))
	f.Add(uint64(3), uint16(2), 0.7853981633974483, 1.0, uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, turn, flat float64, gap uint8) {
		x1, x2 := quake(int(n%6000)+1, seed), quake(int(n%6000)+1, seed+1)
		s, c := math.Sincos(turn)
		for i := range x1 {
			p, q := x1[i], flat*x2[i]
			x1[i], x2[i] = c*p-s*q, s*p+c*q
			if gap > 0 && i%int(gap) > 0 {
				x1[i], x2[i] = 0, 0
			}
		}
		got, want := new(Rotator).RotD(x1, x2), bruteRotD(x1, x2)
		if got != want && !isNaN(got.D00, got.D50, got.D100) {
			t.Errorf("%v, want %v", got, want)
		}
		if isNaN(got.D50) && allFinite(x1, x2) {
			t.Errorf("NaN of finite samples, want %v", want)
		}
	})
}
