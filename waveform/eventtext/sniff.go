package eventtext

import (
	"bytes"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/internal/textline"
)

// Format is a kind of table.
type Format uint8

// The formats. Unknown is none of the others.
const (
	Unknown Format = iota
	FDSN           // text of an fdsnws-event service
	ComCat         // CSV of the ANSS Comprehensive Catalog
)

// String names the format.
func (f Format) String() string {
	switch f {
	case FDSN:
		return "FDSN event text"
	case ComCat:
		return "ComCat CSV"
	}
	return "unknown"
}

// SniffSize is the number of bytes from the start of a file that [Sniff] wants to
// see. A shorter file is shown as a whole.
const SniffSize = 4096

// Sniff tells by content which table starts with head, the first bytes of a file:
// by the line of column names, or by a row that has an id, a time and a place where the text of an FDSN service
// has them. Unknown is for neither.
func Sniff(head []byte) Format {
	l := textline.New(bytes.NewReader(head), len(head)+1)
	for {
		line, err := l.Next()
		if err != nil {
			return Unknown
		}
		if c, verdict := recognise(textline.Clean(string(line))); verdict != undecided {
			return c.format
		}
	}
}

// verdict says what a line at the start of a file is.
type verdict uint8

const (
	undecided verdict = iota // blank or a comment
	isHeader
	isRow
	isForeign
)

// recognise tells from a line that may be the first what a file is.
func recognise(line string) (columns, verdict) {
	if line == "" {
		return columns{}, undecided
	}
	if c, ok := header(line); ok {
		return c, isHeader
	}
	if strings.HasPrefix(line, "#") {
		return columns{}, undecided
	}
	c := specified()
	f := c.split(line)
	if len(f) < 12 { // as far as the magnitude's author
		return columns{}, isForeign
	}
	w := c.row(f)
	_, okTime := parseTime(w[colTime])
	_, okLatitude := parseNumber(w[colLatitude])
	_, okLongitude := parseNumber(w[colLongitude])
	if w[colID] == "" || !okTime || !okLatitude || !okLongitude {
		return columns{}, isForeign
	}
	return c, isRow
}

// header reads a line of column names; false if it is none.
func header(line string) (columns, bool) {
	if strings.Contains(line, "|") {
		c := columns{FDSN, named(splitBars(strings.TrimLeft(line, "# ")), fdsnNames())}
		return c, c.has(colID, colTime, colLatitude, colLongitude)
	}
	fields, _ := splitCommas(line)
	c := columns{ComCat, named(fields, comCatNames())}
	return c, c.isComCat()
}

// mayBeHeader is a quick look: other lines than headers seldom have the word.
func mayBeHeader(line string) bool { return strings.Contains(strings.ToLower(line), "latitude") }

// named finds the columns whose names are known; of two with one name the first counts.
func named(fields []string, names map[string]column) []column {
	out := make([]column, len(fields))
	for i, f := range fields {
		c := names[strings.ToLower(strings.ReplaceAll(f, " ", ""))]
		if !slices.Contains(out[:i], c) {
			out[i] = c
		}
	}
	return out
}
