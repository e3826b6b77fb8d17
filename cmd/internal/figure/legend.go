package figure

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

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

// legend lists what the figure shows.
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
		add(true, entry{m.meaning, func(c *draw.Canvas, b vg.Rectangle) {
			c.StrokeLine2(draw.LineStyle{Color: m.colour, Width: m.width * 1.5, Dashes: m.dashes}, b.Min.X, center(b).Y, b.Max.X, center(b).Y)
		}})
	}
	add(peaks, entry{"peak", func(c *draw.Canvas, b vg.Rectangle) {
		c.DrawGlyph(draw.GlyphStyle{Color: red, Radius: 2.4, Shape: draw.CircleGlyph{}}, center(b))
	}})
	return entries
}
