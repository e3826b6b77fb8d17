package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// printJSON writes a value as one line. Fields keep the order of their struct.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// table is text in columns. Columns are aligned right where their header begins
// with ">".
type table struct {
	header []string
	rows   [][]string
}

// add adds a row; a cell that is empty is shown as "-".
func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write writes the table with two spaces between columns, each as wide as its
// widest cell. Line breaks in cells become spaces.
func (t *table) write(w io.Writer) error {
	right := make([]bool, len(t.header))
	head := make([]string, len(t.header))
	for i, h := range t.header {
		head[i], right[i] = strings.CutPrefix(h, ">")
	}
	lines := [][]string{head}
	for _, row := range t.rows {
		lines = append(lines, cleanCells(row))
	}
	width := widths(lines)
	for _, cells := range lines {
		var line strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if right[i] {
				line.WriteString(pad + c + "  ")
			} else {
				line.WriteString(c + pad + "  ")
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

func cleanCells(row []string) []string {
	cells := make([]string, len(row))
	for i, c := range row {
		if cells[i] = strings.Join(strings.Fields(c), " "); cells[i] == "" {
			cells[i] = "-"
		}
	}
	return cells
}

// widths are those of the widest cells, in characters.
func widths(lines [][]string) []int {
	width := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, c := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	return width
}

// number is a float64 in JSON, where NaN and infinities are null.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// digits writes a value times scale with so many significant digits; nil is empty.
func digits(v *float64, scale float64, n int) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v*scale, 'g', n, 64)
}

// fixed writes a value times scale with so many decimals; nil is empty.
func fixed(v *float64, scale float64, decimals int) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v*scale, 'f', decimals, 64)
}

// clock writes a time to the second; the zero time is empty.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// blank shows the empty location.
func blank(location string) string {
	if location == "" {
		return "--"
	}
	return location
}

// bytesText writes a number of bytes for people.
func bytesText(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	v, prefix := float64(n), ""
	for _, p := range []string{"k", "M", "G", "T", "P"} {
		if v < unit {
			break
		}
		v, prefix = v/unit, p
	}
	return fmt.Sprintf("%.1f %sB", v, prefix)
}

// counted writes a number of things: 1 file, 2 files.
func counted[N int | int64](n N, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
