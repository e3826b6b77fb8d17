package figure

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colours are constants in all but the language: a function for each would hide that.
type shade uint32 // 0xRRGGBBAA, not premultiplied

// RGBA is [color.Color]'s.
func (s shade) RGBA() (r, g, b, a uint32) {
	return color.NRGBA{R: uint8(s >> 24), G: uint8(s >> 16), B: uint8(s >> 8), A: uint8(s)}.RGBA()
}

// The palette. Red, violet, blue and green stay apart for the colour-blind by
// their lightness and by what they mark.
const (
	white       shade = 0xffffffff
	veil        shade = 0xffffffb8
	ink         shade = 0x222222ff
	gray        shade = 0x6b6b6bff
	gridColour  shade = 0x00000017
	red         shade = 0xc62828ff
	violet      shade = 0x6a1b9aff
	ochre       shade = 0xb26a00ff
	noiseShade  shade = 0xdfe7f0ff
	signalShade shade = 0xfdf0d5ff
)

func colourOf(k kind) color.Color {
	switch k {
	case acceleration:
		return shade(0x0d4f8bff)
	case velocity:
		return shade(0x1b6e4bff)
	}
	return shade(0x3d3d3dff)
}

// entry is a line of the legend.
type entry struct {
	name string
	draw func(c *draw.Canvas, box vg.Rectangle) // its sample
}

// drawLegend explains, on one line, the shades and signs that the figure has.
func (p *page) drawLegend(c *draw.Canvas, y vg.Length) {
	x, s := sideMargin, style{size: 8.5, colour: ink, y: text.YCenter}
	for _, e := range p.legend() {
		e.draw(c, vg.Rectangle{Min: vg.Point{X: x, Y: y - 4}, Max: vg.Point{X: x + 16, Y: y + 4}})
		p.letters.draw(c, s, vg.Point{X: x + 21, Y: y}, e.name)
		x += 21 + p.letters.width(s, e.name) + 18
	}
}

func (p *page) legend() []entry {
	filled := func(colour color.Color) func(*draw.Canvas, vg.Rectangle) {
		return func(c *draw.Canvas, box vg.Rectangle) {
			fillBox(c, colour, box)
			outline(c, draw.LineStyle{Color: gray, Width: 0.3}, box)
		}
	}
	var noise, signal, measurement, peaks bool
	for _, q := range p.panels {
		w := q.windows
		noise = noise || !w.Noise.From.IsZero()
		signal = signal || !w.Signal.From.IsZero()
		measurement = measurement || w.Measurement != w.Signal && !w.Measurement.From.IsZero()
		peaks = peaks || q.peak != nil
	}
	var entries []entry
	add := func(shown bool, e entry) {
		if shown {
			entries = append(entries, e)
		}
	}
	add(noise, entry{"noise window", filled(noiseShade)})
	add(signal, entry{"signal window", filled(signalShade)})
	add(measurement, entry{"measurement window", func(c *draw.Canvas, b vg.Rectangle) {
		c.StrokeLines(draw.LineStyle{Color: ochre, Width: 1.2}, []vg.Point{{X: b.Min.X, Y: b.Max.Y - 2}, {X: b.Min.X, Y: b.Min.Y + 2}, {X: b.Max.X, Y: b.Min.Y + 2}, {X: b.Max.X, Y: b.Max.Y - 2}})
	}})
	for _, m := range p.marks {
		name := m.name
		if name != "origin" {
			name += " onset"
		}
		add(true, entry{name, func(c *draw.Canvas, b vg.Rectangle) {
			c.StrokeLine2(draw.LineStyle{Color: m.colour, Width: m.width * 1.5, Dashes: m.dashes}, b.Min.X, center(b).Y, b.Max.X, center(b).Y)
		}})
	}
	add(peaks, entry{"peak", func(c *draw.Canvas, b vg.Rectangle) {
		c.DrawGlyph(draw.GlyphStyle{Color: red, Radius: 2.4, Shape: draw.CircleGlyph{}}, center(b))
	}})
	return entries
}

func center(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}

func fillBox(c *draw.Canvas, colour color.Color, r vg.Rectangle) {
	c.SetColor(colour)
	c.Fill(r.Path())
}

func outline(c *draw.Canvas, s draw.LineStyle, r vg.Rectangle) {
	c.SetLineStyle(s)
	c.Stroke(r.Path())
}

func vertical(c *draw.Canvas, s draw.LineStyle, x vg.Length, box vg.Rectangle) {
	c.StrokeLine2(s, x, box.Min.Y, x, box.Max.Y)
}
