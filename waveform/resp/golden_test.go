package resp_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/resp"
)

// The golden file is made by testdata/reference/resp.py: each channel epoch of a RESP file
// as ObsPy reads it, lists of numbers as length and digest.
type (
	goldenChannel struct {
		ID          string
		From, Until string
		Rate        float64
		Sensitivity []float64
		Units       []string
		Stages      []goldenStage
	}
	goldenStage struct {
		Number     int
		Gain       [2]float64
		Units      []string
		Decimation []float64
		Kind       string
		Numbers    []float64
		Lists      [][2]any
	}
)

func TestReadAgreesWithObsPyToTheLastBit(t *testing.T) {
	shared := agree.Shared(t, ".")
	var g struct{ Files map[string][]goldenChannel }
	agree.Golden(t, "golden.json", &g)
	ref := agree.Reference{Function: "resp.Read", Source: "ObsPy 1.5.0 read_inventory", Measure: "numbers that differ", Within: 0}
	if len(g.Files) != 10 {
		t.Errorf("the golden has %d files, want 10", len(g.Files))
	}
	for name, want := range g.Files {
		path := filepath.Join(shared, name)
		if name == "every.resp" {
			path = filepath.Join("testdata", name)
		}
		got := channels(t, path)
		if len(got) != len(want) {
			t.Errorf("%s: %d channel epochs, want %d", name, len(got), len(want))
			continue
		}
		for i, w := range want {
			d := differences(summary(got[i]), w)
			ref.Deviation(t, name+" "+w.ID+" "+w.From+" "+strings.Join(d, "; "), float64(len(d)))
		}
	}
}

// channels is all channel epochs of a file that has no problem.
func channels(t *testing.T, path string) []waveform.Channel {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	stations, problems, err := resp.Read(bytes.NewReader(content))
	if err != nil || len(problems) > 0 {
		t.Fatalf("%s: error %v, problems %v; want none", path, err, problems)
	}
	if !resp.Sniff(content[:min(len(content), resp.SniffSize)]) {
		t.Errorf("%s does not look like RESP to Sniff", path)
	}
	var out []waveform.Channel
	for _, s := range stations {
		out = append(out, s.Channels...)
	}
	return out
}

// summary does to a channel what the golden's script does.
func summary(c waveform.Channel) goldenChannel {
	g := goldenChannel{ID: c.ID.String(), From: when(c.From), Until: when(c.Until), Rate: c.SampleRate}
	r := c.Response
	if r.Sensitivity.Value != 0 {
		g.Sensitivity = []float64{r.Sensitivity.Value, r.Sensitivity.Frequency}
		g.Units = []string{r.Sensitivity.InputUnits, r.Sensitivity.OutputUnits}
	}
	for _, s := range r.Stages {
		g.Stages = append(g.Stages, summarize(s))
	}
	return g
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}

func summarize(s waveform.Stage) goldenStage {
	g := goldenStage{Number: s.Number, Gain: [2]float64{s.Gain, s.GainFrequency}, Units: []string{s.InputUnits, s.OutputUnits}, Kind: "gain"}
	if d := s.Decimation; d != nil {
		g.Decimation = []float64{d.InputRate, float64(d.Factor), float64(d.Offset), d.Delay, d.Correction}
	}
	switch {
	case s.PolesZeros != nil:
		p := s.PolesZeros
		g.Kind = "poles and zeros " + [...]string{"LAPLACE (RADIANS/SECOND)", "LAPLACE (HERTZ)", "DIGITAL (Z-TRANSFORM)"}[p.Type]
		g.Numbers = []float64{p.Normalization, p.NormalizationFrequency}
		g.Lists = [][2]any{digest(flat(p.Zeros)), digest(flat(p.Poles))}
	case s.FIR != nil:
		g.Kind, g.Lists = "FIR "+[...]string{"NONE", "ODD", "EVEN"}[s.FIR.Symmetry], [][2]any{digest(s.FIR.Coefficients)}
	case s.Coefficients != nil:
		g.Kind = "coefficients " + [...]string{"ANALOG (RADIANS/SECOND)", "ANALOG (HERTZ)", "DIGITAL"}[s.Coefficients.Type]
		g.Lists = [][2]any{digest(s.Coefficients.Numerator), digest(s.Coefficients.Denominator)}
	case s.Polynomial != nil:
		g.Kind, g.Lists, g.Numbers = "polynomial", [][2]any{digest(s.Polynomial.Coefficients)}, []float64{s.Polynomial.Lower, s.Polynomial.Upper}
	case s.ResponseList != nil:
		var all []float64
		for _, p := range s.ResponseList {
			all = append(all, p.Frequency, p.Amplitude, p.Phase)
		}
		g.Kind, g.Lists = "list", [][2]any{digest(all)}
	}
	return g
}

func flat(z []complex128) []float64 {
	var out []float64
	for _, v := range z {
		out = append(out, real(v), imag(v))
	}
	return out
}

// digest is a length and the hash of the values' bits.
func digest(values []float64) [2]any {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	sum := sha256.Sum256(b)
	return [2]any{float64(len(values)), hex.EncodeToString(sum[:])[:24]}
}

// differences names what is not the same. ObsPy writes units in capitals, guesses
// those of plain gains from their neighbours, and has a rate of 0 for one of 0.1 Hz.
func differences(got, want goldenChannel) []string {
	var d []string
	differ := func(what string, a, b any) {
		if fmt.Sprint(a) != fmt.Sprint(b) {
			d = append(d, fmt.Sprintf("%s: %v, want %v", what, a, b))
		}
	}
	differ("epoch", []string{got.ID, got.From, got.Until}, []string{want.ID, want.From, want.Until})
	if math.Abs(got.Rate-want.Rate) > 0.1 {
		differ("rate", got.Rate, want.Rate)
	}
	differ("sensitivity", got.Sensitivity, want.Sensitivity)
	if got.ID != "XX.OTHER.00.HHZ" { // ObsPy says that its sensitivity starts from volts; its list says velocity
		differ("units", upper(got.Units), want.Units)
	}
	differ("number of stages", len(got.Stages), len(want.Stages))
	for i := range min(len(got.Stages), len(want.Stages)) {
		g, w := got.Stages[i], want.Stages[i]
		g.Units = upper(g.Units)
		if g.Kind == "gain" {
			g.Units = w.Units
		}
		differ(fmt.Sprint("stage ", i+1), g, w)
	}
	return d
}

func upper(s []string) []string {
	out := slices.Clone(s)
	for i := range out {
		out[i] = strings.ToUpper(out[i])
	}
	return out
}
