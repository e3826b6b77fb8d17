package archive

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestReadCutsTheWindow(t *testing.T) {
	whole := stored(t, "whole", 0, packed(t, made(hne, 100, 0, 60000), 'D')...)
	north := packed(t, made(hnn, 100, 0, 60000), 'D')
	multiplexed := stored(t, "multiplexed", 0, interleave(north, packed(t, made(hne, 100, 0, 60000), 'D'))...)
	gap := stored(t, "gap", 0, slices.Concat(
		packed(t, made(hne, 100, 0, 20000), 'D'), packed(t, made(hne, 100, 30000, 60000), 'D'))...)
	backwards := packed(t, made(hne, 100, 0, 60000), 'D')
	slices.Reverse(backwards)
	version3 := stored(t, "version 3", 0, packed3(t, made(hne, 100, 0, 60000)))
	mixed := stored(t, "mixed", 0, packed3(t, made(hne, 100, 0, 20000)), logged(t),
		slices.Concat(packed(t, made(hne, 100, 20000, 60000), 'D')...))
	for _, c := range []struct {
		name    string
		w       waveform.Window
		sources []Source
		want    []int
	}{
		{"miniSEED 3", seconds(100, 300), version3, []int{10000, 30000}},
		{"miniSEED 3, a log, and 2", seconds(150, 350), mixed, []int{15000, 35000}},
		{"inside", seconds(100, 300), whole, []int{10000, 30000}},
		{"between samples", seconds(100.001, 299.999), whole, []int{10001, 30000}},
		{"one sample", seconds(100, 100.001), whole, []int{10000, 10001}},
		{"all and more", seconds(-100, 1e4), whole, []int{0, 60000}},
		{"last sample", seconds(599.99, 700), whole, []int{59999, 60000}},
		{"behind", seconds(600, 700), whole, nil},
		{"before", seconds(-100, 0), whole, nil},
		{"empty window", seconds(100, 100), whole, nil},
		{"no sources", seconds(100, 200), nil, nil},
		{"among another channel's records", seconds(100, 300), multiplexed, []int{10000, 30000}},
		{"records backwards", seconds(100, 300), stored(t, "backwards", 0, backwards...), []int{10000, 30000}},
		{"in a gap", seconds(210, 290), gap, nil},
		{"around a gap", seconds(150, 350), gap, []int{15000, 20000, 30000, 35000}},
		{"twice the same", seconds(100, 300), slices.Concat(whole, multiplexed), []int{10000, 30000}},
		{"a gap filled by another file", seconds(150, 350), slices.Concat(gap, whole), []int{15000, 35000}},
		{"a gap filled first", seconds(150, 350), slices.Concat(whole, gap), []int{15000, 35000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cut := mustRead(t, c.w, c.sources)
			wantPieces(t, cut, 100, c.want...)
			if cut.Differs || len(cut.Bad) > 0 {
				t.Errorf("differs %v, bad %v", cut.Differs, cut.Bad)
			}
		})
	}
}

// A day's numbers must not depend on how files are cut at midnight, nor on where
// their records begin.
func TestReadDoesNotDependOnHowFilesAreCut(t *testing.T) {
	for _, rate := range []float64{1, 18.2, 40, 100, 128, 99.99, 300, 3000} {
		n := int(rate * 120)
		whole := stored(t, "whole", 0, packed(t, made(hne, rate, -n, n), 'D')...)
		for _, at := range []int{0, 1, -1, n / 7} {
			cut := slices.Concat(
				stored(t, "day1", 0, packed(t, made(hne, rate, -n, at), 'D')...),
				stored(t, "day2", 0, packed(t, made(hne, rate, at, n), 'D')...))
			for _, w := range []waveform.Window{seconds(-30, 45), seconds(0, 10), seconds(-10, 0), seconds(-100.0001, 99.33333)} {
				want, got := mustRead(t, w, whole), mustRead(t, w, cut)
				if len(got.Traces) != 1 || len(want.Traces) != 1 || got.Differs {
					t.Fatalf("%g Hz, cut at sample %d, %v: %d pieces and %d pieces", rate, at, w, len(want.Traces), len(got.Traces))
				}
				a, b := want.Traces[0], got.Traces[0]
				if !slices.Equal(a.Data, b.Data) || a.Start.Sub(b.Start).Abs() > time.Microsecond {
					t.Errorf("%g Hz, cut at sample %d, %v: %d samples from %v, want %d from %v", rate, at, w, len(b.Data), b.Start, len(a.Data), a.Start)
				}
			}
		}
	}
}

