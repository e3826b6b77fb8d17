package mseed

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// DecodeInt32 appends the samples of a record in an encoding of integers (STEIM1,
// STEIM2, INT16, INT24, INT32, GEOSCOPE24, CDSN, SRO, DWWSSN, RSTN) to dst and
// returns it. On an error, dst is returned as it was. The error is a [*BadRecordError] that
// wraps [ErrIntegrity] or an [*UnsupportedEncodingError].
func (r *Record) DecodeInt32(dst []int32) ([]int32, error) {
	if r.Samples > 0 && r.kind() != kindInt32 {
		return dst, r.bad(&UnsupportedEncodingError{r.Encoding, "integers"})
	}
	return appendIntegers(dst, r)
}

// DecodeFloat32 appends the samples of a record in FLOAT32, GEOSCOPE163 or
// GEOSCOPE164 to dst, on the terms of [Record.DecodeInt32].
func (r *Record) DecodeFloat32(dst []float32) ([]float32, error) {
	switch {
	case r.Samples > 0 && r.kind() != kindFloat32:
		return dst, r.bad(&UnsupportedEncodingError{r.Encoding, "float32"})
	case r.Encoding != Float32:
		return appendGeoscope(dst, r)
	}
	dst, out, payload, err := room(dst, r, 4)
	convert32(out, payload, r.LittlePayload, math.Float32frombits)
	return dst, err
}

// DecodeFloat64 appends the samples of a record in any numeric encoding to
// dst, on the terms of [Record.DecodeInt32]. It allocates only where dst is too small.
func (r *Record) DecodeFloat64(dst []float64) ([]float64, error) {
	switch r.kind() {
	case kindInt32:
		return appendIntegers(dst, r)
	case kindFloat32:
		if r.Encoding != Float32 {
			return appendGeoscope(dst, r)
		}
		dst, out, payload, err := room(dst, r, 4)
		convert32(out, payload, r.LittlePayload, func(w uint32) float64 { return float64(math.Float32frombits(w)) })
		return dst, err
	case kindFloat64:
		dst, out, payload, err := room(dst, r, 8)
		if r.LittlePayload {
			for i := range out {
				out[i] = math.Float64frombits(binary.LittleEndian.Uint64(payload[8*i:]))
			}
			return dst, err
		}
		for i := range out {
			out[i] = math.Float64frombits(binary.BigEndian.Uint64(payload[8*i:]))
		}
		return dst, err
	}
	if r.Samples == 0 {
		return dst, nil
	}
	return dst, r.bad(&UnsupportedEncodingError{r.Encoding, "numbers"})
}

// Text is the content of an ASCII record: a log, mostly. In miniSEED 3 it is UTF-8;
// in miniSEED 2 it should be ASCII, and is not checked.
func (r *Record) Text() (string, error) {
	if r.Encoding != ASCII {
		return "", r.bad(&UnsupportedEncodingError{r.Encoding, "text"})
	}
	_, _, payload, err := room([]byte(nil), r, 1)
	return string(payload), err
}

// appendIntegers decodes an integer encoding to integers, or to floating point
// without a detour.
func appendIntegers[T int32 | float64](dst []T, r *Record) ([]T, error) {
	switch r.Encoding {
	case Steim1, Steim2:
		return appendSteim(dst, r)
	case Int16, DWWSSN:
		dst, out, payload, err := room(dst, r, 2)
		for i := range out {
			out[i] = T(int16(word16(payload, i, r.LittlePayload)))
		}
		return dst, err
	case Int24, Geoscope24:
		return appendInt24(dst, r)
	case CDSN, RSTN:
		return appendCDSN(dst, r)
	case SRO:
		return appendSRO(dst, r)
	}
	dst, out, payload, err := room(dst, r, 4)
	convert32(out, payload, r.LittlePayload, func(w uint32) T { return T(int32(w)) })
	return dst, err
}

// convert32 fills dst from as many words of 32 bits.
func convert32[T int32 | float32 | float64](dst []T, payload []byte, little bool, value func(uint32) T) {
	for i := range dst {
		w := binary.BigEndian.Uint32(payload[4*i:])
		if little {
			w = bits.ReverseBytes32(w)
		}
		dst[i] = value(w)
	}
}

func appendSteim[T int32 | float64](dst []T, r *Record) ([]T, error) {
	payload := r.raw[r.dataOffset:]
	if room := len(payload) / frameSize * 15 * 7; r.Samples > room {
		return dst, r.bad(fmt.Errorf("%w: %d samples in %d bytes of %v", ErrIntegrity, r.Samples, len(payload), r.Encoding))
	}
	n := len(dst)
	dst = slices.Grow(dst, r.Samples)[:n+r.Samples]
	if err := decodeSteim(dst[n:], payload, r.Encoding, r.LittlePayload); err != nil {
		return dst[:n], r.bad(err)
	}
	return dst, nil
}

// room makes room for the record's samples, which take size bytes each. It returns
// dst with the room, the room, and the bytes of the samples.
func room[T any](dst []T, r *Record, size int) (grown, out []T, payload []byte, err error) {
	payload = r.raw[r.dataOffset:]
	if need := r.Samples * size; need > len(payload) {
		return dst, nil, nil, r.bad(fmt.Errorf("%w: %d samples of %v need %d bytes, %d are there",
			ErrIntegrity, r.Samples, r.Encoding, need, len(payload)))
	}
	n := len(dst)
	grown = slices.Grow(dst, r.Samples)[:n+r.Samples]
	return grown, grown[n:], payload[:r.Samples*size], nil
}

func (r *Record) bad(reason error) error {
	return &BadRecordError{Offset: r.Offset, Length: int64(r.Length), Err: reason}
}
