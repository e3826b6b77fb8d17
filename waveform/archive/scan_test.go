package archive

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// span is what a test says of a segment: sample numbers of the made series.
type span struct {
	Channel     string
	From, Until int64
	Quality     string
}

func spans(t *testing.T, ix Index, rate float64) []span {
	t.Helper()
	var out []span
	for _, s := range ix.Segments {
		from := int64(s.Start.Sub(midnight).Seconds()*rate + 0.5)
		if last := waveform.SampleTime(s.Start, rate, s.Samples-1); !s.End.Equal(last) || s.SampleRate != rate {
			t.Errorf("%v: End %v of %d samples at %g Hz, want %v", s.ID, s.End, s.Samples, s.SampleRate, last)
		}
		out = append(out, span{s.ID.Channel, from, from + s.Samples, string(s.Quality)})
	}
	return out
}

func wantSpans(t *testing.T, ix Index, rate float64, want ...span) {
	t.Helper()
	if diff := cmp.Diff(want, spans(t, ix, rate)); diff != "" {
		t.Errorf("segments (-want +got):\n%s", diff)
	}
}

func TestScanFindsContinuousSegments(t *testing.T) {
	one := packed(t, made(hne, 100, 0, 20000), 'D')
	behind := packed(t, made(hne, 100, 25000, 30000), 'D')
	north := packed(t, made(hnn, 100, 5, 20000), 'D')
	backwards := slices.Clone(one)
	slices.Reverse(backwards)
	shuffled := slices.Clone(one)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	e, n := span{"HNE", 0, 20000, "D"}, span{"HNN", 5, 20000, "D"}
	for _, c := range []struct {
		name    string
		records [][]byte
		want    []span
	}{
		{"one", one, []span{e}},
		{"a gap", slices.Concat(one, behind), []span{e, {"HNE", 25000, 30000, "D"}}},
		{"several channels, one record each in turn", interleave(one, north), []span{e, n}},
		{"records backwards", backwards, []span{e}},
		{"records in any order", shuffled, []span{e}},
		{"every record twice", interleave(one, one), []span{e, e}},
		{"the file twice", slices.Concat(one, one), []span{e, e}},
		{"an overlap", slices.Concat(one, packed(t, made(hne, 100, 19000, 21000), 'D')), []span{e, {"HNE", 19000, 21000, "D"}}},
		{"another quality", slices.Concat(one, packed(t, made(hne, 100, 20000, 30000), 'Q')), []span{e, {"HNE", 20000, 30000, "Q"}}},
		{"nothing", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ix := mustScan(t, c.records...)
			wantSpans(t, ix, 100, c.want...)
			if ix.Records != len(c.records) || ix.BadCount != 0 || ix.ContentHash != sha256.Sum256(slices.Concat(c.records...)) {
				t.Errorf("%d records, %d bad, or the hash is not the file's", ix.Records, ix.BadCount)
			}
			checkExtents(t, ix, c.records)
		})
	}
}

// checkExtents requires that the extents of a segment are in order and short, and
// that each holds whole records with the segment's samples in the time it tells.
func checkExtents(t *testing.T, ix Index, records [][]byte) {
	t.Helper()
	file := slices.Concat(records...)
	for _, s := range ix.Segments {
		var samples int64
		var end int64
		for _, x := range s.Extents {
			if x.Offset < end || x.Length <= 0 || x.Length > extentSpan || x.Offset+x.Length > int64(len(file)) {
				t.Fatalf("%v: extent %+v after byte %d of %d", s.ID, x, end, len(file))
			}
			end = x.Offset + x.Length
			for rec, err := range mseed.Records(file[x.Offset:end], x.Offset) {
				if err != nil {
					t.Fatalf("%v: extent %+v: %v", s.ID, x, err)
				}
				if rec.ID == s.ID && rec.Quality == s.Quality && !rec.Start.Before(x.Start) && !rec.End().After(x.End) {
					samples += int64(rec.Samples)
				}
			}
		}
		if samples < s.Samples {
			t.Errorf("%v: the extents hold %d samples of %d", s.ID, samples, s.Samples)
		}
	}
}

