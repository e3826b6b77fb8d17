package metric

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

var dampings4 = []float64{0, 0.02, 0.05, 0.2}

func newBank(tb testing.TB, o SpectraOptions, dt float64) (*Bank, *Scratch) {
	tb.Helper()
	b, err := NewBank(o, dt)
	if err != nil {
		tb.Fatal(err)
	}
	return b, NewScratch(new(dsp.Plans), new(dsp.Scratch))
}

func equal(a, b Spectrum) bool {
	for i, x := range a.fields() {
		if !slices.Equal(*x, *b.fields()[i]) {
			return false
		}
	}
	return true
}

func TestQuantitiesAreTheSameBitsWhateverTheyAreAskedForWith(t *testing.T) {
	a1, a2 := quake(1001, 1), quake(1001, 2)
	b, s := newBank(t, SpectraOptions{Periods: periods21, Dampings: dampings4}, 0.01)
	all := NewRotatedSpectra(b.Len(), everything, 0, 0.5, 0.84, 1)
	b.Rotated(all, a1, a2, s)
	for q := Quantities(1); q <= everything; q++ {
		one := NewSpectrum(b.Len(), q)
		b.Spectrum(one, a1, s)
		pair := NewRotatedSpectra(b.Len(), q, 1, 0)
		b.Rotated(pair, a1, a2, s)
		if one.Quantities() != q || !equal(one, pair.First) {
			t.Fatalf("%v of a pair is not that of its first component", q)
		}
		for i, x := range one.fields() {
			if *x != nil && !slices.Equal(*x, *all.First.fields()[i]) {
				t.Errorf("%v: quantity %d depends on what it is asked for with", q, i)
			}
			if *x != nil && (!slices.Equal(*pair.Over[0].fields()[i], *all.Over[3].fields()[i]) ||
				!slices.Equal(*pair.Over[1].fields()[i], *all.Over[0].fields()[i])) {
				t.Errorf("%v: rotated quantity %d depends on what it is asked for with", q, i)
			}
		}
		b.Spectrum(one, a2, s)
		if !equal(one, pair.Second) {
			t.Errorf("%v of a pair is not that of its second component", q)
		}
	}
}

func TestDampingsFollowOneAnother(t *testing.T) {
	a := quake(800, 3)
	b, s := newBank(t, SpectraOptions{Periods: periods21, Dampings: dampings4}, 0.01)
	all := NewSpectrum(b.Len(), PSA|SA)
	b.Spectrum(all, a, s)
	for d, damping := range dampings4 {
		one, s := newBank(t, SpectraOptions{Periods: periods21, Dampings: []float64{damping}}, 0.01)
		got := NewSpectrum(one.Len(), PSA|SA)
		one.Spectrum(got, a, s)
		from, until := d*len(periods21), (d+1)*len(periods21)
		if !slices.Equal(got.PSA, all.PSA[from:until]) || !slices.Equal(got.SA, all.SA[from:until]) {
			t.Errorf("damping %g is not in its place", damping)
		}
	}
	if !slices.Equal(all.PSA[:21], all.SA[:21]) {
		t.Error("without damping, SA is not PSA")
	}
}

// SD, PSV and PSA are one number in three units; 1e-15 is for the rounding of w.
func TestPseudoSpectraAreDisplacementsTimesFrequency(t *testing.T) {
	b, s := newBank(t, SpectraOptions{Periods: periods21}, 0.01)
	got := NewSpectrum(b.Len(), everything)
	b.Spectrum(got, quake(800, 3), s)
	w := newWorst(t, 2e-15)
	for i, period := range periods21 {
		omega := 2 * math.Pi / period
		w.near("PSV", got.PSV[i], omega*got.SD[i], got.PSV[i])
		w.near("PSA", got.PSA[i], omega*omega*got.SD[i], got.PSA[i])
	}
}

