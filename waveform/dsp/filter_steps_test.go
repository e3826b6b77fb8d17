package dsp_test

import (
	"errors"
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func TestAmplitudeFilterTakesOffThreeDecibelsAtItsCornersAndNoPhase(t *testing.T) {
	var w workspace
	const n, rate = 1000, 100.0
	f, err := dsp.AmplitudeButterworth(dsp.Bandpass, 5, 2, 20, rate)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, n)
	x[300] = 1
	f.Apply(x, &w.plans, &w.scratch)
	plan := w.plans.FFT(n)
	for k, c := range plan.Coefficients(w.scratch.Spectrum(plan.Bins()), x, &w.scratch) {
		hertz := float64(k) * rate / n
		delay := cmplx.Rect(1, 2*math.Pi*float64(300*k%n)/n)
		if d := cmplx.Abs(c*delay - complex(f.Gain(hertz), 0)); d > 1e-14 {
			t.Fatalf("at %g Hz the spectrum is %v, want gain %g without phase", hertz, c*delay, f.Gain(hertz))
		}
	}
	for _, corner := range []float64{2, 20} {
		if got := f.Gain(corner); math.Abs(got-math.Sqrt(0.5)) > 1e-5 { // the other corner takes off (1/10)^10
			t.Errorf("gain %g at %g Hz", got, corner)
		}
	}
	if f.Gain(0) != 0 {
		t.Errorf("a bandpass lets %g of the mean through", f.Gain(0))
	}
}

