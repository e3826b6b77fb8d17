package eventtext

import (
	"slices"
	"strings"
)

// column is something that a row may say of an event.
type column uint8

const (
	colOther column = iota // nothing that is used
	colID
	colTime
	colLatitude
	colLongitude
	colDepth // km
	colAuthor
	colContributor
	colMagnitudeType
	colMagnitude
	colMagnitudeAuthor
	colPlace
	colType
	colStatus
	colUpdated
	columnCount
)

// row is what a row says, blanks removed; "" where it says nothing.
type row [columnCount]string

// columns is the order of the columns of a table.
type columns struct {
	format Format
	order  []column
}

// fdsnNames are the names of fdsnws-event 1.2, in lower case, and of
// services that leave the unit of the depth away.
func fdsnNames() map[string]column {
	return map[string]column{"eventid": colID, "time": colTime, "latitude": colLatitude, "longitude": colLongitude,
		"depth/km": colDepth, "depth": colDepth, "author": colAuthor, "contributor": colContributor, "magtype": colMagnitudeType,
		"magnitude": colMagnitude, "magauthor": colMagnitudeAuthor, "eventlocationname": colPlace, "eventtype": colType}
}

// comCatNames are the names of the ComCat CSV, in lower case.
func comCatNames() map[string]column {
	return map[string]column{"id": colID, "time": colTime, "latitude": colLatitude, "longitude": colLongitude,
		"depth": colDepth, "locationsource": colAuthor, "net": colContributor, "magtype": colMagnitudeType,
		"mag": colMagnitude, "magsource": colMagnitudeAuthor, "place": colPlace, "type": colType, "status": colStatus, "updated": colUpdated}
}

// specified is the order of fdsnws-event 1.2, which text without header has. In 1.0
// and 1.1 the last one is missing.
func specified() columns {
	return columns{FDSN, []column{colID, colTime, colLatitude, colLongitude, colDepth, colAuthor, colOther, colContributor, colOther,
		colMagnitudeType, colMagnitude, colMagnitudeAuthor, colPlace, colType}}
}

func (c columns) has(want ...column) bool {
	return !slices.ContainsFunc(want, func(w column) bool { return !slices.Contains(c.order, w) })
}

// split gives the fields of a line.
func (c columns) split(line string) []string {
	if c.format == FDSN {
		return splitBars(line)
	}
	fields, _ := splitCommas(line)
	return fields
}

// row puts fields in their columns. Fields behind the last column are lost.
func (c columns) row(fields []string) row {
	var w row
	for i, f := range fields[:min(len(fields), len(c.order))] {
		if c.order[i] != colOther {
			w[c.order[i]] = f
		}
	}
	return w
}

func splitBars(line string) []string {
	fields := strings.Split(line, "|")
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
	}
	return fields
}

// splitCommas splits a line of CSV: a field in quotes may have commas, and quotes
// written twice. It is not closed if the last field's quote has no partner.
func splitCommas(line string) (fields []string, closed bool) {
	for {
		field, rest, more, ok := cutField(line)
		fields = append(fields, strings.TrimSpace(field))
		if !more {
			return fields, ok
		}
		line = rest
	}
}

// cutField takes the first field off a line; more says that a comma followed.
func cutField(line string) (field, rest string, more, closed bool) {
	quoted, isQuoted := strings.CutPrefix(strings.TrimLeft(line, " "), `"`)
	if !isQuoted {
		field, rest, more = strings.Cut(line, ",")
		return field, rest, more, true
	}
	var b strings.Builder
	for {
		part, after, ok := strings.Cut(quoted, `"`)
		b.WriteString(part)
		if !ok {
			return b.String(), "", false, false
		}
		if quoted, ok = strings.CutPrefix(after, `"`); ok {
			b.WriteByte('"')
			continue
		}
		tail, rest, more := strings.Cut(after, ",") // what follows the quote belongs to the field
		b.WriteString(tail)
		return b.String(), rest, more, true
	}
}
