package stationxml

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// Every StationXML file of the shared data is read as ObsPy reads it: the same
// stations and channel epochs, and the same numbers to the last bit.
func TestReadAgreesWithObsPyOnEveryFile(t *testing.T) {
	files := stationFiles(t, dataDir(t))
	g := readGolden(t)
	if len(files) != len(g.Files) {
		t.Errorf("%d files, the golden has %d: run testdata/reference/stationxml_golden.py", len(files), len(g.Files))
	}
	channels, stages := 0, 0
	for name, content := range files {
		want, known := g.Files[name]
		if !known {
			t.Errorf("%s is not in the golden", name)
			continue
		}
		got, problems, err := Read(bytes.NewReader(content))
		if strings.HasPrefix(name, "bad/stationxml/") || strings.HasPrefix(name, "bad/made/") {
			continue // decided here, not by ObsPy: see bad_test.go
		}
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: error %v, problems %v; want none", name, err, problems)
			continue
		}
		c := comparison{t: t, name: name}
		c.stations(got, want.Stations)
		channels += c.channels
		stages += c.stages
	}
	if !t.Failed() {
		agree.Reference{Function: "stationxml.Read", Source: "ObsPy 1.5.0 read_inventory", Measure: "numbers that differ"}.Deviation(t, "shared data", 0)
	}
	t.Logf("compared %d channel epochs and %d stages in %d files", channels, stages, len(files))
	if channels < 300 || stages < 1100 {
		t.Errorf("compared %d channels and %d stages, want at least 300 and 1100", channels, stages)
	}
}

// comparison counts what it has compared and names what differs.
type comparison struct {
	t                *testing.T
	name             string
	channels, stages int
}

func (c *comparison) equal(what string, got, want any) {
	c.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.t.Errorf("%s: %s: got %v, want %v", c.name, what, got, want)
	}
}

// number compares bits; a number that ObsPy does not have is absent here, too.
func (c *comparison) number(what string, got float64, want *float64, absent float64) {
	c.t.Helper()
	w := absent
	if want != nil {
		w = *want
	}
	if got != w && !(math.IsNaN(got) && math.IsNaN(w)) {
		c.t.Errorf("%s: %s: got %v, want %v", c.name, what, got, w)
	}
}

func (c *comparison) epoch(what string, from, until time.Time, wantFrom, wantUntil *string) {
	c.t.Helper()
	for i, at := range [...]time.Time{from, until} {
		want := [...]*string{wantFrom, wantUntil}[i]
		if want == nil != at.IsZero() || want != nil && at.Format("2006-01-02T15:04:05.000000Z") != *want {
			c.t.Errorf("%s: %s: date %v, want %v", c.name, what, at, want)
		}
	}
}

func (c *comparison) stations(got []waveform.Station, want []goldenStation) {
	c.equal("number of stations", len(got), len(want))
	for i := range min(len(got), len(want)) {
		s, w := got[i], want[i]
		c.equal("code", s.Network+"."+s.Code, w.Code)
		c.equal("name", s.Name, w.Name)
		c.epoch(w.Code, s.From, s.Until, w.From, w.Until)
		c.numbers(w.Code+" position", []float64{s.Latitude, s.Longitude, s.Elevation}, w.Pos)
		c.equal("number of channels of "+w.Code, len(s.Channels), len(w.Channels))
		for j := range min(len(s.Channels), len(w.Channels)) {
			c.channel(s.Channels[j], w.Channels[j])
		}
	}
}

func (c *comparison) numbers(what string, got []float64, want []*float64) {
	c.t.Helper()
	c.equal(what+": how many", len(got), len(want))
	for i := range min(len(got), len(want)) {
		c.number(fmt.Sprintf("%s [%d]", what, i), got[i], want[i], math.NaN())
	}
}

func (c *comparison) channel(got waveform.Channel, want goldenChannel) {
	c.channels++
	c.equal("channel", got.ID, want.ID)
	c.epoch(want.ID, got.From, got.Until, want.From, want.Until)
	c.numbers(want.ID+" position", []float64{got.Latitude, got.Longitude, got.Elevation, got.Depth, got.Azimuth, got.Dip}, want.Pos)
	c.number(want.ID+" rate", got.SampleRate, want.Rate, 0)
	if got.Response == nil {
		c.equal(want.ID+" stages without response", 0, len(want.Stages))
		return
	}
	s := got.Response.Sensitivity
	if want.Sens == nil {
		want.Sens = []float64{0, 0}
	}
	c.equal(want.ID+" sensitivity", []float64{s.Value, s.Frequency}, want.Sens)
	if want.Units == nil {
		want.Units = []string{"", ""}
	}
	c.equal(want.ID+" units", []string{s.InputUnits, s.OutputUnits}, want.Units)
	var polynomial []float64
	if p := got.Response.Polynomial; p != nil {
		polynomial = append([]float64{p.Lower, p.Upper}, p.Coefficients...)
	}
	c.equal(want.ID+" polynomial", polynomial, want.Poly)
	c.equal(want.ID+" number of stages", len(got.Response.Stages), len(want.Stages))
	for i := range min(len(got.Response.Stages), len(want.Stages)) {
		c.stage(fmt.Sprintf("%s stage %d", want.ID, i+1), got.Response.Stages[i], want.Stages[i])
	}
}

