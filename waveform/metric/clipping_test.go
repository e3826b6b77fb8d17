package metric

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// counts reads the raw counts of a recording, its longest piece.
func counts(t *testing.T, path string) (id string, x []float64, dt float64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	segments, _, err := mseed.Segments(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range segments {
		if tr := s.Trace(); len(tr.Data) > len(x) {
			id, x, dt = tr.ID.String(), tr.Data, 1/tr.SampleRate
		}
	}
	return id, x, dt
}

func recordings(t *testing.T, pattern string) []string {
	t.Helper()
	root := agree.Shared(t, ".")
	paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no recordings, %v", pattern, err)
	}
	return paths
}

// Broadband horizontals of two stations near an earthquake went past full scale. The
// verticals of BK.BRIB did not (TestVerticalOfAClippedStationIsWhole); of NC.KCT, all three did.
func TestClippingIsFoundInRecordingsThatAreClippedAndInNoOthers(t *testing.T) {
	beyond := map[string]bool{}
	for _, id := range []string{"BK.BRIB.01.BHE", "BK.BRIB.01.BHN", "BK.BRIB.01.HHE", "BK.BRIB.01.HHN", "NC.KCT..HHE", "NC.KCT..HHN", "NC.KCT..HHZ"} {
		beyond[id] = true
	}
	found, seen := 0, 0
	for _, path := range recordings(t, "events/*/waveforms/*.mseed") {
		name, x, _ := counts(t, path)
		id, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".mseed"), "__")
		id = strings.TrimSuffix(id, ".raw")
		c := DetectClipping(x, ClippingRules{})
		seen++
		if c.Clipped != beyond[id] {
			t.Errorf("%s (%s): clipped %v, %+v", id, name, c.Clipped, c)
		}
		if c.Clipped {
			found++
			t.Logf("%s: %d samples near full scale, counts from %.0f to %.0f, jump %.2f", id, c.FullScale, c.Low, c.High, c.Jump)
			if c.FullScale == 0 || c.First < 0 || math.Abs(x[c.First]) < 0.9*(1<<23) {
				t.Errorf("%s: no sample near full scale for evidence: %+v", id, c)
			}
		}
		if c.FlatTops > 0 {
			t.Errorf("%s: flat tops: %+v", id, c)
		}
	}
	t.Logf("%d recordings, %d clipped", seen, found)
	if found != len(beyond) || seen < 80 {
		t.Errorf("%d of %d clipped recordings found among %d", found, len(beyond), seen)
	}
}

// A sensor that met its stops at 0.63 of full scale, for five seconds at a time.
func TestClippingIsFoundByFlatTopsBelowFullScale(t *testing.T) {
	for _, path := range recordings(t, "bad/clipped/*.mseed") {
		id, x, _ := counts(t, path)
		c := DetectClipping(x, ClippingRules{})
		t.Logf("%s: %d flat tops of %d samples, the longest %d, counts from %.0f to %.0f", id, c.FlatTops, c.FlatSamples, c.LongestFlat, c.Low, c.High)
		if !c.Clipped || c.FullScale != 0 || c.FlatTops < 10 || c.LongestFlat < 400 || c.FlatSamples < 2000 {
			t.Errorf("%s: %+v", id, c)
		}
		if off := DetectClipping(x, ClippingRules{FlatBand: -1}); off.Clipped || off.FlatTops != 0 {
			t.Errorf("%s: found without the rule: %+v", id, off)
		}
	}
}

// The vertical reaches 0.59 of full scale, where the integrated accelerometer of the
// same station says it must. (Sensitivities from the station's metadata.)
func TestVerticalOfAClippedStationIsWhole(t *testing.T) {
	path := func(channel string) string {
		return agree.Shared(t, "events/nc73291880/waveforms/BK.BRIB.01."+channel+"__20191015T053312Z__20191015T054042Z.mseed")
	}
	_, velocity, _ := counts(t, path("HHZ"))
	_, acceleration, dt := counts(t, path("HNZ"))
	mean, sum, integrated := Describe(acceleration[:2500]).Mean, 0.0, 0.0
	for _, v := range acceleration[:6000] {
		sum += (v - mean) * dt
		integrated = max(integrated, math.Abs(sum))
	}
	broadband, _ := Peak(velocity)
	newWorst(t, 0.03).near("peak velocity", broadband/6.2346e8, integrated/215465.906, integrated/215465.906)
}