func TestPriorityDecidesWhereDataDiffer(t *testing.T) {
	// of has its mark in every sample from 10000 on.
	of := func(mark float64, quality byte) [][]byte {
		tr := made(hne, 100, 8000, 12000)
		for i := 2000; i < len(tr.Data); i++ {
			tr.Data[i] += mark
		}
		return packed(t, tr, quality)
	}
	for _, c := range []struct {
		name    string
		sources []Source
		want    float64
	}{
		{"first source", slices.Concat(stored(t, "a", 1, of(1, 'D')...), stored(t, "b", 2, of(2, 'D')...)), 1},
		{"source before quality", slices.Concat(stored(t, "a", 2, of(1, 'M')...), stored(t, "b", 1, of(2, 'R')...)), 2},
		{"M before Q", slices.Concat(stored(t, "a", 0, of(1, 'Q')...), stored(t, "b", 0, of(2, 'M')...)), 2},
		{"Q before D", slices.Concat(stored(t, "a", 0, of(1, 'D')...), stored(t, "b", 0, of(2, 'Q')...)), 2},
		{"D before R", slices.Concat(stored(t, "a", 0, of(1, 'R')...), stored(t, "b", 0, of(2, 'D')...)), 2},
		{"quality within a file", stored(t, "a", 0, interleave(of(1, 'R'), of(2, 'Q'))...), 2},
		{"quality within a file, better first", stored(t, "a", 0, interleave(of(1, 'D'), of(2, 'R'))...), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, sources := range [][]Source{c.sources, reversed(c.sources)} {
				cut := mustRead(t, seconds(90, 110), sources)
				if !cut.Differs || len(cut.Traces) != 1 {
					t.Fatalf("differs %v, %d pieces", cut.Differs, len(cut.Traces))
				}
				if got := cut.Traces[0].Data[1500] - sample(10500); got != c.want {
					t.Errorf("the mark is %v, want %v", got, c.want)
				}
			}
		})
	}
	same := slices.Concat(stored(t, "a", 1, of(1, 'D')...), stored(t, "b", 2, of(2, 'D')...))
	if cut := mustRead(t, seconds(85, 99), same); cut.Differs {
		t.Error("a difference outside the window is told")
	}
}

