package recipe

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// amplify multiplies samples: a step of a program's own.
type amplify struct {
	By float64 `yaml:"by"`
}

func (amplify) Name() string { return "amplify" }

func (a amplify) Check() error {
	if a.By == 0 {
		return errors.New("want a factor")
	}
	return nil
}

func (a amplify) Apply(_ *process.Worker, _ process.Instrument, tr *waveform.Trace) error {
	for i := range tr.Data {
		tr.Data[i] *= a.By
	}
	return nil
}

// crossings counts changes of sign: a measurement of a program's own.
type crossings struct{ Above, version int }

func (crossings) Keys() []string { return []string{"crossings", "nothing"} }
func (c crossings) Version() int { return c.version }

func (c crossings) Measure(dst []float64, m *Motion, _ *process.Worker) {
	from, until := m.Acceleration.Range(m.Windows.Measurement)
	dst[0], dst[1] = 0, math.NaN()
	for i := from + 1; i < until; i++ {
		if math.Signbit(m.Acceleration.Data[i]) != math.Signbit(m.Acceleration.Data[i-1]) {
			dst[0]++
		}
	}
}

func extended(version int) Language {
	return Language{}.WithStep("amplify", func(decode Decode) (process.Step, error) {
		var a amplify
		err := decode(&a)
		return a, err
	}).WithMeasure("crossings", func(decode Decode) (Measure, error) {
		c := crossings{version: version}
		err := decode(&c.Above)
		return c, err
	})
}

const extendedText = `
process:
  - detrend: linear
  - amplify: {by: 2}
  - remove_response: {water_level: 100, pre_filter: [0.02 Hz, 0.05 Hz, 0.85 nyquist, 0.95 nyquist]}
measure:
  extra: [crossings: 3]
`

func TestStepsAndMeasurementsOfAProgramsOwn(t *testing.T) {
	r, err := extended(1).Parse("mine", []byte(extendedText))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := processorOf(t, r).Process(item("HNE", "HNN", "HNZ"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := newProcessor(t, strings.Replace(extendedText[:strings.Index(extendedText, "measure")], "  - amplify: {by: 2}\n", "", 1)).Process(item("HNE", "HNN", "HNZ"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows[:3] {
		if ratio := rows[i].PGA / plain[i].PGA; math.Abs(ratio-2) > 1e-12 {
			t.Errorf("%s: amplified by %v", rows[i].Component, ratio)
		}
		if n := rows[i].Extra["crossings"]; n < 100 || !math.IsNaN(rows[i].Extra["nothing"]) || plain[i].Extra != nil {
			t.Errorf("%s: %v; without: %v", rows[i].Component, rows[i].Extra, plain[i].Extra)
		}
	}
	if rows[3].Extra != nil {
		t.Errorf("%s has %v", rows[3].Component, rows[3].Extra)
	}
}

func TestParametersAndVersionsOfAProgramsOwnAreInTheHash(t *testing.T) {
	hash := func(version int, text string) [32]byte {
		r, err := extended(version).Parse("mine", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return r.Hash()
	}
	first := hash(1, extendedText)
	if first != hash(1, extendedText) {
		t.Error("the hash is not always the same")
	}
	if first == hash(2, extendedText) || first == hash(1, strings.Replace(extendedText, "by: 2", "by: 3", 1)) || first == hash(1, strings.Replace(extendedText, "crossings: 3", "crossings: 4", 1)) {
		t.Error("another version or parameter has the same hash")
	}
}

func TestMistakesInWordsOfAProgramsOwnHaveTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"process:\n  - amplify: {bye: 2}":                "mine:2: process[0].amplify: line 1: field bye not found",
		"process:\n  - amplify: {by: .nan}":              "mine:2: process[0].amplify: its parameters must be plain",
		"process:\n  - amplify: {by: 0}":                 "mine:2: process[0].amplify: want a factor",
		"measure:\n  extra:\n  - crossings: some":        "mine:3: measure.extra[0].crossings: line 1: cannot unmarshal",
		"measure: {extra: [crossings: 1, passing: 1]}":   "passing: unknown key; known here: crossings",
		"measure: {extra: [crossings: 1, crossings: 2]}": "crossings is measured already",
	} {
		_, err := extended(1).Parse("mine", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
	odd := Language{}.WithStep("nothing", func(Decode) (process.Step, error) { return nil, nil }).
		WithStep("other", func(Decode) (process.Step, error) { return amplify{By: 1}, nil }).
		WithMeasure("none", func(Decode) (Measure, error) { return nil, nil })
	for text, want := range map[string]string{
		"process: [nothing: {}]":      "the program made no step of it",
		"process: [other: {}]":        `the program's step is named "amplify"`,
		"measure: {extra: [none: 1]}": "the program made no measurement of it",
	} {
		if _, err := odd.Parse("mine", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := Parse("mine", []byte("measure: {extra: [power: {}]}")); err == nil || !strings.Contains(err.Error(), "no measurements of its own") {
		t.Errorf("plain words: %v", err)
	}
	if _, err := Parse("mine", []byte("process:\n  - amplify: {by: 2}")); err == nil {
		t.Error("a language changed the words of all")
	}
	defer func() {
		if recover() == nil {
			t.Error("a step of this package was replaced")
		}
	}()
	Language{}.WithStep("taper", nil)
}
