package css

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform/internal/textline"
)

// record is a row that was taken apart.
type record struct {
	layout *layout
	cells  []string
	place  Problem // file and line
	list   *problems
}

func (r *record) report(code Code, format string, args ...any) {
	p := r.place
	p.Code, p.Message = code, fmt.Sprintf(format, args...)
	r.list.Add(p)
}

// cell is what a column says, "" for one that is not there.
func (r *record) cell(name string) string {
	if i := r.layout.index(name); i >= 0 {
		return r.cells[i]
	}
	return ""
}

// text is "" where the column says nothing.
func (r *record) text(name string) string { return textOf(r.cell(name)) }

// textOf cleans a text, which may come to nothing; so does the dash of no text.
func textOf(cell string) string {
	if s := textline.Clean(cell); s != "-" {
		return s
	}
	return ""
}

// whole is -1 where the column says nothing.
func (r *record) whole(name string) int64 {
	v, ok := parseWhole(r.cell(name))
	if !ok {
		r.report(BadNumber, "%s is %s: want an integer; taken as not given", name, quote(r.cell(name)))
		return -1
	}
	return v
}

// number is NaN where the column says nothing.
func (r *record) number(name string) float64 {
	i := r.layout.index(name)
	v, ok := parseNumber(r.cells[i])
	if !ok {
		r.report(BadNumber, "%s is %s: want a number; taken as not given", name, quote(r.cells[i]))
	}
	if !ok || slices.Contains(r.layout.columns[i].nulls, v) {
		return math.NaN()
	}
	return v
}

// time is the zero time where the column says nothing.
func (r *record) time(name string) time.Time {
	t, ok := parseEpoch(r.cell(name))
	if !ok {
		r.report(BadTime, "%s is %s: want seconds since 1970; taken as not given", name, quote(r.cell(name)))
	}
	return t
}

// day is the zero time where the column says nothing.
func (r *record) day(name string) time.Time {
	t, ok := parseDay(r.cell(name))
	if !ok {
		r.report(BadTime, "%s is %s: want the year and the day of the year, YYYYDDD; taken as not given", name, quote(r.cell(name)))
		return time.Time{}
	}
	return t
}

func (r *record) loaded() time.Time { return parseLoaded(r.cell("lddate")) }

// missing gives the keys that say nothing, and how many keys there are.
func (r *record) missing() (names []string, keys int) {
	for i, c := range r.layout.columns {
		if !c.key {
			continue
		}
		keys++
		if c.saysNothing(r.cells[i]) {
			names = append(names, c.name)
		}
	}
	return names, keys
}

// saysNothing reports whether a readable cell is empty or null.
func (c column) saysNothing(cell string) bool {
	if textOf(cell) == "" {
		return true
	}
	switch c.kind {
	case whole:
		v, _ := parseWhole(cell)
		return v == -1
	case number:
		v, _ := parseNumber(cell)
		return math.IsNaN(v) || slices.Contains(c.nulls, v)
	case instant:
		t, _ := parseEpoch(cell)
		return t.IsZero()
	case day:
		t, _ := parseDay(cell)
		return t.IsZero()
	}
	return false
}