func reversed(s []Source) []Source {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

func TestReadTellsOfDamage(t *testing.T) {
	records := packed(t, made(hne, 100, 0, 60000), 'D')
	path := filepath.Join(t.TempDir(), "file")
	write := func(records [][]byte) {
		if err := os.WriteFile(path, slices.Concat(records...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(records)
	sources := []Source{{Path: path, Segment: mustScan(t, records...).Segments[0]}}

	bad := bytes.Clone(records[20])
	clear(bad[:48])
	write(slices.Concat(records[:20], [][]byte{bad}, records[21:]))
	cut := mustRead(t, seconds(0, 600), sources)
	if len(cut.Bad) != 1 || cut.Bad[0].Offset != 20*512 || len(cut.Traces) != 2 {
		t.Errorf("a bad header: %d pieces, %v", len(cut.Traces), cut.Bad)
	}
	if text := cut.Bad[0].Error(); !strings.HasPrefix(text, path+": mseed: record at byte 10240: ") {
		t.Errorf("the problem reads %q", text)
	}

	write(records[:30])
	cut = mustRead(t, seconds(0, 600), sources)
	if len(cut.Bad) == 0 || !strings.Contains(cut.Bad[0].Error(), "shorter than when it was loaded") || len(cut.Traces) != 1 {
		t.Errorf("a shortened file: %d pieces, %v", len(cut.Traces), cut.Bad)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	var r Reader
	err := r.Read(t.Context(), cut, hne, seconds(0, 600), sources)
	var pathError *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &pathError) || pathError.Path != path {
		t.Errorf("a missing file: %v", err)
	}
	if len(cut.Traces) > 0 || len(cut.Bad) > 0 {
		t.Error("a failed read leaves the data of the one before")
	}
	if err := r.Read(t.Context(), cut, hne, seconds(700, 800), sources); err != nil {
		t.Errorf("a missing file without data in the window: %v", err)
	}
}

func TestHostileIndexIsAnErrorOrNothing(t *testing.T) {
	good := stored(t, "file", 0, packed(t, made(hne, 100, 0, 6000), 'D')...)[0]
	x := good.Extents[0]
	for _, c := range []struct {
		offset, length int64
		want           string // an error, a problem, or nothing
	}{
		{0, -1, "error"}, {-1, 512, "error"}, {0, maxExtent + 1, "error"}, {0, math.MaxInt64, "error"}, {math.MinInt64, 512, "error"},
		{0, math.MinInt64, "error"}, {1 << 40, 512, "problem"}, {math.MaxInt64 - 512, 512, "problem"}, {0, maxExtent, "problem"}, {7, 512, "problem"}, {0, 0, ""},
	} {
		s := good
		s.Extents = []Extent{{Offset: c.offset, Length: c.length, Start: x.Start, End: x.End}}
		var r Reader
		var cut Cut
		err := r.Read(t.Context(), &cut, hne, seconds(0, 60), []Source{s})
		got := ""
		if err != nil {
			got = "error"
		} else if len(cut.Bad) > 0 {
			got = "problem"
		}
		if got != c.want {
			t.Errorf("extent at %d of %d bytes: %q (%v, %v), want %q", c.offset, c.length, got, err, cut.Bad, c.want)
		}
	}
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1), 1e300, 1e-300} {
		s := good
		s.SampleRate = rate
		var r Reader
		if err := r.Read(t.Context(), new(Cut), hne, seconds(0, 60), []Source{s}); err != nil {
			t.Errorf("rate %v: %v", rate, err)
		}
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	sources := stored(t, "file", 0, packed(t, made(hne, 100, 0, 6000), 'D')...)
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	var r Reader
	if err := r.Read(ctx, new(Cut), hne, seconds(0, 60), sources); !errors.Is(err, why) {
		t.Errorf("error %v, want the cause of the context's end", err)
	}
}

// Thousands of pieces are no data: reading ends, instead of taking a time that grows
// with their square.
func TestReadEndsWithTooManyPieces(t *testing.T) {
	var records [][]byte
	for i := range 5000 {
		records = append(records, packed(t, made(hne, 100, -3*i, -3*i+1), 'D')...)
	}
	cut := mustRead(t, seconds(-200, 1), stored(t, "file", 0, records...))
	if len(cut.Traces) <= maxPieces || len(cut.Traces) > 2*maxPieces || len(cut.Bad) == 0 {
		t.Errorf("%d pieces, problems %v", len(cut.Traces), cut.Bad)
	}
}

func TestCutUsedAgainIsAsAFreshOne(t *testing.T) {
	sources := slices.Concat(
		stored(t, "a", 0, packed(t, made(hne, 100, 0, 20000), 'D')...),
		stored(t, "b", 0, packed(t, made(hne, 100, 22000, 40000), 'D')...),
		stored(t, "c", 0, packed(t, made(hne, 100, 39000, 60000), 'D')...))
	var r Reader
	var again Cut
	for i, w := range []waveform.Window{seconds(0, 600), seconds(100, 300), seconds(700, 800), seconds(199, 221), seconds(0, 600), seconds(390, 400)} {
		if err := r.Read(t.Context(), &again, hne, w, sources); err != nil {
			t.Fatal(err)
		}
		fresh := mustRead(t, w, sources)
		if diff := cmp.Diff(fresh.Traces, again.Traces); diff != "" && len(fresh.Traces)+len(again.Traces) > 0 {
			t.Errorf("window %d: %s", i, diff)
		}
		for k := range again.Traces { // as a processor does
			again.Traces[k].Unit = waveform.Acceleration
			for j := range again.Traces[k].Data {
				again.Traces[k].Data[j] = math.NaN()
			}
		}
	}
}

func TestRateIsThatOfTheMostTrustedDataAtTheTime(t *testing.T) {
	source := func(priority int, rate float64, from, until int) Source {
		w := seconds(float64(from), float64(until))
		return Source{Priority: priority, Segment: Segment{ID: hne, Start: w.From, End: w.Until, SampleRate: rate}}
	}
	sources := []Source{source(2, 100, 0, 100), source(1, 200, 0, 50), source(3, 50, 150, 200)}
	for _, c := range []struct {
		at   float64
		w    waveform.Window
		want float64
	}{
		{20, seconds(0, 100), 200}, {70, seconds(0, 100), 100}, {120, seconds(60, 140), 100}, {120, seconds(110, 160), 50}, {120, seconds(110, 140), 0},
	} {
		if got := Rate(hne, midnight.Add(time.Duration(c.at*1e9)), c.w, sources); got != c.want {
			t.Errorf("rate at %g s: %g Hz, want %g", c.at, got, c.want)
		}
	}
}

func TestSizeIsThatOfTheExtentsThatAreRead(t *testing.T) {
	whole := stored(t, "whole", 0, packed(t, made(hne, 100, 0, 600000), 'D')...)
	var all int64
	for _, s := range whole {
		for _, x := range s.Extents {
			all += x.Length
		}
	}
	if got := Size(hne, seconds(-100, 1e4), whole); got != all || all == 0 {
		t.Errorf("all: %d of %d bytes", got, all)
	}
	if got := Size(hne, seconds(100, 200), whole); got <= 0 || got >= all {
		t.Errorf("a part: %d of %d bytes", got, all)
	}
	for name, got := range map[string]int64{"another time": Size(hne, seconds(1e4, 2e4), whole), "another channel": Size(hnn, seconds(100, 200), whole),
		"no source": Size(hne, seconds(100, 200), nil)} {
		if got != 0 {
			t.Errorf("%s: %d bytes", name, got)
		}
	}
}
