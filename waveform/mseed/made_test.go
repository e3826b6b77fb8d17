package mseed

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// What the tests of this package make their records of.

var madeStart = time.Date(2019, 10, 15, 5, 33, 12, 345678000, time.UTC)

func madeTrace(rate float64, data []float64) waveform.Trace {
	id := waveform.SourceID{Network: "XX", Station: "MADE", Location: "10", Channel: "HNE"}
	return waveform.Trace{ID: id, Start: madeStart, SampleRate: rate, Data: data}
}

// wiggle is n integers whose steps take from 1 bit to about the given number of bits.
func wiggle(n, bits int) []float64 {
	data := make([]float64, n)
	seed, v := uint32(1), int64(0)
	for i := range data {
		seed = seed*1664525 + 1013904223 // Numerical Recipes
		width := 1 + int(seed>>16)%bits
		seed = seed*1664525 + 1013904223
		if step := int64(int32(seed)) >> (32 - width); v+step > math.MaxInt32 || v+step < math.MinInt32 {
			v -= step
		} else {
			v += step
		}
		data[i] = float64(v)
	}
	return data
}

func written(t testing.TB, tr waveform.Trace, opt WriteOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tr, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parsed is the record at the start of b.
func parsed(t testing.TB, b []byte) Record {
	t.Helper()
	r, err := ParseRecord(b, 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// edited is a copy of b with a 16-bit number of a header changed.
func edited(b []byte, at int, v uint16) []byte {
	b = bytes.Clone(b)
	binary.BigEndian.PutUint16(b[at:], v)
	return b
}

// withoutBlockettes is a copy of a record without its chain.
func withoutBlockettes(b []byte) []byte {
	b = edited(b, 46, 0)
	clear(b[headerSize:64])
	return b
}

// littleRecord turns a record of this package's writer into little endian ones.
func littleRecord(t testing.TB, b []byte, header, payload bool) []byte {
	t.Helper()
	r := parsed(t, b)
	out := bytes.Clone(b)
	swap := func(at, size int) {
		for i := range size / 2 {
			out[at+i], out[at+size-1-i] = out[at+size-1-i], out[at+i]
		}
	}
	if header {
		for _, at := range []int{20, 22, 28, 30, 32, 34, 44, 46, 48, 50, 56, 58} {
			swap(at, 2)
		}
		swap(40, 4)
		if r.dataOffset == 128 {
			swap(64, 2)
			swap(66, 2)
			swap(68, 4)
		}
	}
	if !payload {
		return out
	}
	out[53] = 0
	size := map[Encoding]int{Int16: 2, Int32: 4, Float32: 4, Float64: 8, Steim1: 4, Steim2: 4}[r.Encoding]
	for at := r.dataOffset; at < len(b); at += size {
		frame := b[r.dataOffset+(at-r.dataOffset)/frameSize*frameSize:]
		c := binary.BigEndian.Uint32(frame) >> (30 - 2*((at-r.dataOffset)%frameSize/4)) & 3
		switch steim := r.Encoding == Steim1 || r.Encoding == Steim2; {
		case steim && c == 1:
		case r.Encoding == Steim1 && c == 2:
			swap(at, 2)
			swap(at+2, 2)
		default:
			swap(at, size)
		}
	}
	return out
}