func TestBankServesManyGoroutines(t *testing.T) {
	a1, a2 := quake(700, 1), quake(700, 2)
	b, s := newBank(t, SpectraOptions{Periods: periods21, Dampings: dampings4}, 0.01)
	want := NewRotatedSpectra(b.Len(), PSA|SA, 0.5)
	b.Rotated(want, a1, a2, s)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s := NewScratch(new(dsp.Plans), new(dsp.Scratch))
			got := NewRotatedSpectra(b.Len(), PSA|SA, 0.5)
			b.Rotated(got, a1, a2, s)
			if !equal(got.First, want.First) || !equal(got.Over[0], want.Over[0]) {
				t.Error("a goroutine got other numbers")
			}
		})
	}
	all.Wait()
}

func TestGmprocessInterpolatesBelowTenSamplesAPeriod(t *testing.T) {
	for _, c := range []struct {
		dt, shortest float64
		want         int
	}{
		{0.01, 0.01, 10}, {0.005, 0.01, 5}, {0.01, 0.02, 5}, {0.01, 0.1, 1}, {0.01, 0.0995, 1}, {0.01, 0.0985, 2},
		{0.005, 0.075, 1}, {0.025, 0.01, 25}, {0.001, 0.01, 1}, {math.NaN(), 0.01, 1}, {0, 0.01, 1},
	} {
		o := SpectraOptions{Periods: []float64{5, c.shortest}, Method: Gmprocess}
		if got := o.Factor(c.dt); got != c.want {
			t.Errorf("dt %g s, period %g s: %d, want %d", c.dt, c.shortest, got, c.want)
		}
	}
	a := quake(900, 1)
	fine, s := newBank(t, SpectraOptions{Periods: []float64{0.05, 0.1, 0.15, 0.2}}, 0.01)
	coarse, _ := newBank(t, SpectraOptions{Periods: []float64{0.05, 0.1, 0.15, 0.2}, Method: Gmprocess}, 0.01)
	x, y := NewSpectrum(4, PSA), NewSpectrum(4, PSA)
	fine.Spectrum(x, a, s)
	coarse.Spectrum(y, a, s)
	for i, same := range []bool{false, false, false, true} {
		if (x.PSA[i] == y.PSA[i]) != same {
			t.Errorf("period %d: %g by one method, %g by the other", i, x.PSA[i], y.PSA[i])
		}
	}
	if Fine.String() != "fine" || Gmprocess.String() != "gmprocess" || Method(9).String() != "Method(9)" {
		t.Errorf("names: %v, %v, %v", Fine, Gmprocess, Method(9))
	}
}

func TestQuantitiesHaveNames(t *testing.T) {
	if got := (SD | PSA | SA).String(); got != "SD+PSA+SA" {
		t.Error(got)
	}
	if got := (Spectrum{SV: []float64{}}).Quantities(); got != SV {
		t.Error(got)
	}
}

func TestBanksOfAwkwardInput(t *testing.T) {
	b, s := newBank(t, SpectraOptions{Periods: periods21, Dampings: dampings4}, 0.01)
	nan, inf := math.NaN(), math.Inf(-1)
	r := NewRotatedSpectra(b.Len(), everything, 0, 0.5, 1)
	check := func(name string, ok func(float64) bool, spectra ...Spectrum) {
		t.Helper()
		for i, spectrum := range spectra {
			for j, x := range spectrum.fields() {
				if slices.ContainsFunc(*x, func(v float64) bool { return !ok(v) }) {
					t.Errorf("%s: spectrum %d, quantity %d: %v", name, i, j, *x)
				}
			}
		}
	}
	for name, a := range map[string][]float64{
		"empty": {}, "NaN": {1, nan, 2, 3}, "NaN last": {1, 2, nan}, "only NaN": {nan}, "infinite": {1, inf, 2, 3, 4, 5}, "infinite last": {1, 2, inf},
	} {
		b.Rotated(r, a, make([]float64, len(a)), s)
		check(name+", first", math.IsNaN, append(r.Over, r.First)...)
		b.Rotated(r, make([]float64, len(a)), a, s)
		check(name+", second", math.IsNaN, append(r.Over, r.Second)...)
		b.Spectrum(r.First, a, s)
		check(name+", alone", math.IsNaN, r.First)
	}
	for _, a := range [][]float64{{5}, {0, 0}, make([]float64, 300)} {
		b.Rotated(r, a, a, s)
		check("rest", func(v float64) bool { return v == 0 }, append(r.Over, r.First, r.Second)...)
	}
}