func TestAmplitudeFilterOfAwkwardInput(t *testing.T) {
	var w workspace
	low, err := dsp.AmplitudeButterworth(dsp.Lowpass, 5, 20, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	high, err := dsp.AmplitudeButterworth(dsp.Highpass, 5, 0.1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	low.Apply(nil, &w.plans, &w.scratch)
	for n := 1; n < 5; n++ {
		x := constant(n, 1e7)
		low.Apply(x, &w.plans, &w.scratch)
		if worst(x, constant(n, 1e7)) > 1e-8 {
			t.Errorf("lowpass makes %v of a constant", x)
		}
		high.Apply(x, &w.plans, &w.scratch)
		if peak(x) > 1e-8 {
			t.Errorf("highpass leaves %v of a constant", x)
		}
	}
	x := series(50)
	x[7] = math.NaN()
	for i, v := range x {
		low.Apply(x, &w.plans, &w.scratch)
		if !math.IsNaN(x[i]) {
			t.Fatalf("sample %d is %g: a NaN must spread", i, v)
		}
	}
}

func TestAmplitudeButterworthRefusesImpossibleDesigns(t *testing.T) {
	for _, c := range []struct {
		kind         dsp.Kind
		order        int
		f1, f2, rate float64
	}{
		{dsp.Bandstop, 4, 1, 2, 100},
		{dsp.Lowpass, 0, 1, 0, 100},
		{dsp.Lowpass, 4, 50, 0, 100},
		{dsp.Highpass, 4, 0, 0, 100},
		{dsp.Highpass, 4, math.NaN(), 0, 100},
		{dsp.Bandpass, 4, 3, 2, 100},
		{dsp.Kind(7), 4, 1, 2, 100},
	} {
		if _, err := dsp.AmplitudeButterworth(c.kind, c.order, c.f1, c.f2, c.rate); !errors.Is(err, dsp.ErrFilter) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// gains is the modulus of the frequency response at n/2+1 frequencies up to Nyquist.
func gains(f dsp.Filter, n int) (all []float64) {
	for k := range n/2 + 1 {
		z := cmplx.Rect(1, -2*math.Pi*float64(k)/float64(n)) // 1/z
		h := complex(1, 0)
		for _, s := range f {
			h *= (complex(s.B0, 0) + complex(s.B1, 0)*z + complex(s.B2, 0)*z*z) / (1 + complex(s.A1, 0)*z + complex(s.A2, 0)*z*z)
		}
		all = append(all, cmplx.Abs(h))
	}
	return all
}

func TestChebyshevKeepsWhatItPromises(t *testing.T) {
	const pass, stop, loss, attenuation, rate, n = 8.0, 10.0, 1.0, 60.0, 100.0, 2000
	order, edge, err := dsp.Chebyshev2Order(pass, stop, loss, attenuation, rate)
	if err != nil {
		t.Fatal(err)
	}
	f, err := dsp.Chebyshev2(order, edge, attenuation, rate)
	if err != nil {
		t.Fatal(err)
	}
	all, ripple := gains(f, n), 0.0
	for k, g := range all {
		hertz, decibels := float64(k)*rate/n, 20*math.Log10(g)
		if hertz <= pass && (decibels < -loss-1e-9 || decibels > 1e-9) {
			t.Errorf("%g dB at %g Hz, want at most %g lost to %g Hz", decibels, hertz, loss, pass)
		}
		if hertz >= edge {
			ripple = max(ripple, g)
		}
	}
	if math.Abs(20*math.Log10(all[pass*n/rate])+loss) > 1e-9 {
		t.Errorf("%g dB at %g Hz, want exactly %g lost", 20*math.Log10(all[pass*n/rate]), pass, loss)
	}
	if got := 20 * math.Log10(ripple); got > -attenuation+1e-6 || got < -attenuation-0.1 {
		t.Errorf("the stop band is %g dB down, want %g", got, attenuation)
	}
}

func TestChebyshevRefusesImpossibleDesigns(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		order                   int
		stop, attenuation, rate float64
	}{
		{0, 10, 96, 100}, {101, 10, 96, 100}, {4, 0, 96, 100}, {4, 50, 96, 100}, {4, nan, 96, 100},
		{4, 10, 0, 100}, {4, 10, nan, 100}, {4, 10, inf, 100}, {4, 10, 5000, 100},
	} {
		if f, err := dsp.Chebyshev2(c.order, c.stop, c.attenuation, c.rate); !errors.Is(err, dsp.ErrFilter) || f != nil {
			t.Errorf("%+v: %v, %v", c, f, err)
		}
	}
	for _, c := range [][5]float64{
		{10, 10, 1, 96, 100}, {0, 10, 1, 96, 100}, {8, 50, 1, 96, 100}, {8, 10, 0, 96, 100}, {8, 10, 96, 96, 100},
		{nan, 10, 1, 96, 100}, {8, 10, 1, inf, 100}, {8, 10, 1, nan, 100}, {8, 10, 1, 96, nan}, {8, 8.0000001, 1, 96, 100},
	} {
		if order, edge, err := dsp.Chebyshev2Order(c[0], c[1], c[2], c[3], c[4]); !errors.Is(err, dsp.ErrFilter) {
			t.Errorf("%v: %d, %g, %v", c, order, edge, err)
		}
	}
}

func TestDecimatorLetsNothingAlias(t *testing.T) {
	for factor := 2; factor <= 16; factor++ {
		d, err := dsp.NewDecimator(factor)
		if err != nil {
			t.Fatal(err)
		}
		const n = 3200
		for k, g := range gains(d.Filter(), n) {
			nyquist := float64(k) * 2 * float64(factor) / n // frequency over the new Nyquist frequency
			if nyquist >= 1 && g > math.Pow(10, -96/20.0)*(1+1e-6) {
				t.Fatalf("factor %d: gain %g at %g of the new Nyquist frequency", factor, g, nyquist)
			}
			if nyquist <= 0.5 && g < math.Pow(10, -1/20.0) {
				t.Fatalf("factor %d: gain %g at %g of the new Nyquist frequency", factor, g, nyquist)
			}
		}
	}
}

func TestZeroPhaseDecimationKeepsTheTimeOfAPulse(t *testing.T) {
	d, err := dsp.NewDecimator(5)
	if err != nil {
		t.Fatal(err)
	}
	pulse := func() []float64 {
		x := make([]float64, 1001)
		for i := range x {
			u := float64(i-500) / 30
			x[i] = math.Exp(-u * u)
		}
		return x
	}
	y := d.ApplyZeroPhase(pulse())
	if len(y) != 201 || slices.Index(y, slices.Max(y)) != 100 || math.Abs(y[100]-1) > 1e-3 {
		t.Errorf("%d samples, largest %g at %d, want 1 at 100", len(y), slices.Max(y), slices.Index(y, slices.Max(y)))
	}
	if y := d.Apply(pulse()); slices.Index(y, slices.Max(y)) <= 100 {
		t.Error("the causal filter must delay")
	}
}

func TestDecimatorOfAwkwardInput(t *testing.T) {
	for _, factor := range []int{-1, 0, 17} {
		if _, err := dsp.NewDecimator(factor); !errors.Is(err, dsp.ErrFilter) {
			t.Errorf("factor %d: %v", factor, err)
		}
	}
	same, err := dsp.NewDecimator(1)
	if err != nil || len(same.Filter()) != 0 || same.Factor() != 1 {
		t.Fatalf("factor 1: %v, %v", same, err)
	}
	if worst(same.Apply(series(9)), series(9)) != 0 {
		t.Error("factor 1 changes the samples")
	}
	d, err := dsp.NewDecimator(4)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]int{0: 0, 1: 1, 4: 1, 5: 2, 8: 2, 9: 3} {
		if got := d.ApplyZeroPhase(series(n)); len(got) != want || d.Len(n) != want {
			t.Errorf("%d samples become %d, Len says %d, want %d", n, len(got), d.Len(n), want)
		}
	}
	x := series(40)
	x[17] = math.NaN()
	if y := d.Apply(x); math.IsNaN(y[4]) || !math.IsNaN(y[5]) {
		t.Errorf("a NaN at sample 17 must be in all from sample 5 (20) on: %v", y)
	}
}
