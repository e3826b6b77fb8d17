package css

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is the length of the longest line that is read, far above any row's.
const maxLine = 8 << 10

// errLong marks a line that is longer than maxLine.
var errLong = errors.New("line is too long")

// lines reads a text line by line in bounded memory.
type lines struct {
	r      *bufio.Reader
	number int // of the line read last, from 1
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, maxLine)} }

// next is the next line without its end and the blanks at its end; io.EOF after the last
// one, errLong in place of a long one. It is good until the next call.
func (l *lines) next() ([]byte, error) {
	l.number++
	b, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, errLong
	}
	if err != nil && (len(b) == 0 || !errors.Is(err, io.EOF)) {
		return nil, err
	}
	return bytes.TrimRight(b, " \r\n\x00"), nil
}

// clean is text that a database can keep: UTF-8 without control characters, and
// without the blanks around it. What is not UTF-8 is taken for ISO 8859-1.
func clean(s string) string {
	if !utf8.ValidString(s) {
		r := make([]rune, len(s))
		for i := range len(s) {
			r[i] = rune(s[i])
		}
		s = string(r)
	}
	if strings.ContainsFunc(s, isControl) {
		s = strings.Map(func(r rune) rune {
			if isControl(r) {
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

func isControl(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }
