package eventtext

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/capped"
	"github.com/seisbatch/seisbatch/waveform/internal/textline"
)

// DefaultPrefix is what public ids start with where [Options] does not say.
const DefaultPrefix = "smi:local/"

// Options says how a table is read. The zero value is fit for use.
type Options struct {
	// Prefix is written before the service's EventID or id to make a public id;
	// "" is DefaultPrefix.
	Prefix string
}

// maxLine is the length of the longest line that is read, far above any row's.
const maxLine = 64 << 10

// Read reads a table of either format. It returns the events in the order of
// their first rows, and what was wrong with rows that were left out or changed.
//
// The error is not nil where there is no table, which matches [ErrFormat], or
// where r fails; it is an [*Error]. The events of the rows before are returned
// all the same.
func Read(r io.Reader, o Options) ([]waveform.Event, []Problem, error) {
	d := &decoder{lines: textline.New(r, maxLine), prefix: cmp.Or(o.Prefix, DefaultPrefix), known: map[string]int{}}
	err := d.table()
	if err != nil {
		err = &Error{Line: d.lines.Number, Err: err}
	} else if len(d.events) == 0 {
		d.report(NoEvent, "the table holds no usable row: widen the request")
	}
	return d.events, d.problems.Closed(moreProblems), err
}

// decoder reads one table.
type decoder struct {
	lines    *textline.Reader
	prefix   string
	columns  columns
	subject  string // id of the present row
	problems capped.List[Problem]
	events   []waveform.Event
	known    map[string]int // where in events a public id is
}

// report adds a problem of the present row.
func (d *decoder) report(code Code, format string, args ...any) {
	d.problems.Add(Problem{code, d.subject, d.lines.Number, fmt.Sprintf(format, args...)})
}

func (d *decoder) table() error {
	if end, err := d.start(); end || err != nil {
		return err
	}
	for {
		line, err := d.lines.Next()
		d.subject = ""
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, textline.ErrLong):
			d.report(BadRow, "the line is longer than %d bytes: left out; it is no row of such a table", maxLine)
		case err != nil:
			return err
		default:
			d.line(textline.Clean(string(line)))
		}
	}
}

// start finds the first line that counts, and with it the format.
func (d *decoder) start() (end bool, err error) {
	for {
		content, err := d.lines.Next()
		switch {
		case errors.Is(err, io.EOF) && d.lines.Number == 1:
			return true, fmt.Errorf("%w: there is no content; get it again", ErrFormat)
		case errors.Is(err, io.EOF) || errors.Is(err, textline.ErrLong):
			return true, fmt.Errorf("%w: no line with the names of columns and no row", ErrFormat)
		case err != nil:
			return true, err
		}
		line := textline.Clean(string(content))
		c, v := recognise(line)
		switch v {
		case isHeader:
			d.columns = c
			return false, nil
		case isRow:
			d.columns = c
			d.line(line)
			return false, nil
		case isForeign:
			return true, fmt.Errorf("%w: the first line is %s%s", ErrFormat, quote(line), advice(line))
		}
	}
}

// advice says what to do about the wrong content that is met most.
func advice(line string) string {
	lower := strings.ToLower(line)
	switch {
	case strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html") || strings.HasPrefix(lower, "error "):
		return "; this is perhaps the error page of a data service: fetch it again"
	case strings.HasPrefix(line, "<"):
		return "; this is XML: if it is QuakeML, read it as such"
	}
	if lacking := missing(line); lacking != "" {
		return "; as a table of ComCat it lacks the columns " + lacking
	}
	return ""
}

// line reads a line behind the first.
func (d *decoder) line(line string) {
	if line == "" {
		return
	}
	if mayBeHeader(line) { // of a table behind the first
		if c, ok := header(line); ok && c.format == d.columns.format {
			d.columns = c
			return
		}
	}
	if d.columns.format == FDSN && strings.HasPrefix(line, "#") {
		return
	}
	fields, closed := d.fields(line)
	w := d.columns.row(fields)
	d.subject = w[colID]
	if !closed {
		d.report(BadRow, "a quote is not closed: the row was left out; get it again")
		return
	}
	if n := len(d.columns.order); len(fields) > n && strings.Join(fields[n:], "") != "" {
		d.report(ExtraFields, "%d fields where the table has %d columns: those behind were passed over", len(fields), n)
	}
	if e, ok := d.event(w); ok {
		d.add(e)
	}
}

func (d *decoder) fields(line string) (fields []string, closed bool) {
	if d.columns.format == ComCat {
		return splitCommas(line)
	}
	return splitBars(line), true
}
