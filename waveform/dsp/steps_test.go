package dsp_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

func TestResampleAgreesWithSciPy(t *testing.T) {
	var w workspace
	plain := relative("dsp.Resample", "SciPy 1.17.1 signal.resample", 1e-13)
	hann := relative("dsp.ResampleHann", "SciPy 1.17.1 signal.resample, hann", 1e-13)
	for _, want := range readSteps(t).Resampled {
		x, dst := want.samples(), make([]float64, want.M)
		dsp.Resample(dst, x, &w.plans, &w.scratch)
		plain.Trace(t, want.shifted.String(), dst, want.Plain)
		dsp.ResampleHann(dst, x, &w.plans, &w.scratch)
		hann.Trace(t, want.shifted.String(), dst, want.Hann)
	}
}

func TestResampleAgreesWithObsPyForWholeNumbersOfSamples(t *testing.T) {
	var w workspace
	plain := relative("dsp.Resample", "ObsPy 1.5.0 Trace.resample, no window", 1e-13)
	hann := relative("dsp.ResampleHann", "ObsPy 1.5.0 Trace.resample", 1e-13)
	for _, want := range readSteps(t).ResampledByObsPy {
		x, dst := want.samples(), make([]float64, int(float64(want.N)*want.To/want.Rate))
		if want.Plain != nil {
			dsp.Resample(dst, x, &w.plans, &w.scratch)
			plain.Trace(t, want.shifted.String(), dst, want.Plain)
		}
		if want.Hann != nil {
			dsp.ResampleHann(dst, x, &w.plans, &w.scratch)
			hann.Trace(t, want.shifted.String(), dst, want.Hann)
		}
	}
}

func TestResampleRatioIsResampleOfPaddedSamples(t *testing.T) {
	var w workspace
	r := relative("dsp.ResampleRatio", "SciPy 1.17.1 signal.resample, padded", 1e-13)
	for _, want := range readSteps(t).ResampledByRatio {
		dst := make([]float64, dsp.ResampledLen(want.N, want.Up, want.Down))
		dsp.ResampleRatio(dst, want.samples(), want.Up, want.Down, &w.plans, &w.scratch)
		r.Trace(t, want.shifted.String(), dst, want.Values)
	}
}

func TestDerivativesAgreeWithObsPyAndSciPy(t *testing.T) {
	var w workspace
	gradient := relative("dsp.Differentiate", "ObsPy 1.5.0 Trace.differentiate", 1e-15)
	derivative := relative("dsp.DifferentiateSpectral", "SciPy 1.17.1 fftpack.diff", 1e-11)
	integral := relative("dsp.IntegrateSpectral", "SciPy 1.17.1 fftpack.diff, order -1", 1e-11)
	for _, want := range readSteps(t).Derivatives {
		x, dst := want.samples(), make([]float64, want.N)
		dsp.Differentiate(dst, x, 0.01)
		gradient.Trace(t, want.shifted.String(), dst, want.Gradient)
		dsp.DifferentiateSpectral(dst, x, 0.01, &w.plans, &w.scratch)
		derivative.Trace(t, want.shifted.String(), dst, want.Spectral)
		dsp.IntegrateSpectral(dst, x, 0.01, &w.plans, &w.scratch)
		integral.Trace(t, want.shifted.String(), dst, want.Integral)
	}
}

func TestPolynomialTrendsAgreeWithExactFractions(t *testing.T) {
	r := relative("dsp.DetrendPolynomial", "exact fractions", 1e-14)
	for _, want := range readSteps(t).Polynomials.Exact {
		x := want.samples()
		dsp.DetrendPolynomial(x, want.Order)
		if peak(want.Values) == 0 { // nothing is left but the rounding of the input
			if peak(x) > 1e-12*peak(want.samples()) {
				t.Errorf("%v of order %d leaves %g", want.shifted, want.Order, peak(x))
			}
			continue
		}
		r.Trace(t, want.shifted.String(), x, want.Values)
	}
}

func TestPolynomialTrendsAgreeWithLegendreFitsOfNumPy(t *testing.T) {
	r := relative("dsp.DetrendPolynomial", "NumPy 2.4.6 legendre.legfit", 1e-11)
	for _, want := range readSteps(t).Polynomials.Legendre {
		x := want.samples()
		for i := range x {
			v := -5e3 + 2.5e4*float64(i)/float64(want.N-1)
			x[i] += v * v / 1e4
		}
		dsp.DetrendPolynomial(x, want.Order)
		r.Trace(t, want.shifted.String(), every(x, want.Every), want.Values)
	}
}

func TestPolynomialTrendsAgreeWithObsPy(t *testing.T) {
	r := relative("dsp.DetrendPolynomial", "ObsPy 1.5.0 Trace.detrend polynomial", 1e-12)
	for _, want := range readSteps(t).Polynomials.ObsPy {
		x := want.samples()
		dsp.DetrendPolynomial(x, want.Order)
		r.Trace(t, want.shifted.String(), x, want.Values)
	}
}

