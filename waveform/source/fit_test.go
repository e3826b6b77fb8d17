package source_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/source"
)

// frequencies are n from low to high, evenly spaced in logarithm.
func frequencies(n int, low, high float64) []float64 {
	f := make([]float64, n)
	for i := range f {
		f[i] = low * math.Pow(high/low, float64(i)/float64(n-1))
	}
	return f
}

func amplitudes(m *source.Model, f []float64, s source.Source) []float64 {
	a := make([]float64, len(f))
	m.Spectrum(a, f, s)
	return a
}

// noise gives numbers that are about normal, by a linear congruential sequence.
type noise uint64

func (n *noise) next() float64 {
	sum := -6.0
	for range 12 {
		*n = *n*6364136223846793005 + 1442695040888963407
		sum += float64(*n>>11) / (1 << 53)
	}
	return sum
}

func TestExactSpectraGiveTheirSourceBack(t *testing.T) {
	f := frequencies(100, 0.05, 40)
	worst := 0.0
	for _, unit := range []waveform.Unit{waveform.Displacement, waveform.Velocity, waveform.Acceleration} {
		for _, corner := range []float64{0.06, 0.3, 1, 5, 30} {
			for _, kappa := range []float64{0, 0.005, 0.035, 0.08} {
				for _, free := range []bool{false, true} {
					o := source.GMProcess(35e3)
					o.Unit = unit
					m := newModel(t, o)
					want := source.Source{Moment: 3.3e15, Corner: corner, Kappa: kappa}
					fo := source.FitOptions{FreeKappa: free}
					if !free {
						fo.Kappa = kappa
					}
					fit, err := m.Fit(f, amplitudes(m, f, want), nil, fo)
					if err != nil {
						t.Fatal(err)
					}
					off := max(math.Abs(fit.Moment/want.Moment-1), math.Abs(fit.Corner/want.Corner-1), math.Abs(fit.Kappa-want.Kappa))
					if worst = max(worst, off); !(off <= 1e-6) || !(fit.RMS < 1e-7) || fit.AtLimit || fit.R2 < 1-1e-12 {
						t.Errorf("%v, %+v, kappa free %v: %+v", unit, want, free, fit)
					}
				}
			}
		}
	}
	t.Logf("worst deviation %.2g", worst)
}

// Scatter of 0.3 on 80 frequencies: standard deviations of what is fitted must be what it says
// they are, within 15 percent, over 300 spectra; and errors within four of them.
func TestUncertaintiesOfScatteredSpectraAreTheScatterOfFits(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	f := frequencies(80, 0.1, 30)
	want := source.Source{Moment: 1e15, Corner: 1.5, Kappa: 0.04}
	exact := amplitudes(m, f, want)
	random := noise(11)
	var square, said [4]float64
	rms := 0.0
	const n = 300
	for range n {
		a := slices.Clone(exact)
		for i := range a {
			a[i] *= math.Exp(0.3 * random.next())
		}
		fit, err := m.Fit(f, a, nil, source.FitOptions{FreeKappa: true})
		if err != nil {
			t.Fatal(err)
		}
		errors := [4]float64{math.Log(fit.Moment / want.Moment), math.Log(fit.Corner / want.Corner), math.Log(fit.StressDrop / m.StressDrop(want)), fit.Kappa - want.Kappa}
		for i, sd := range [4]float64{fit.LnMoment, fit.LnCorner, fit.LnStressDrop, fit.KappaError} {
			if !(math.Abs(errors[i]) < 4.5*sd) {
				t.Errorf("parameter %d off by %g, standard deviation %g", i, errors[i], sd)
			}
			square[i] += errors[i] * errors[i] / n
			said[i] += sd * sd / n
		}
		rms += fit.RMS / n
	}
	for i := range said {
		if ratio := math.Sqrt(square[i] / said[i]); !(math.Abs(ratio-1) < 0.15) {
			t.Errorf("parameter %d scatters %.2f times what was said", i, ratio)
		}
	}
	if math.Abs(rms-0.3) > 0.02 {
		t.Errorf("mean misfit %g, want 0.3", rms)
	}
}

func TestOnlyTheBandAndWhatIsPositiveIsFitted(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	f := frequencies(50, 0.1, 30)
	want := source.Source{Moment: 1e15, Corner: 1.5, Kappa: 0.04}
	a := amplitudes(m, f, want)
	bad := []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)}
	copy(a[20:], bad)
	a[0], a[49] = 1e9, 1e-9 // outside the band
	f, a = append([]float64{0, -1}, f...), append([]float64{1, 1}, a...)
	fit, err := m.Fit(f, a, nil, source.FitOptions{From: f[3], Until: f[50], Kappa: 0.04})
	if err != nil || fit.Frequencies != 48-len(bad) || math.Abs(fit.Moment/want.Moment-1) > 1e-9 {
		t.Errorf("%+v, %v", fit, err)
	}
}

