package resp

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// maxLine is far above the hundred bytes of a line of RESP; a longer one is of
// another format.
const maxLine = 1 << 16

// lines gives the lines of a file that are neither blank nor comments, and
// knows where they are.
type lines struct {
	scan *bufio.Scanner
	at   place // of the present line
	next int64 // byte after the present line
	text string
}

func newLines(r io.Reader) *lines {
	l := &lines{scan: bufio.NewScanner(r)}
	l.scan.Buffer(make([]byte, 0, 1<<12), maxLine)
	l.scan.Split(func(data []byte, atEnd bool) (int, []byte, error) {
		advance, token := cutLine(data, atEnd)
		l.next += int64(advance)
		return advance, token, nil
	})
	return l
}

// cutLine is the first line of data without its end, and how many bytes it takes
// with it; nil where it is not complete.
func cutLine(data []byte, atEnd bool) (int, []byte) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEnd && len(data) > 0:
		return len(data), data
	case i < 0, data[i] == '\r' && i+1 == len(data) && !atEnd: // a line feed may follow
		return 0, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i]
	}
	return i + 1, data[:i]
}

// advance goes to the next line that says something; false at the end or at an
// error of the reader, which scan then has.
func (l *lines) advance() bool {
	for {
		l.at.Offset = l.next
		if !l.scan.Scan() {
			return false
		}
		l.at.Line++
		text := bytes.TrimSpace(l.scan.Bytes())
		if l.at.Line == 1 {
			text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
		}
		if len(text) > 0 && text[0] != '#' {
			l.text = string(text)
			return true
		}
	}
}

// field is one line: B053F05, a label, and the value after its colon; or
// B053F10-13 and the columns of a row.
type field struct {
	blockette, number int
	row               bool   // the number is the first of several
	value             string // of a row, everything after the name
}

// parseField reads a line; false if it is none of a field.
func parseField(line string) (field, bool) {
	name, rest := line, ""
	if i := strings.IndexAny(line, " \t:"); i >= 0 {
		name, rest = line[:i], line[i:]
	}
	name, last, row := strings.Cut(name, "-")
	if len(name) != len("B050F03") || name[0]|0x20 != 'b' || name[4]|0x20 != 'f' || row && !isDigits(last) {
		return field{}, false
	}
	if !isDigits(name[1:4]) || !isDigits(name[5:]) {
		return field{}, false
	}
	f := field{blockette: decimal(name[1:4]), number: decimal(name[5:]), row: row, value: rest}
	if (f.blockette == 61 || f.blockette == 41) && f.number == 9 { // the only row of one field
		f.row = true
	}
	if _, value, ok := strings.Cut(rest, ":"); ok && !f.row {
		f.value = value
	}
	f.value = strings.TrimSpace(f.value)
	return f, true
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// decimal is the value of a few digits.
func decimal(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = 10*n + int(c-'0')
	}
	return n
}

// SniffSize is the number of bytes from the start of a file that [Sniff] wants to
// see. A shorter file is shown as a whole.
const SniffSize = 4096

// Sniff reports whether head, the first bytes of a file, starts like a RESP
// file: its first line that is neither blank nor a comment is a field of a
// blockette that response files begin with, such as B050F03.
func Sniff(head []byte) bool {
	l := newLines(bytes.NewReader(head))
	if !l.advance() {
		return false
	}
	f, ok := parseField(l.text)
	return ok && opens(f)
}

// opens reports whether a response file may begin with this field: of a dictionary
// (30 to 49) or of a station or channel.
func opens(f field) bool { return f.blockette >= 30 && f.blockette <= 69 }
