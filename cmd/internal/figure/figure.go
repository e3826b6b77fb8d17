// Package figure draws the records of one instrument: for every component the
// raw counts, the processed acceleration and the velocity, one above the other
// on a common time axis, with windows, onsets and peaks. It is the only package
// that draws; it reads nothing and knows no database.
package figure

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Record is one component.
type Record struct {
	Raw    []waveform.Trace   // continuous pieces of one channel in counts; gaps between them stay blank
	Motion recipe.Motion      // what was processed from them; zero if nothing was
	Row    recipe.Measurement // its peaks are marked; zero times mark none; its source of P and S is named
}

// Figure is what there is to draw. Times on the axis are seconds after
// Onsets.Origin, or after the first sample if that is zero; a zero P or S is not
// drawn. NaN, infinite and absurd samples (beyond 1e300) are left blank like gaps.
type Figure struct {
	Title    string // event and station; shrunk, then cut, to the width of the page
	Subtitle string // magnitude, distance, recipe; may be empty
	Onsets   recipe.Onsets
	Records  []Record // drawn in this order, usually one to three
}

// The formats that Write knows.
const (
	SVG = "svg"
	PNG = "png"
)

// Write draws the figure in a format: SVG, with the letters it uses embedded as a
// font, or PNG at 144 dots per inch. Equal figures give equal bytes. The figure
// is only read; different goroutines may write the same one. A figure without
// records and an unknown format are errors, and then nothing is written.
func (f Figure) Write(w io.Writer, format string) error {
	if format != SVG && format != PNG {
		return fmt.Errorf("figure: unknown format %q; known are %s, %s", format, SVG, PNG)
	}
	if len(f.Records) == 0 {
		return errors.New("figure: no records to draw")
	}
	var out bytes.Buffer
	draw := drawPNG
	if format == SVG {
		draw = drawSVG
	}
	if err := draw(&out, f); err != nil {
		return fmt.Errorf("figure: %s: %w", format, err)
	}
	_, err := w.Write(out.Bytes())
	return err
}
