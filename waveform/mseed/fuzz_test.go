package mseed

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"testing/iotest"
)

// FuzzReader: whatever the bytes, reading ends, covers them once and in order,
// says the same of a stream as of memory, and allocates no more than a multiple
// of them.
func FuzzReader(f *testing.F) {
	for _, e := range []Encoding{Steim1, Steim2, Int16, Int32, Float32, Float64} {
		b := written(f, madeTrace(31.4, wiggle(200, 9)), WriteOptions{Encoding: e, RecordLength: 256})
		f.Add(b)
		f.Add(b[:len(b)-100])
		f.Add(littleRecord(f, b[:256], true, true))
		f.Add(slices.Concat(withoutBlockettes(b[:256]), withoutBlockettes(b[256:512])))
		f.Add(edited(b, 46, 65534))
		f.Add(edited(b, 30, 65535))
	}
	for _, b := range seeds3(f) {
		f.Add(b)
		f.Add(b[:len(b)-100])
	}
	f.Add([]byte("000001V 0100034 2.4122019,288~2019,289~~~                   "))
	f.Add([]byte("MS\x03\x00\x00\x00\x00\x00\xe6\x07\x9c\x00\x14\x20\x26........................................."))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := allocated()
		segments, faults, err := Segments(bytes.NewReader(b))
		// STEIM2 has 28 bytes of samples in a word of 4, and memory that grows is copied.
		if used := allocated() - before; used > uint64(100*len(b)+1<<18) {
			t.Errorf("%d bytes allocated for %d", used, len(b))
		}
		if err != nil {
			t.Fatal(err)
		}
		samples := 0
		for i := range segments {
			samples += segments[i].Samples()
			_ = segments[i].End()
		}
		if samples > 7*len(b) || len(faults) > 1+len(b)/headerSize {
			t.Errorf("%d samples, %d faults from %d bytes", samples, len(faults), len(b))
		}
		checkCover(t, b)
		fromMemory, fromStream := outline(Records(b, 0)), outline(fromReader(iotest.OneByteReader(bytes.NewReader(b))))
		if !slices.Equal(fromMemory, fromStream) {
			t.Errorf("from memory %q\nfrom a stream %q", fromMemory, fromStream)
		}
	})
}

// seeds3 are records of miniSEED 3 in every encoding, some with extra headers, and one between
// two of miniSEED 2.
func seeds3(t testing.TB) [][]byte {
	var out [][]byte
	for i, e := range []Encoding{Steim1, Steim2, Int16, Int32, Float32, Float64} {
		out = append(out, written(t, madeTrace(31.4, wiggle(200, 9)), WriteOptions{Version: 3, Encoding: e, RecordLength: 256, TimingQuality: i}))
	}
	v2 := written(t, madeTrace(31.4, wiggle(20, 9)), WriteOptions{RecordLength: 256})
	return append(out, slices.Concat(v2, out[1], v2))
}

// FuzzVersion3: what the checksum lets through is no more dangerous than the rest. A
// record at the start of the bytes gets the checksum that it has.
func FuzzVersion3(f *testing.F) {
	for _, b := range seeds3(f) {
		f.Add(b)
		for e := range byte(35) {
			f.Add(put3(b, 15, e))
		}
		f.Add(put3(b, 24, 0xff))
		f.Add(put3(b, 34, 0xff))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if isVersion3(b) {
			n := fixedSize3 + uint64(b[33]) + uint64(binary.LittleEndian.Uint16(b[34:])) + uint64(binary.LittleEndian.Uint32(b[36:]))
			b = bytes.Clone(b)
			checksummed(b[:min(n, uint64(len(b)))])
		}
		before := allocated()
		c, err := ReadAll(bytes.NewReader(b))
		if used := allocated() - before; used > uint64(100*len(b)+1<<18) {
			t.Errorf("%d bytes allocated for %d", used, len(b))
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Segments {
			_ = c.Segments[i].End()
		}
		checkCover(t, b)
	})
}

// checkCover makes sure that records and bad stretches follow each other and stay inside b.
func checkCover(t *testing.T, b []byte) {
	at := int64(0)
	for r, err := range Records(b, 0) {
		offset, length := r.Offset, int64(r.Length)
		if bad, ok := err.(*BadRecordError); ok {
			offset, length = bad.Offset, bad.Length
		}
		if offset < at || length < 1 {
			t.Fatalf("%d bytes at %d, after byte %d", length, offset, at)
		}
		at = offset + length
		_, _ = r.Text()
		_, _ = r.DecodeFloat32(nil)
		floats, err1 := r.DecodeFloat64(nil)
		ints, err2 := r.DecodeInt32(nil)
		if err1 == nil && err2 == nil && len(floats) != len(ints) {
			t.Fatalf("%d floats, %d integers", len(floats), len(ints))
		}
	}
	if at > int64(len(b)) {
		t.Fatalf("%d bytes of %d", at, len(b))
	}
}

// FuzzSteimRoundTrip: integers come back from both compressions as they were.
func FuzzSteimRoundTrip(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128})
	f.Add(bytes.Repeat([]byte{1, 2, 3, 0}, 500))
	f.Fuzz(func(t *testing.T, b []byte) {
		data := make([]float64, len(b)/4)
		for i := range data {
			data[i] = float64(int32(binary.LittleEndian.Uint32(b[4*i:])))
		}
		for _, e := range []Encoding{Steim1, Steim2} {
			var out bytes.Buffer
			if err := Write(&out, madeTrace(100, data), WriteOptions{Encoding: e, RecordLength: 256}); err != nil {
				if e == Steim2 && out.Len() == 0 {
					continue // a step of more than 30 bits
				}
				t.Fatal(err)
			}
			var got []float64
			for r, err := range Records(out.Bytes(), 0) {
				if err == nil {
					got, err = r.DecodeFloat64(got)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(got, data) {
				t.Errorf("%v: %v came back as %v", e, data, got)
			}
		}
	})
}