func TestTaperCosineIsTheWindowOfObsPy(t *testing.T) {
	r := relative("dsp.TaperCosine", "ObsPy 1.5.0 Trace.taper cosine", 1e-15)
	for _, want := range readSteps(t).Cosine {
		x := constant(want.N, 1)
		dsp.TaperCosine(x, dsp.TaperWidth(want.N, want.Fraction, 0, 1))
		r.Trace(t, "window", x, want.Window)
	}
}

func TestBaselinesAgreeWithFractionsAndNumPy(t *testing.T) {
	exact := relative("dsp.CorrectBaseline", "exact fractions", 1e-14)
	fitted := relative("dsp.CorrectBaseline", "NumPy 2.4.6 lstsq", 1e-12)
	for _, want := range readSteps(t).Baselines {
		x := want.samples()
		dsp.CorrectBaseline(x)
		r := fitted
		if want.Source == "exact" {
			r = exact
		}
		r.Trace(t, want.shifted.String(), every(x, want.Every), want.Values)
	}
}

func TestEnvelopesAgreeWithObsPyAndSciPy(t *testing.T) {
	var w workspace
	transform := relative("dsp.Hilbert", "SciPy 1.17.1 signal.hilbert", 1e-11)
	envelope := relative("dsp.Envelope", "ObsPy 1.5.0 filter.envelope", 1e-13)
	for _, want := range readSteps(t).Envelopes {
		dst := make([]float64, want.N)
		dsp.Hilbert(dst, want.samples(), &w.plans, &w.scratch)
		if peak(want.Hilbert) > 0 {
			transform.Trace(t, want.shifted.String(), dst, want.Hilbert)
		} else if peak(dst) != 0 {
			t.Errorf("%v: Hilbert transform %v, want zeros", want.shifted, dst)
		}
		dsp.Envelope(dst, want.samples(), &w.plans, &w.scratch)
		envelope.Trace(t, want.shifted.String(), dst, want.Envelope)
	}
}

func TestRotationsAgreeWithObsPy(t *testing.T) {
	input := func() (a, b, c []float64) {
		return series(12), seeded(12, 7), onOffset(seeded(12, 19), 1e7)
	}
	rt := relative("dsp.NEToRT", "ObsPy 1.5.0 rotate_ne_rt", 1e-14)
	ne := relative("dsp.RTToNE", "ObsPy 1.5.0 rotate_rt_ne", 1e-14)
	for _, want := range readSteps(t).Rotations.Flat {
		a, b, _ := input()
		dsp.NEToRT(want.BackAzimuth).Apply(a, b)
		rt.Trace(t, "R", a, want.RT[0])
		rt.Trace(t, "T", b, want.RT[1])
		a, b, _ = input()
		dsp.RTToNE(want.BackAzimuth).Apply(a, b)
		ne.Trace(t, "N", a, want.NE[0])
		ne.Trace(t, "E", b, want.NE[1])
	}
	lqt := relative("dsp.ZNEToLQT", "ObsPy 1.5.0 rotate_zne_lqt", 1e-12)
	zne := relative("dsp.LQTToZNE", "ObsPy 1.5.0 rotate_lqt_zne", 1e-12)
	for _, want := range readSteps(t).Rotations.Ray {
		a, b, c := input()
		dsp.ZNEToLQT(want.BackAzimuth, want.Incidence).Apply(a, b, c)
		compareThree(t, lqt, [3][]float64{a, b, c}, want.LQT)
		a, b, c = input()
		dsp.LQTToZNE(want.BackAzimuth, want.Incidence).Apply(a, b, c)
		compareThree(t, zne, [3][]float64{a, b, c}, want.ZNE)
	}
	solved := relative("dsp.ToZNE", "ObsPy 1.5.0 rotate2zne", 1e-12)
	for _, want := range readSteps(t).Rotations.Axes {
		var o [3]dsp.Orientation
		for i := range o {
			o[i] = dsp.Orientation{Azimuth: want.Azimuths[i], Dip: want.Dips[i]}
		}
		r, err := dsp.ToZNE(o[0], o[1], o[2])
		if err != nil {
			t.Fatal(err)
		}
		a, b, c := input()
		r.Apply(a, b, c)
		compareThree(t, solved, [3][]float64{a, b, c}, want.ZNE)
	}
}

// compareThree measures all components by the peak of the three: one may see next to
// nothing of the offset that another has.
func compareThree(t *testing.T, r agree.Reference, got, want [3][]float64) {
	t.Helper()
	d, scale := 0.0, 0.0
	for i := range got {
		d, scale = math.Max(d, worst(got[i], want[i])), math.Max(scale, peak(want[i]))
	}
	r.Deviation(t, "three components", d/scale)
}
