package dsp_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

func TestApplyGivesEveryBitOfSciPy(t *testing.T) {
	once := relative("dsp.Filter.Apply", "SciPy 1.17.1 sosfilt, same sections", 0)
	twice := relative("dsp.Filter.ApplyZeroPhase", "SciPy 1.17.1 sosfilt twice, same sections", 0)
	for _, want := range readSteps(t).Filtered {
		f := sections(want.Sections)
		x := want.samples()
		f.Apply(x)
		once.Deviation(t, want.design.String()+want.shifted.String(), otherBits(x, want.Once))
		x = want.samples()
		f.ApplyZeroPhase(x)
		twice.Deviation(t, want.design.String()+want.shifted.String(), otherBits(x, want.Twice))
	}
}

// otherBits is 0 where the samples have the digest, else infinite.
func otherBits(x []float64, want string) float64 {
	if digest(x) == want {
		return 0
	}
	return math.Inf(1)
}

// Of wide band-stops of high order nobody has more digits: their sections take the
// signal down by many orders of magnitude and up again, and one unit in the last
// place of SciPy's own coefficients moves the result by up to 1e-4 of its peak. There the
// test asks for no more than that.
func TestDesignAndFilterAgreeWithSciPy(t *testing.T) {
	r := relative("dsp.Butterworth", "SciPy 1.17.1 butter and sosfilt", 1e-10)
	for _, want := range readSteps(t).Filtered {
		f := sections(want.Sections)
		got, ref, moved := want.samples(), want.samples(), want.samples()
		want.make(t).Apply(got)
		f.Apply(ref)
		lastPlaces(f).Apply(moved)
		wide := want.Kind == "bandstop" && want.Corners[1] > 2*want.Corners[0]
		if wide && want.Order >= 6 {
			d, sensitivity := worst(got, ref)/peak(ref), worst(moved, ref)/peak(ref)
			if d > 20*sensitivity {
				t.Errorf("%v: %.1e of the peak, while one unit in the last place makes %.1e", want.design, d, sensitivity)
			}
			continue
		}
		r.Trace(t, want.design.String()+want.shifted.String(), got, ref)
	}
}

// lastPlaces changes each coefficient by one unit in its last place, up and down in
// turn.
func lastPlaces(f dsp.Filter) (moved dsp.Filter) {
	direction := math.Inf(1)
	next := func(v float64) float64 {
		if v == 0 {
			return 0
		}
		direction = -direction
		return math.Nextafter(v, direction)
	}
	for _, s := range f {
		moved = append(moved, dsp.Section{B0: next(s.B0), B1: next(s.B1), B2: next(s.B2), A1: next(s.A1), A2: next(s.A2)})
	}
	return moved
}

func TestAmplitudeButterworthAgreesWithItsDefinition(t *testing.T) {
	var w workspace
	r := relative("dsp.AmplitudeButterworth", "NumPy 2.4.6 rfft, definition", 1e-12)
	for _, want := range readSteps(t).Amplitude {
		f := want.amplitude(t)
		x := want.samples()
		f.Apply(x, &w.plans, &w.scratch)
		scaled := r
		if want.Offset != 0 && want.Kind != "lowpass" { // an offset of 1e7 leaves, and its rounding stays
			scaled.Within = 1e-11
		}
		scaled.Trace(t, want.design.String()+want.shifted.String(), x, want.Values)
	}
}

func (d design) amplitude(t *testing.T) dsp.AmplitudeFilter {
	t.Helper()
	corners := append(d.Corners, 0)
	f, err := dsp.AmplitudeButterworth(d.kind(t), d.Order, corners[0], corners[1], d.Rate)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestChebyshevOrdersAreThoseOfSciPy(t *testing.T) {
	r := agree.Reference{Function: "dsp.Chebyshev2Order", Source: "SciPy 1.17.1 cheb2ord", Measure: "value", Within: 1e-14}
	for _, want := range readSteps(t).Chebyshev.Orders {
		order, edge, err := dsp.Chebyshev2Order(want.Pass, want.Stop, want.Loss, want.Attenuation, want.Rate)
		if err != nil || order != want.Order {
			t.Errorf("%+v: order %d, %v", want, order, err)
		}
		r.Scalar(t, "edge", edge, want.Edge, 0)
	}
}

func TestChebyshevHasTheSectionsOfSciPy(t *testing.T) {
	r := relative("dsp.Chebyshev2", "SciPy 1.17.1 cheby2 and sosfilt", 1e-11)
	for _, want := range readSteps(t).Chebyshev.Designs {
		f, err := dsp.Chebyshev2(want.Order, want.Stop, want.Attenuation, want.Rate)
		if err != nil || len(f) != len(want.Sections) {
			t.Fatalf("%+v: %d sections, %v", want, len(f), err)
		}
		got, ref := series(1500), series(1500)
		f.Apply(got)
		sections(want.Sections).Apply(ref)
		r.Trace(t, design{"cheby2", want.Order, []float64{want.Stop}, want.Rate}.String(), got, ref)
		for i, row := range coefficients(f)[1:] {
			if d := worst(row[:], want.Sections[i+1][:]); d > 1e-12 {
				t.Errorf("%+v: section %d differs by %g", want, i+1, d)
			}
		}
	}
}

func TestDecimatorAgreesWithObsPy(t *testing.T) {
	r := relative("dsp.Decimator.Apply", "ObsPy 1.5.0 Trace.decimate", 1e-12)
	for _, want := range readSteps(t).Decimated {
		d, err := dsp.NewDecimator(want.Factor)
		if err != nil {
			t.Fatal(err)
		}
		r.Trace(t, want.shifted.String(), d.Apply(want.samples()), want.Values)
	}
}