func TestClippingOfSyntheticRecords(t *testing.T) {
	const n = 6000
	wave := func(f func(at float64) float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = f(float64(i) * 0.01)
		}
		return x
	}
	clip := func(x []float64, level float64) []float64 {
		y := slices.Clone(x)
		for i, v := range y {
			y[i] = max(-level, min(level, v))
		}
		return y
	}
	sine := func(period float64) []float64 {
		return wave(func(at float64) float64 { return 1e5 * math.Sin(2*math.Pi*at/period) })
	}
	spiky := sine(0.37)
	spiky[3000] += 1e6
	for _, c := range []struct {
		name string
		x    []float64
		want bool
	}{
		{"sine of 0.05 s", sine(0.05), false},
		{"sine of 1 s", sine(1), false},
		{"sine of 20 s", sine(20), false},
		{"two long sines", wave(func(at float64) float64 { return 1e5 * (math.Sin(at) + math.Sin(3.1*at)) }), false},
		{"offset", wave(func(at float64) float64 { return 3e6 + 1e5*math.Sin(at) }), false},
		{"noise", wave(func(at float64) float64 { return math.Round(1e4 * math.Sin(1e5*at*at)) }), false},
		{"a quiet channel", wave(func(at float64) float64 { return math.Round(3 * math.Sin(at)) }), false},
		{"a constant", wave(func(float64) float64 { return 1e6 }), false},
		{"a ramp", wave(func(at float64) float64 { return 1e4 * at }), false},
		{"a spike", spiky, false},
		{"sine of 1 s, clipped at 0.9", clip(sine(1), 9e4), true},
		{"sine of 0.2 s, clipped at 0.5", clip(sine(0.2), 5e4), true},
		{"sine of 20 s, clipped at 0.8", clip(sine(20), 8e4), true},
		{"one side", wave(func(at float64) float64 { return min(5e4, 1e5*math.Sin(at)) }), true},
		{"the other side", wave(func(at float64) float64 { return max(-5e4, 1e5*math.Sin(at)) }), true},
		{"full scale", wave(func(at float64) float64 { return 8e6 * math.Sin(at) }), true},
		{"negative full scale", wave(func(at float64) float64 { return -8e6 * math.Exp(-(at-30)*(at-30)) }), true},
	} {
		if got := DetectClipping(c.x, ClippingRules{}); got.Clipped != c.want || c.want == (got.First < 0) {
			t.Errorf("%s: %+v, want clipped %v", c.name, got, c.want)
		}
	}
	if got := DetectClipping(clip(sine(1), 9e4), ClippingRules{}); got.FlatTops != 120 || got.Low != -9e4 || got.High != 9e4 || got.First < 18 || got.First > 19 {
		t.Errorf("evidence of two tops a second in a minute: %+v", got)
	}
	if got := DetectClipping(sine(1), ClippingRules{FullScale: 1 << 16}); !got.Clipped || got.FullScale == 0 {
		t.Errorf("17 bits: %+v", got)
	}
	if got := DetectClipping(wave(func(at float64) float64 { return 9e6 * math.Sin(at) }), ClippingRules{FullScale: math.Inf(1)}); got.Clipped {
		t.Errorf("full scale turned off: %+v", got)
	}
}

func TestClippingByJumpsIsForThoseWhoAskForIt(t *testing.T) {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = 5e4 * math.Sin(float64(i)/20)
	}
	x[412] = -x[411] * 1.8
	if c := DetectClipping(x, ClippingRules{}); c.Clipped || c.Jump < 0.5 {
		t.Errorf("not asked for: %+v", c)
	}
	if c := DetectClipping(x, ClippingRules{Jump: 0.57}); !c.Clipped || c.First != 412 && c.First != 413 {
		t.Errorf("asked for: %+v", c)
	}
	if c := DetectClipping([]float64{7, 7, 7}, ClippingRules{Jump: 0.57}); c.Clipped || c.Jump != 0 {
		t.Errorf("a constant: %+v", c)
	}
}

func TestClippingOfNothingOrNaN(t *testing.T) {
	if c := DetectClipping(nil, ClippingRules{Jump: 0.5}); c.Clipped || c.First != -1 || !isNaN(c.Low, c.High, c.Jump) {
		t.Errorf("nothing: %+v", c)
	}
	if c := DetectClipping([]float64{5}, ClippingRules{}); c.Clipped || c.Low != 5 || c.High != 5 || c.Jump != 0 {
		t.Errorf("one sample: %+v", c)
	}
	if c := DetectClipping([]float64{1e7}, ClippingRules{}); !c.Clipped || c.First != 0 || c.FullScale != 1 {
		t.Errorf("one large sample: %+v", c)
	}
	x := append(slices.Repeat([]float64{1e5}, 50), make([]float64, 500)...)
	x[7] = math.NaN()
	if c := DetectClipping(x, ClippingRules{Jump: 0.5}); c.Clipped || !isNaN(c.Low, c.High, c.Jump) {
		t.Errorf("NaN: %+v", c)
	}
	x[7] = math.Inf(1)
	if c := DetectClipping(x, ClippingRules{}); !c.Clipped || c.FullScale != 1 || c.First != 7 {
		t.Errorf("infinity: %+v", c)
	}
}

func TestLongestFlatIsTheFirstOfTheLongest(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		x    []float64
		want FlatLine
	}{
		{nil, FlatLine{}},
		{[]float64{3}, FlatLine{0, 1, 0, false}},
		{[]float64{3, 3}, FlatLine{0, 2, 0.5, true}},
		{[]float64{1, 2, 2, 3, 4, 4}, FlatLine{1, 2, 0.5, false}},
		{[]float64{1, 2, 2, 4, 4, 4}, FlatLine{3, 3, 1, false}},
		{[]float64{0, 0, 0, 0}, FlatLine{0, 4, 1.5, true}},
		{[]float64{nan, nan, nan}, FlatLine{0, 1, 0, false}},
		{[]float64{5, 5, nan, 5}, FlatLine{0, 2, 0.5, false}},
	} {
		if got := LongestFlat(c.x, 0.5); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.x, got, c.want)
		}
	}
}

// The quietest channels here are accelerometers, with a few equal counts before the event.
func TestRecordingsAreNotFlat(t *testing.T) {
	longest := 0.0
	for _, path := range recordings(t, "events/*/waveforms/*.mseed") {
		id, x, dt := counts(t, path)
		f := LongestFlat(x, dt)
		longest = max(longest, f.Seconds)
		if f.Dead || f.Seconds > 0.2 {
			t.Errorf("%s: %+v", id, f)
		}
	}
	t.Logf("at most %.2f s", longest)
}
