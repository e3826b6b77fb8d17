package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shade is a colour that can be a constant: 0xRRGGBBAA, not premultiplied.
type shade uint32

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

// colourOf is the colour of a panel's data.
func colourOf(k kind) color.Color {
	switch k {
	case acceleration:
		return shade(0x0d4f8bff)
	case velocity:
		return shade(0x1b6e4bff)
	}
	return shade(0x3d3d3dff)
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
