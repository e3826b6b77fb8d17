package sac

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// What the tests of this package make their files of.

var madeStart = time.Date(2019, 10, 15, 5, 33, 12, 345678901, time.UTC)

func madeTrace(rate float64, n int) waveform.Trace {
	tr := waveform.Trace{ID: waveform.SourceID{Network: "XX", Station: "MADE", Location: "10", Channel: "HNE"}, Start: madeStart, SampleRate: rate}
	tr.Data = make([]float64, n)
	for i := range tr.Data {
		tr.Data[i] = float64(i*i%2000) - 700.5
	}
	return tr
}

// fileOf is the trace as a file in memory.
func fileOf(t testing.TB, tr waveform.Trace, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tr, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func bytesOf(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// edited is a copy of a little endian file with an integer of the header changed.
func edited(b []byte, at int, v int32) []byte {
	b = bytes.Clone(b)
	binary.LittleEndian.PutUint32(b[at:], uint32(v))
	return b
}

// withFloat is a copy of a little endian file with a number of the header changed.
func withFloat(b []byte, word int, v float32) []byte {
	return edited(b, 4*word, int32(math.Float32bits(v)))
}

// spectrum is a file of two sections.
func spectrum(version int, big bool) *File {
	f := &File{Header: NewHeader(), BigEndian: big}
	f.Header.Version, f.Header.Type, f.Header.Delta = version, AmplitudePhase, 0.5
	for i := range 20 {
		f.Data, f.Second = append(f.Data, float32(i)/3), append(f.Second, -float32(i)/7)
	}
	return f
}