func (c *comparison) stage(what string, got waveform.Stage, want goldenStage) {
	c.stages++
	c.equal(what+" number", got.Number, want.N)
	c.number(what+" gain", got.Gain, want.Gain, 0)
	c.number(what+" gain frequency", got.GainFrequency, want.GF, 0)
	// ObsPy guesses missing units of a stage from its neighbours.
	if got.InputUnits != "" && want.In != nil {
		c.equal(what+" input units", got.InputUnits, *want.In)
	}
	if got.OutputUnits != "" && want.Out != nil {
		c.equal(what+" output units", got.OutputUnits, *want.Out)
	}
	var decimation []float64
	if m := got.Decimation; m != nil {
		decimation = []float64{m.InputRate, float64(m.Factor), float64(m.Offset), m.Delay, m.Correction}
	}
	c.equal(what+" decimation", decimation, want.Dec)
	c.filter(what, summarize(got), want)
}

func (c *comparison) filter(what string, got, want goldenStage) {
	c.equal(what+" kind", got.Kind, want.Kind)
	c.equal(what+" type", got.Type, want.Type)
	c.equal(what+" normalization", []float64{got.A0, got.NF}, []float64{want.A0, want.NF})
	c.equal(what+" counts", got.Count, want.Count)
	c.equal(what+" sums", got.Sum, want.Sum)
	c.equal(what+" first", got.First, want.First)
}

// summarize does to a stage what the golden's script does.
func summarize(s waveform.Stage) goldenStage {
	g := goldenStage{Kind: "gain"}
	switch {
	case s.PolesZeros != nil:
		z := s.PolesZeros
		g.Kind, g.A0, g.NF = "paz", z.Normalization, z.NormalizationFrequency
		g.Type = [...]string{"LAPLACE (RADIANS/SECOND)", "LAPLACE (HERTZ)", "DIGITAL (Z-TRANSFORM)"}[z.Type]
		g.Count = []int{len(z.Zeros), len(z.Poles)}
		var zeros, poles complex128
		for _, v := range z.Zeros {
			zeros += v
		}
		for _, v := range z.Poles {
			poles += v
		}
		g.Sum = []float64{real(zeros), imag(zeros), real(poles), imag(poles)}
		if len(z.Poles) > 0 {
			g.First = []float64{real(z.Poles[0]), imag(z.Poles[0])}
		}
	case s.FIR != nil:
		g.Kind, g.Type = "fir", [...]string{"NONE", "ODD", "EVEN"}[s.FIR.Symmetry]
		g.series(s.FIR.Coefficients)
	case s.Coefficients != nil:
		g.Kind = "coef"
		g.Type = [...]string{"ANALOG (RADIANS/SECOND)", "ANALOG (HERTZ)", "DIGITAL"}[s.Coefficients.Type]
		g.series(s.Coefficients.Numerator)
		g.Count = append(g.Count, len(s.Coefficients.Denominator))
		g.Sum = append(g.Sum, sum(s.Coefficients.Denominator))
	case s.Polynomial != nil:
		g.Kind = "poly"
		g.series(s.Polynomial.Coefficients)
		g.First = []float64{s.Polynomial.Lower, s.Polynomial.Upper}
	case s.ResponseList != nil:
		var frequency, amplitude, phase float64
		for _, p := range s.ResponseList {
			frequency += p.Frequency
			amplitude += p.Amplitude
			phase += p.Phase
		}
		g.Kind, g.Count, g.Sum = "list", []int{len(s.ResponseList)}, []float64{frequency, amplitude, phase}
	}
	return g
}

// series summarizes a list of coefficients.
func (g *goldenStage) series(v []float64) {
	g.Count, g.Sum = []int{len(v)}, []float64{sum(v)}
	if len(v) > 0 {
		g.First = v[:1]
	}
}

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}