// Amplitudes of which one half is wrong by a factor of two, and known to be 1e4 times less certain.
func TestWeightsDecideWhatCounts(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	f := frequencies(60, 0.1, 30)
	want := source.Source{Moment: 1e15, Corner: 1.5, Kappa: 0.04}
	a, std := amplitudes(m, f, want), make([]float64, len(f))
	for i := range a {
		if std[i] = 0.01; i%2 == 0 {
			a[i] *= 2
			std[i] = 100
		}
	}
	fit, err := m.Fit(f, a, std, source.FitOptions{FreeKappa: true})
	if err != nil || math.Abs(fit.Moment/want.Moment-1) > 1e-6 || math.Abs(fit.Corner/want.Corner-1) > 1e-6 {
		t.Errorf("%+v, %v", fit, err)
	}
	for i := range std {
		std[i] *= 1e3 // only ratios count
	}
	if again, err := m.Fit(f, a, std, source.FitOptions{FreeKappa: true}); err != nil || math.Abs(again.LnMoment/fit.LnMoment-1) > 1e-6 || math.Abs(again.RMS/fit.RMS-1) > 1e-6 {
		t.Errorf("%+v, %v; want %+v", again, err, fit)
	}
}

func TestCornersThatAreNotSeenAreAtTheirLimit(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	f := frequencies(50, 1, 10)
	for _, c := range []struct{ corner, want float64 }{{1e-3, 0.5}, {1e4, 20}} {
		fit, err := m.Fit(f, amplitudes(m, f, source.Source{Moment: 1e15, Corner: c.corner}), nil, source.FitOptions{})
		if err != nil || !fit.AtLimit || math.Abs(fit.Corner-c.want) > 1e-9 || !math.IsNaN(fit.LnCorner) || !math.IsNaN(fit.LnStressDrop) || math.IsNaN(fit.LnMoment) {
			t.Errorf("corner %g: %+v, %v", c.corner, fit, err)
		}
	}
	fit, err := m.Fit(f, amplitudes(m, f, source.Source{Moment: 1e15, Corner: 3}), nil, source.FitOptions{LowestCorner: 4, HighestCorner: 8})
	if err != nil || !fit.AtLimit || math.Abs(fit.Corner-4) > 1e-9 {
		t.Errorf("%+v, %v", fit, err)
	}
}

func TestTheLimitIsSeenWhateverTheBounds(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	for i := range 200 {
		low := 0.31 + 0.0137*float64(i)
		f := frequencies(30, low, low*(7+0.11*float64(i)))
		for _, corner := range []float64{1e-4, 1e5} {
			fit, err := m.Fit(f, amplitudes(m, f, source.Source{Moment: 1e15, Corner: corner}), nil, source.FitOptions{})
			if err != nil || !fit.AtLimit || !math.IsNaN(fit.LnCorner) {
				t.Fatalf("band from %g Hz, corner %g: %+v, %v", low, corner, fit, err)
			}
		}
	}
}

func TestKappaIsNotNegative(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	f := frequencies(50, 0.1, 10)
	fit, err := m.Fit(f, amplitudes(m, f, source.Source{Moment: 1e15, Corner: 1, Kappa: -0.01}), nil, source.FitOptions{FreeKappa: true})
	if err != nil || fit.Kappa != 0 || !math.IsNaN(fit.KappaError) || !(fit.RMS > 0) || math.IsNaN(fit.LnCorner) {
		t.Errorf("%+v, %v", fit, err)
	}
}

func TestTooFewAmplitudesAreATypedError(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	for n := range 6 {
		f := frequencies(n, 1, 10)
		if n == 1 {
			f[0] = 1
		}
		a := amplitudes(m, f, source.Source{Moment: 1e15, Corner: 3, Kappa: 0.01})
		for free, need := range map[bool]int{false: 3, true: 4} {
			_, err := m.Fit(f, a, nil, source.FitOptions{FreeKappa: free})
			if (n < need) != errors.Is(err, source.ErrTooFew) || n >= need && err != nil {
				t.Errorf("%d amplitudes, kappa free %v: %v", n, free, err)
			}
		}
	}
	if _, err := m.Fit(nil, nil, nil, source.FitOptions{}); !errors.Is(err, source.ErrTooFew) {
		t.Errorf("no spectrum: %v", err)
	}
}

// Equal frequencies say nothing about the shape: there must be a fit or an error, and no panic.
func TestFitOfDegenerateSpectra(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	for _, f := range [][]float64{{2, 2, 2, 2, 2}, {1e-300, 1, 1e300, 1e10, 3}, {1, 1.0000001, 1.0000002, 1.0000003, 1}} {
		for _, a := range [][]float64{{1, 1, 1, 1, 1}, {1, 2, 3, 4, 5}, {1e-300, 1e300, 1, 5, 5e-324}} {
			for _, free := range []bool{false, true} {
				fit, err := m.Fit(f, a, nil, source.FitOptions{FreeKappa: free})
				if err == nil && !(fit.Corner > 0) {
					t.Errorf("%v %v: %+v", f, a, fit)
				}
			}
		}
	}
}

