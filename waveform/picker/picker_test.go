package picker_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/picker"
)

// shock is a minute of noise of unit amplitude at 100 Hz, with an offset, and from a sample on a decaying
// oscillation whose first motion goes up.
func shock(onset int, amplitude, offset float64) []float64 {
	x := series(6000, 3)
	for i := range x {
		x[i] = x[i]/1024 + offset
		if at := float64(i-onset) / 100; at >= 0 {
			x[i] += amplitude * math.Exp(-at/3) * math.Cos(2*math.Pi*4*at)
		}
	}
	return x
}

// quiet is x without its mean, which an STA/LTA must not see.
func quiet(x []float64) []float64 {
	x = slices.Clone(x)
	dsp.Demean(x)
	return x
}

func newPicker(t testing.TB, o picker.Options, rate float64) *picker.Picker {
	t.Helper()
	p, err := picker.New(o, rate)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOnsetsArePickedToTheSampleWithEveryFunction(t *testing.T) {
	for _, onset := range []int{1500, 3001, 5900} {
		for _, sign := range []float64{1, -1} {
			raw := shock(onset, 50*sign, 1e7)
			for f := picker.ClassicSTALTA; f <= picker.KurtosisRise; f++ {
				p := newPicker(t, picker.Options{Function: f}, 100)
				picks := p.Pick(nil, quiet(raw), raw)
				if len(picks) == 0 {
					t.Errorf("%v found no onset at %d", f, onset)
					continue
				}
				if g := picks[0]; g.Onset != onset || g.Polarity != int(sign) || !(g.SNR > 20 && g.SNR < 100) {
					t.Errorf("%v: %+v, want an onset at %d and polarity %g", f, g, onset, sign)
				}
				if g := picks[0].Trigger; g.On < onset || g.On > onset+30 || g.Off < g.On {
					t.Errorf("%v: trigger %v for an onset at %d", f, g, onset)
				}
			}
		}
	}
}

// Samples of +-2 and then, for the last second before the onset, of +-1, then of +-100 for a second.
func TestSNRIsOfTheWindowsBesideTheOnset(t *testing.T) {
	x := make([]float64, 4000)
	for i := range x {
		switch {
		case i < 1900:
			x[i] = 2
		case i < 2000:
			x[i] = 1
		case i < 2100:
			x[i] = 100
		default:
			x[i] = 10
		}
		if i%2 == 1 {
			x[i] = -x[i]
		}
	}
	for _, c := range []struct{ noise, signal, want float64 }{
		{1, 1, 100}, {5, 1, 100 / math.Sqrt((4*4+1)/5.0)}, {1, 2, math.Sqrt((1e4 + 1e2) / 2)},
	} {
		picks := newPicker(t, picker.Options{Noise: c.noise, Signal: c.signal}, 100).Pick(nil, x, nil)
		if len(picks) != 1 || picks[0].Onset != 2000 || math.Abs(picks[0].SNR-c.want) > 1e-12*c.want {
			t.Errorf("%+v, want an SNR of %g", picks, c.want)
		}
	}
}

func TestNoiseAloneHasNoOnset(t *testing.T) {
	x := shock(1<<20, 0, 0)
	for f := picker.ClassicSTALTA; f <= picker.KurtosisRise; f++ {
		o := picker.Options{Function: f}
		if f == picker.ZDetector {
			o.On, o.Off = 5, 1 // deviations of 6000 values exceed three
		}
		if picks := newPicker(t, o, 100).Pick(nil, x, nil); len(picks) > 0 {
			t.Errorf("%v: %+v", f, picks)
		}
	}
}

func TestOnsetAfterExactSilenceIsItsFirstSample(t *testing.T) {
	x := shock(3000, 50, 0)
	for i := range 3000 {
		x[i] = 7
	}
	if k := picker.Onset(x[2500:3200], make([]float64, 700)); k != 500 {
		t.Errorf("onset at %d, want 500", k)
	}
}

func TestOnsetMayLeaveFourSamplesOnEitherSide(t *testing.T) {
	x := make([]float64, 40)
	for _, onset := range []int{4, 36} {
		for i, v := range series(40, 5) {
			x[i] = v / 1024
			if (i >= onset) == (onset > 20) { // the shorter part is the louder
				x[i] *= 1000
			}
		}
		if k := picker.Onset(x, make([]float64, 40)); k != onset {
			t.Errorf("onset at %d, want %d", k, onset)
		}
	}
}

func TestOnsetOfWhatHasNoneIsMinusOne(t *testing.T) {
	spoilt := shock(3000, 50, 0)[:20]
	for name, bad := range map[string]float64{"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": math.Inf(-1)} {
		for _, at := range []int{0, 10, 19} {
			x := slices.Clone(spoilt)
			x[at] = bad
			if k := picker.Onset(x, make([]float64, 20)); k != -1 {
				t.Errorf("%s at %d: onset at %d", name, at, k)
			}
		}
	}
	for _, x := range [][]float64{nil, {1}, {1, 2, 3, 4, 5, 6, 7}, make([]float64, 100)} {
		if k := picker.Onset(x, make([]float64, len(x))); k != -1 {
			t.Errorf("%d samples: onset at %d", len(x), k)
		}
	}
}

// A windowed function forgets what has left its window, wholly.
func TestNaNAndSpikesSpoilOnlyTheirWindows(t *testing.T) {
	var scratch dsp.Scratch
	const n, nsta, nlta = 40, 5, 35
	functions := map[string]struct {
		f     func(dst, x []float64)
		reach int // samples after at that see it
	}{
		"kurtosis": {func(dst, x []float64) { picker.Kurtosis(dst, x, n, &scratch) }, n},
		"delayed":  {func(dst, x []float64) { picker.Delayed(dst, x, nsta, nlta, &scratch) }, nsta + nlta},
	}
	for name, c := range functions {
		clean, got := make([]float64, 400), make([]float64, 400)
		c.f(clean, series(400, 1))
		for k, bad := range []float64{math.NaN(), 1e100, math.Inf(1), math.NaN(), math.Inf(-1), 1e100} {
			x, at := series(400, 1), 137
			if k > 2 {
				at = 160 // begins a block of the kurtosis
			}
			x[at] = bad
			c.f(got, x)
			for i, v := range got {
				inside := i >= at && i < at+c.reach
				if inside && math.IsNaN(bad) && !math.IsNaN(v) {
					t.Errorf("%s: sample %d of a window with NaN is %v", name, i, v)
				}
				if !inside && !(math.Abs(v-clean[i]) <= 1e-13*math.Abs(clean[i])+1e-13) {
					t.Fatalf("%s: %v at %d changes sample %d from %v to %v", name, bad, at, i, clean[i], v)
				}
			}
		}
	}
}

func TestFunctionsOfAwkwardInput(t *testing.T) {
	var scratch dsp.Scratch
	nan := math.NaN()
	for _, c := range []struct {
		name string
		f    func(dst, x []float64)
		x    []float64
		want []float64
	}{
		{"delayed of nothing", func(d, x []float64) { picker.Delayed(d, x, 2, 3, &scratch) }, nil, nil},
		{"delayed of too little", func(d, x []float64) { picker.Delayed(d, x, 2, 3, &scratch) }, []float64{1, 2, 3, 4}, []float64{0, 0, 0, 0}},
		{"delayed, windows beyond an int", func(d, x []float64) { picker.Delayed(d, x, math.MaxInt, 3, &scratch) }, []float64{1, 2}, []float64{0, 0}},
		{"delayed of a constant", func(d, x []float64) { picker.Delayed(d, x, 1, 2, &scratch) }, []float64{3, 3, 3, 3}, []float64{0, 0, 1, 1}},
		{"delayed after silence", func(d, x []float64) { picker.Delayed(d, x, 1, 2, &scratch) }, []float64{0, 0, 3, 3}, []float64{0, 0, 0, 2}},
		{"z of nothing", func(d, x []float64) { picker.ZDetect(d, x, 2) }, nil, nil},
		{"z of too little", func(d, x []float64) { picker.ZDetect(d, x, 2) }, []float64{1, 2}, []float64{nan, nan}},
		{"z of silence", func(d, x []float64) { picker.ZDetect(d, x, 1) }, []float64{0, 0, 0}, []float64{nan, nan, nan}},
		{"z of NaN", func(d, x []float64) { picker.ZDetect(d, x, 1) }, []float64{1, nan, 0}, []float64{nan, nan, nan}},
		{"z of one that leaves", func(d, x []float64) { picker.ZDetect(d, x, 1) }, []float64{0, 5, 0, 0}, []float64{-1 / math.Sqrt(3), -1 / math.Sqrt(3), math.Sqrt(3), -1 / math.Sqrt(3)}},
		{"kurtosis of nothing", func(d, x []float64) { picker.Kurtosis(d, x, 2, &scratch) }, nil, nil},
		{"kurtosis of too little", func(d, x []float64) { picker.Kurtosis(d, x, 4, &scratch) }, []float64{1, 2, 3}, []float64{0, 0, 0}},
		{"kurtosis of two", func(d, x []float64) { picker.Kurtosis(d, x, 2, &scratch) }, []float64{1, 2, 2}, []float64{0, -2, nan}},
		{"kurtosis of one that stands out", func(d, x []float64) { picker.Kurtosis(d, x, 4, &scratch) }, []float64{1e7, 1e7, 1e7, 1e7 + 1}, []float64{0, 0, 0, 4 - 5 + 1.0/3}},
		{"AIC of nothing", picker.AIC, nil, nil},
		{"AIC of two", picker.AIC, []float64{1, 5}, []float64{0, 0}},
		{"AIC of NaN", picker.AIC, []float64{1, nan, 4, 2}, []float64{nan, nan, nan, nan}},
		{"AIC of three", picker.AIC, []float64{1, 2, 3}, []float64{math.Log(0.25), 2 * math.Log(0.25), 2 * math.Log(0.25)}},
	} {
		got := slices.Clone(c.x) // of the right length, and not zero
		c.f(got, slices.Clone(c.x))
		for i, w := range c.want {
			if !(math.Abs(got[i]-w) <= 1e-15*math.Abs(w)) && !(math.IsNaN(got[i]) && math.IsNaN(w)) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestTriggersAtTheEndsAndWithoutNumbers(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		function []float64
		t        picker.Thresholds
		want     []picker.Trigger
	}{
		{"nothing", nil, picker.Thresholds{On: 2, Off: 1}, nil},
		{"never on", []float64{1, 1.9, 1}, picker.Thresholds{On: 2, Off: 1}, nil},
		{"all", []float64{2, 1, 3}, picker.Thresholds{On: 2, Off: 1}, []picker.Trigger{{0, 2}}},
		{"both ends", []float64{2, 0, 2}, picker.Thresholds{On: 2, Off: 1}, []picker.Trigger{{0, 0}, {2, 2}}},
		{"above off only", []float64{1, 1, 2, 1, 0.9}, picker.Thresholds{On: 2, Off: 1}, []picker.Trigger{{2, 3}}},
		{"NaN switches off", []float64{2, nan, 1, 2}, picker.Thresholds{On: 2, Off: 1}, []picker.Trigger{{0, 0}, {3, 3}}},
		{"NaN only", []float64{nan, nan}, picker.Thresholds{On: 2, Off: 1}, nil},
		{"infinity", []float64{math.Inf(1), 0}, picker.Thresholds{On: 2, Off: 1}, []picker.Trigger{{0, 0}}},
		{"cut", []float64{2, 2, 2, 2, 1, 2, 0}, picker.Thresholds{On: 2, Off: 1, Longest: 2}, []picker.Trigger{{0, 2}, {5, 5}}},
		{"dropped", []float64{2, 2, 2, 2, 1, 2, 0, 2}, picker.Thresholds{On: 2, Off: 1, Longest: 2, DropLong: true}, []picker.Trigger{{7, 7}}},
	} {
		if got := picker.Triggers(nil, c.function, c.t); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTriggersAndPicksHaveTimes(t *testing.T) {
	start := time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC)
	tr := waveform.Trace{ID: waveform.SourceID{Network: "XX", Station: "A", Channel: "HHZ"}, Start: start, SampleRate: 50}
	w := picker.Trigger{On: 50, Off: 99}.Window(tr)
	if !w.From.Equal(start.Add(time.Second)) || w.Duration() != time.Second {
		t.Errorf("window %v", w)
	}
	tr.Data = make([]float64, 200)
	if from, until := tr.Range(w); from != 50 || until != 100 {
		t.Errorf("samples %d to %d are in the window of the trigger from 50 to 99", from, until)
	}
	got := picker.Pick{Onset: 25}.Waveform(tr, "P")
	want := waveform.Pick{ID: tr.ID, Time: start.Add(500 * time.Millisecond), PhaseHint: "P", EvaluationMode: "automatic"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestLongTriggersAreCutInSeconds(t *testing.T) {
	x := shock(3000, 50, 0)
	whole := newPicker(t, picker.Options{}, 100).Pick(nil, x, nil)[0].Trigger
	cut := newPicker(t, picker.Options{Longest: 0.25}, 100).Pick(nil, x, nil)[0].Trigger
	if whole.Off-whole.On <= 25 || cut.On != whole.On || cut.Off != cut.On+25 {
		t.Errorf("%v, cut to %v", whole, cut)
	}
}

func TestPickOfAwkwardInput(t *testing.T) {
	nan := shock(3000, 50, 0)
	nan[3005] = math.NaN()
	early := shock(1010, 50, 0)[1000:]
	for f := picker.ClassicSTALTA; f <= picker.KurtosisRise; f++ {
		p := newPicker(t, picker.Options{Function: f, On: 2, Off: 1}, 100)
		for _, x := range [][]float64{nil, {1}, {1, 2, 3}, make([]float64, 5000)} {
			if picks := p.Pick(nil, x, nil); len(picks) > 0 {
				t.Errorf("%v: %d samples have picks: %+v", f, len(x), picks)
			}
		}
		for _, x := range [][]float64{nan, early} {
			for _, pick := range p.Pick(nil, x, nil) {
				if pick.Onset < 0 || pick.Onset >= len(x) {
					t.Errorf("%v: %+v", f, pick)
				}
			}
		}
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		o    picker.Options
		rate float64
	}{
		{picker.Options{}, 0}, {picker.Options{}, -1}, {picker.Options{}, nan}, {picker.Options{}, inf},
		{picker.Options{Short: 20}, 100}, {picker.Options{Short: -1}, 100}, {picker.Options{Long: inf}, 100},
		{picker.Options{Long: nan}, 100}, {picker.Options{On: 1, Off: 2}, 100}, {picker.Options{On: nan}, 100},
		{picker.Options{On: inf}, 100}, {picker.Options{Function: 9}, 100}, {picker.Options{Before: -1}, 100},
		{picker.Options{Longest: -1}, 100}, {picker.Options{Clear: -1}, 100}, {picker.Options{Noise: 1e300}, 100},
		{picker.Options{}, 1e300},
	} {
		if _, err := picker.New(c.o, c.rate); !errors.Is(err, picker.ErrOptions) {
			t.Errorf("%+v at %g Hz: %v", c.o, c.rate, err)
		}
	}
	if o := newPicker(t, picker.Options{Function: picker.KurtosisRise, Long: 4}, 1).Options(); o.Long != 4 || o.On != 8 || o.Noise != 5 {
		t.Errorf("options in force: %+v", o)
	}
}

func TestWrongLengthsPanic(t *testing.T) {
	var scratch dsp.Scratch
	x, y := make([]float64, 5), make([]float64, 6)
	p := newPicker(t, picker.Options{}, 100)
	for name, f := range map[string]func(){
		"delayed": func() { picker.Delayed(y, x, 1, 1, &scratch) }, "z": func() { picker.ZDetect(y, x, 1) },
		"kurtosis": func() { picker.Kurtosis(y, x, 2, &scratch) }, "AIC": func() { picker.AIC(y, x) },
		"onset": func() { picker.Onset(x, y) }, "pick": func() { p.Pick(nil, x, y) },
		"window of delayed": func() { picker.Delayed(x, x[:5], 0, 1, &scratch) }, "window of z": func() { picker.ZDetect(x, x[:5], 0) },
		"window of kurtosis": func() { picker.Kurtosis(x, x[:5], 1, &scratch) },
		"thresholds":         func() { picker.Triggers(nil, x, picker.Thresholds{On: 1, Off: 2}) },
		"NaN for off":        func() { picker.Triggers(nil, x, picker.Thresholds{On: 1, Off: math.NaN()}) },
		"longest":            func() { picker.Triggers(nil, x, picker.Thresholds{Longest: -1}) },
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

func TestNothingIsAllocatedInSteadyState(t *testing.T) {
	var scratch dsp.Scratch
	x := shock(3000, 50, 0)
	dst, triggers := make([]float64, len(x)), make([]picker.Trigger, 0, 100)
	calls := map[string]func(){
		"Delayed": func() { picker.Delayed(dst, x, 50, 1000, &scratch) }, "ZDetect": func() { picker.ZDetect(dst, x, 50) },
		"Kurtosis": func() { picker.Kurtosis(dst, x, 500, &scratch) }, "AIC": func() { picker.AIC(dst, x) },
		"Onset":    func() { picker.Onset(x, dst) },
		"Triggers": func() { triggers = picker.Triggers(triggers[:0], x, picker.Thresholds{On: 40, Off: 1}) },
	}
	for f := picker.ClassicSTALTA; f <= picker.KurtosisRise; f++ {
		p, picks := newPicker(t, picker.Options{Function: f}, 100), make([]picker.Pick, 0, 100)
		calls["Pick "+f.String()] = func() { picks = p.Pick(picks[:0], x, nil) }
	}
	for name, f := range calls {
		if n := testing.AllocsPerRun(10, f); n != 0 {
			t.Errorf("%s allocates %g times", name, n)
		}
	}
}
