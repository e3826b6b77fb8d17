package process

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// noise is 2000 samples from a small generator, with an offset and a trend, at 50 Hz from midnight.
func noise(unit waveform.Unit) waveform.Trace {
	tr := waveform.Trace{Start: midnight, SampleRate: 50, Unit: unit, Data: make([]float64, 2000)}
	state := uint32(1)
	for i := range tr.Data {
		state = state*1664525 + 1013904223
		tr.Data[i] = 100 + 0.01*float64(i) + float64(state>>8)/(1<<23) - 1
	}
	return tr
}

var midnight = time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)

// between is a window of seconds after midnight.
func between(from, until float64) waveform.Window {
	at := func(s float64) time.Time { return midnight.Add(time.Duration(math.Round(s * 1e9))) }
	return waveform.Window{From: at(from), Until: at(until)}
}

func design(kind dsp.Kind, order int, low, high float64) dsp.Filter {
	f, err := dsp.Butterworth(kind, order, low, high, 50)
	if err != nil {
		panic(err)
	}
	return f
}

func amplitude(kind dsp.Kind, order int, corner float64) func(x []float64) {
	f, err := dsp.AmplitudeButterworth(kind, order, corner, 0, 50)
	if err != nil {
		panic(err)
	}
	return func(x []float64) { f.Apply(x, new(dsp.Plans), new(dsp.Scratch)) }
}

func TestStepsInPlaceAreTheirKernels(t *testing.T) {
	var plans dsp.Plans
	var scratch dsp.Scratch
	const dt = 1.0 / 50
	const acceleration, velocity, displacement = waveform.Acceleration, waveform.Velocity, waveform.Displacement
	for _, c := range []struct {
		step     Step
		from, to waveform.Unit
		kernel   func(x []float64)
	}{
		{DetrendSimple{}, waveform.Counts, waveform.Counts, dsp.DetrendSimple},
		{DetrendPolynomial{3}, velocity, velocity, func(x []float64) { dsp.DetrendPolynomial(x, 3) }},
		{Taper{Fraction: 0.05, Cosine: true}, velocity, velocity, func(x []float64) { dsp.TaperCosine(x, 100) }},
		{Taper{Fraction: 0.5}, velocity, velocity, func(x []float64) { dsp.TaperHann(x, 1000) }},
		{Bandstop{Hertz(1), Hertz(10), 2, 1}, velocity, velocity, design(dsp.Bandstop, 2, 1, 10).Apply},
		{Bandstop{Hertz(1), OfNyquist(0.4), 2, 2}, velocity, velocity, design(dsp.Bandstop, 2, 1, 10).ApplyZeroPhase},
		{Highpass{Hertz(1), 5, 1}, velocity, velocity, design(dsp.Highpass, 5, 1, 0).Apply},
		{Highpass{OfNyquist(0.04), 5, 2}, velocity, velocity, design(dsp.Highpass, 5, 1, 0).ApplyZeroPhase},
		{Lowpass{Hertz(10), 4, 1}, velocity, velocity, design(dsp.Lowpass, 4, 10, 0).Apply},
		{Lowpass{Hertz(10), 4, 2}, velocity, velocity, design(dsp.Lowpass, 4, 10, 0).ApplyZeroPhase},
		{AmplitudeHighpass{Hertz(1), 5}, velocity, velocity, amplitude(dsp.Highpass, 5, 1)},
		{AmplitudeLowpass{OfNyquist(0.8), 40}, velocity, velocity, amplitude(dsp.Lowpass, 40, 20)},
		{Integrate{}, acceleration, velocity, func(x []float64) { dsp.CumTrapezoid(x, x, dt) }},
		{Integrate{}, velocity, displacement, func(x []float64) { dsp.CumTrapezoid(x, x, dt) }},
		{Integrate{Spectral: true}, acceleration, velocity, func(x []float64) { dsp.IntegrateSpectral(x, x, dt, &plans, &scratch) }},
		{Differentiate{}, displacement, velocity, func(x []float64) { dsp.Differentiate(x, x, dt) }},
		{Differentiate{}, velocity, acceleration, func(x []float64) { dsp.Differentiate(x, x, dt) }},
		{Differentiate{Spectral: true}, velocity, acceleration, func(x []float64) { dsp.DifferentiateSpectral(x, x, dt, &plans, &scratch) }},
		{CorrectBaseline{}, acceleration, acceleration, dsp.CorrectBaseline},
		{RemoveSensitivity{Output: acceleration}, waveform.Counts, acceleration, func(x []float64) {
			for i := range x {
				x[i] /= 400
			}
		}},
	} {
		got, want := noise(c.from), noise(c.from)
		if err := (Chain{c.step}).Apply(worker(), flat(400), &got); err != nil {
			t.Errorf("%+v: %v", c.step, err)
			continue
		}
		c.kernel(want.Data)
		unit, err := Check(c.step, c.from)
		if !slices.Equal(got.Data, want.Data) || slices.Equal(got.Data, noise(c.from).Data) {
			t.Errorf("%s %+v: not what its kernel gives", c.step.Name(), c.step)
		}
		if got.Unit != c.to || unit != c.to || err != nil || got.SampleRate != 50 || !got.Start.Equal(midnight) {
			t.Errorf("%s %+v: in %v at %g Hz from %v; Check says %v, %v", c.step.Name(), c.step, got.Unit, got.SampleRate, got.Start, unit, err)
		}
	}
}

