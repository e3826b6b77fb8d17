package archive

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

var (
	midnight = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	hne      = waveform.SourceID{Network: "XX", Station: "AAA", Channel: "HNE"}
	hnn      = waveform.SourceID{Network: "XX", Station: "AAA", Channel: "HNN"}
)

// made is the trace of samples from..until of an endless series whose sample 0 is at
// midnight. Neighbouring values differ, and no stretch repeats soon.
func made(id waveform.SourceID, rate float64, from, until int) waveform.Trace {
	tr := waveform.Trace{ID: id, Start: waveform.SampleTime(midnight, rate, int64(from)), SampleRate: rate, Unit: waveform.Counts}
	for i := from; i < until; i++ {
		tr.Data = append(tr.Data, sample(i))
	}
	return tr
}

func sample(i int) float64 {
	x := float64(i)
	return math.Round(3000*math.Sin(x*0.11) + 900*math.Sin(x*0.0137) + 50*math.Sin(x*2.3))
}

// packed is a trace as records of 512 bytes.
func packed(t testing.TB, tr waveform.Trace, quality byte) [][]byte {
	t.Helper()
	var b bytes.Buffer
	if err := mseed.Write(&b, tr, mseed.WriteOptions{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return slices.Collect(slices.Chunk(b.Bytes(), 512))
}

// packed3 is a trace as records of miniSEED 3.
func packed3(t testing.TB, tr waveform.Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := mseed.Write(&b, tr, mseed.WriteOptions{Version: 3}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// logged is a record of text of the same channel.
func logged(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := mseed.NewWriter(&b, mseed.WriteOptions{})
	if err == nil {
		err = w.WriteText(hne, midnight, "the vault was opened")
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// interleave takes a record of each row in turn.
func interleave(rows ...[][]byte) [][]byte {
	var out [][]byte
	for i := 0; ; i++ {
		n := len(out)
		for _, row := range rows {
			if i < len(row) {
				out = append(out, row[i])
			}
		}
		if len(out) == n {
			return out
		}
	}
}

func mustScan(t testing.TB, records ...[]byte) Index {
	t.Helper()
	ix, err := Scan(bytes.NewReader(slices.Concat(records...)))
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// stored writes records to a file and returns its segments as sources.
func stored(t testing.TB, name string, priority int, records ...[]byte) []Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, slices.Concat(records...), 0o600); err != nil {
		t.Fatal(err)
	}
	var out []Source
	for _, s := range mustScan(t, records...).Segments {
		out = append(out, Source{Path: path, Priority: priority, Segment: s})
	}
	return out
}

func mustRead(t testing.TB, w waveform.Window, sources []Source) *Cut {
	t.Helper()
	var r Reader
	var cut Cut
	if err := r.Read(t.Context(), &cut, hne, w, sources); err != nil {
		t.Fatal(err)
	}
	return &cut
}

// seconds is a window by seconds from midnight.
func seconds(from, until float64) waveform.Window {
	at := func(s float64) time.Time { return midnight.Add(time.Duration(math.Round(s * 1e9))) }
	return waveform.Window{From: at(from), Until: at(until)}
}

// wantPieces requires the pieces of the made series with these sample numbers, from
// and until in turn.
func wantPieces(t *testing.T, cut *Cut, rate float64, edges ...int) {
	t.Helper()
	if len(cut.Traces) != len(edges)/2 {
		t.Fatalf("%d pieces, want %d", len(cut.Traces), len(edges)/2)
	}
	for i, tr := range cut.Traces {
		want := made(hne, rate, edges[2*i], edges[2*i+1])
		if !slices.Equal(tr.Data, want.Data) {
			t.Errorf("piece %d: %d samples from %v, want %d from %v, or their values differ", i, len(tr.Data), tr.Start, len(want.Data), want.Start)
		}
		if d := tr.Start.Sub(want.Start).Abs(); d > time.Microsecond || tr.ID != hne || tr.SampleRate != rate || tr.Unit != waveform.Counts {
			t.Errorf("piece %d: %v %g Hz %v from %v, want from %v", i, tr.ID, tr.SampleRate, tr.Unit, tr.Start, want.Start)
		}
	}
}
