package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/seisbatch/seisbatch/waveform"
)

// drawPanel draws panel i into its box: windows, grid, marks, data, frame and
// labels, in this order.
func (p *page) drawPanel(c *draw.Canvas, i int, box vg.Rectangle) {
	q := &p.panels[i]
	place := plane{time: p.time, value: p.valueOf[i], scale: q.scale, box: box}
	p.drawWindows(c, q, place)
	p.drawAxes(c, i, place)
	for _, m := range p.marks {
		vertical(c, draw.LineStyle{Color: m.colour, Width: m.width, Dashes: m.dashes}, place.x(m.at), box)
	}
	c.SetLineStyle(draw.LineStyle{Color: colourOf(q.kind), Width: 0.6})
	if lines := place.lines(q.pieces); len(lines) > 0 {
		c.Stroke(pathOf(lines))
	} else {
		p.letters.draw(c, style{size: 9, colour: gray, x: text.XCenter, y: text.YCenter}, center(box), "no data")
	}
	outline(c, draw.LineStyle{Color: ink, Width: 0.6}, box)
	if q.peak != nil {
		p.drawPeak(c, q.peak, place)
	}
	p.note(c, style{size: 8, bold: true, colour: ink}, vg.Point{X: box.Min.X + 5, Y: box.Max.Y - 8}, q.label)
}

// drawWindows shades the noise and the signal window and brackets the
// measurement window where it is another than the signal's.
func (p *page) drawWindows(c *draw.Canvas, q *panel, place plane) {
	for _, w := range []struct {
		waveform.Window
		colour color.Color
	}{{q.windows.Noise, noiseShade}, {q.windows.Signal, signalShade}} {
		if x0, x1, ok := p.extent(w.Window, place); ok {
			fillBox(c, w.colour, vg.Rectangle{Min: vg.Point{X: x0, Y: place.box.Min.Y}, Max: vg.Point{X: x1, Y: place.box.Max.Y}})
		}
	}
	if q.windows.Measurement == q.windows.Signal {
		return
	}
	if x0, x1, ok := p.extent(q.windows.Measurement, place); ok {
		y := place.box.Min.Y + 4
		c.StrokeLines(draw.LineStyle{Color: ochre, Width: 1.2}, []vg.Point{{X: x0, Y: y + 3}, {X: x0, Y: y}, {X: x1, Y: y}, {X: x1, Y: y + 3}})
	}
}

// extent is the part of a window that the panel shows; false if there is none.
func (p *page) extent(w waveform.Window, place plane) (x0, x1 vg.Length, ok bool) {
	if w.From.IsZero() || w.Until.IsZero() {
		return 0, 0, false
	}
	from := max(p.time.lo, w.From.Sub(p.zero).Seconds())
	until := min(p.time.hi, w.Until.Sub(p.zero).Seconds())
	if from >= until {
		return 0, 0, false
	}
	return place.x(from), place.x(until), true
}

// drawAxes draws the grid, the ticks on all sides and the numbers and name of
// the vertical axis.
func (p *page) drawAxes(c *draw.Canvas, i int, place plane) {
	box := place.box
	grid, line := draw.LineStyle{Color: gridColour, Width: 0.4}, draw.LineStyle{Color: ink, Width: 0.5}
	for _, t := range p.time.ticks(14) {
		x := place.x(t.at)
		vertical(c, grid, x, box)
		c.StrokeLine2(line, x, box.Min.Y, x, box.Min.Y-tickLength*p.lastOnly(i))
	}
	s := p.tickText
	s.x, s.y = text.XRight, text.YCenter
	for _, t := range p.ticksOf[i] {
		y := place.value.on(t.at, box.Min.Y, box.Max.Y)
		c.StrokeLine2(grid, box.Min.X, y, box.Max.X, y)
		c.StrokeLine2(line, box.Min.X-tickLength, y, box.Min.X, y)
		p.letters.draw(c, s, vg.Point{X: box.Min.X - tickLength - 2, Y: y}, t.label)
	}
	s.x, s.turn = text.XCenter, math.Pi/2
	p.letters.draw(c, s, vg.Point{X: sideMargin, Y: center(box).Y}, p.panels[i].unit)
}

// lastOnly is 1 for the last panel, which carries the ticks of time, else half.
func (p *page) lastOnly(i int) vg.Length {
	if i == len(p.panels)-1 {
		return 1
	}
	return 0.5
}

// drawPeak marks a sample with a dot and writes its value beside it, on the side
// that has room.
func (p *page) drawPeak(c *draw.Canvas, k *peak, place plane) {
	at := vg.Point{X: place.x(k.at), Y: place.y(k.value)}
	c.DrawGlyph(draw.GlyphStyle{Color: red, Radius: 2.4, Shape: draw.CircleGlyph{}}, at)
	s := style{size: 8, colour: ink}
	x := at.X + 7
	if width := p.letters.width(s, k.text); x+width > place.box.Max.X-4 {
		x = at.X - 7 - width
	}
	p.note(c, s, vg.Point{X: x, Y: min(place.box.Max.Y-8, max(place.box.Min.Y+8, at.Y))}, k.text)
}

// note writes a text that begins at a place, on a veil that keeps it legible over data.
func (p *page) note(c *draw.Canvas, s style, at vg.Point, txt string) {
	s.y = text.YCenter
	width, half := p.letters.width(s, txt), s.size*0.58
	fillBox(c, veil, vg.Rectangle{Min: vg.Point{X: at.X - 2, Y: at.Y - half}, Max: vg.Point{X: at.X + width + 2, Y: at.Y + half}})
	p.letters.draw(c, s, at, txt)
}
