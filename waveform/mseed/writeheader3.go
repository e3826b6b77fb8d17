package mseed

import (
	"encoding/binary"
	"math"
	"time"
)

// header3 is what the records of miniSEED 3 of one trace have in common.
type header3 struct {
	identifier  string
	extra       []byte
	encoding    Encoding
	rate        float64
	publication uint8
}

func (h *header3) dataOffset() int { return fixedSize3 + len(h.identifier) + len(h.extra) }

// finish writes the header and the checksum, and turns the payload into little
// endian, which all but the Steim compressions have.
func (h *header3) finish(b []byte, start time.Time, _, samples, size int) []byte {
	order := binary.LittleEndian
	start = start.UTC()
	copy(b, "MS\x03")
	order.PutUint32(b[4:], uint32(start.Nanosecond()))
	order.PutUint16(b[8:], uint16(start.Year()))
	order.PutUint16(b[10:], uint16(start.YearDay()))
	b[12], b[13], b[14], b[15] = byte(start.Hour()), byte(start.Minute()), byte(start.Second()), byte(h.encoding)
	order.PutUint64(b[16:], math.Float64bits(rateField3(h.rate)))
	order.PutUint32(b[24:], uint32(samples))
	b[32], b[33] = h.publication, byte(len(h.identifier))
	order.PutUint16(b[34:], uint16(len(h.extra)))
	order.PutUint32(b[36:], uint32(size))
	copy(b[fixedSize3:], h.identifier)
	copy(b[fixedSize3+len(h.identifier):], h.extra)
	b = b[:h.dataOffset()+size]
	reverseWords(b[h.dataOffset():], h.encoding)
	order.PutUint32(b[crcOffset:], checksum3(b))
	return b
}

// rateField3 is minus the period for rates below 1 Hz, as the definition recommends,
// unless the rate would not come back as it is.
func rateField3(rate float64) float64 {
	if rate > 0 && rate < 1 && -1/(-1/rate) == rate {
		return -1 / rate
	}
	return rate
}

// reverseWords turns samples of big endian into little endian ones.
func reverseWords(b []byte, e Encoding) {
	size := 1
	switch e {
	case Int16:
		size = 2
	case Int32, Float32:
		size = 4
	case Float64:
		size = 8
	}
	for ; len(b) >= size && size > 1; b = b[size:] {
		for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
}