func TestBanksRefuseWhatIsNoSpectrum(t *testing.T) {
	for name, o := range map[string]SpectraOptions{
		"one damping and several": {Periods: []float64{1}, Damping: 0.05, Dampings: []float64{0.05}},
		"a bad one of several":    {Periods: []float64{1}, Dampings: []float64{0.05, 1}},
		"unknown method":          {Periods: []float64{1}, Method: 7},
		"points of gmprocess":     {Periods: []float64{1}, Method: Gmprocess, PointsPerPeriod: 10},
	} {
		if _, err := NewBank(o, 0.01); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for _, dt := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := NewBank(SpectraOptions{Periods: []float64{1}}, dt); err == nil {
			t.Errorf("interval %g: accepted", dt)
		}
	}
	b, s := newBank(t, SpectraOptions{Periods: []float64{1, 2}}, 0.01)
	a := quake(10, 1)
	for name, call := range map[string]func(){
		"short spectrum": func() { b.Spectrum(Spectrum{PSA: make([]float64, 1)}, a, s) },
		"lengths":        func() { b.Rotated(NewRotatedSpectra(2, PSA, 1), a, a[1:], s) },
		"percentiles":    func() { b.Rotated(RotatedSpectra{Percentiles: []float64{1}}, a, a, s) },
		"mixed quantities": func() {
			b.Rotated(RotatedSpectra{Percentiles: []float64{0, 1}, Over: []Spectrum{NewSpectrum(2, PSA), NewSpectrum(2, SA)}}, a, a, s)
		},
		"geometric means":    func() { GeometricMeans(make([]float64, 2), make([]float64, 2), make([]float64, 3)) },
		"forgotten spectrum": func() { newSpectra(t, SpectraOptions{Periods: []float64{1}}).PSA(nil, a, 0.01) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			call()
		}()
	}
}

func TestGeometricMean(t *testing.T) {
	if got := GeometricMean(2, 8); got != 4 {
		t.Errorf("of 2 and 8: %g", got)
	}
	if got := GeometricMean(1e300, 1e304); math.Abs(got/1e302-1) > 1e-15 {
		t.Errorf("of large numbers: %g", got)
	}
	if got := GeometricMean(0, 3); got != 0 {
		t.Errorf("of nothing and 3: %g", got)
	}
	if !isNaN(GeometricMean(math.NaN(), 1), GeometricMean(-1, 4), GeometricMean(-1, -4)) {
		t.Error("NaN or a negative was passed over")
	}
	x := []float64{1, 4}
	GeometricMeans(x, x, []float64{4, 9})
	if !slices.Equal(x, []float64{2, 6}) {
		t.Errorf("of spectra: %v", x)
	}
}

func TestInterpolationAsInGmprocessDoesNotAllocateAndKeepsAWave(t *testing.T) {
	bank, s := newBank(t, SpectraOptions{Periods: []float64{0.02, 0.05, 1}, Method: Gmprocess}, 0.01)
	a := make([]float64, 3000)
	for i := range a {
		a[i] = math.Sin(float64(i*i) / 9e4)
	}
	dst := NewSpectrum(bank.Len(), PSA|SA)
	bank.Spectrum(dst, a, s) // it grows once
	if n := testing.AllocsPerRun(3, func() { bank.Spectrum(dst, a, s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	wave := make([]float64, 400)
	for i := range wave {
		wave[i] = math.Sin(2 * math.Pi * float64(i) / 40)
	}
	x, interval := s.stretch(0, wave, 0.01, 5)
	if len(x) != 2000 || interval >= 0.002 || interval < 0.00199 {
		t.Fatalf("%d samples every %v s", len(x), interval)
	}
	for i, v := range x {
		if want := math.Sin(2 * math.Pi * float64(i) * interval / 0.4); math.Abs(v-want) > 0.01 { // it does not pad
			t.Fatalf("sample %d is %v, want %v", i, v, want)
		}
	}
}
