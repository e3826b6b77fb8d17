package mseed

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Encodings of single networks, most of them of words of 16 bits: a mantissa and
// the gain of the amplifier at that sample. Their definitions are the keys of SEED's
// data description language that volumes give them in blockette 30 (SEED 2.4, chapter 5, blockette
// 30, and appendix on the language): W is the width in bytes, D the bits, A is
// added, C2 is two's complement, P a table from code to factor, # a power of two.
//
//	INT24, GEOSCOPE24  W3 D0-23 C2
//	GEOSCOPE163        W2 D0-11 A-2048   D12-14   mantissa / 2^code; bit 15 is not used
//	GEOSCOPE164        W2 D0-11 A-2048   D12-15   mantissa / 2^code
//	CDSN               W2 D0-13 A-8191   D14-15   P0:#0,1:#2,2:#4,3:#7
//	RSTN               W2 D0-13 A-8191   D14-15   P0:1,1:4,2:16,3:128, the same
//	SRO                W2 D0-11 C2       D12-15   mantissa * 2^(10-code), codes 0 to 10
//	DWWSSN             W2 D0-15 C2
//
// GRAEFENBERG (W2 D4-15 C2) is not decoded: the factors of its codes are in no public document.
const (
	geoscopeBias = 2048
	cdsnBias     = 8191
	sroMaxCode   = 10
)

// cdsnValue is a sample of CDSN or RSTN.
func cdsnValue(w uint16) int32 {
	const shifts = 0<<0 | 2<<4 | 4<<8 | 7<<12 // by code, four bits each
	return (int32(w&0x3fff) - cdsnBias) << (shifts >> (w >> 14 * 4) & 15)
}

// sroValue is a sample of SRO, whose code is sroMaxCode or less.
func sroValue(w uint16) int32 {
	return int32(int16(w<<4)>>4) << (sroMaxCode - w>>12)
}

// geoscopeValue is a sample of GEOSCOPE163 or, with 15 as mask, GEOSCOPE164. A
// float32 holds it exactly.
func geoscopeValue(w uint16, mask uint16) float32 {
	return float32(int32(w&0xfff)-geoscopeBias) / float32(uint32(1)<<(w>>12&mask))
}

// word16 is word i of a payload.
func word16(payload []byte, i int, little bool) uint16 {
	w := binary.BigEndian.Uint16(payload[2*i:])
	if little {
		w = bits.ReverseBytes16(w)
	}
	return w
}

// appendGeoscope decodes GEOSCOPE163 and GEOSCOPE164.
func appendGeoscope[T float32 | float64](dst []T, r *Record) ([]T, error) {
	mask := uint16(7)
	if r.Encoding == Geoscope164 {
		mask = 15
	}
	dst, out, payload, err := room(dst, r, 2)
	for i := range out {
		out[i] = T(geoscopeValue(word16(payload, i, r.LittlePayload), mask))
	}
	return dst, err
}

func appendInt24[T int32 | float64](dst []T, r *Record) ([]T, error) {
	dst, out, payload, err := room(dst, r, 3)
	for i := range out {
		p := payload[3*i : 3*i+3]
		first, last := p[0], p[2]
		if r.LittlePayload {
			first, last = last, first
		}
		out[i] = T(int32(uint32(first)<<24|uint32(p[1])<<16|uint32(last)<<8) >> 8)
	}
	return dst, err
}

func appendCDSN[T int32 | float64](dst []T, r *Record) ([]T, error) {
	dst, out, payload, err := room(dst, r, 2)
	for i := range out {
		out[i] = T(cdsnValue(word16(payload, i, r.LittlePayload)))
	}
	return dst, err
}

func appendSRO[T int32 | float64](dst []T, r *Record) ([]T, error) {
	n := len(dst)
	dst, out, payload, err := room(dst, r, 2)
	for i := range out {
		w := word16(payload, i, r.LittlePayload)
		if w>>12 > sroMaxCode {
			return dst[:n], r.bad(fmt.Errorf("%w: sample %d of SRO with gain code %d", ErrIntegrity, i, w>>12))
		}
		out[i] = T(sroValue(w))
	}
	return dst, err
}
