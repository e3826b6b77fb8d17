package figure

import (
	"image/color"
	"time"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Measures of the page in points.
const (
	pageWidth    vg.Length = 760
	headHeight   vg.Length = 78 // title, subtitle, legend and the names of the onsets
	footHeight   vg.Length = 40 // time axis
	sideMargin   vg.Length = 18
	unitWidth    vg.Length = 16 // the turned name of a vertical axis
	panelGap     vg.Length = 9  // more than a tick label is high
	recordGap    vg.Length = 15
	tickLength   vg.Length = 3.5
	panelsHeight vg.Length = 680 // of all panels together, as far as their limits allow
	lowestPanel  vg.Length = 72
	highestPanel vg.Length = 150
)

// page is a figure laid out.
type page struct {
	figure   Figure
	zero     time.Time // of the time axis
	letters  *lettering
	panels   []panel
	marks    []mark
	time     axis
	height   vg.Length // of the page
	each     vg.Length // of a panel
	left     vg.Length // edges of the panels
	right    vg.Length
	valueOf  []axis
	ticksOf  [][]tick
	tickText style
}

// mark is a vertical line through all panels.
type mark struct {
	at      float64 // s
	name    string
	meaning string // in the legend
	colour  color.Color
	width   vg.Length
	dashes  []vg.Length
}

// layOut measures everything that the sizes of others depend on.
func layOut(f Figure) *page {
	f.Title, f.Subtitle = printable(f.Title), printable(f.Subtitle)
	reference := f.reference()
	p := &page{figure: f, zero: reference, letters: newLettering(), panels: f.panels(reference), right: pageWidth - sideMargin}
	p.time = span(p.panels)
	p.marks = f.marks(reference, p.time)
	p.each = min(highestPanel, max(lowestPanel, panelsHeight/vg.Length(len(p.panels))))
	p.tickText = style{size: 7.5, colour: ink}
	var widest vg.Length
	for _, q := range p.panels {
		values := q.values()
		ticks := values.ticks(int(p.each / 15))
		p.valueOf, p.ticksOf = append(p.valueOf, values), append(p.ticksOf, ticks)
		for _, t := range ticks {
			widest = max(widest, p.letters.width(p.tickText, t.label))
		}
	}
	p.left = sideMargin + unitWidth + widest + tickLength + 2
	p.height = headHeight + footHeight
	for i := range p.panels {
		p.height += p.each + p.gapAbove(i)
	}
	return p
}

// gapAbove is the space between panel i and the one above it: more where a
// record begins.
func (p *page) gapAbove(i int) vg.Length {
	switch {
	case i == 0:
		return 0
	case p.panels[i].kind == counts:
		return recordGap
	}
	return panelGap
}

// marks are the origin and the onsets that lie on the time axis, in order of time.
func (f Figure) marks(reference time.Time, span axis) []mark {
	source := f.onsetSource()
	all := []struct {
		at time.Time
		mark
	}{
		{f.Onsets.Origin, mark{name: "origin", meaning: "origin", colour: gray, width: 0.7, dashes: []vg.Length{3, 2}}},
		{f.Onsets.P, mark{name: "P", meaning: "P, " + source, colour: red, width: 0.8}},
		{f.Onsets.S, mark{name: "S", meaning: "S, " + source, colour: violet, width: 0.8}},
	}
	var marks []mark
	for _, m := range all {
		m.mark.at = m.at.Sub(reference).Seconds()
		if !m.at.IsZero() && span.lo <= m.mark.at && m.mark.at <= span.hi {
			marks = append(marks, m.mark)
		}
	}
	return marks
}

// onsetSource says where P and S come from: all rows have the same onsets.
func (f Figure) onsetSource() string {
	if f.Records[0].Row.TimeSource == recipe.SourceArrival {
		return "arrival"
	}
	return "predicted"
}

// draw draws the page on a canvas of its size.
func (p *page) draw(on vg.Canvas) {
	c := draw.NewCanvas(on, pageWidth, p.height)
	fillBox(&c, white, vg.Rectangle{Max: vg.Point{X: pageWidth, Y: p.height}})
	p.drawHead(&c)
	top := p.height - headHeight
	for i := range p.panels {
		top -= p.gapAbove(i)
		box := vg.Rectangle{Min: vg.Point{X: p.left, Y: top - p.each}, Max: vg.Point{X: p.right, Y: top}}
		p.drawPanel(&c, i, box)
		top = box.Min.Y
	}
	p.drawTime(&c, top)
}

// drawHead writes what stands above the panels.
func (p *page) drawHead(c *draw.Canvas) {
	room := pageWidth - 2*sideMargin
	title, txt := p.letters.fitted(style{size: 14, bold: true, colour: ink, y: text.YTop}, p.figure.Title, room)
	p.letters.draw(c, title, vg.Point{X: sideMargin, Y: p.height - 12}, txt)
	subtitle, txt := p.letters.fitted(style{size: 9.5, colour: gray, y: text.YTop}, p.figure.Subtitle, room)
	p.letters.draw(c, subtitle, vg.Point{X: sideMargin, Y: p.height - 32}, txt)
	p.drawLegend(c, p.height-55)
	p.drawNames(c, p.height-headHeight+3)
}

// drawNames writes the names of the marks over their lines, moved to the right
// where they would touch.
func (p *page) drawNames(c *draw.Canvas, y vg.Length) {
	free := vg.Length(0)
	for _, m := range p.marks {
		s := style{size: 8.5, bold: true, colour: m.colour}
		width := p.letters.width(s, m.name)
		x := max(free, p.time.on(m.at, p.left, p.right)-width/2)
		p.letters.draw(c, s, vg.Point{X: x, Y: y}, m.name)
		free = x + width + 3
	}
}

// drawTime writes the time axis below the last panel.
func (p *page) drawTime(c *draw.Canvas, y vg.Length) {
	s := p.tickText
	s.x, s.y = text.XCenter, text.YTop
	for _, t := range p.time.ticks(14) {
		p.letters.draw(c, s, vg.Point{X: p.time.on(t.at, p.left, p.right), Y: y - tickLength - 2}, t.label)
	}
	name := "time after origin (s)"
	if p.figure.Onsets.Origin.IsZero() {
		name = "time after the first sample (s)"
	}
	s.size = 8.5
	p.letters.draw(c, s, vg.Point{X: (p.left + p.right) / 2, Y: y - 18}, name)
}
