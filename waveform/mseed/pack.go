package mseed

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

const maxSamples = math.MaxUint16 // of a record

// payload packs samples into records.
type payload interface {
	encoding() Encoding
	// pack fills b, which is zero and has room for a frame, from sample done on, big
	// endian. It returns how many samples went in, and how many bytes they take.
	pack(b []byte, done int) (samples, size int)
}

// packer prepares samples for an encoding, and makes sure that it holds them exactly.
// Integers are made in space.
func packer(data []float64, e Encoding, space *[]int32) (payload, error) {
	if e == 0 {
		return smallest(data, space), nil
	}
	switch e {
	case Float64:
		return packFloat64(data), nil
	case Float32:
		for i, v := range data {
			if float64(float32(v)) != v && v == v {
				return nil, fmt.Errorf("sample %d: %v has no FLOAT32", i, v)
			}
		}
		return packFloat32(data), nil
	}
	ints, err := integers(data, space)
	if err != nil {
		return nil, err
	}
	switch e {
	case Int16:
		for i, v := range ints {
			if v != int32(int16(v)) {
				return nil, fmt.Errorf("sample %d: %d needs more than the 16 bits of INT16", i, v)
			}
		}
		return packInt16(ints), nil
	case Int32:
		return packInt32(ints), nil
	case Steim2:
		if i := bigStep(ints); i > 0 {
			return nil, fmt.Errorf("sample %d: the step from %d to %d needs more than the 30 bits of STEIM2", i, ints[i-1], ints[i])
		}
	}
	return steimPacker{ints, e}, nil
}

// smallest picks the encoding of WriteOptions.Encoding's zero value.
func smallest(data []float64, space *[]int32) payload {
	ints, err := integers(data, space)
	switch {
	case err != nil:
		return packFloat64(data)
	case bigStep(ints) > 0:
		return packInt32(ints)
	}
	return steimPacker{ints, Steim2}
}

// integers are the samples as integers, in space, which grows to them.
func integers(data []float64, space *[]int32) ([]int32, error) {
	*space = slices.Grow((*space)[:0], len(data))
	out := (*space)[:len(data)]
	for i, v := range data {
		if v != math.Trunc(v) || v < math.MinInt32 || v > math.MaxInt32 {
			return nil, fmt.Errorf("sample %d: %v is no 32-bit integer", i, v)
		}
		out[i] = int32(v)
	}
	return out, nil
}

// bigStep is the first sample whose step from the one before takes more than 30 bits, else 0.
func bigStep(s []int32) int {
	for i := 1; i < len(s); i++ {
		if d := int64(s[i]) - int64(s[i-1]); d < -1<<29 || d >= 1<<29 {
			return i
		}
	}
	return 0
}

type (
	packInt16   []int32
	packInt32   []int32
	packFloat32 []float64
	packFloat64 []float64
)

func (packInt16) encoding() Encoding   { return Int16 }
func (packInt32) encoding() Encoding   { return Int32 }
func (packFloat32) encoding() Encoding { return Float32 }
func (packFloat64) encoding() Encoding { return Float64 }

// fitting is how many of the samples left go into b, at size bytes each.
func fitting(b []byte, left, size int) int { return min(left, len(b)/size, maxSamples) }

func (p packInt16) pack(b []byte, done int) (samples, size int) {
	n := fitting(b, len(p)-done, 2)
	for i, v := range p[done : done+n] {
		binary.BigEndian.PutUint16(b[2*i:], uint16(v))
	}
	return n, 2 * n
}

func (p packInt32) pack(b []byte, done int) (samples, size int) {
	n := fitting(b, len(p)-done, 4)
	for i, v := range p[done : done+n] {
		binary.BigEndian.PutUint32(b[4*i:], uint32(v))
	}
	return n, 4 * n
}

func (p packFloat32) pack(b []byte, done int) (samples, size int) {
	n := fitting(b, len(p)-done, 4)
	for i, v := range p[done : done+n] {
		binary.BigEndian.PutUint32(b[4*i:], math.Float32bits(float32(v)))
	}
	return n, 4 * n
}

func (p packFloat64) pack(b []byte, done int) (samples, size int) {
	n := fitting(b, len(p)-done, 8)
	for i, v := range p[done : done+n] {
		binary.BigEndian.PutUint64(b[8*i:], math.Float64bits(v))
	}
	return n, 8 * n
}

// packText is text, of one byte a sample.
type packText string

func (packText) encoding() Encoding { return ASCII }

// pack does not part the bytes of a character, where the text is UTF-8.
func (p packText) pack(b []byte, done int) (samples, size int) {
	rest := string(p[done:])
	n := fitting(b, len(rest), 1)
	for cut := n; n < len(rest) && cut > n-utf8.UTFMax; cut-- {
		if utf8.RuneStart(rest[cut]) {
			n = cut
			break
		}
	}
	copy(b, rest[:n])
	return n, n
}
