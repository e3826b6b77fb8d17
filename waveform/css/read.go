package css

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/internal/textline"
)

// Row is a row type of this package, [Site] for one, by way of its pointer. It is
// there for Read's type parameters, which need not be written: Read[Site].
type Row[R any] interface {
	*R
	table() Table
	scan(*record)
}

// Read reads a table of fixed columns, as rows of the type that is named:
//
//	sites, problems, err := css.Read[css.Site](file)
//
// Rows that say nothing at all, which is how Antelope deletes them, are passed over, and so are empty lines. Rows that
// cannot be read are left out and reported. Where not one of the first rows can
// be, the error matches [ErrFormat]; it is an [*Error] then, and where r fails. Rows that were read
// before are returned all the same. A table without a single line has no rows, and is no error.
func Read[R any, P Row[R]](r io.Reader) ([]R, []Problem, error) {
	var rows []R
	var list problems
	err := each[R, P](r, "", &list, func(_ int, row R) { rows = append(rows, row) })
	return rows, list.list(), err
}

// sampleLines are looked at to find the layout of a table.
const sampleLines = 20

// each hands over the rows of a table with their lines. file is for problems and
// errors.
func each[R any, P Row[R]](r io.Reader, file string, list *problems, do func(line int, row R)) error {
	t := &tableReader{lines: textline.New(r, maxLine), layouts: layoutsOf(P(new(R)).table()), file: file, list: list}
	return t.read(func(rec *record) {
		var row R
		P(&row).scan(rec)
		do(rec.place.Line, row)
	})
}

// maxLine is the length of the longest line that is read, far above any row's.
const maxLine = 8 << 10

// tableReader reads one table.
type tableReader struct {
	lines   *textline.Reader
	layouts []*layout
	layout  *layout // the table's, nil as long as no line fitted one
	file    string
	list    *problems
}

func (t *tableReader) read(do func(*record)) error {
	type held struct {
		text   string
		number int
	}
	var sample []held
	for {
		line, err := t.lines.Next()
		switch {
		case errors.Is(err, io.EOF):
			err = nil
			if t.layout == nil && len(sample) > 0 {
				err = &Error{t.file, sample[0].number, t.foreign(sample[0].text)}
			}
			return err
		case errors.Is(err, textline.ErrLong):
			line = []byte(strings.Repeat("?", maxLine))
		case err != nil:
			return &Error{t.file, t.lines.Number, err}
		case len(line) == 0:
			continue
		}
		if t.layout != nil {
			t.line(line, t.lines.Number, do)
			continue
		}
		sample = append(sample, held{string(line), t.lines.Number})
		if t.layout, _ = fitting(t.layouts, line); t.layout != nil {
			for _, h := range sample {
				t.line([]byte(h.text), h.number, do)
			}
		} else if len(sample) == sampleLines {
			return &Error{t.file, sample[0].number, t.foreign(sample[0].text)}
		}
	}
}

// foreign says that a line is of no table of the kind.
func (t *tableReader) foreign(line string) error {
	_, err := t.layouts[0].cut([]byte(line))
	return fmt.Errorf("%w: %s does not fit the columns: %v; export the table again, with the widths of CSS 3.0", ErrFormat, quote(line), err)
}

// fitting takes a line apart by the first layout that it can be of; nil if there is
// none.
func fitting(layouts []*layout, line []byte) (*layout, []string) {
	for _, l := range layouts {
		if cells, err := l.cut(line); err == nil {
			return l, cells
		}
	}
	for _, l := range layouts {
		if cells, err := l.loose(line); err == nil {
			return l, cells
		}
	}
	return nil, nil
}

func (t *tableReader) line(line []byte, number int, do func(*record)) {
	rec := record{layout: t.layout, list: t.list, place: Problem{File: t.file, Line: number}}
	var err error
	if rec.cells, err = t.layout.cut(line); err != nil {
		rec.layout, rec.cells = fitting(t.layouts, line)
	}
	if rec.layout == nil {
		rec.report(BadRow, "the row does not fit the columns of %s: %v; it was left out, correct it", t.layout.name, err)
		return
	}
	switch names, keys := rec.missing(); {
	case len(names) == keys: // deleted
	case len(names) > 0:
		rec.report(BadRow, "the row does not give its %s: left out, correct it", strings.Join(names, ", "))
	default:
		do(&rec)
	}
}
