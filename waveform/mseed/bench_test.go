package mseed

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// perSecond says how many of a unit a benchmark of n of them a turn works on.
func perSecond(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), unit+"/s")
}

// recordsOf are the records of b, and how many samples they hold.
func recordsOf(t testing.TB, b []byte) (records []Record, samples int) {
	t.Helper()
	for r, err := range Records(b, 0) {
		if err != nil {
			t.Fatal(err)
		}
		records, samples = append(records, r), samples+r.Samples
	}
	return records, samples
}

// coded are the encodings, of samples that take about so many bits.
var coded = []struct {
	e    Encoding
	bits int
}{{Steim2, 4}, {Steim2, 8}, {Steim2, 16}, {Steim1, 8}, {Int16, 4}, {Int32, 16}, {Float32, 16}, {Float64, 16}}

func BenchmarkDecode(b *testing.B) {
	for _, c := range coded {
		records, samples := recordsOf(b, written(b, madeTrace(100, wiggle(50000, c.bits)), WriteOptions{Encoding: c.e, RecordLength: 4096}))
		floats := make([]float64, 0, samples)
		b.Run(fmt.Sprintf("%v/%dbits", c.e, c.bits), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dst := floats[:0]
				for i := range records {
					var err error
					if dst, err = records[i].DecodeFloat64(dst); err != nil {
						b.Fatal(err)
					}
				}
			}
			perSecond(b, samples, "samples")
		})
	}
}

// narrow are the two decoders whose samples are not made 64-bit floats.
func narrow(t testing.TB, samples int) map[string]func() {
	t.Helper()
	whole, _ := recordsOf(t, written(t, madeTrace(100, wiggle(samples, 8)), WriteOptions{RecordLength: 4096}))
	float, _ := recordsOf(t, written(t, madeTrace(100, wiggle(samples, 8)), WriteOptions{Encoding: Float32, RecordLength: 4096}))
	int32s, float32s := make([]int32, 0, samples), make([]float32, 0, samples)
	return map[string]func(){
		"DecodeInt32": func() {
			for i := range whole {
				if _, err := whole[i].DecodeInt32(int32s); err != nil {
					t.Fatal(err)
				}
			}
		},
		"DecodeFloat32": func() {
			for i := range float {
				if _, err := float[i].DecodeFloat32(float32s); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
}

func BenchmarkDecodeNarrow(b *testing.B) {
	for name, decode := range narrow(b, 50000) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				decode()
			}
			perSecond(b, 50000, "samples")
		})
	}
}