func TestScanGoesOnAfterABadStretch(t *testing.T) {
	records := packed(t, made(hne, 100, 0, 20000), 'D')
	at := len(records) / 2
	damaged := bytes.Clone(records[at])
	clear(damaged[:64])
	records[at] = damaged
	ix := mustScan(t, records...)
	if ix.BadCount != 1 || len(ix.Bad) != 1 || ix.Bad[0].Offset != int64(512*at) || ix.Records != len(records)-1 {
		t.Errorf("%d bad: %v; %d records of %d", ix.BadCount, ix.Bad, ix.Records, len(records))
	}
	if len(ix.Segments) != 2 || ix.Segments[0].End.After(ix.Segments[1].Start) {
		t.Errorf("segments: %v", spans(t, ix, 100))
	}
}

func TestScanListsRecordsThatCannotBeDecoded(t *testing.T) {
	records := packed(t, made(hne, 100, 0, 20000), 'D')
	damaged := bytes.Clone(records[3])
	damaged[64+8] ^= 0x40 // the reverse integration constant of Steim frames
	records[3] = damaged
	ix := mustScan(t, records...)
	if ix.BadCount != 1 || !errors.Is(ix.Bad[0], mseed.ErrIntegrity) || len(ix.Segments) != 2 {
		t.Errorf("%d bad: %v; segments: %v", ix.BadCount, ix.Bad, spans(t, ix, 100))
	}
}

func TestScanDescribesAHundredBadStretchesAndCountsAll(t *testing.T) {
	records := packed(t, made(hne, 100, 0, 200), 'D')
	junk := bytes.Repeat([]byte("garbage "), 64)
	var file [][]byte
	for range 130 {
		file = append(file, junk, records[0])
	}
	if ix := mustScan(t, file...); ix.BadCount != 130 || len(ix.Bad) != MaxBad {
		t.Errorf("%d bad, %d described", ix.BadCount, len(ix.Bad))
	}
}

func TestScanReturnsTheErrorOfItsReader(t *testing.T) {
	broken := errors.New("disk on fire")
	file := slices.Concat(packed(t, made(hne, 100, 0, 2000), 'D')...)
	if _, err := Scan(io.MultiReader(bytes.NewReader(file), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}
}

func TestSegmentHashChangesOnlyWithItsRecords(t *testing.T) {
	one, two := packed(t, made(hne, 100, 0, 20000), 'D'), packed(t, made(hnn, 100, 0, 20000), 'D')
	want := mustScan(t, one...).Segments[0].Hash
	for name, records := range map[string][][]byte{"alone": one, "beside another channel": interleave(two, one), "behind garbage": slices.Concat([][]byte{make([]byte, 512)}, one)} {
		if got := mustScan(t, records...).Segments[0].Hash; got != want {
			t.Errorf("%s: another hash", name)
		}
	}
	changed := made(hne, 100, 0, 20000)
	changed.Data[15000]++
	ix := mustScan(t, interleave(packed(t, changed, 'D'), two)...)
	if ix.Segments[0].Hash == want {
		t.Error("a changed sample leaves the hash as it was")
	}
	if ix.Segments[1].Hash != mustScan(t, two...).Segments[0].Hash {
		t.Error("a changed sample changes the hash of another channel")
	}
}

// Segments are found in n log n steps: with a step for each pair this would not end.
func TestScanOfCopiesOfOneRecordEnds(t *testing.T) {
	record := packed(t, made(hne, 100, 0, 100), 'D')[0]
	const n = 100_000
	ix, err := Scan(bytes.NewReader(bytes.Repeat(record, n)))
	if err != nil || len(ix.Segments) != n {
		t.Errorf("%d segments, %v; want one for each copy", len(ix.Segments), err)
	}
}

func TestScanIsTheSameEveryTime(t *testing.T) {
	one, two := packed(t, made(hne, 100, 0, 5000), 'D'), packed(t, made(hnn, 100, 0, 5000), 'D')
	file := slices.Concat(one, two, one, two, one)
	want := mustScan(t, file...)
	for range 20 {
		if diff := cmp.Diff(want, mustScan(t, file...)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestSlowlyDriftingClockStartsANewSegment(t *testing.T) {
	var records [][]byte
	for i := range 12 { // 0.1 samples late at each step: half a sample after five
		tr := made(hne, 100, 100*i, 100*i+100)
		tr.Start = tr.Start.Add(time.Duration(i) * time.Millisecond)
		records = append(records, packed(t, tr, 'D')...)
	}
	if ix := mustScan(t, records...); len(ix.Segments) != 2 || ix.Segments[0].Samples != 600 {
		t.Errorf("%d segments, the first of %d samples; want a new one where the step exceeds half a sample", len(ix.Segments), ix.Segments[0].Samples)
	}
}
