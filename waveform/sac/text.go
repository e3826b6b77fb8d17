package sac

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// text is what stands in a field of a header: up to a zero byte, without spaces behind.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	s := strings.TrimRight(string(b), " ")
	if strings.TrimSpace(s) == undefinedText {
		return ""
	}
	return s
}

const undefinedText = "-12345"

// trim takes away the spaces around a code.
func trim(s string) string { return strings.Trim(s, " \x00") }

// textReader reads the lines of an alphanumeric file.
type textReader struct {
	rest []byte
	at   int64 // offset of rest
	line int64 // offset of the line last read
	open bool  // that line has no end
}

// next gives the next line; false at the end of the file.
func (t *textReader) next() (string, bool) {
	if len(t.rest) == 0 {
		return "", false
	}
	line, rest, cut := bytes.Cut(t.rest, []byte("\n"))
	t.line, t.rest, t.open = t.at, rest, !cut
	t.at += int64(len(line))
	if cut {
		t.at++
	}
	return string(bytes.TrimSuffix(line, []byte("\r"))), true
}

// fields gives the five numbers of a line of the header. The formats 5G15.7 and
// 5I10 leave spaces between them.
func (t *textReader) fields(name string) ([]string, error) {
	line, ok := t.next()
	if !ok {
		return nil, &Error{name, t.at, fmt.Errorf("%w within the header", ErrTruncated)}
	}
	f := strings.Fields(line)
	if len(f) != 5 {
		return nil, &Error{name, t.line, fmt.Errorf("%d numbers on a line of 5", len(f))}
	}
	return f, nil
}

// readText reads an alphanumeric file whose first bytes are head.
func readText(head []byte, src io.Reader) (*File, error) {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if f := bytes.Fields(first); len(f) == 0 || !isNumber(string(f[0])) {
		return nil, &Error{"NVHDR", versionAt, fmt.Errorf("%w: NVHDR, NPTS, IFTYPE and LEVEN are those of no file in either byte order", ErrFormat)}
	}
	rest, err := io.ReadAll(src)
	if err != nil {
		return nil, fmt.Errorf("sac: reading: %w", err)
	}
	t := &textReader{rest: append(head, rest...)}
	f := &File{}
	points, err := t.header(&f.Header)
	if err != nil {
		return nil, err
	}
	f.Data, err = t.section(points)
	if err == nil && f.Header.sections() == 2 {
		f.Second, err = t.section(points)
	}
	if err == nil && f.Header.Version == 7 {
		err = t.footer(&f.Header)
	}
	if err == nil && len(bytes.TrimSpace(t.rest)) > 0 {
		err = &Error{"NPTS", t.at, fmt.Errorf("%w: text behind %d samples", ErrExcess, points)}
	}
	if err != nil && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrExcess) {
		return nil, err
	}
	return f, err
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 32)
	return err == nil
}

// header reads the 30 lines of the header and gives NPTS.
func (t *textReader) header(h *Header) (points int, err error) {
	if err := t.floats(h); err != nil {
		return 0, err
	}
	points, offsets, err := t.ints(h)
	if err != nil {
		return 0, err
	}
	if err := t.texts(h); err != nil {
		return 0, err
	}
	return points, h.check(points, func(i int) int64 { return offsets[i/5] })
}

func (t *textReader) floats(h *Header) error {
	floats := h.floats()
	for i := 0; i < floatCount; i += 5 {
		fields, err := t.fields(nameOf(floatNames, i))
		if err != nil {
			return err
		}
		for k, field := range fields {
			v, err := strconv.ParseFloat(field, 32)
			if err != nil {
				return &Error{nameOf(floatNames, i+k), t.line, fmt.Errorf("%q is no float32", field)}
			}
			if p := floats[i+k]; p != nil {
				*p = defined(v)
			}
		}
	}
	return nil
}

// ints reads the integers; offsets are those of their lines.
func (t *textReader) ints(h *Header) (points int, offsets [intLines]int64, err error) {
	ints := h.ints()
	for i := 0; i < intCount; i += 5 {
		fields, err := t.fields(nameOf(intNames, i))
		if err != nil {
			return 0, offsets, err
		}
		offsets[i/5] = t.line
		for k, field := range fields {
			v, err := strconv.ParseInt(field, 10, 32)
			if err != nil {
				return 0, offsets, &Error{nameOf(intNames, i+k), t.line, fmt.Errorf("%q is no integer", field)}
			}
			if p := ints[i+k]; p != nil {
				*p = int(v)
			} else if intsAt+4*(i+k) == pointsAt {
				points = int(v)
			}
		}
	}
	return points, offsets, nil
}

// texts reads the lines (A8,A16) and (3A8), which may lack spaces at their end.
func (t *textReader) texts(h *Header) error {
	var b []byte
	for i := range textLines {
		line, ok := t.next()
		if !ok {
			return &Error{nameOf(textNames, max(0, 3*i-1)), t.at, fmt.Errorf("%w within the header", ErrTruncated)}
		}
		b = appendPadded(b, line[:min(24, len(line))], 24)
	}
	for i, p := range h.texts() {
		at, size := textSpan(i)
		*p = text(b[at-textsAt : at-textsAt+size])
	}
	return nil
}

// section reads lines of numbers until there are as many as announced.
func (t *textReader) section(points int) ([]float32, error) {
	data := make([]float32, 0, min(points, len(t.rest)/2+1))
	for len(data) < points {
		line, ok := t.next()
		if !ok {
			if t.open && len(data) > 0 {
				data = data[:len(data)-1] // it may be half a number
			}
			return data, &Error{"NPTS", t.at, fmt.Errorf("%w: %d samples of %d", ErrTruncated, len(data), points)}
		}
		for field := range strings.FieldsSeq(line) {
			v, err := strconv.ParseFloat(field, 32)
			if err != nil {
				return nil, &Error{"", t.line, fmt.Errorf("sample %d: %q is no float32", len(data), field)}
			}
			if len(data) == points {
				return data, &Error{"NPTS", t.line, fmt.Errorf("%w: a number behind %d samples", ErrExcess, points)}
			}
			data = append(data, float32(v))
		}
	}
	return data, nil
}

// footer reads the 22 lines of a footer, a number each.
func (t *textReader) footer(h *Header) error {
	floats := h.floats()
	for _, word := range footerWords() {
		line, ok := t.next()
		if !ok {
			return &Error{nameOf(floatNames, word), t.at, fmt.Errorf("%w within the footer, which NVHDR 7 wants", ErrTruncated)}
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		if err != nil {
			return &Error{nameOf(floatNames, word), t.line, fmt.Errorf("%q is no float64", line)}
		}
		if v != Undefined {
			*floats[word] = defined(v)
		}
	}
	return nil
}
