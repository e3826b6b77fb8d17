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
	width := make([]int, len(t.header))
	all := make([][]string, 0, len(t.rows)+1)
	head := make([]string, len(t.header))
	for i, h := range t.header {
		head[i], right[i] = strings.CutPrefix(h, ">")
	}
	all = append(all, head)
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, c := range row {
			if cells[i] = strings.Join(strings.Fields(c), " "); cells[i] == "" {
				cells[i] = "-"
			}
		}
		all = append(all, cells)
	}
	for _, row := range all {
		for i, c := range row {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	for _, row := range all {
		var line strings.Builder
		for i, c := range row {
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
