package archive

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// hours is records of an hour at 100 Hz of two channels.
func hours(t testing.TB) (records [][]byte) {
	for _, id := range []waveform.SourceID{hne, hnn} {
		records = append(records, packed(t, made(id, 100, 0, 360000), 'D')...)
	}
	return records
}

// storedSAC is a trace in a SAC file, as a source.
func storedSAC(t testing.TB, tr waveform.Trace) []Source {
	file, path := sacked(t, tr, nil), filepath.Join(t.TempDir(), "sac")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return []Source{{Path: path, Format: SAC, Segment: mustScan(t, file).Segments[0]}}
}

func BenchmarkRead(b *testing.B) {
	records := hours(b)
	for _, c := range []struct {
		name    string
		sources []Source
	}{
		{"sequential", stored(b, "sequential", 0, records...)},
		{"multiplexed", stored(b, "multiplexed", 0, interleave(records[:len(records)/2], records[len(records)/2:])...)},
		{"SAC", storedSAC(b, made(hne, 100, 0, 360000))},
	} {
		b.Run(fmt.Sprintf("%s/200s", c.name), func(b *testing.B) {
			var r Reader
			var cut Cut
			w := seconds(1000, 1200)
			b.ReportAllocs()
			b.SetBytes(8 * 20000)
			for b.Loop() {
				if err := r.Read(b.Context(), &cut, hne, w, c.sources); err != nil || len(cut.Traces) != 1 {
					b.Fatal(err)
				}
			}
			b.ReportMetric(20000*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// The opening of a file and an extent of it, with dozens of records, allocate a few times each.
func TestCutUsedAgainAllocatesNothingPerRecord(t *testing.T) {
	records := hours(t) // of two channels
	sources := stored(t, "a", 0, interleave(records[:len(records)/2], records[len(records)/2:])...)
	var r Reader
	var cut Cut
	allocated := func(w waveform.Window) float64 {
		return testing.AllocsPerRun(5, func() {
			if err := r.Read(t.Context(), &cut, hne, w, sources); err != nil || len(cut.Traces) != 1 {
				t.Fatal(err)
			}
		})
	}
	n := len(packed(t, made(hne, 100, 100000, 300000), 'D'))
	if few, many := allocated(seconds(1000, 1020)), allocated(seconds(1000, 3000)); few > 15 || many > few+float64(n)/5 {
		t.Errorf("%v allocations for 20 s, %v for 2000 s of %d records", few, many, n)
	}
}

func BenchmarkScan(b *testing.B) {
	records := hours(b)
	file := slices.Concat(records...)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if ix, err := Scan(bytes.NewReader(file)); err != nil || ix.Records != len(records) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(records))*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(2*360000*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

func BenchmarkRate(b *testing.B) {
	var sources []Source
	for i := range 100 {
		w := seconds(float64(36*i), float64(36*i+36))
		sources = append(sources, Source{Priority: i % 3, Segment: Segment{ID: hne, Start: w.From, End: w.Until, SampleRate: 100}})
	}
	w, at := seconds(1000, 1200), midnight.Add(1100*time.Second)
	b.ReportAllocs()
	for b.Loop() {
		if Rate(hne, at, w, sources) != 100 {
			b.Fatal("no rate")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "windows/s")
}
