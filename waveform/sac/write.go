package sac

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
)

// Write writes a trace as one file, on the terms of [NewFile].
func Write(w io.Writer, tr waveform.Trace, o Options) error {
	f, err := NewFile(tr, o)
	if err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// WriteTo writes the file in binary form, and says how many bytes it wrote. Header and
// samples are read back as they are, except that numbers become float32 where the
// version has no double for them, and that spaces behind a text are lost. Unused words
// are written as undefined.
//
// A header that cannot be written is refused before the first byte, with an
// [*Error]: texts that are too long, numbers beyond float32 or equal to the
// undefined value, a version other than 6 and 7, sections that do not go with IFTYPE and
// LEVEN.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	if err := f.Header.fits(); err != nil {
		return 0, err
	}
	if err := f.checkSections(); err != nil {
		return 0, err
	}
	var order appendOrder = binary.LittleEndian
	if f.BigEndian {
		order = binary.BigEndian
	}
	total := headerSize + 4*(len(f.Data)+len(f.Second)) + footerSize
	out := &output{w: w, buf: make([]byte, 0, min(chunk, total))}
	out.buf = f.Header.append(out.buf, order, len(f.Data))
	for _, section := range [][]float32{f.Data, f.Second} {
		for len(section) > 0 {
			n := min(len(section), (cap(out.buf)-len(out.buf))/4)
			out.buf = appendWords(out.buf, section[:n], f.BigEndian)
			section = section[n:]
			out.room(4)
		}
	}
	if f.Header.Version == 7 {
		out.room(footerSize)
		floats := f.Header.floats()
		for _, word := range footerWords() {
			out.buf = order.AppendUint64(out.buf, math.Float64bits(written(*floats[word])))
		}
	}
	out.room(cap(out.buf) + 1)
	if out.err != nil {
		return out.done, fmt.Errorf("sac: writing: %w", out.err)
	}
	return out.done, nil
}

type appendOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// output collects bytes for a writer, up to its first error.
type output struct {
	w    io.Writer
	buf  []byte
	done int64
	err  error
}

// room writes what is collected, unless n bytes more fit behind it.
func (o *output) room(n int) {
	if len(o.buf)+n <= cap(o.buf) {
		return
	}
	if o.err == nil {
		done, err := o.w.Write(o.buf)
		if o.done += int64(done); err == nil && done < len(o.buf) {
			err = io.ErrShortWrite
		}
		o.err = err
	}
	o.buf = o.buf[:0]
}

// append appends the header to b.
func (h *Header) append(b []byte, order appendOrder, points int) []byte {
	for _, p := range h.floats() {
		v := float32(Undefined)
		if p != nil {
			v = float32(written(*p))
		}
		b = order.AppendUint32(b, math.Float32bits(v))
	}
	for i, p := range h.ints() {
		v := Undefined
		switch {
		case p != nil:
			v = *p
		case intsAt+4*i == pointsAt:
			v = points
		}
		b = order.AppendUint32(b, uint32(int32(v)))
	}
	for i, p := range h.texts() {
		_, size := textSpan(i)
		s := strings.TrimRight(*p, " ")
		if s == "" {
			s = undefinedText
		}
		b = appendPadded(b, s, size)
	}
	return b
}

// appendPadded appends s and spaces, to size bytes.
func appendPadded(b []byte, s string, size int) []byte {
	b = append(b, s...)
	for range size - len(s) {
		b = append(b, ' ')
	}
	return b
}

// written is v as it stands in a file.
func written(v float64) float64 {
	if math.IsNaN(v) {
		return Undefined
	}
	return v
}

// appendWords appends samples to b, which has room for them.
func appendWords(b []byte, samples []float32, bigEndian bool) []byte {
	n := len(b)
	b = b[:n+4*len(samples)]
	out := b[n:]
	if bigEndian {
		for i, v := range samples {
			binary.BigEndian.PutUint32(out[4*i:], math.Float32bits(v))
		}
		return b
	}
	for i, v := range samples {
		binary.LittleEndian.PutUint32(out[4*i:], math.Float32bits(v))
	}
	return b
}

// fits makes sure that every variable can be written such that it is read back.
func (h *Header) fits() error {
	if h.Version != 6 && h.Version != 7 {
		return &Error{"NVHDR", versionAt, &UnsupportedVersionError{h.Version}}
	}
	for i, p := range h.floats() {
		if p == nil {
			continue
		}
		w := float64(float32(*p))
		if w == Undefined || math.IsInf(w, 0) && !math.IsInf(*p, 0) {
			return &Error{nameOf(floatNames, i), int64(4 * i), fmt.Errorf("%v has no float32 of its own", *p)}
		}
	}
	for i, p := range h.ints() {
		if p != nil && int(int32(*p)) != *p {
			return &Error{nameOf(intNames, i), int64(intsAt + 4*i), fmt.Errorf("%d does not fit", *p)}
		}
	}
	for i, p := range h.texts() {
		at, size := textSpan(i)
		switch s := strings.TrimRight(*p, " "); {
		case len(s) > size:
			return &Error{nameOf(textNames, i), int64(at), fmt.Errorf("%q has more than %d bytes", *p, size)}
		case strings.Contains(s, "\x00"), strings.TrimSpace(s) == undefinedText:
			return &Error{nameOf(textNames, i), int64(at), fmt.Errorf("%q means another text in a file", *p)}
		}
	}
	return nil
}

// checkSections makes sure that the sections are those that a reader will expect.
func (f *File) checkSections() error {
	if len(f.Data) > math.MaxInt32 {
		return &Error{"NPTS", pointsAt, fmt.Errorf("%d samples do not fit", len(f.Data))}
	}
	if err := f.Header.check(len(f.Data), func(i int) int64 { return int64(intsAt + 4*i) }); err != nil {
		return err
	}
	second := 0
	if f.Header.sections() == 2 {
		second = len(f.Data)
	}
	if len(f.Second) != second {
		return &Error{"NPTS", pointsAt, fmt.Errorf("second section of %d samples where %v with LEVEN %d has %d",
			len(f.Second), f.Header.Type, f.Header.Even, second)}
	}
	return nil
}
