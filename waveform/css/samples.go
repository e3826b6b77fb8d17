package css

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/seisbatch/seisbatch/waveform"
)

// DatatypeError is a datatype whose samples this package does not read.
type DatatypeError struct{ Datatype string }

// Error says what to do with the file instead.
func (e *DatatypeError) Error() string {
	switch e.Datatype {
	case "sd":
		return "datatype sd is miniSEED: read the file as such"
	case "sc":
		return "datatype sc is SAC: read the file as such"
	case "e1", "e#", "S1", "ca":
		return fmt.Sprintf("datatype %s is compressed, in a way that is not read: convert it to miniSEED (sd) or s4 with the program that wrote it", e.Datatype)
	}
	return fmt.Sprintf("datatype %s is not read: convert it to miniSEED (sd) or s4", quote(e.Datatype))
}

// coding is how the samples of a datatype are written.
type coding struct {
	size    int // bytes a sample
	integer bool
	order   binary.ByteOrder
}

// codingOf knows the datatypes of one size: s and t are big endian, i and f little,
// s and i integers, t and f IEEE reals.
func codingOf(datatype string) (coding, error) {
	switch datatype {
	case "s2", "s3", "s4":
		return coding{int(datatype[1] - '0'), true, binary.BigEndian}, nil
	case "i2", "i3", "i4":
		return coding{int(datatype[1] - '0'), true, binary.LittleEndian}, nil
	case "t4", "t8":
		return coding{int(datatype[1] - '0'), false, binary.BigEndian}, nil
	case "f4", "f8":
		return coding{int(datatype[1] - '0'), false, binary.LittleEndian}, nil
	}
	return coding{}, &DatatypeError{datatype}
}

// Read reads the samples of the segment from its file: datatypes s2, s3, s4, i2, i3,
// i4, t4, t8, f4 and f8. Others are a [*DatatypeError], and a file that is shorter than the row says
// matches [ErrTruncated]; both come in an [*Error]. The unit is counts for integers, and not known for
// reals. Calibration is not applied.
func (s Segment) Read() (waveform.Trace, error) {
	t := waveform.Trace{ID: s.ID, Start: s.Start, SampleRate: s.SampleRate}
	c, err := codingOf(s.Datatype)
	if err != nil {
		return t, fault(s.Path, err)
	}
	if c.integer {
		t.Unit = waveform.Counts
	}
	raw, err := s.bytes(c.size)
	if err == nil {
		t.Data, err = Decode(make([]float64, 0, s.Samples), raw, s.Datatype)
	}
	return t, fault(s.Path, err)
}

// bytes reads the segment's stretch of the file.
func (s Segment) bytes(size int) ([]byte, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	have := info.Size() - s.Offset
	if s.Offset < 0 || s.Samples < 0 || have < 0 || s.Samples > have/int64(size) {
		return nil, fmt.Errorf("%w: %d samples of %d bytes at byte %d do not lie in its %d bytes; get the file again, or correct the row", ErrTruncated, s.Samples, size, s.Offset, info.Size())
	}
	raw := make([]byte, s.Samples*int64(size))
	if _, err := f.ReadAt(raw, s.Offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return raw, nil
}

// Decode appends the samples in raw to dst, and allocates only where that has no
// room. Bytes that are less than a sample, at the end, do not count. A datatype that [Segment.Read] does
// not read is a [*DatatypeError].
func Decode(dst []float64, raw []byte, datatype string) ([]float64, error) {
	c, err := codingOf(datatype)
	if err != nil {
		return dst, err
	}
	for ; len(raw) >= c.size; raw = raw[c.size:] {
		dst = append(dst, c.sample(raw))
	}
	return dst, nil
}

// sample is the first sample of b.
func (c coding) sample(b []byte) float64 {
	switch {
	case !c.integer && c.size == 4:
		return float64(math.Float32frombits(c.order.Uint32(b)))
	case !c.integer:
		return math.Float64frombits(c.order.Uint64(b))
	case c.size == 2:
		return float64(int16(c.order.Uint16(b)))
	case c.size == 4:
		return float64(int32(c.order.Uint32(b)))
	}
	first, last := b[0], b[2] // of three bytes, highest and lowest
	if c.order == binary.LittleEndian {
		first, last = last, first
	}
	return float64(int32(uint32(first)<<24|uint32(b[1])<<16|uint32(last)<<8) >> 8)
}
