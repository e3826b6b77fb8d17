package eventtext

import (
	"bytes"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/waveform/internal/textline"
)

// required are the columns that each table of ComCat has, and of the marks at least one: other tables
// of events, or of picks, have an id, a time and a place as well, in other units and under
// other names.
func required() []string { return []string{"time", "latitude", "longitude", "depth", "mag", "id"} }
func marks() []string    { return []string{"magType", "net", "updated"} }

// isComCat reports whether the columns are those of a table of ComCat.
func (c columns) isComCat() bool {
	return c.has(colID, colTime, colLatitude, colLongitude, colDepth, colMagnitude) &&
		(c.has(colMagnitudeType) || c.has(colContributor) || c.has(colUpdated))
}

// Missing says which columns a table of commas lacks to be ComCat's, by head, the first bytes
// of a file: "mag, and one of magType, net and updated". It is "" for what [Sniff] knows, and for what has
// no line of names with latitude and longitude at its start.
func Missing(head []byte) string {
	l := textline.New(bytes.NewReader(head), len(head)+1)
	for {
		line, err := l.Next()
		if err != nil {
			return ""
		}
		if text := textline.Clean(string(line)); text != "" {
			return missing(text)
		}
	}
}

// missing is [Missing] of the first line.
func missing(line string) string {
	fields, _ := splitCommas(line)
	for i, f := range fields {
		fields[i] = strings.ToLower(strings.ReplaceAll(f, " ", ""))
	}
	has := func(name string) bool { return slices.Contains(fields, strings.ToLower(name)) }
	if !has("latitude") || !has("longitude") {
		return ""
	}
	var parts []string
	if lacking := slices.DeleteFunc(required(), has); len(lacking) > 0 {
		parts = append(parts, strings.Join(lacking, ", "))
	}
	if !slices.ContainsFunc(marks(), has) {
		parts = append(parts, "one of magType, net and updated")
	}
	return strings.Join(parts, ", and ")
}
