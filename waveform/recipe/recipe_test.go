package recipe

import (
	"strings"
	"testing"
	"time"
)

func TestDefaultRecipeIsValidAndStable(t *testing.T) {
	a, b := Default(), Default()
	if a.Hash() != b.Hash() {
		t.Error("two readings of the default recipe have different hashes")
	}
	if len(a.Measure.Periods) != 21 || len(a.Process) != 4 {
		t.Errorf("default recipe: %d periods, %d steps", len(a.Measure.Periods), len(a.Process))
	}
}

func TestHashIsOfMeaningNotText(t *testing.T) {
	same, err := Parse("x", []byte("# a comment\nmeasure:\n  sta: 1000 ms\n"))
	if err != nil {
		t.Fatal(err)
	}
	if same.Hash() != Default().Hash() {
		t.Error("the same recipe written differently has another hash")
	}
	for _, text := range []string{
		"windows: {noise: {from: P - 21 s}}", "measure: {damping: 0.04}", "times: {s_velocity: 3400}",
		"eligible: {instruments: [HN]}", "eligible: {max_distance: [{km: 10}]}", "incomplete: fail",
		"process: [remove_response: {water_level: 60}, bandpass: {low: 0.08 Hz, high: 0.75 nyquist}]",
		"windows: {measurement: {from: P, until: S + 60 s}}",
	} {
		r, err := Parse("x", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if r.Hash() == Default().Hash() {
			t.Errorf("%s: the hash is that of the default", text)
		}
	}
}

func TestMistakesAreReportedWithTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"\nprocess:\n  - detrendd: linear":                                         "mine.yaml:3: process[0].detrendd: unknown key; known here: amplitude_highpass, ",
		"windows:\n  noise: {from: P - 22, until: P - 2 s}":                        "mine.yaml:2: windows.noise.from: \" 22\" is not a duration: it needs a unit, such as \"20 s\"",
		"windows:\n  noise: {until: P + 5 s}":                                      "mine.yaml:2: windows.noise: the noise must end before P",
		"measure:\n  damping: 1.5":                                                 "mine.yaml:2: measure.damping: want fractions",
		"measure:\n  damping: high":                                                "mine.yaml:2: measure.damping: \"high\" is not a value of the right kind",
		"measure:\n  periods: [1, 0.5]":                                            "mine.yaml:2: measure.periods: want rising",
		"recipes: 1":                                                               "mine.yaml:1: recipes: unknown key",
		"incomplete: maybe":                                                        "mine.yaml:1: incomplete: \"maybe\": want keep or fail",
		"process: []":                                                              "mine.yaml:1: process: the measurements need acceleration",
		"process:\n  - remove_response: {output: velocity}":                        "mine.yaml:1: process: the measurements need acceleration",
		"process:\n  - remove_response: {pre_filter: [1 Hz, 2 Hz]}":                "want 4 corners, got 2",
		"process:\n  - bandpass: {low: 3, high: 4 Hz}":                             "\"3\" is not a frequency",
		"process:\n  - remove_response: {}\n  - bandpass: {low: 5 Hz, high: 4 Hz}": "mine.yaml:3: process[1].bandpass: want 0 < low < high",
		"eligible: {max_distance: [{km: 5}, {below: 3, km: 4}]}":                   "want lines of rising",
		"measure: {sta: 1 s, sta: 2 s}":                                            "given twice",
		"a: [":                                                                     "recipe mine.yaml: yaml",
		"- 1":                                                                      "mine.yaml:1: want a mapping",
		"a: 1\n---\nb: 2":                                                          "more than one YAML document",
		"eligible: {max_distance: [{below: .inf, km: 4}]}":                         "want lines of rising",
		"times: {p_velocity: .nan}":                                                "mine.yaml:1: times: want positive velocities",
	} {
		_, err := Parse("mine.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestMarksCountFromTheirPhase(t *testing.T) {
	o := Onsets{Origin: time.Unix(100, 0), P: time.Unix(110, 0), S: time.Unix(120, 0)}
	for text, want := range map[string]time.Time{
		"P": o.P, "S + 60 s": time.Unix(180, 0), "P - 1.5 s": time.Unix(108, 5e8), "origin + 1 min": time.Unix(160, 0), "P-200ms": time.Unix(109, 8e8),
	} {
		m, err := parseMark(text)
		if err != nil || !m.At(o).Equal(want) {
			t.Errorf("%s: %v, %v; want %v", text, m.At(o), err, want)
		}
	}
}

func TestReachGrowsWithMagnitude(t *testing.T) {
	e := Default().Eligible
	mag := func(m float64) *float64 { return &m }
	for _, c := range []struct {
		magnitude *float64
		km        float64
	}{{mag(2.9), 150}, {mag(3), 250}, {mag(7), 1500}, {mag(9.5), 1500}, {nil, 250}} {
		if got := e.Reach(c.magnitude); got != c.km*1e3 {
			t.Errorf("magnitude %v: %v m, want %v km", c.magnitude, got, c.km)
		}
	}
}

func TestCommonLengthIsNotFarAboveItsInput(t *testing.T) {
	for n := 1; n < 70000; n++ {
		c := CommonLength(n)
		if c < n || n > 32 && float64(c) > 1.125*float64(n)+1 {
			t.Fatalf("CommonLength(%d) = %d", n, c)
		}
		if CommonLength(c) != c {
			t.Fatalf("CommonLength(%d) = %d is not its own", n, c)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(DefaultText()))
	f.Add([]byte("a: &x [*x]"))
	f.Add([]byte("process: [detrend: linear]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse("fuzz", text)
		if err == nil {
			r.Hash() // never panics on what was accepted
		}
	})
}
