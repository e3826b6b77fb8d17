// Package textline reads text of tables line by line, in bounded memory, whatever its
// bytes are.
package textline

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// ErrLong marks a line that is longer than the reader allows.
var ErrLong = errors.New("line is too long")

// Reader reads lines. It belongs to one goroutine.
type Reader struct {
	Number int // of the line read last, from 1
	r      *bufio.Reader
}

// New reads lines of src that are shorter than most bytes.
func New(src io.Reader, most int) *Reader { return &Reader{r: bufio.NewReaderSize(src, most)} }

// Next is the next line without its end, the blanks and zero bytes before that, and the mark
// of byte order that the first may begin with; io.EOF after the last one, ErrLong in place of a long one.
// It is good until the next call.
func (l *Reader) Next() ([]byte, error) {
	l.Number++
	b, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, ErrLong
	}
	if err != nil && (len(b) == 0 || !errors.Is(err, io.EOF)) {
		return nil, err
	}
	if l.Number == 1 {
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	return bytes.TrimRight(b, " \r\n\x00"), nil
}

// Clean is text that a database can keep: UTF-8 without control characters, and
// without the blanks around it. A tab becomes a blank. What is not UTF-8 is taken for ISO 8859-1, in
// which a byte is a character.
func Clean(s string) string {
	if !utf8.ValidString(s) {
		r := make([]rune, len(s))
		for i := range len(s) {
			r[i] = rune(s[i])
		}
		s = string(r)
	}
	if strings.ContainsFunc(s, isControl) {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\t':
				return ' '
			case isControl(r):
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

func isControl(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }
