package css

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
)

// Descriptor stands for the file that names the schema of a database and where its
// tables are; it is no table.
const Descriptor Table = "descriptor"

// SniffSize is the number of bytes from the start of a file that [Sniff] wants to
// see. A shorter file is shown as a whole.
const SniffSize = 4096

// Sniff tells which table a file is, false for a file that is none. Tables have no
// magic number: a file is one if its name ends in a dot and the name of a table,
// and its first line that is not empty fits the columns of that table, as to
// length, blanks between columns and numbers where the keys are. A file that is
// empty, or of one line that is longer than any row, is none. [Descriptor] is told by content: a line of
// schema css3.0 (or one that begins so), with or without the word schema before it.
func Sniff(name string, head []byte) (Table, bool) {
	whole := len(head) < SniffSize
	t := tableOf(name)
	if layouts := layoutsOf(t); layouts != nil {
		line, ok := firstLine(head, whole)
		if !ok {
			return "", false
		}
		if l, _ := fitting(layouts, line); l == nil {
			return "", false
		}
		return t, true
	}
	if _, ok := parseDescriptor(head); ok && whole {
		return Descriptor, true
	}
	return "", false
}

// tableOf is the table that a file name is of by its extension, in lower case.
func tableOf(name string) Table {
	return Table(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
}

// firstLine is the first line that is not empty; one that is cut off by the end of
// head does not count.
func firstLine(head []byte, whole bool) ([]byte, bool) {
	for len(head) > 0 {
		line, rest, ended := bytes.Cut(head, []byte("\n"))
		if !ended && !whole {
			return nil, false
		}
		if line = bytes.TrimRight(line, " \r\x00"); len(line) > 0 {
			return line, true
		}
		head = rest
	}
	return nil, false
}

// parseDescriptor reads a descriptor: two lines, the schema and the path, or from
// Antelope 4.5 on lines of a keyword and a value behind one that begins with #. The path may
// be missing, and is "" then.
func parseDescriptor(content []byte) (path string, ok bool) {
	if bytes.IndexByte(content, 0) >= 0 {
		return "", false
	}
	var lines []string
	for line := range strings.Lines(string(content)) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return "", false
	}
	if isSchema(lines[0]) && len(lines) <= 2 {
		return strings.Join(lines[1:], ""), true
	}
	for _, line := range lines {
		keyword, value, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		switch value = strings.TrimSpace(value); keyword {
		case "schema":
			ok = isSchema(value)
		case "dbpath":
			path = value
		}
	}
	return path, ok
}

// isSchema reports whether a list of schemas has CSS 3.0 or one that is made from it.
func isSchema(s string) bool {
	return slices.ContainsFunc(strings.Split(s, ":"), func(name string) bool { return strings.HasPrefix(strings.ToLower(name), "css3.") })
}
