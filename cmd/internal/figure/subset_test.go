package figure

import (
	"bytes"
	"encoding/base64"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// embedded gives the fonts in an SVG by weight.
func embedded(t *testing.T, svg []byte) map[string]*sfnt.Font {
	t.Helper()
	fonts := map[string]*sfnt.Font{}
	for _, m := range regexp.MustCompile(`font-weight:(\w+);src:url\(data:font/ttf;base64,([^)]*)\)`).FindAllSubmatch(svg, -1) {
		raw, err := base64.StdEncoding.DecodeString(string(m[2]))
		if err != nil {
			t.Fatal(err)
		}
		if fonts[string(m[1])], err = sfnt.Parse(raw); err != nil {
			t.Fatalf("the font of weight %s: %v", m[1], err)
		}
		if sum := checksum(raw); sum != 0xB1B0AFBA {
			t.Errorf("the font's checksum is %#x", sum)
		}
	}
	return fonts
}

func TestEmbeddedFontsDrawTheSameLetters(t *testing.T) {
	f := example(500)
	f.Subtitle = "Azérénia – Ünye, Łódź Ǻ µm" // composite glyphs too
	fonts := embedded(t, write(t, f, SVG))
	l := newLettering()
	for weight, c := range map[string]struct {
		bold  bool
		texts string
	}{
		"normal": {false, f.Subtitle + "time after origin (s) −0 mm/s²"},
		"bold":   {true, f.Title + "XX.ABC..HNE acceleration P S origin"},
	} {
		cut := fonts[weight]
		if cut == nil {
			t.Fatalf("no font of weight %s", weight)
		}
		font := l.regular
		if c.bold {
			font = l.bold
		}
		whole := l.cache.Lookup(font, 1).Face
		for _, r := range c.texts {
			sameGlyph(t, r, cut, whole)
		}
		if g, _ := cut.GlyphIndex(nil, 'Q'); g != 0 {
			t.Error("a letter that is not drawn is in the font")
		}
	}
}

func sameGlyph(t *testing.T, r rune, a, b *sfnt.Font) {
	t.Helper()
	const size = fixed.Int26_6(2048)
	var segments [2]sfnt.Segments
	var advance [2]fixed.Int26_6
	for i, f := range []*sfnt.Font{a, b} {
		g, err := f.GlyphIndex(nil, r)
		if err != nil || g == 0 {
			t.Fatalf("%q has glyph %d, error %v", r, g, err)
		}
		if segments[i], err = f.LoadGlyph(new(sfnt.Buffer), g, size, nil); err != nil {
			t.Fatalf("%q: %v", r, err)
		}
		if advance[i], err = f.GlyphAdvance(nil, g, size, 0); err != nil {
			t.Fatalf("%q: %v", r, err)
		}
	}
	if !reflect.DeepEqual(segments[0], segments[1]) || advance[0] != advance[1] {
		t.Errorf("%q is drawn otherwise", r)
	}
}

func TestBrokenFontIsAnError(t *testing.T) {
	l := newLettering()
	var whole bytes.Buffer
	if _, err := l.cache.Lookup(l.regular, 1).Face.WriteSourceTo(nil, &whole); err != nil {
		t.Fatal(err)
	}
	letters := []mapping{{'A', 36}}
	if _, err := subset(whole.Bytes(), letters); err != nil {
		t.Fatalf("the whole font: %v", err)
	}
	for name, font := range map[string][]byte{
		"empty": nil, "short": whole.Bytes()[:1000:1000], "no tables": make([]byte, 100),
		"no outlines": bytes.Replace(whole.Bytes(), []byte("glyf"), []byte("flyg"), 1),
	} {
		if _, err := subset(font, letters); err == nil || !strings.Contains(err.Error(), "font") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
