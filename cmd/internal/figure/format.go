package figure

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"slices"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dotsPerInch is the resolution of a PNG.
const dotsPerInch = 144

func drawPNG(out *bytes.Buffer, f Figure) error {
	p := layOut(f)
	canvas := vgimg.NewWith(vgimg.UseWH(pageWidth, p.height), vgimg.UseDPI(dotsPerInch))
	p.draw(canvas)
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(out)
	return err
}

// drawSVG adds to the drawing what its canvas cannot: a title for screen readers,
// round joins, and the letters it uses as a font, since whole fonts would be most
// of the file.
func drawSVG(out *bytes.Buffer, f Figure) error {
	p := layOut(f)
	canvas := vgsvg.New(pageWidth, p.height)
	p.draw(canvas)
	var plain bytes.Buffer
	if _, err := canvas.WriteTo(&plain); err != nil {
		return err
	}
	faces, err := p.letters.fontFaces()
	if err != nil {
		return err
	}
	text := bytes.ReplaceAll(plain.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"))
	head := bytes.Index(text, []byte("<svg"))
	head += bytes.IndexByte(text[head:], '>')
	out.Write(text[:head])
	fmt.Fprintf(out, " stroke-linejoin=\"round\">\n<title>%s</title>\n<defs><style>\n%s</style></defs>", html.EscapeString(p.figure.Title), faces)
	out.Write(text[head+1:])
	return nil
}

// fontFaces writes the style rules that embed the characters drawn.
func (l *lettering) fontFaces() (string, error) {
	var rules bytes.Buffer
	for _, bold := range []bool{false, true} {
		if len(l.used[bold]) == 0 {
			continue
		}
		f, weight := l.regular, "normal"
		if bold {
			f, weight = l.bold, "bold"
		}
		cut, err := l.subset(l.cache.Lookup(f, 1), slices.Sorted(maps.Keys(l.used[bold])))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&rules, "@font-face{font-family:'Liberation Sans';font-weight:%s;src:url(data:font/ttf;base64,%s) format('truetype')}\n",
			weight, base64.StdEncoding.EncodeToString(cut))
	}
	return rules.String(), nil
}

// subset cuts a face down to some characters; those it has no glyph for are left out.
func (l *lettering) subset(face font.Face, characters []rune) ([]byte, error) {
	var whole bytes.Buffer
	if _, err := face.Face.WriteSourceTo(nil, &whole); err != nil {
		return nil, err
	}
	var glyphs []mapping
	for _, r := range characters {
		g, err := face.Face.GlyphIndex(nil, r)
		if err != nil {
			return nil, err
		}
		if g != 0 {
			glyphs = append(glyphs, mapping{r, uint16(g)})
		}
	}
	return subset(whole.Bytes(), glyphs)
}
