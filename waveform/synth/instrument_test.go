package synth

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

func evaluate(t *testing.T, r *waveform.Response, unit waveform.Unit, freqs ...float64) []complex128 {
	t.Helper()
	h := make([]complex128, len(freqs))
	if err := response.Evaluate(h, r, unit, freqs); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSensitivityIsThatOfTheStages(t *testing.T) {
	for _, in := range instruments() {
		for _, rate := range []float64{20, 100, 1000} {
			r := in.response(rate, 1.01)
			h := cmplx.Abs(evaluate(t, r, in.unit, r.Sensitivity.Frequency)[0])
			// The passband of filters with 100 dB of attenuation ripples by 1e-5.
			if math.Abs(h/r.Sensitivity.Value-1) > 5e-5 {
				t.Errorf("%s at %v Hz: %.8g counts, sensitivity %.8g", in.code, rate, h, r.Sensitivity.Value)
			}
		}
	}
}

func TestResponsesAreThoseOfTheirInstruments(t *testing.T) {
	all := instruments()
	hn, hh := all[0].response(100, 1), all[1].response(100, 1)
	// Flat to acceleration from zero to 0.8 Nyquist, as the sensor has its lowest poles at 224 Hz.
	for _, h := range evaluate(t, hn, waveform.Acceleration, 0, 0.1, 10, 40) {
		if x := cmplx.Abs(h) / hn.Sensitivity.Value; math.Abs(x-1) > 0.01 {
			t.Errorf("accelerometer: relative gain %.4f", x)
		}
	}
	// A second-order corner with damping 0.707 is 3 dB down at 1/120 Hz.
	h := evaluate(t, hh, waveform.Velocity, 1.0/120, 0.1, 20)
	if x := cmplx.Abs(h[0]) / hh.Sensitivity.Value; math.Abs(x-math.Sqrt2/2) > 1e-3 {
		t.Errorf("broadband at 120 s: relative gain %.4f", x)
	}
	for _, v := range h[1:] {
		if x := cmplx.Abs(v) / hh.Sensitivity.Value; math.Abs(x-1) > 0.01 {
			t.Errorf("broadband: relative gain %.4f", x)
		}
	}
}

func TestDecimatorsPassAndStop(t *testing.T) {
	for _, d := range decimators() {
		c := d.coefficients()
		gain := func(f float64) (sum float64) { // f in cycles per output sample
			for i, x := range c {
				sum += x * math.Cos(2*math.Pi*f/float64(d.factor)*(float64(i)-float64(d.taps-1)/2))
			}
			return sum
		}
		for f := 0.0; f <= d.pass; f += d.pass / 50 {
			if math.Abs(gain(f)-1) > 4e-5 { // 1e-5 each side by design, about a gain of 1 at zero that is on no side
				t.Errorf("filter %d: gain %.6f at %v in the passband", d.place, gain(f), f)
			}
		}
		for f := d.stop; f <= float64(d.factor)/2; f += 0.01 {
			if math.Abs(gain(f)) > 2e-5 { // 94 dB
				t.Errorf("filter %d: gain %.2g at %v in the stopband", d.place, gain(f), f)
			}
		}
	}
}

func TestStagesChain(t *testing.T) {
	r := instruments()[0].response(200, 1)
	rate, units := 4000.0, "m/s**2"
	gain := 1.0
	for i, s := range r.Stages {
		if s.Number != i+1 || s.InputUnits != units {
			t.Errorf("stage %d: number %d, from %q, want %q", i+1, s.Number, s.InputUnits, units)
		}
		units = s.OutputUnits
		gain *= s.Gain
		if d := s.Decimation; d != nil {
			if d.InputRate != rate || d.Delay != d.Correction {
				t.Errorf("stage %d: %+v, want rate %v", s.Number, d, rate)
			}
			rate /= float64(d.Factor)
		}
		if s.FIR != nil && i == 4 { // 131 coefficients at 400 Hz, symmetric about the 66th
			if d := s.Decimation.Delay; math.Abs(d-65.0/400) > 1e-12 || len(s.FIR.Coefficients) != 66 {
				t.Errorf("stage 5: delay %v s, %d coefficients", d, len(s.FIR.Coefficients))
			}
		}
	}
	if rate != 200 || units != "count" || math.Abs(gain/r.Sensitivity.Value-1) > 1e-12 {
		t.Errorf("cascade ends at %v Hz in %q with gain %v, sensitivity %v", rate, units, gain, r.Sensitivity.Value)
	}
}

func TestDigitalStagesHaveNoPhase(t *testing.T) {
	in := instruments()[0]
	r := in.response(100, 1)
	r.Stages[0].PolesZeros.Poles, r.Stages[0].PolesZeros.Normalization = nil, 1
	for _, h := range evaluate(t, r, in.unit, 0.5, 5, 25, 40) {
		if math.Abs(cmplx.Phase(h)) > 1e-9 {
			t.Errorf("phase %.3g", cmplx.Phase(h))
		}
	}
}
