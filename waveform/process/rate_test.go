package process

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

func TestCutLeavesTheSamplesInsideAWindow(t *testing.T) {
	early, late := midnight.Add(-time.Hour), midnight.Add(time.Hour)
	for _, c := range []struct {
		name        string
		window      waveform.Window
		first, left int // left 0: an error
	}{
		{"on samples: with the first, without the last", between(1, 2), 50, 50},
		{"between samples", between(1.001, 2.001), 51, 50},
		{"a microsecond after a sample", between(1.000001, 2), 50, 50},
		{"all", between(0, 40), 0, 2000},
		{"wider than the trace", waveform.Window{From: early, Until: late}, 0, 2000},
		{"an open start", waveform.Window{Until: midnight.Add(time.Second)}, 0, 50},
		{"the first sample", between(0, 0.02), 0, 1},
		{"the last sample", between(39.98, 50), 1999, 1},
		{"between two samples", between(1.005, 1.015), 0, 0},
		{"empty", between(1, 1), 0, 0},
		{"reversed", between(2, 1), 0, 0},
		{"before the trace", waveform.Window{From: early, Until: midnight}, 0, 0},
		{"after the trace", between(40, 50), 0, 0},
	} {
		tr, whole := noise(waveform.Velocity), noise(waveform.Velocity)
		err := Cut{c.window}.Apply(worker(), Instrument{}, &tr)
		if c.left == 0 {
			if err == nil || !strings.HasPrefix(err.Error(), "no sample from ") || !slices.Equal(tr.Data, whole.Data) {
				t.Errorf("%s: %v, %d samples left", c.name, err, len(tr.Data))
			}
			continue
		}
		if err != nil || !slices.Equal(tr.Data, whole.Data[c.first:c.first+c.left]) || !tr.Start.Equal(whole.Time(c.first)) {
			t.Errorf("%s: %v, %d samples from %v", c.name, err, len(tr.Data), tr.Start)
		}
	}
}

func TestMeanOfAPartIsTakenOffAll(t *testing.T) {
	for _, c := range []struct {
		window      waveform.Window
		from, until int
	}{
		{between(0, 1), 0, 50}, {between(39.98, 41), 1999, 2000}, {between(-5, 100), 0, 2000}, {waveform.Window{Until: midnight.Add(2 * time.Second)}, 0, 100},
	} {
		tr, want := noise(waveform.Velocity), noise(waveform.Velocity)
		if err := (DemeanPart{c.window}).Apply(worker(), Instrument{}, &tr); err != nil {
			t.Fatal(err)
		}
		mean := dsp.Mean(want.Data[c.from:c.until])
		for i := range want.Data {
			want.Data[i] -= mean
		}
		if !slices.Equal(tr.Data, want.Data) || !tr.Start.Equal(midnight) {
			t.Errorf("%v: not the mean of samples %d to %d", c.window, c.from, c.until)
		}
	}
	tr := noise(waveform.Velocity)
	if err := (DemeanPart{between(40, 50)}).Apply(worker(), Instrument{}, &tr); err == nil || !slices.Equal(tr.Data, noise(waveform.Velocity).Data) {
		t.Errorf("a part after the trace: %v", err)
	}
}

func TestDecimationIsItsKernelAndChangesTheRate(t *testing.T) {
	w := worker()
	for _, d := range []Decimate{{Factor: 2}, {Factor: 2, ZeroPhase: true}, {Factor: 5}, {Factor: 16, ZeroPhase: true}, {Factor: 5}} {
		tr, want := noise(waveform.Velocity), noise(waveform.Velocity)
		by, err := dsp.NewDecimator(d.Factor)
		if err != nil {
			t.Fatal(err)
		}
		kernel := by.Apply
		if d.ZeroPhase {
			kernel = by.ApplyZeroPhase
		}
		if err := d.Apply(w, Instrument{}, &tr); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tr.Data, kernel(want.Data)) || tr.SampleRate != 50/float64(d.Factor) || !tr.Start.Equal(midnight) {
			t.Errorf("%+v: %d samples at %g Hz from %v", d, len(tr.Data), tr.SampleRate, tr.Start)
		}
	}
}

