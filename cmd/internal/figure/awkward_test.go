package figure

import (
	"bytes"
	"cmp"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// notNumbers are what a formatted coordinate must not be.
var notNumbers = regexp.MustCompile(`[">,MLA ](NaN|[+-]?Inf)`)

func TestAwkwardDataIsDrawn(t *testing.T) {
	fill := func(n int, v float64) []float64 { return slices.Repeat([]float64{v}, n) }
	one := func(data []float64) Figure {
		tr := trace("HNZ", 100, data)
		return Figure{Title: "awkward", Onsets: recipe.Onsets{Origin: origin},
			Records: []Record{{Raw: []waveform.Trace{tr}, Motion: recipe.Motion{Acceleration: tr, Velocity: data}}}}
	}
	zeroRate, farAway, noMotion := one(fill(9, 1)), one(fill(9, 1)), example(50)
	zeroRate.Records[0].Raw[0].SampleRate, zeroRate.Records[0].Motion.Acceleration.SampleRate = 0, math.NaN()
	farAway.Onsets.Origin = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	for i := range noMotion.Records {
		noMotion.Records[i].Motion, noMotion.Records[i].Raw = recipe.Motion{}, nil
	}
	shortVelocity := example(50)
	shortVelocity.Records[0].Motion.Velocity = nil
	for name, c := range map[string]struct {
		figure Figure
		empty  int // panels that say so
	}{
		"no samples":                  {one(nil), 1},
		"one sample":                  {one([]float64{3}), 0},
		"one zero":                    {one([]float64{0}), 0},
		"constant":                    {one(fill(1000, 7)), 0},
		"constant and negative":       {one(fill(1000, -1e-12)), 0},
		"constant and large":          {one(fill(1000, 1e16)), 0},
		"zeros":                       {one(fill(1000, 0)), 0},
		"NaN":                         {one(fill(1000, math.NaN())), 3},
		"infinite":                    {one([]float64{math.Inf(1), math.Inf(-1), math.Inf(1)}), 3},
		"NaN among numbers":           {one([]float64{1, math.NaN(), 2, 3, math.NaN(), math.Inf(1), 4}), 0},
		"as large as can be":          {one([]float64{9e299, -9e299, 0}), 0},
		"larger":                      {one([]float64{math.MaxFloat64, -math.MaxFloat64}), 3},
		"as small as can be":          {one([]float64{5e-324, -5e-324, 0}), 0},
		"a step on a large offset":    {one([]float64{1e15, 1e15 + 1}), 0},
		"no sample rate":              {zeroRate, 3},
		"an origin ages ago":          {farAway, 0},
		"neither raw nor motion":      {noMotion, 3},
		"a component has no velocity": {shortVelocity, 1},
	} {
		t.Run(name, func(t *testing.T) {
			svg := write(t, c.figure, SVG)
			empty := 0
			for _, text := range texts(t, svg) {
				if text == "no data" {
					empty++
				}
			}
			if empty != c.empty {
				t.Errorf("%d panels without data, want %d", empty, c.empty)
			}
			if bad := notNumbers.Find(svg); bad != nil {
				t.Errorf("the drawing holds %q", bad)
			}
			if _, err := png.Decode(bytes.NewReader(write(t, c.figure, PNG))); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStrangeTitleStaysOnThePageAndInXML(t *testing.T) {
	f := example(50)
	f.Title = strings.Repeat("W\x00\xff</text>é\uFFFE", 80)
	f.Subtitle = "Mt. Fuji 富士山\nand more"
	found := texts(t, write(t, f, SVG))
	if !strings.HasSuffix(found[0], "…") || !slices.Contains(found, "Mt. Fuji 富士山 and more") {
		t.Errorf("the texts are %q", found[:2])
	}
	p := layOut(f)
	s, txt := p.letters.fitted(style{size: 14, bold: true}, p.figure.Title, pageWidth)
	if w := p.letters.width(s, txt); w > pageWidth || w < pageWidth*0.9 {
		t.Errorf("the title is %v wide", w)
	}
}

// unit is a plane 600 points wide and 100 high over 100 s and values -1 to 1.
func unit() plane {
	return plane{time: axis{0, 100}, value: axis{-1, 1}, scale: 1, box: vg.Rectangle{Max: vg.Point{X: 600, Y: 100}}}
}

func TestGapsAndMissingSamplesEndALine(t *testing.T) {
	nan := math.NaN()
	lines := unit().lines([]series{
		{start: 0, step: 10, data: []float64{0, 0.5, nan, nan, 1}},
		{start: 60, step: 10, data: []float64{nan, -1, 0, nan}},
	})
	want := [][]vg.Point{
		{{X: 0, Y: 50}, {X: 60, Y: 75}},
		{{X: 240, Y: 100}},
		{{X: 420, Y: 0}, {X: 480, Y: 50}},
	}
	if !slices.EqualFunc(lines, want, slices.Equal[[]vg.Point]) {
		t.Errorf("lines %v, want %v", lines, want)
	}
}

func TestDenseDataBreakOnlyAtVisibleGaps(t *testing.T) {
	data := slices.Repeat([]float64{0.1, math.NaN(), -0.1}, 100_000) // 0..100 s
	step := 100 / float64(len(data))
	for i := 150_000; i < 180_000; i++ { // 50 to 60 s
		data[i] = math.NaN()
	}
	lines := unit().lines([]series{{step: step, data: data}})
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2", len(lines))
	}
	// A column of 0.6 and the rounding to 0.01 are what may be missing.
	if from, until := lines[0][len(lines[0])-1].X, lines[1][0].X; math.Abs(float64(from-300)) > 0.61 || math.Abs(float64(until-360)) > 0.61 {
		t.Errorf("blank from %v to %v, want 300 to 360", from, until)
	}
}

func TestSlowPieceBesideADenseOneStaysALine(t *testing.T) {
	dense := series{step: 1e-4, data: make([]float64, 100_000)}
	slow := series{start: 20, step: 5, data: []float64{0, 1, 0, 1}}
	lines := unit().lines([]series{dense, slow})
	if len(lines) != 2 || len(lines[1]) != 4 {
		t.Errorf("%d lines, the last %v", len(lines), lines[len(lines)-1])
	}
}

func TestEnvelopeKeepsEveryPeakAndFewPoints(t *testing.T) {
	const n = 1_000_000
	data := make([]float64, n)
	for i := range data {
		data[i] = 0.2 * math.Sin(float64(i))
	}
	spikes := map[int]float64{17: 0.9, 333_333: -0.8, 333_334: 0.7, 999_999: -1}
	for i, v := range spikes {
		data[i] = v
	}
	lines := unit().lines([]series{{step: 100.0 / n, data: data}})
	if len(lines) != 1 || len(lines[0]) > 2*1002 {
		t.Fatalf("%d lines, the first of %d points", len(lines), len(lines[0]))
	}
	for i, v := range spikes {
		want := vg.Point{X: vg.Length(i) * 600 / n, Y: vg.Length(50 + 50*v)}
		if !slices.ContainsFunc(lines[0], func(p vg.Point) bool {
			return math.Hypot(float64(p.X-want.X), float64(p.Y-want.Y)) < 0.02
		}) {
			t.Errorf("the spike of sample %d is not drawn", i)
		}
	}
	if !slices.IsSortedFunc(lines[0], func(a, b vg.Point) int { return cmp.Compare(a.X, b.X) }) {
		t.Error("the line goes back in time")
	}
}