func TestDecodingDoesNotAllocate(t *testing.T) {
	for name, decode := range narrow(t, 5000) {
		if n := testing.AllocsPerRun(5, decode); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	for _, c := range coded {
		records, samples := recordsOf(t, written(t, madeTrace(100, wiggle(5000, c.bits)), WriteOptions{Encoding: c.e}))
		dst := make([]float64, 0, samples)
		if n := testing.AllocsPerRun(5, func() {
			for i := range records {
				if _, err := records[i].DecodeFloat64(dst); err != nil {
					t.Fatal(err)
				}
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations", c.e, n)
		}
	}
}

// BenchmarkRead takes 500000 samples in records of 512 bytes apart: their headers alone
// (ParseRecord, Records, Reader), with what the headers say (Remarks), and with all
// samples (Assembler, Segments, ReadAll).
func BenchmarkRead(b *testing.B) {
	for _, version := range []int{2, 3} {
		raw := written(b, madeTrace(100, wiggle(500000, 8)), WriteOptions{Version: version, RecordLength: 512, TimingQuality: 90})
		records, samples := recordsOf(b, raw)
		for _, c := range []struct {
			name string
			read func() error
		}{
			{"ParseRecord", func() error {
				for at := 0; at < len(raw); {
					r, err := ParseRecord(raw[at:], int64(at))
					if err != nil {
						return err
					}
					at += r.Length
				}
				return nil
			}},
			{"Records", func() error {
				for _, err := range Records(raw, 0) {
					if err != nil {
						return err
					}
				}
				return nil
			}},
			{"Reader.Next", func() error {
				for in := NewReader(bytes.NewReader(raw)); ; {
					if _, err := in.Next(); err == io.EOF {
						return nil
					} else if err != nil {
						return err
					}
				}
			}},
			{"Remarks.Add", func() error {
				var all Remarks
				for i := range records {
					all.Add(&records[i])
				}
				return nil
			}},
			{"Assembler", func() error {
				var a Assembler
				for i := range records {
					if err := a.Add(&records[i]); err != nil {
						return err
					}
				}
				a.Segments()
				return nil
			}},
			{"Segments", func() error { _, _, err := Segments(bytes.NewReader(raw)); return err }},
			{"ReadAll", func() error { _, err := ReadAll(bytes.NewReader(raw)); return err }},
		} {
			b.Run(fmt.Sprintf("version%d/%s", version, c.name), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				b.ReportAllocs()
				for b.Loop() {
					if err := c.read(); err != nil {
						b.Fatal(err)
					}
				}
				perSecond(b, len(records), "records")
				perSecond(b, samples, "samples")
			})
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	const n = 50000
	for _, c := range coded {
		tr := madeTrace(100, wiggle(n, c.bits))
		b.Run(fmt.Sprintf("%v/%dbits", c.e, c.bits), func(b *testing.B) {
			w, err := NewWriter(io.Discard, WriteOptions{Encoding: c.e})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Write(tr); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, n, "samples")
		})
	}
}

func BenchmarkText(b *testing.B) {
	id, text := madeTrace(1, nil).ID, strings.Repeat("001:00:00:00 GPS: LOCKED\r\n", 10)
	b.Run("Writer.WriteText", func(b *testing.B) {
		w, err := NewWriter(io.Discard, WriteOptions{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if err := w.WriteText(id, madeStart, text); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, 1, "records")
	})
	b.Run("Record.Text", func(b *testing.B) {
		var raw bytes.Buffer
		w, err := NewWriter(&raw, WriteOptions{})
		if err == nil {
			err = w.WriteText(id, madeStart, text)
		}
		if err != nil {
			b.Fatal(err)
		}
		r := parsed(b, raw.Bytes())
		b.ReportAllocs()
		for b.Loop() {
			if _, err := r.Text(); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, 1, "records")
	})
}

func BenchmarkRecordString(b *testing.B) {
	r := parsed(b, written(b, madeTrace(100, wiggle(100, 8)), WriteOptions{}))
	b.ReportAllocs()
	for b.Loop() {
		_ = r.String()
	}
	perSecond(b, 1, "records")
}

func TestWritingAllocatesNothingPerRecord(t *testing.T) {
	for _, version := range []int{2, 3} {
		for _, c := range coded {
			w, err := NewWriter(io.Discard, WriteOptions{Version: version, Encoding: c.e})
			if err != nil {
				t.Fatal(err)
			}
			tr := madeTrace(100, wiggle(20000, c.bits))
			if n := testing.AllocsPerRun(5, func() {
				if err := w.Write(tr); err != nil {
					t.Fatal(err)
				}
			}); n > 4 { // of the trace: header and identifier, samples
				t.Errorf("version %d, %v: %v allocations", version, c.e, n)
			}
		}
	}
}

func TestJoiningAllocatesNothingPerRecord(t *testing.T) {
	raw := written(t, madeTrace(100, wiggle(100000, 8)), WriteOptions{})
	records, _ := recordsOf(t, raw)
	n := testing.AllocsPerRun(5, func() {
		if _, err := ReadAll(bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
	})
	if len(records) < 200 || n > float64(len(records))/2 { // the samples grow
		t.Errorf("%v allocations for %d records", n, len(records))
	}
}