func TestResamplingIsItsKernelWhetherItGrowsOrNot(t *testing.T) {
	w := worker()
	for _, rate := range []float64{25, 40, 50, 75, 200, 12.5, 50.0 / 3} {
		tr, want := noise(waveform.Velocity), noise(waveform.Velocity)
		up, down, ok := dsp.RateRatio(50, rate)
		if !ok {
			t.Fatalf("%g Hz: no ratio", rate)
		}
		dst := make([]float64, dsp.ResampledLen(2000, up, down))
		dsp.ResampleRatio(dst, want.Data, up, down, new(dsp.Plans), new(dsp.Scratch))
		if err := (Resample{Rate: rate}).Apply(w, Instrument{}, &tr); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tr.Data, dst) || tr.SampleRate != rate || !tr.Start.Equal(midnight) {
			t.Errorf("%g Hz: %d samples at %g Hz", rate, len(tr.Data), tr.SampleRate)
		}
		if last := tr.End().Sub(midnight).Seconds(); last > 39.98+1e-9 || last < 39.98-1/rate {
			t.Errorf("%g Hz: ends after %v s", rate, last)
		}
	}
}

// What a cut left has room behind it that belongs to the same trace: growing into it must not change
// what comes out.
func TestResamplingAfterACutGivesTheSame(t *testing.T) {
	cut, alone := noise(waveform.Velocity), noise(waveform.Velocity)
	alone.Data = slices.Clone(alone.Data[100:600:600])
	c := Chain{Cut{between(2, 12)}, Resample{Rate: 100}}
	if err := c.Apply(worker(), Instrument{}, &cut); err != nil {
		t.Fatal(err)
	}
	if err := c[1].Apply(worker(), Instrument{}, &alone); err != nil {
		t.Fatal(err)
	}
	if len(cut.Data) != 999 || !slices.Equal(cut.Data, alone.Data) {
		t.Errorf("%d samples, and %d of a trace of its own", len(cut.Data), len(alone.Data))
	}
}

func TestResamplingIsBounded(t *testing.T) {
	for _, c := range []struct {
		samples int
		rate    float64
		why     string
	}{
		{14000, 50 * 9999, "more than"}, // 1.4e8 samples
		{2000, 50 * 20000, "no ratio"},
		{2000, 50 * math.Pi, "no ratio"},
		{2000, 1e-6, "no ratio"},
	} {
		tr := noise(waveform.Velocity)
		tr.Data = make([]float64, c.samples)
		err := Resample{Rate: c.rate}.Apply(worker(), Instrument{}, &tr)
		if err == nil || !strings.Contains(err.Error(), c.why) || len(tr.Data) != c.samples || tr.SampleRate != 50 {
			t.Errorf("%g Hz: %v, %d samples at %g Hz", c.rate, err, len(tr.Data), tr.SampleRate)
		}
	}
}

func TestBandFollowsChangesOfTheRate(t *testing.T) {
	edge := func(factor int, nyquist float64) float64 {
		d, err := dsp.NewDecimator(factor)
		if err != nil {
			t.Fatal(err)
		}
		return d.Edge() * nyquist
	}
	for _, c := range []struct {
		name      string
		chain     Chain
		high, low float64
	}{
		{"decimation leaves what its filter passes", Chain{Decimate{Factor: 2}}, 0, edge(2, 25)},
		{"twice", Chain{Decimate{Factor: 2}, Decimate{Factor: 5}}, 0, edge(5, 5)},
		{"a fraction of the Nyquist frequency after it", Chain{Decimate{Factor: 2}, Lowpass{OfNyquist(0.6), 4, 1}}, 0, 15},
		{"and before it", Chain{Lowpass{OfNyquist(0.8), 4, 1}, Decimate{Factor: 2}}, 0, edge(2, 25)},
		{"resampling down", Chain{Resample{Rate: 40}, Highpass{OfNyquist(0.01), 4, 1}}, 0.2, 20},
		{"resampling up adds no band", Chain{Resample{Rate: 400}}, 0, 50},
		{"but fractions are of the new rate", Chain{Resample{Rate: 400}, Lowpass{OfNyquist(0.1), 4, 1}}, 0, 20},
		{"amplitude filters count", Chain{AmplitudeHighpass{Hertz(0.1), 5}, AmplitudeLowpass{Hertz(30), 5}}, 0.1, 30},
		{"band-stops do not", Chain{Bandstop{Hertz(10), Hertz(20), 2, 1}}, 0, 50},
		{"pre-filters do", Chain{RemoveResponse{PreFilter: [4]Corner{Hertz(1), Hertz(2), Hertz(3), Hertz(4)}}}, 2, 3},
		{"if there is one", Chain{RemoveResponse{}}, 0, 50},
	} {
		if high, low := c.chain.Band(100); high != c.high || low != c.low {
			t.Errorf("%s: %g to %g Hz, want %g to %g", c.name, high, low, c.high, c.low)
		}
	}
}
