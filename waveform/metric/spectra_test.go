package metric

import (
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func spectraOf(t *testing.T, a1, a2 []float64, dt float64) PairSpectra {
	t.Helper()
	p := NewPairSpectra(len(periods21))
	newSpectra(t, SpectraOptions{Periods: periods21}).Pair(p, a1, a2, dt)
	return p
}

func (p PairSpectra) slices() [][]float64 { return [][]float64{p.PSA1, p.PSA2, p.RotD50, p.RotD100} }

func TestEveryKernelGivesTheSameBits(t *testing.T) {
	a1, a2 := quake(1001, 1), quake(1001, 2)
	s := newSpectra(t, SpectraOptions{Periods: periods21})
	p, one, two := NewPairSpectra(s.Len()), make([]float64, s.Len()), make([]float64, s.Len())
	for _, dt := range []float64{0.01, 0.005, 0.025, 0.1} {
		s.Pair(p, a1, a2, dt)
		s.PSA(one, a1, dt)
		s.PSA(two, a2, dt)
		if !slices.Equal(p.PSA1, one) || !slices.Equal(p.PSA2, two) {
			t.Errorf("dt %g: PSA of a pair is not that of its components", dt)
		}
		for i, period := range periods21 {
			if period < 20*dt {
				continue
			}
			o, err := NewOscillator(period, 0.05, dt)
			if err != nil {
				t.Fatal(err)
			}
			if o.PSA(a1) != one[i] {
				t.Errorf("dt %g: PSA at %g s is %v alone, %v in a spectrum", dt, period, o.PSA(a1), one[i])
			}
		}
	}
}

func TestSpectraDoNotDependOnWhatWasComputedBefore(t *testing.T) {
	a1, a2 := quake(2000, 1), quake(2000, 2)
	want := spectraOf(t, a1, a2, 0.01)
	s := newSpectra(t, SpectraOptions{Periods: periods21})
	got := NewPairSpectra(s.Len())
	s.Pair(got, quake(5000, 8), quake(5000, 9), 0.005)
	s.PSA(got.PSA1, []float64{1, math.NaN()}, 0.01)
	s.PSA(got.PSA1, a1, math.NaN())
	s.Pair(got, a1, a2, 0.01)
	for i, v := range got.slices() {
		if !slices.Equal(v, want.slices()[i]) {
			t.Errorf("slice %d: %v, want %v", i, v, want.slices()[i])
		}
	}
}

func TestSpectraAreLinearInScale(t *testing.T) {
	a1, a2 := quake(2000, 1), quake(2000, 2)
	want := spectraOf(t, a1, a2, 0.01)
	for i := range a1 {
		a1[i], a2[i] = -1024*a1[i], -1024*a2[i] // a power of two: to the last bit
	}
	for i, v := range spectraOf(t, a1, a2, 0.01).slices() {
		for j := range v {
			if v[j] != 1024*want.slices()[i][j] {
				t.Errorf("slice %d, %g s: %v, want %v", i, periods21[j], v[j], 1024*want.slices()[i][j])
			}
		}
	}
}

func TestRotationsLieAboveAndBelowTheirComponents(t *testing.T) {
	p := spectraOf(t, quake(2000, 1), quake(2000, 2), 0.01)
	for i, period := range periods21 {
		// The components are at 0 and 90 degrees; at 90, cos is not quite zero.
		low, high := max(p.PSA1[i], p.PSA2[i]), math.Hypot(p.PSA1[i], p.PSA2[i])
		if !(p.RotD50[i] <= p.RotD100[i] && p.RotD100[i] >= low*(1-1e-15) && p.RotD100[i] <= high) {
			t.Errorf("%g s: RotD50 %g, RotD100 %g of %g and %g", period, p.RotD50[i], p.RotD100[i], p.PSA1[i], p.PSA2[i])
		}
	}
}

// A long period oscillator stands still while its base moves (u = -d), a short
// period one follows it (w^2 u = -a).
func TestOscillatorInItsLimits(t *testing.T) {
	const dt = 0.001
	a, d := make([]float64, 1001), make([]float64, 1001)
	for i := range a {
		at := float64(i) * dt
		a[i] = math.Pow(math.Sin(math.Pi*at), 4)
	}
	dsp.CumTrapezoid(d, a, dt)
	dsp.CumTrapezoid(d, d, dt)
	u := make([]float64, len(a))
	long, _ := NewOscillator(1e4, 0.05, dt)
	long.Displacement(u, a)
	w := newWorst(t, 1e-3) // w t = 6e-4 at the end
	w.near("displacement", -u[1000], d[1000], d[1000])
	short, _ := NewOscillator(0.002, 0.05, dt)
	w.tolerance = 1e-3 // (2 pi T)^2 of the input's pulse, and damping
	w.near("psa", short.PSA(a), 1, 1)
}

func TestSpectraOfAwkwardInput(t *testing.T) {
	s := newSpectra(t, SpectraOptions{Periods: periods21})
	p := NewPairSpectra(s.Len())
	nan, inf := math.NaN(), math.Inf(1)
	all := func(name string, ok func(v float64) bool, got ...[]float64) {
		t.Helper()
		for i, g := range got {
			if slices.ContainsFunc(g, func(v float64) bool { return !ok(v) }) {
				t.Errorf("%s: slice %d is %v", name, i, g)
			}
		}
	}
	for name, a := range map[string][]float64{
		"empty": {}, "NaN": {1, nan, 2, 3}, "NaN first": {nan, 1, 2}, "NaN last": {1, 2, nan},
		"only NaN": {nan}, "infinite": {1, inf, 2, 3, 4, 5}, "only infinite": {inf},
	} {
		s.PSA(p.PSA1, a, 0.01)
		all(name, math.IsNaN, p.PSA1)
		s.Pair(p, a, make([]float64, len(a)), 0.01)
		all(name+", first", math.IsNaN, p.PSA1, p.RotD50, p.RotD100)
		s.Pair(p, make([]float64, len(a)), a, 0.01)
		all(name+", second", math.IsNaN, p.PSA2, p.RotD50, p.RotD100)
	}
	for _, dt := range []float64{0, -1, nan, inf} {
		if k := s.PSA(p.PSA1, []float64{1, 2}, dt); k != 1 {
			t.Errorf("dt %g: factor %d", dt, k)
		}
		s.Pair(p, []float64{1, 2}, []float64{1, 2}, dt)
		all("interval", math.IsNaN, p.slices()...)
	}
	for _, a := range [][]float64{{5}, {0, 0}, make([]float64, 1000)} {
		s.Pair(p, a, a, 0.01)
		all("rest", func(v float64) bool { return v == 0 }, p.slices()...)
	}
}

// A step overshoots to 1 + exp(-pi z/sqrt(1-z^2)) of its size. The samples of ten
// and more to a half period miss the top by (pi/20)^2/2 of the overshoot at most.
func TestSpectraOfAStepOvershootAsTheDampingSays(t *testing.T) {
	const step = 3
	a := slices.Repeat([]float64{step}, 500) // no padding is needed, so nothing rings
	want := step * (1 + math.Exp(-math.Pi*0.05/math.Sqrt(1-0.05*0.05)))
	p := spectraOf(t, a, a, 0.05)
	w := newWorst(t, 0.0125/2)
	for i := range periods21 {
		w.near("psa", p.PSA1[i], want, want)
		w.near("rotd100", p.RotD100[i], want*math.Sqrt2, want*math.Sqrt2)
	}
}

func TestSpectraRefuseWhatIsNoSpectrum(t *testing.T) {
	nan := math.NaN()
	for name, o := range map[string]SpectraOptions{
		"no periods":      {},
		"zero period":     {Periods: []float64{1, 0}},
		"NaN period":      {Periods: []float64{nan}},
		"infinite period": {Periods: []float64{math.Inf(1)}},
		"damping of 1":    {Periods: []float64{1}, Damping: 1},
		"negative":        {Periods: []float64{1}, Damping: -0.1},
		"NaN damping":     {Periods: []float64{1}, Damping: nan},
		"few points":      {Periods: []float64{1}, PointsPerPeriod: 0.5},
		"NaN points":      {Periods: []float64{1}, PointsPerPeriod: nan},
	} {
		if _, err := NewSpectra(o, new(dsp.Plans), new(dsp.Scratch)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for _, dt := range []float64{0, nan, math.Inf(1)} {
		if _, err := NewOscillator(1, 0.05, dt); err == nil {
			t.Errorf("interval %g: accepted", dt)
		}
	}
}

func TestFactorIsNotMovedByRounding(t *testing.T) {
	s := newSpectra(t, SpectraOptions{Periods: []float64{1, 0.01, 0.1}})
	for rate, want := range map[float64]int{
		100: 20, 200: 10, 40: 50, 50: 40, 125: 16, 250: 8, 300: 7, 500: 4, 1000: 2, 1999: 2, 2000: 1, 5000: 1,
		99.99999999999: 20, 100.00000000001: 20, 1: 2000,
	} {
		if k := s.Factor(1 / rate); k != want {
			t.Errorf("%v Hz: %d, want %d", rate, k, want)
		}
	}
}
