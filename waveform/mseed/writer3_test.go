package mseed

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestWrittenTracesOfVersion3ComeBackExactly(t *testing.T) {
	for _, e := range []Encoding{0, Steim1, Steim2, Int16, Int32, Float32, Float64} {
		for _, length := range []int{256, 300, 4096, 65536} {
			for _, n := range []int{1, 2, 7, 100, 70000} {
				tr := madeTrace(0.3, wiggle(n, 12))
				tr.Start = tr.Start.Add(901) // ns
				for i, v := range tr.Data {
					tr.Data[i] = math.Mod(v, 30000)
				}
				b := written(t, tr, WriteOptions{Version: 3, Encoding: e, RecordLength: length})
				got, err := ReadAll(bytes.NewReader(b))
				if err != nil || len(got.Faults) != 0 || len(got.Segments) != 1 || got.Version2 != 0 {
					t.Fatalf("%v, records of %d, %d samples: %d segments, %v, %v", e, length, n, len(got.Segments), got.Faults, err)
				}
				s := got.Segments[0]
				back := s.Trace()
				if back.ID != tr.ID || !back.Start.Equal(tr.Start) || back.SampleRate != 0.3 || !slices.Equal(back.Data, tr.Data) {
					t.Errorf("%v, records of %d, %d samples: came back different", e, length, n)
				}
				if e == 0 && s.Encoding != Steim2 || e != 0 && s.Encoding != e {
					t.Errorf("%v, records of %d: %v", e, length, s.Encoding)
				}
				for r := range Records(b, 0) {
					if r.Length > length {
						t.Fatalf("%v, records of %d: one of %d", e, length, r.Length)
					}
				}
			}
		}
	}
}

func TestVersion3KeepsRatesToTheLastBit(t *testing.T) {
	for rate := 1e-6; rate < 1e300; rate *= 1.37 {
		tr := madeTrace(rate, []float64{1, 2})
		r := parsed(t, written(t, tr, WriteOptions{Version: 3}))
		if r.SampleRate != rate {
			t.Errorf("%v Hz came back as %v", rate, r.SampleRate)
		}
	}
	b := written(t, madeTrace(0.1, []float64{1, 2}), WriteOptions{Version: 3})
	if got := math.Float64frombits(binary.LittleEndian.Uint64(b[16:])); got != -10 {
		t.Errorf("0.1 Hz is written as %v, want the period of 10 s", got)
	}
}

func TestVersion3RefusesWhatItCannotWrite(t *testing.T) {
	good := madeTrace(100, []float64{1, 2})
	two, underscore, long := good, good, good
	two.ID.Channel = "HZ"
	underscore.ID.Station = "A_B"
	long.ID.Network = "NETWORK12"
	for want, err := range map[string]error{
		`channel code "HZ" is neither`:                   Write(io.Discard, two, WriteOptions{Version: 3}),
		`station code "A_B" has an underscore`:           Write(io.Discard, underscore, WriteOptions{Version: 3}),
		`network code "NETWORK12" is longer than 8`:      Write(io.Discard, long, WriteOptions{Version: 3}),
		"version 4: want 2 or 3":                         Write(io.Discard, good, WriteOptions{Version: 4}),
		"record length 255: want 256 to 65536":           Write(io.Discard, good, WriteOptions{Version: 3, RecordLength: 255}),
		"publication version 256: want 1 to 255":         Write(io.Discard, good, WriteOptions{Version: 3, PublicationVersion: 256}),
		"unsupported encoding: INT24 as output":          Write(io.Discard, good, WriteOptions{Version: 3, Encoding: Int24}),
		"miniSEED 2 has no extra headers":                Write(io.Discard, good, WriteOptions{ExtraHeaders: []byte("{}")}),
		"extra headers are no JSON object":               Write(io.Discard, good, WriteOptions{Version: 3, ExtraHeaders: []byte("[1]")}),
		"quality and timing quality go into the extra":   Write(io.Discard, good, WriteOptions{Version: 3, Quality: 'D', ExtraHeaders: []byte("{}")}),
		"extra headers of 65538 bytes: at most 65535":    Write(io.Discard, good, WriteOptions{Version: 3, ExtraHeaders: []byte("{" + strings.Repeat(" ", 65536) + "}")}),
		"record length 256 leaves -45 bytes for the pay": Write(io.Discard, good, WriteOptions{Version: 3, RecordLength: 256, ExtraHeaders: []byte("{" + strings.Repeat(" ", 238) + "}")}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestRecordOf300FramesInVersion3HasAllItsFrames(t *testing.T) {
	data := wiggle(300*15, 31)
	b := written(t, madeTrace(100, data), WriteOptions{Version: 3, Encoding: Steim1, RecordLength: 32768})
	r := parsed(t, b)
	if got, err := r.DecodeFloat64(nil); err != nil || !slices.Equal(got, data) || r.Length != len(b) {
		t.Errorf("%v: %d samples, %v", r.String(), len(got), err)
	}
}