func TestNonsenseIsATypedError(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := source.Options{Distance: 20e3}
	for name, spoil := range map[string]func(*source.Options){
		"no distance": func(o *source.Options) { o.Distance = 0 }, "distance": func(o *source.Options) { o.Distance = inf },
		"unit": func(o *source.Options) { o.Unit = waveform.Counts }, "radiation": func(o *source.Options) { o.Radiation = -1 },
		"partition": func(o *source.Options) { o.Partition = nan }, "density": func(o *source.Options) { o.Density = -2800 },
		"velocity": func(o *source.Options) { o.Velocity = inf }, "Q": func(o *source.Options) { o.Q = -5 },
		"exponent of Q": func(o *source.Options) { o.QExponent = nan }, "velocity of Q": func(o *source.Options) { o.QVelocity = -1 },
		"spreading from": func(o *source.Options) { o.Spreading = []source.Spreading{{5, 1}} },
		"spreading":      func(o *source.Options) { o.Spreading = []source.Spreading{{0, 1}, {0, 2}} },
		"exponent":       func(o *source.Options) { o.Spreading = []source.Spreading{{0, nan}} },
		"amplification":  func(o *source.Options) { o.Amplification = []source.Amplification{{1, 0}} },
		"order":          func(o *source.Options) { o.Amplification = []source.Amplification{{2, 1}, {1, 1}} },
	} {
		o := good
		spoil(&o)
		if _, err := source.New(o); !errors.Is(err, source.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := newModel(t, good)
	f := frequencies(20, 1, 10)
	a := amplitudes(m, f, source.Source{Moment: 1e15, Corner: 3})
	for _, o := range []source.FitOptions{{From: -1}, {From: nan}, {From: 3, Until: 2}, {Kappa: -1}, {Kappa: inf}, {LowestCorner: 50, HighestCorner: 40}, {LowestCorner: 50}} {
		if _, err := m.Fit(f, a, nil, o); !errors.Is(err, source.ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, bad := range []float64{0, -1, nan, inf} {
		std := slices.Repeat([]float64{1}, len(f))
		std[7] = bad
		if _, err := m.Fit(f, a, std, source.FitOptions{}); !errors.Is(err, source.ErrInput) {
			t.Errorf("deviation %g: %v", bad, err)
		}
	}
	f[3] = nan
	if _, err := m.Fit(f, a, nil, source.FitOptions{}); !errors.Is(err, source.ErrInput) {
		t.Errorf("frequency NaN: %v", err)
	}
}

func TestSpectrumAtZeroAndBelow(t *testing.T) {
	s := source.Source{Moment: 1e15, Corner: 2, Kappa: 0.04}
	for unit, zero := range map[waveform.Unit]func(v float64) bool{
		waveform.Displacement: func(v float64) bool { return v > 0 }, waveform.Velocity: func(v float64) bool { return v == 0 },
		waveform.Acceleration: func(v float64) bool { return v == 0 },
	} {
		o := source.GMProcess(20e3)
		o.Unit = unit
		got := amplitudes(newModel(t, o), []float64{0, 1e-12, -1, math.NaN()}, s)
		if !zero(got[0]) || !math.IsNaN(got[2]) || !math.IsNaN(got[3]) {
			t.Errorf("%v: %v", unit, got)
		}
		if unit == waveform.Displacement && math.Abs(got[1]/got[0]-1) > 1e-6 {
			t.Errorf("plateau %g, at zero %g", got[1], got[0])
		}
	}
}

func TestOptionsInForceCannotBeChangedFromOutside(t *testing.T) {
	o := source.GMProcess(20e3)
	m := newModel(t, o)
	f := []float64{1, 5}
	before := amplitudes(m, f, source.Source{Moment: 1, Corner: 1})
	o.Amplification[3].Factor, o.Spreading[0].Exponent = 99, 99
	in := m.Options()
	in.Amplification[9].Factor = 99
	if after := amplitudes(m, f, source.Source{Moment: 1, Corner: 1}); !slices.Equal(before, after) || m.Options().Density != 2800 {
		t.Errorf("%v, then %v", before, after)
	}
}

func TestMomentMagnitudesGoThereAndBack(t *testing.T) {
	for mw := -2.0; mw < 10; mw += 0.37 {
		if got := source.MomentMagnitude(source.Moment(mw)); math.Abs(got-mw) > 1e-12 {
			t.Errorf("%g comes back as %g", mw, got)
		}
	}
	if got := source.MomentMagnitude(3.98107170553497e22); math.Abs(got-9) > 1e-12 { // 10^22.6 N m
		t.Errorf("Mw %g, want 9", got)
	}
	for _, moment := range []float64{0, -1, math.NaN()} {
		if got := source.MomentMagnitude(moment); !math.IsNaN(got) {
			t.Errorf("Mw of %g is %g", moment, got)
		}
	}
}

func TestWrongLengthsPanic(t *testing.T) {
	m := newModel(t, source.Options{Distance: 20e3})
	two, three := make([]float64, 2), make([]float64, 3)
	for name, f := range map[string]func(){
		"spectrum":   func() { m.Spectrum(two, three, source.Source{}) },
		"amplitudes": func() { _, _ = m.Fit(two, three, nil, source.FitOptions{}) },
		"deviations": func() { _, _ = m.Fit(two, two, three, source.FitOptions{}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}