func TestStepsRefuseUnitsAndLeaveTheTrace(t *testing.T) {
	all := []waveform.Unit{waveform.UnitUnknown, waveform.Counts, waveform.Displacement, waveform.Velocity, waveform.Acceleration, waveform.UnitOther}
	for _, c := range []struct {
		step Step
		good []waveform.Unit
	}{
		{Integrate{}, []waveform.Unit{waveform.Velocity, waveform.Acceleration}},
		{Integrate{Spectral: true}, []waveform.Unit{waveform.Velocity, waveform.Acceleration}},
		{Differentiate{}, []waveform.Unit{waveform.Displacement, waveform.Velocity}},
		{CorrectBaseline{}, []waveform.Unit{waveform.Acceleration}},
		{RemoveResponse{Output: waveform.Velocity, WaterLevel: 60}, []waveform.Unit{waveform.Counts}},
		{RemoveSensitivity{Output: waveform.Acceleration}, []waveform.Unit{waveform.Counts}},
		{WoodAnderson{WaterLevel: 60}, []waveform.Unit{waveform.Counts, waveform.Displacement, waveform.Velocity, waveform.Acceleration}},
		{Demean{}, all}, {Cut{between(0, 1)}, all}, {Decimate{Factor: 2}, all}, {AmplitudeHighpass{Hertz(1), 5}, all},
	} {
		for _, unit := range all {
			good := slices.Contains(c.good, unit)
			_, err := Check(c.step, unit)
			tr := noise(unit)
			applied := c.step.Apply(worker(), flat(400), &tr)
			if (err == nil) != good || (applied == nil) != good || !good && (!errors.Is(err, ErrUnits) || !errors.Is(applied, ErrUnits)) {
				t.Errorf("%s of %v: Check says %v, Apply %v", c.step.Name(), unit, err, applied)
			}
			if !good && (tr.Unit != unit || !slices.Equal(tr.Data, noise(unit).Data)) {
				t.Errorf("%s of %v failed, and changed the trace", c.step.Name(), unit)
			}
		}
	}
}

func TestSensitivityOfAnotherUnitIsIntegratedOrDifferentiated(t *testing.T) {
	tr := noise(waveform.Counts)
	if err := (RemoveSensitivity{Output: waveform.Displacement}).Apply(worker(), flat(400), &tr); err != nil || tr.Unit != waveform.Displacement {
		t.Errorf("displacement of an accelerometer: %v, %v", tr.Unit, err)
	}
	want := noise(waveform.Counts)
	var plans dsp.Plans
	var scratch dsp.Scratch
	for i := range want.Data {
		want.Data[i] /= 400
	}
	dsp.IntegrateSpectral(want.Data, want.Data, 1/want.SampleRate, &plans, &scratch)
	dsp.IntegrateSpectral(want.Data, want.Data, 1/want.SampleRate, &plans, &scratch)
	if !slices.Equal(tr.Data, want.Data) {
		t.Error("it is not integrated twice")
	}
	tr = noise(waveform.Counts)
	if err := (RemoveSensitivity{Output: waveform.Velocity}).Apply(worker(), Instrument{}, &tr); err == nil {
		t.Error("without a response: no error")
	}
}

