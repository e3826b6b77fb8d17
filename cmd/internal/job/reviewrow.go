package job

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/db"
)

// read reads all rows. Faults of rows are noted; the error is one of the file as a whole, or of reading.
func (f *reviewFile) read(in io.Reader) error {
	text := bufio.NewReader(in)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\uFEFF" {
		_, _ = text.Discard(len(mark)) // spreadsheets begin with it
	}
	rows := csv.NewReader(text)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err == nil {
		err = f.header(slices.Clone(header))
	}
	for err == nil {
		var cells []string
		if cells, err = rows.Read(); err == nil {
			line, _ := rows.FieldPos(0)
			f.row(line, cells)
		}
	}
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF) && f.columns == nil:
		return badReview("%s: the file is empty: its first line names the columns %s", f.name, strings.Join(reviewColumns, ","))
	case errors.As(err, &syntax):
		f.fault(syntax.StartLine, "%v: want CSV with commas, %d cells a line as the first line has", syntax.Err, len(f.columns))
		return f.err()
	case err != nil && !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// header takes the names of the columns.
func (f *reviewFile) header(columns []string) error {
	for i, c := range columns {
		columns[i] = strings.TrimSpace(c)
		switch {
		case !slices.Contains(reviewColumns, columns[i]):
			return badReview("%s:1: no column %q: want %s", f.name, c, strings.Join(reviewColumns, ", "))
		case slices.Contains(columns[:i], columns[i]):
			return badReview("%s:1: column %q is there twice: remove one", f.name, c)
		}
	}
	for _, c := range keyColumns {
		if !slices.Contains(columns, c) {
			return badReview("%s:1: no column %q: want %s, and any of %s", f.name, c, strings.Join(keyColumns, ", "), strings.Join(reviewColumns[len(keyColumns):], ", "))
		}
	}
	f.columns = columns
	return nil
}

// row takes a line.
func (f *reviewFile) row(line int, cells []string) {
	var r db.Review
	for i, c := range f.columns {
		if cell := ReviewText(cells[i]); cell != "" {
			if err := setReviewCell(&r, c, cell); err != nil {
				f.fault(line, "%s: %v", c, err)
				return
			}
		}
	}
	for _, v := range []string{r.EventID, r.Network, r.Station, r.Channel} {
		if v == "" {
			f.fault(line, "a cell of %s, %s, %s or %s is empty: every row needs them", columnEvent, columnNetwork, columnStation, columnChannel)
			return
		}
	}
	if r.SaysNothing() {
		f.fault(line, "the row has no verdict, window, corner or comment: give one, or remove the row ('seisbatch review clear' takes a review back)")
		return
	}
	f.reviews, f.lines = append(f.reviews, r), append(f.lines, line)
}

// setReviewCell reads a cell that is not empty.
func setReviewCell(r *db.Review, column, cell string) error {
	texts := map[string]*string{columnEvent: &r.EventID, columnNetwork: &r.Network, columnStation: &r.Station, columnLocation: &r.Location,
		columnChannel: &r.Channel, columnComment: &r.Comment, columnAuthor: &r.Author}
	times := map[string]**time.Time{columnNoiseFrom: &r.NoiseFrom, columnNoiseUntil: &r.NoiseUntil, columnSignalFrom: &r.SignalFrom, columnSignalUntil: &r.SignalUntil}
	switch column {
	case columnVerdict:
		r.Verdict = &cell
		return nil
	case columnHighpass, columnLowpass:
		v, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%q: want a number of Hz", cell)
		}
		if column == columnHighpass {
			r.Highpass = &v
		} else {
			r.Lowpass = &v
		}
		return nil
	case columnLocation:
		if cell == "--" {
			cell = ""
		}
	}
	if to := texts[column]; to != nil {
		*to = cell
		return nil
	}
	at, err := parseReviewTime(cell)
	if err != nil {
		return err
	}
	if to := times[column]; to != nil {
		*to = &at
	} else {
		r.ReviewedAt = at
	}
	return nil
}

// parseReviewTime reads a time with a date, UTC unless it has an offset.
func parseReviewTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() > 0 && t.UTC().Year() < 10000 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q: want a time such as 2019-10-15T05:33:42.5Z", text)
}
