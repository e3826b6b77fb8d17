package response_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// removals is testdata/removal.json, made by testdata/reference/removal.py with the
// versions it names.
type removals struct {
	Responses map[string]json.RawMessage
	Removed   []removedTrace
	Stations  []removedTrace
	Simulated []simulatedTrace
	Counts    []simulatedTrace `json:"from_counts"`
	Gains     []struct {
		File, ID, Start string
		Samples         []float64
	}
}

// thinned is every step-th sample of a trace, and the peak of all of them.
type thinned struct {
	Step    int
	Peak    float64
	Samples []float64
}

type removedTrace struct {
	thinned
	Name            string
	Response        string // name of one in removals
	File, ID, Start string // or a channel of shared data
	N               int
	Rate            float64
	Span            float64 // of the modulus of the response, where nothing limits its inverse
	Options         struct {
		Unit    string
		Level   *float64
		Pre     []float64
		Mean    bool
		Taper   *float64
		Padding string
	}
}

func readRemovals(t testing.TB) removals {
	t.Helper()
	var g removals
	agree.Golden(t, "removal.json", &g)
	return g
}

// compare is the largest difference of the samples kept, over the peak.
func (w thinned) compare(t *testing.T, r agree.Reference, label string, got []float64) {
	t.Helper()
	if want := (len(got) + w.Step - 1) / w.Step; len(w.Samples) != want {
		t.Errorf("%s: golden file has %d samples, want %d", label, len(w.Samples), want)
		return
	}
	worst := 0.0
	for i, want := range w.Samples {
		d := math.Abs(got[i*w.Step] - want)
		if d > 0 {
			d /= w.Peak
		}
		if !(d <= worst) {
			worst = d
		}
	}
	r.Deviation(t, label, worst)
}

func (c removedTrace) options(t *testing.T) response.Options {
	t.Helper()
	o := c.Options
	opt := response.Options{Unit: unit(t, o.Unit), NoMean: !o.Mean, NoTaper: o.Taper == nil, NoWaterLevel: o.Level == nil, Padding: padding(t, o.Padding)}
	if o.Level != nil {
		opt.WaterLevel = *o.Level
	}
	if o.Taper != nil && *o.Taper != response.DefaultTaper { // the default is asked for by nothing
		opt.TaperFraction = *o.Taper
	}
	copy(opt.PreFilter[:], o.Pre)
	return opt
}

func padding(t *testing.T, name string) response.Padding {
	t.Helper()
	p, ok := map[string]response.Padding{"twice": response.PadTwice, "twice_power_of_two": response.PadTwicePowerOfTwo,
		"power_of_two": response.PadPowerOfTwo, "none": response.PadNone}[name]
	if !ok {
		t.Fatalf("golden file has a padding %q", name)
	}
	return p
}

func (c removedTrace) check(t *testing.T, r *waveform.Response, ref agree.Reference, label string) {
	t.Helper()
	inv, err := response.NewInverse(r, c.N, 1/c.Rate, c.options(t))
	if err != nil {
		t.Errorf("%s: %v", label, err)
		return
	}
	x := series(c.N)
	inv.Remove(x, new(dsp.Plans), new(dsp.Scratch))
	c.compare(t, ref, label, x)
}

func TestRemoveWithEachOptionEqualsObsPy(t *testing.T) {
	ref := agree.Reference{Function: "response.Inverse.Remove", Source: "ObsPy 1.5.0 Trace.remove_response", Measure: "peak", Within: 1e-11}
	g := readRemovals(t)
	seen := map[response.Options]bool{}
	for _, c := range g.Removed {
		c.check(t, decode(t, g.Responses[c.Response]), ref, c.Name)
		seen[c.options(t)] = true
	}
	if len(seen) != 17 {
		t.Errorf("%d combinations of options, want 17", len(seen))
	}
}

// Real responses of every StationXML file, each with one of the combinations. Without level
// and pre-filter, rounding in a stop band 1e-8 below the pass band grows by 1e8, in either program.
func TestRemoveEqualsObsPyOnRealStations(t *testing.T) {
	ref := agree.Reference{Function: "response.Inverse.Remove", Source: "ObsPy 1.5.0 Trace.remove_response", Measure: "peak", Within: 1e-11}
	g := readRemovals(t)
	for _, c := range g.Stations {
		r, ref := channelAt(t, c.File, c.ID, c.Start).Response, ref
		if c.Span > 0 && c.Span < 1e-5 {
			ref.Source += ", unlimited inverse"
			ref.Within = 1e-7
		}
		c.check(t, r, ref, c.File+" "+c.ID+", "+c.Name)
	}
}

