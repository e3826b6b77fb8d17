package eventtext

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is the length of the longest line that is read, far above any row's.
const maxLine = 64 << 10

// errLong marks a line that is longer than maxLine.
var errLong = errors.New("line is too long")

// lines reads a text line by line, whatever ends its lines, in bounded memory.
type lines struct {
	r      *bufio.Reader
	number int // of the line read last, from 1
}

// newLines reads lines of r that are shorter than most.
func newLines(r io.Reader, most int) *lines { return &lines{r: bufio.NewReaderSize(r, most)} }

// next is the next line, without its end and the blanks around it; io.EOF after the
// last one, errLong in place of a long one.
func (l *lines) next() (string, error) {
	l.number++
	b, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return "", errLong
	}
	if err != nil && (len(b) == 0 || !errors.Is(err, io.EOF)) {
		return "", err
	}
	if l.number == 1 {
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	return clean(b), nil
}

// clean is text that a database can keep: UTF-8 without control characters.
func clean(b []byte) string {
	s := string(b)
	if !utf8.Valid(b) { // ISO 8859-1, in which a byte is a character
		r := make([]rune, len(b))
		for i, c := range b {
			r[i] = rune(c)
		}
		s = string(r)
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