func TestParametersAreCheckedBeforeAnyTrace(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := []Step{
		Demean{}, Detrend{}, DetrendPolynomial{1}, DetrendPolynomial{dsp.MaxTrendOrder}, Taper{}, Taper{Fraction: 0.5},
		Bandpass{Hertz(1), OfNyquist(0.5), 20, 1}, Bandstop{Hertz(1), Hertz(2), 1, 2}, Highpass{Hertz(1e-3), 4, 2}, Lowpass{OfNyquist(0.99), 4, 1},
		AmplitudeHighpass{Hertz(0.005), 40}, AmplitudeLowpass{OfNyquist(0.8), 100}, Decimate{Factor: 2}, Decimate{Factor: 16}, Resample{Rate: 0.1},
		RemoveResponse{}, RemoveResponse{WaterLevel: 60, PreFilter: [4]Corner{Hertz(0), Hertz(1), OfNyquist(0.9), OfNyquist(1)}}, WoodAnderson{WaterLevel: 60},
	}
	bad := []Step{
		DetrendPolynomial{0}, DetrendPolynomial{-1}, DetrendPolynomial{dsp.MaxTrendOrder + 1}, Taper{Fraction: -0.1}, Taper{Fraction: 0.51}, Taper{Fraction: nan},
		Bandpass{Hertz(2), Hertz(1), 4, 1}, Bandpass{Hertz(1), Hertz(2), 21, 1}, Bandstop{Hertz(1), Hertz(1), 1, 1}, Bandstop{Hertz(1), Hertz(2), 1, 3},
		Highpass{Hertz(0), 4, 2}, Highpass{Hertz(nan), 4, 2}, Lowpass{OfNyquist(1), 4, 1}, Lowpass{Hertz(inf), 4, 1}, Lowpass{Hertz(1), 4, 0},
		AmplitudeHighpass{Hertz(0), 5}, AmplitudeHighpass{Hertz(1), 0}, AmplitudeHighpass{Hertz(1), 101}, AmplitudeLowpass{Hertz(nan), 5}, AmplitudeLowpass{OfNyquist(1), 5},
		Decimate{}, Decimate{Factor: 1}, Decimate{Factor: 17}, Decimate{Factor: -2}, Resample{}, Resample{Rate: -1}, Resample{Rate: nan}, Resample{Rate: inf},
		RemoveResponse{WaterLevel: -1}, RemoveResponse{WaterLevel: nan}, RemoveResponse{PreFilter: [4]Corner{Hertz(1), Hertz(1), Hertz(2), Hertz(3)}},
		RemoveResponse{PreFilter: [4]Corner{Hertz(0), Hertz(1), Hertz(2), OfNyquist(1.1)}}, WoodAnderson{WaterLevel: -1},
	}
	for i, s := range append(good, bad...) {
		c, ok := s.(Checker)
		if !ok {
			continue
		}
		if err := c.Check(); (err == nil) != (i < len(good)) {
			t.Errorf("%s %+v: %v", s.Name(), s, err)
		}
	}
	for _, s := range []Step{DetrendPolynomial{0}, Decimate{Factor: 17}, Decimate{}, Resample{}, AmplitudeHighpass{Hertz(26), 5}, AmplitudeLowpass{Hertz(25), 5}, Bandstop{Hertz(1), Hertz(25), 4, 1}} {
		tr := noise(waveform.Velocity)
		if err := s.Apply(worker(), Instrument{}, &tr); err == nil || !slices.Equal(tr.Data, noise(waveform.Velocity).Data) {
			t.Errorf("%s %+v: applied to 50 Hz all the same", s.Name(), s)
		}
	}
}

func TestSeismographIsTheSameFromCountsAndFromMotion(t *testing.T) {
	counts, motion := wave(), wave()
	for i := range counts.Data {
		counts.Data[i] = (counts.Data[i] - 1000) * 400
		motion.Data[i] -= 1000
	}
	motion.Unit = waveform.Acceleration
	w, step := worker(), WoodAnderson{WaterLevel: 60}
	if err := errors.Join(step.Apply(w, flat(400), &counts), step.Apply(w, Instrument{}, &motion)); err != nil {
		t.Fatal(err)
	}
	if counts.Unit != waveform.Displacement || motion.Unit != waveform.Displacement {
		t.Errorf("units %v and %v", counts.Unit, motion.Unit)
	}
	// In the middle, the 400 m/s^2 of the sine at 2 Hz times what the seismograph makes of acceleration.
	var h [1]complex128
	if err := response.Evaluate(h[:], response.WoodAnderson(), waveform.Acceleration, []float64{2}); err != nil {
		t.Fatal(err)
	}
	peak, want := 0.0, 400*math.Hypot(real(h[0]), imag(h[0]))
	for i := 800; i < 1200; i++ {
		peak = max(peak, math.Abs(counts.Data[i]))
		if math.Abs(counts.Data[i]-motion.Data[i]) > 1e-9*want {
			t.Fatalf("sample %d: %v from counts, %v from acceleration", i, counts.Data[i], motion.Data[i])
		}
	}
	if math.Abs(peak/want-1) > 5e-3 {
		t.Errorf("amplitude %v m, want %v", peak, want)
	}
}