// channelAt is the first epoch of that channel and start in a file of shared data.
func channelAt(t *testing.T, file, id, start string) waveform.Channel {
	t.Helper()
	at, _ := time.Parse(time.RFC3339, start) // "None" is no time: the zero one
	for _, s := range readFile(t, agree.Shared(t, file)) {
		for _, c := range s.Channels {
			if c.ID.String() == id && c.From.Equal(at) {
				return c
			}
		}
	}
	t.Fatalf("%s: no channel %s from %s", file, id, start)
	return waveform.Channel{}
}

func TestPaddingHasItsLengths(t *testing.T) {
	for _, c := range []struct {
		padding response.Padding
		lengths [7]int // of 0, 1, 2, 3, 4, 1000, 2557 samples
	}{
		{response.PadTwice, [7]int{0, 4, 4, 8, 8, 2000, 5120}},
		{response.PadTwicePowerOfTwo, [7]int{0, 2, 4, 8, 8, 2048, 8192}},
		{response.PadPowerOfTwo, [7]int{0, 2, 2, 4, 4, 1024, 4096}},
		{response.PadNone, [7]int{0, 2, 2, 4, 4, 1000, 2558}},
	} {
		for i, n := range []int{0, 1, 2, 3, 4, 1000, 2557} {
			if got := c.padding.Length(n); got != c.lengths[i] {
				t.Errorf("padding %d of %d samples: %d, want %d", c.padding, n, got, c.lengths[i])
			}
		}
	}
}

func TestOptionsThatContradictEachOtherAreRefused(t *testing.T) {
	for name, o := range map[string]response.Options{
		"level and none":        {Unit: waveform.Velocity, WaterLevel: 60, NoWaterLevel: true},
		"taper and none":        {Unit: waveform.Velocity, TaperFraction: 0.1, NoTaper: true},
		"taper above all":       {Unit: waveform.Velocity, TaperFraction: 1.1},
		"negative taper":        {Unit: waveform.Velocity, TaperFraction: -0.1},
		"taper not a number":    {Unit: waveform.Velocity, TaperFraction: math.NaN()},
		"padding that is none":  {Unit: waveform.Velocity, Padding: response.PadNone + 1},
		"no unit of the result": {},
	} {
		if inv, err := response.NewInverse(velocimeter(), 10, 0.01, o); err == nil || inv != nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// Without mean, taper and padding the inverse is a circular convolution: turning the
// trace turns the result.
func TestRemoveWithoutPaddingIsPeriodic(t *testing.T) {
	const n, shift = 200, 37
	opt := response.Options{Unit: waveform.Velocity, WaterLevel: 60, NoMean: true, NoTaper: true, Padding: response.PadNone, RealNyquist: true}
	x := series(n)
	turned := append(slices.Clone(x[shift:]), x[:shift]...)
	a, b := remove(t, velocimeter(), x, opt), remove(t, velocimeter(), turned, opt)
	want := append(slices.Clone(a[shift:]), a[:shift]...)
	for i := range b {
		if math.Abs(b[i]-want[i]) > 1e-13*slices.Max(a) {
			t.Fatalf("sample %d is %g, want %g", i, b[i], want[i])
		}
	}
}

// The real part at the Nyquist frequency leaves a plain gain a plain gain.
func TestRemovingAPlainGainWithRealNyquistOnlyDivides(t *testing.T) {
	r := &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: "M/S**2", Gain: 250, GainFrequency: 1}}}
	opt := response.Options{Unit: waveform.Acceleration, WaterLevel: 60, NoMean: true, NoTaper: true, RealNyquist: true}
	for _, n := range []int{1, 2, 3, 8, 101} {
		x := series(n)
		for i := range x {
			x[i] = -x[i] // an odd number of them has a negative alternating sum
		}
		for i, v := range remove(t, r, x, opt) {
			if math.Abs(v-x[i]/250) > 1e-13*math.Abs(x[i]) {
				t.Fatalf("%d samples: sample %d is %g, want %g", n, i, v, x[i]/250)
			}
		}
	}
}

// Half the samples of a short trace are ramps of the taper, and what it shows is the
// definition: no NaN, and nothing for one or two samples.
func TestRemoveOfShortTracesIsFinite(t *testing.T) {
	for n := 1; n <= 40; n++ {
		for _, opt := range []response.Options{
			options(),
			{Unit: waveform.Displacement, NoWaterLevel: true},
			{Unit: waveform.Velocity, NoWaterLevel: true, NoTaper: true, NoMean: true, Padding: response.PadNone},
		} {
			for i, v := range remove(t, velocimeter(), series(n), opt) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%d samples, %+v: sample %d is %g", n, opt, i, v)
				}
				if n <= 2 && !opt.NoTaper && math.Abs(v) != 0 {
					t.Fatalf("%d samples: sample %d is %g", n, i, v)
				}
			}
		}
	}
}
