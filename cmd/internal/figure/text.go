package figure

import (
	"image/color"
	"strings"
	"unicode"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// style is how a text looks and where its place is.
type style struct {
	size   vg.Length
	bold   bool
	colour color.Color
	x      text.XAlignment
	y      text.YAlignment
	turn   float64 // radians
}

// lettering draws text in fonts that are part of the program, and remembers
// which characters of which font were drawn.
type lettering struct {
	cache         *font.Cache
	regular, bold font.Font
	used          map[bool]map[rune]bool // of the regular (false) and the bold font
}

func newLettering() *lettering {
	faces := liberation.Collection()
	l := &lettering{cache: font.NewCache(faces), used: map[bool]map[rune]bool{false: {}, true: {}}}
	for _, f := range faces {
		switch {
		case f.Font.Variant != "Sans" || f.Font.Style != 0:
		case f.Font.Weight > 0:
			l.bold = f.Font
		default:
			l.regular = f.Font
		}
	}
	return l
}

func (l *lettering) style(s style) text.Style {
	f := l.regular
	if s.bold {
		f = l.bold
	}
	f.Size = s.size
	return text.Style{Color: s.colour, Font: f, Rotation: s.turn, XAlign: s.x, YAlign: s.y, Handler: text.Plain{Fonts: l.cache}}
}

func (l *lettering) width(s style, txt string) vg.Length { return l.style(s).Width(txt) }

func (l *lettering) draw(c *draw.Canvas, s style, at vg.Point, txt string) {
	for _, r := range txt {
		l.used[s.bold][r] = true
	}
	c.FillText(l.style(s), at, txt)
}

// fitted shrinks a style, to two thirds at most, and then cuts the text, so that
// it is not wider than the given width.
func (l *lettering) fitted(s style, txt string, width vg.Length) (style, string) {
	if w := l.width(s, txt); w > width {
		s.size *= max(2.0/3, 0.99*width/w)
	}
	letters := []rune(txt)
	if l.width(s, txt) <= width {
		return s, txt
	}
	keep, over := 0, len(letters)
	for over-keep > 1 {
		if half := (keep + over) / 2; l.width(s, string(letters[:half])+"…") <= width {
			keep = half
		} else {
			over = half
		}
	}
	return s, strings.TrimSpace(string(letters[:keep])) + "…"
}

// printable replaces what has no place on a line or in XML.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
