package mseed

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// recordHeader is what the records of miniSEED 2 of one trace have in common.
type recordHeader struct {
	codes              [12]byte // station, location, channel, network
	quality            byte
	encoding           Encoding
	rate               float64
	factor, multiplier int16
	blockette100       bool
	timingQuality      int // -1: not known
}

// setID takes the codes, padded with spaces.
func (h *recordHeader) setID(id waveform.SourceID) error {
	at := 0
	for _, f := range []struct {
		name, code string
		size       int
	}{{"station", id.Station, 5}, {"location", id.Location, 2}, {"channel", id.Channel, 3}, {"network", id.Network, 2}} {
		if len(f.code) > f.size {
			return fmt.Errorf("%s code %q is longer than %d", f.name, f.code, f.size)
		}
		for i := range f.size {
			c := byte(' ')
			if i < len(f.code) {
				c = f.code[i]
			}
			if c < ' ' || c > '~' {
				return fmt.Errorf("%s code %q is not printable", f.name, f.code)
			}
			h.codes[at] = c
			at++
		}
	}
	return nil
}

// dataOffset is where the payload starts: a multiple of 64, for Steim frames.
func (h *recordHeader) dataOffset() int {
	if h.blockette100 {
		return 128
	}
	return 64
}

// finish makes a whole record of b, whose payload is there.
func (h *recordHeader) finish(b []byte, start time.Time, sequence, samples, _ int) []byte {
	h.put(b, start, sequence, samples)
	return b
}

// put writes header and blockettes of one record, whose payload is there and
// whose other bytes are zero.
func (h *recordHeader) put(b []byte, start time.Time, sequence, samples int) {
	// 0.1 ms in the header, the nearest; the rest of -50 to 49 us in blockette 1001.
	start = start.UTC().Round(time.Microsecond)
	header := start.Add(50 * time.Microsecond).Truncate(100 * time.Microsecond)
	for i := 5; i >= 0; i-- {
		b[i] = byte('0' + sequence%10)
		sequence /= 10
	}
	b[6], b[7] = h.quality, ' '
	copy(b[8:], h.codes[:])
	order := binary.BigEndian
	order.PutUint16(b[20:], uint16(header.Year()))
	order.PutUint16(b[22:], uint16(header.YearDay()))
	b[24], b[25], b[26] = byte(header.Hour()), byte(header.Minute()), byte(header.Second())
	order.PutUint16(b[28:], uint16(header.Nanosecond()/100_000))
	order.PutUint16(b[30:], uint16(samples))
	order.PutUint16(b[32:], uint16(h.factor))
	order.PutUint16(b[34:], uint16(h.multiplier))
	b[39] = 1
	order.PutUint16(b[44:], uint16(h.dataOffset()))
	order.PutUint16(b[46:], headerSize)

	order.PutUint16(b[48:], 1000)
	b[52], b[53], b[54] = byte(h.encoding), 1, byte(bits.TrailingZeros(uint(len(b))))
	next := b[50:] // where the blockette before says where the one behind is
	if micros := start.Sub(header) / time.Microsecond; micros != 0 || h.timingQuality >= 0 {
		b[39]++
		order.PutUint16(next, 56)
		next = b[58:]
		h.putTiming(b, int8(micros))
	}
	if h.blockette100 {
		b[39]++
		order.PutUint16(next, 64)
		order.PutUint16(b[64:], 100)
		order.PutUint32(b[68:], math.Float32bits(float32(h.rate)))
	}
}

// putTiming writes blockette 1001, but for where the next is.
func (h *recordHeader) putTiming(b []byte, micros int8) {
	binary.BigEndian.PutUint16(b[56:], 1001)
	b[60], b[61] = byte(max(0, h.timingQuality)), byte(micros)
	if frames := (len(b) - h.dataOffset()) / frameSize; frames <= 63 && (h.encoding == Steim1 || h.encoding == Steim2) {
		b[63] = byte(frames) // of more, the field cannot tell: zero
	}
}
