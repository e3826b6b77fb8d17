package css

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// cut takes a line of fixed columns apart. What is missing at the end of a line is
// empty. It fails where the line is longer than the layout, has something between columns, ends
// before the last column that has to be there, or has no numbers where the keys are.
func (l *layout) cut(line []byte) ([]string, error) {
	if cells, err := l.cutText(string(line)); err == nil || !hasWide(line) {
		return cells, err
	}
	// Some programs pad to a number of characters, not of bytes: each as one byte, then.
	r := []rune(string(line))
	narrow := make([]byte, len(r))
	for i, c := range r {
		narrow[i] = byte(min(c, 'x'))
	}
	if _, err := l.cutText(string(narrow)); err != nil {
		return nil, err
	}
	cells := make([]string, len(l.columns))
	for i := range cells {
		if l.start[i] < len(r) {
			cells[i] = strings.TrimSpace(string(r[l.start[i]:min(l.end[i], len(r))]))
		}
	}
	return cells, nil
}

// hasWide reports whether there are characters of several bytes in the line.
func hasWide(line []byte) bool {
	return utf8.Valid(line) && utf8.RuneCount(line) < len(line)
}

func (l *layout) cutText(line string) ([]string, error) {
	if len(line) > l.width() {
		return nil, fmt.Errorf("%d characters where the table has %d", len(line), l.width())
	}
	cells := make([]string, len(l.columns))
	required := l.required()
	for i, c := range l.columns {
		from, until := l.start[i], l.end[i]
		if i > 0 && from <= len(line) && line[from-1] != ' ' {
			return nil, fmt.Errorf("%s begins before column %d", c.name, from+1)
		}
		short := len(line) < until && c.kind != text // numbers are written at the right
		if i < required && (from >= len(line) || short) {
			return nil, fmt.Errorf("the line ends at %d, before %s does", len(line), c.name)
		}
		if from < len(line) && (!short || c.name == "lddate") {
			cells[i] = strings.TrimSpace(line[from:min(until, len(line))])
		}
	}
	if err := l.check(cells, false); err != nil {
		return nil, err
	}
	return cells, nil
}

// check reads the numbers among the cells: those that have to be there, or all.
func (l *layout) check(cells []string, all bool) error {
	for i, c := range l.columns {
		if (c.must || all) && c.name != "lddate" && !c.readable(cells[i]) {
			return fmt.Errorf("%s is %s", c.name, quote(cells[i]))
		}
	}
	return nil
}

// readable reports whether a cell can be a value of the column, or says nothing.
func (c column) readable(cell string) bool {
	var ok bool
	switch c.kind {
	case whole:
		_, ok = parseWhole(cell)
	case number:
		_, ok = parseNumber(cell)
	case instant:
		_, ok = parseEpoch(cell)
	case day:
		_, ok = parseDay(cell)
	case text:
		ok = len([]rune(cell)) <= c.width
	}
	return ok
}

// errUnreadable is for lines that fit nothing.
var errUnreadable = errors.New("fits no layout")

// loose takes a line apart whose columns are not where they should be: one with tabs
// between its fields, or with blanks where no field is empty or has blanks. It
// wants as many fields as there are columns, but for lddate, and all of them readable.
func (l *layout) loose(line []byte) ([]string, error) {
	var fields []string
	if bytes.IndexByte(line, '\t') >= 0 {
		for f := range strings.SplitSeq(string(line), "\t") {
			fields = append(fields, strings.TrimSpace(f))
		}
	} else {
		fields = strings.Fields(string(line))
	}
	n := len(l.columns)
	if len(fields) == n+1 && strings.Contains(fields[n], ":") { // the time of lddate
		fields = fields[:n]
	}
	if len(fields) != n && len(fields) != n-1 {
		return nil, errUnreadable
	}
	if len(fields) < n {
		fields = append(fields, "")
	}
	if err := l.check(fields, true); err != nil {
		return nil, err
	}
	return fields, nil
}
