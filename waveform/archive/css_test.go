package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// plainFile is a file of n counts 0, 1, 2 ... behind some bytes of something else, and the row of
// wfdisc that describes it.
func plainFile(t *testing.T, n int, behind int) (raw []byte, row css.Segment) {
	t.Helper()
	raw = make([]byte, behind)
	for i := range n {
		raw = binary.BigEndian.AppendUint32(raw, uint32(i))
	}
	row = css.Segment{ID: hne, Start: midnight, SampleRate: 100, Samples: int64(n), Datatype: "s4", Offset: int64(behind)}
	row.Path = filepath.Join(t.TempDir(), "a.w")
	if err := os.WriteFile(row.Path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	return raw, row
}

func TestWindowsOfPlainSamplesAreCutExactly(t *testing.T) {
	const n = 3*cssExtent + 17
	raw, row := plainFile(t, n, 12)
	ix, err := IndexCSS(bytes.NewReader(raw), int64(len(raw)), []css.Segment{row})
	if err != nil || ix.BadCount != 0 || ix.Format != "css/s4" || len(ix.Segments) != 1 || len(ix.Segments[0].Extents) != 4 {
		t.Fatalf("%+v, %v", ix, err)
	}
	source := []Source{{Path: row.Path, Format: ix.Format, Segment: ix.Segments[0]}}
	var r Reader
	var cut Cut
	for _, span := range [][2]int{{0, n}, {0, 1}, {n - 1, n}, {cssExtent - 1, cssExtent + 1}, {cssExtent, 2 * cssExtent}, {100, 30000 - 9000}} {
		w := waveform.Window{From: waveform.SampleTime(midnight, 100, int64(span[0])), Until: waveform.SampleTime(midnight, 100, int64(span[1]))}
		if err := r.Read(t.Context(), &cut, hne, w, source); err != nil || len(cut.Traces) != 1 || len(cut.Bad) != 0 {
			t.Fatalf("%v: %+v, %v", span, cut, err)
		}
		tr := cut.Traces[0]
		if len(tr.Data) != span[1]-span[0] || !tr.Start.Equal(w.From) || tr.Unit != waveform.Counts {
			t.Errorf("%v: %d samples from %v", span, len(tr.Data), tr.Start)
		}
		for i, v := range tr.Data {
			if v != float64(span[0]+i) {
				t.Fatalf("%v: sample %d is %v", span, i, v)
			}
		}
	}
}

func TestRowsBeyondTheEndOfAFileGiveWhatIsThere(t *testing.T) {
	raw, row := plainFile(t, 100, 0)
	long, away := row, row
	long.Samples, away.Offset = 150, 1<<40
	ix, err := IndexCSS(bytes.NewReader(raw), int64(len(raw)), []css.Segment{long, away})
	if err != nil || ix.BadCount != 2 || ix.Records != 1 || len(ix.Segments) != 1 || ix.Segments[0].Samples != 100 ||
		!ix.Segments[0].End.Equal(midnight.Add(990*time.Millisecond)) {
		t.Errorf("%+v, %v", ix, err)
	}
	// What was cut off since is said when it is read.
	if err := os.Truncate(row.Path, 200); err != nil {
		t.Fatal(err)
	}
	var r Reader
	var cut Cut
	err = r.Read(t.Context(), &cut, hne, waveform.Window{From: midnight, Until: midnight.Add(time.Second)}, []Source{{Path: row.Path, Format: ix.Format, Segment: ix.Segments[0]}})
	if err != nil || len(cut.Bad) != 1 || len(cut.Traces) != 1 || len(cut.Traces[0].Data) != 50 {
		t.Errorf("%+v, %v", cut, err)
	}
}

func TestHashesTellWhatARowAndItsSamplesSay(t *testing.T) {
	raw, row := plainFile(t, 100, 0)
	hash := func(raw []byte, change func(*css.Segment)) (content, segment [32]byte) {
		t.Helper()
		r := row
		change(&r)
		ix, err := IndexCSS(bytes.NewReader(raw), int64(len(raw)), []css.Segment{r})
		if err != nil || len(ix.Segments) != 1 {
			t.Fatalf("%+v, %v", ix, err)
		}
		return ix.ContentHash, ix.Segments[0].Hash
	}
	content, segment := hash(raw, func(*css.Segment) {})
	if c, s := hash(raw, func(*css.Segment) {}); c != content || s != segment {
		t.Error("the same file has another hash")
	}
	for name, change := range map[string]func(*css.Segment){
		"time": func(r *css.Segment) { r.Start = r.Start.Add(time.Second) }, "rate": func(r *css.Segment) { r.SampleRate = 50 },
		"id": func(r *css.Segment) { r.ID.Channel = "HNZ" }, "datatype": func(r *css.Segment) { r.Datatype = "i4" },
	} {
		if c, s := hash(raw, change); c == content || s == segment {
			t.Errorf("%s: the same hash", name)
		}
	}
	other := bytes.Clone(raw)
	other[399]++
	if c, s := hash(other, func(*css.Segment) {}); c == content || s == segment {
		t.Error("another sample: the same hash")
	}
	if c, s := hash(append([]byte{1, 2, 3, 4}, raw...), func(r *css.Segment) { r.Offset = 4 }); c == content || s != segment {
		t.Error("the same samples elsewhere in the file: the extents are others, the segment is the same")
	}
}

func TestDatatypesThatAreNotReadAreErrors(t *testing.T) {
	raw, row := plainFile(t, 100, 0)
	for _, types := range [][]string{{"e1"}, {"sd"}, {""}, {"s4", "t4"}} {
		var rows []css.Segment
		for _, d := range types {
			row.Datatype = d
			rows = append(rows, row)
		}
		var wrong *css.DatatypeError
		if _, err := IndexCSS(bytes.NewReader(raw), int64(len(raw)), rows); !errors.As(err, &wrong) {
			t.Errorf("%q: %v", types, err)
		}
	}
	if ix, err := IndexCSS(bytes.NewReader(raw), int64(len(raw)), nil); err != nil || len(ix.Segments) != 0 {
		t.Errorf("no rows: %+v, %v", ix, err)
	}
}
