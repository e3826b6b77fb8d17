package sac

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
)

// File is one SAC file: a header and what it describes.
type File struct {
	Header Header
	// Data is the first data section: samples, an amplitude, a real part, or y.
	Data []float32
	// Second is the other section, as long, where there is one: phase, imaginary
	// part, or x, which is the time of samples that are unevenly spaced. Else nil.
	Second []float32
	// BigEndian is the byte order of a binary file. The alphanumeric form, which is read only, leaves it false.
	BigEndian bool
}

// Read reads a file, binary or alphanumeric: which, and in which byte order, it
// finds out. It reads src to its end. Memory stays in proportion to what is read,
// whatever the header announces.
//
// The error is an [*Error], or one of src. Where it wraps [ErrTruncated] or
// [ErrExcess], the data section's size is not what the header says; the file is then
// returned as well, with the whole samples that are there, and those announced. Else
// the file is nil.
func Read(src io.Reader) (*File, error) {
	head := make([]byte, headerSize)
	n, err := io.ReadFull(src, head)
	switch {
	case err == io.ErrUnexpectedEOF, err == io.EOF:
		return nil, &Error{"", int64(n), fmt.Errorf("%w: %d bytes are less than a header", ErrTruncated, n)}
	case err != nil:
		return nil, fmt.Errorf("sac: reading the header: %w", err)
	}
	order, ok := byteOrder(head)
	if !ok {
		return readText(head, src)
	}
	f := &File{BigEndian: order == binary.BigEndian}
	points, err := f.Header.parse(head, order)
	if err != nil {
		return nil, err
	}
	in := &sectionReader{src: src, order: order, at: headerSize, size: sizeOf(src)}
	if err := in.sections(f, points); err != nil {
		if errors.Is(err, ErrTruncated) || errors.Is(err, ErrExcess) {
			return f, err
		}
		return nil, err
	}
	return f, nil
}

// parse reads the header in b and gives NPTS.
func (h *Header) parse(b []byte, order binary.ByteOrder) (points int, err error) {
	for i, p := range h.floats() {
		if p != nil {
			*p = defined(float64(math.Float32frombits(order.Uint32(b[4*i:]))))
		}
	}
	for i, p := range h.ints() {
		if p != nil {
			*p = int(int32(order.Uint32(b[intsAt+4*i:])))
		}
	}
	for i, p := range h.texts() {
		at, size := textSpan(i)
		*p = text(b[at : at+size])
	}
	points = int(int32(order.Uint32(b[pointsAt:])))
	return points, h.check(points, func(i int) int64 { return int64(intsAt + 4*i) })
}

// check makes sure that the header says what follows it. offset is that of the i-th integer.
func (h *Header) check(points int, offset func(i int) int64) error {
	fault := func(at int, reason error) error {
		i := (at - intsAt) / 4
		return &Error{nameOf(intNames, i), offset(i), reason}
	}
	switch {
	case h.Version != 6 && h.Version != 7:
		return fault(versionAt, &UnsupportedVersionError{h.Version})
	case points < 0:
		return fault(pointsAt, fmt.Errorf("%d samples", points))
	case h.Type == Undefined:
		return fault(typeAt, errors.New("undefined type of file"))
	case !isType(int(h.Type)):
		return fault(typeAt, fmt.Errorf("%d is no type of file", h.Type))
	case h.Even != 0 && h.Even != 1:
		return fault(evenAt, fmt.Errorf("%d: want 0 or 1", h.Even))
	}
	return nil
}

// defined is v, or NaN if that is undefined.
func defined(v float64) float64 {
	if v == Undefined {
		return math.NaN()
	}
	return v
}

// sizeOf is how many bytes src may still give, as far as it knows: -1 if it does not.
func sizeOf(src io.Reader) int64 {
	switch s := src.(type) {
	case interface{ Len() int }:
		return int64(s.Len())
	case fs.File:
		if info, err := s.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return -1
}

const (
	chunk     = 64 << 10 // bytes at a time
	firstRoom = 16 << 10 // samples, where the size of the file is not known
)

// sectionReader reads what is behind a binary header.
type sectionReader struct {
	src   io.Reader
	order binary.ByteOrder
	at    int64 // offset in the file
	size  int64 // bytes that may come, -1 if not known
	buf   []byte
}

// sections reads the data sections and the footer, and makes sure that nothing follows.
func (s *sectionReader) sections(f *File, points int) (err error) {
	s.buf = make([]byte, min(chunk, 4*max(points, footerSize/4)))
	if f.Data, err = s.section(points); err != nil {
		return err
	}
	if f.Header.sections() == 2 {
		if f.Second, err = s.section(points); err != nil {
			return err
		}
	}
	if f.Header.Version == 7 {
		if err := s.footer(&f.Header); err != nil {
			return err
		}
	}
	announced := s.at
	for {
		n, err := s.read(s.buf)
		s.at += int64(n)
		switch {
		case err == nil:
		case err != io.EOF:
			return err
		case s.at > announced:
			return &Error{"NPTS", pointsAt, fmt.Errorf("%w: %d samples end at byte %d, the file at %d", ErrExcess, points, announced, s.at)}
		default:
			return nil
		}
	}
}

// section reads NPTS samples, or those that are there.
func (s *sectionReader) section(points int) ([]float32, error) {
	start := s.at
	room := min(points, firstRoom)
	if s.size >= 0 {
		room = int(min(int64(points), s.size/4))
	}
	data := make([]float32, 0, room)
	for len(data) < points {
		want := min(len(s.buf), 4*(points-len(data)))
		n, err := s.read(s.buf[:want])
		s.at += int64(n)
		data = appendSamples(data, s.buf[:n&^3], s.order, points)
		if err == io.EOF {
			return data, &Error{"NPTS", pointsAt, fmt.Errorf("%w: %d samples from byte %d need %d bytes, %d are there",
				ErrTruncated, points, start, 4*int64(points), s.at-start)}
		} else if err != nil {
			return data, err
		}
	}
	return data, nil
}

// read fills b; the error is io.EOF where the file ends before.
func (s *sectionReader) read(b []byte) (int, error) {
	n, err := io.ReadFull(s.src, b)
	switch err {
	case nil:
	case io.EOF, io.ErrUnexpectedEOF:
		err = io.EOF
	default:
		err = fmt.Errorf("sac: reading at byte %d: %w", s.at+int64(n), err)
	}
	return n, err
}

// appendSamples decodes b to the end of data, which will have no more than limit samples.
func appendSamples(data []float32, b []byte, order binary.ByteOrder, limit int) []float32 {
	n, more := len(data), len(b)/4
	if n+more > cap(data) {
		data = slices.Grow(data, min(limit-n, max(n, more)))
	}
	data = data[:n+more]
	out := data[n:]
	if order == binary.LittleEndian {
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		return data
	}
	for i := range out {
		out[i] = math.Float32frombits(binary.BigEndian.Uint32(b[4*i:]))
	}
	return data
}

// footer replaces numbers of the header by their doubles, where these are defined.
func (s *sectionReader) footer(h *Header) error {
	n, err := s.read(s.buf[:footerSize])
	if err == io.EOF {
		return &Error{"", s.at, fmt.Errorf("%w: %d bytes of the %d of a footer, which NVHDR 7 wants", ErrTruncated, n, footerSize)}
	} else if err != nil {
		return err
	}
	s.at += footerSize
	floats := h.floats()
	for i, word := range footerWords() {
		if v := defined(math.Float64frombits(s.order.Uint64(s.buf[8*i:]))); !math.IsNaN(v) {
			*floats[word] = v
		}
	}
	return nil
}
