package synth

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// small is quick to make, and crosses midnight.
func small() Config {
	return Config{
		Seed: 11, Stations: 2, Events: 2, Gaps: 5, Arrivals: true, Continuous: true,
		Start: time.Date(2024, 2, 29, 23, 53, 0, 0, time.UTC), Duration: 14 * time.Minute,
	}
}

func mustWrite(t *testing.T, cfg Config) (string, Summary) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "made")
	s, err := Write(t.Context(), dir, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

// digests are the SHA-256 of all files below dir by path.
func digests(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	all := make(map[string][32]byte)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// segments reads all miniSEED files of a channel, joining nothing across files.
func segments(t *testing.T, dir string, id waveform.SourceID) []mseed.Segment {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, ArchiveDir, "*", id.Network, id.Station, id.Channel+".D", id.String()+".D.*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files of %s: %v", id, err)
	}
	var all []mseed.Segment
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		segs, bad, err := mseed.Segments(f)
		f.Close()
		if err != nil || len(bad) > 0 {
			t.Fatalf("%s: %v, bad records %v", path, err, bad)
		}
		all = append(all, segs...)
	}
	return all
}

func TestWriteGivesTheSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	first, _ := mustWrite(t, small())
	want := digests(t, first)
	for _, procs := range []int{1, 4} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			again, _ := mustWrite(t, small())
			if d := cmp.Diff(want, digests(t, again)); d != "" {
				t.Errorf("with %d processors:\n%s", procs, d)
			}
		}()
	}
	if len(want) != 3+9*2 { // nine channels on two days
		t.Errorf("%d files, want 21", len(want))
	}
}

func TestFilesLieInSDSStructure(t *testing.T) {
	dir, s := mustWrite(t, small())
	for _, name := range []string{
		"archive/2024/SY/ST01/HNE.D/SY.ST01..HNE.D.2024.060",
		"archive/2024/SY/ST01/HHZ.D/SY.ST01.00.HHZ.D.2024.061",
		"archive/2024/SY/ST02/HN1.D/SY.ST02..HN1.D.2024.061",
		"stations.xml", "events.xml", "synth.json",
	} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	files, bytes, err := measure(dir)
	if err != nil || files != s.Files || bytes != s.Bytes {
		t.Errorf("%d files of %d bytes (%v), summary says %d of %d", files, bytes, err, s.Files, s.Bytes)
	}
}

func TestFilesHoldTheSamplesOfThePlanAndNoneInGaps(t *testing.T) {
	for _, length := range []int{512, 4096} {
		for _, continuous := range []bool{true, false} {
			cfg := small()
			cfg.RecordLength, cfg.Continuous = length, continuous
			checkSamples(t, cfg)
		}
	}
}

func checkSamples(t *testing.T, cfg Config) {
	t.Helper()
	dir, summary := mustWrite(t, cfg)
	a := mustPlan(t, cfg)
	var samples int64
	gaps := 0
	for _, ref := range a.refs() {
		id := a.channel(ref).ID
		var got []span
		for _, s := range segments(t, dir, id) {
			from := a.Config.sampleAt(s.Start)
			if !s.Start.Equal(a.Config.timeOf(from)) || s.SampleRate != 100 || s.Encoding != mseed.Steim2 {
				t.Errorf("%s: segment at %v, %v Hz, %v", id, s.Start, s.SampleRate, s.Encoding)
			}
			got = append(got, span{from, from + int64(s.Samples())})
			samples += int64(s.Samples())
		}
		got = merged(got) // at midnight
		if d := cmp.Diff(a.present(ref), got, cmp.AllowUnexported(span{})); d != "" {
			t.Errorf("%s: %s", id, d)
		}
		gaps += len(got) - len(a.recorded(ref.station))
	}
	if samples != summary.Samples || gaps != cfg.Gaps || summary.Gaps != cfg.Gaps {
		t.Errorf("%d samples and %d gaps in files, %d and %d in the summary; want %d gaps", samples, gaps, summary.Samples, summary.Gaps, cfg.Gaps)
	}
}

func TestTriggeredDataAreThoseOfTheContinuousArchive(t *testing.T) {
	cfg := small()
	cfg.Gaps = 0
	whole, _ := mustWrite(t, cfg)
	cfg.Continuous = false
	part, s := mustWrite(t, cfg)
	if all := mustPlan(t, cfg).Config.samples() * 9; s.Samples == 0 || s.Samples > all*3/4 {
		t.Errorf("%d of %d samples: not triggered", s.Samples, all)
	}
	for _, id := range []waveform.SourceID{
		{Network: "SY", Station: "ST01", Location: "00", Channel: "HHZ"},
		{Network: "SY", Station: "ST02", Channel: "HN2"},
	} {
		long := segments(t, whole, id)
		for _, seg := range segments(t, part, id) {
			for _, l := range long {
				compareOverlap(t, l, seg)
			}
		}
	}
}

func compareOverlap(t *testing.T, long, short mseed.Segment) {
	t.Helper()
	offset := int(short.Start.Sub(long.Start) / (10 * time.Millisecond))
	for i, v := range short.Int32 {
		if k := i + offset; k >= 0 && k < len(long.Int32) && long.Int32[k] != v {
			t.Fatalf("%s: sample %d is %d, in the continuous archive %d", short.ID, i, v, long.Int32[k])
		}
	}
}

func TestMetadataReadBackEqual(t *testing.T) {
	dir, s := mustWrite(t, small())
	a := mustPlan(t, small())
	f, err := os.Open(filepath.Join(dir, StationFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stations, problems, err := stationxml.Read(f)
	if err != nil || len(problems) > 0 {
		t.Fatalf("stations.xml: %v, %v", err, problems)
	}
	if d := cmp.Diff(a.Stations, stations); d != "" {
		t.Errorf("stations.xml:\n%s", d)
	}
	g, err := os.Open(filepath.Join(dir, EventFile))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	events, trouble, err := quakeml.Read(g)
	if err != nil || len(trouble) > 0 {
		t.Fatalf("events.xml: %v, %v", err, trouble)
	}
	if d := cmp.Diff(a.Events, events); d != "" {
		t.Errorf("events.xml:\n%s", d)
	}
	if s.Stations != 2 || s.Channels != 9 || s.Events != 2 || s.Picks != 8 {
		t.Errorf("summary %+v", s)
	}
}

func TestSecondWriteDoesNothing(t *testing.T) {
	dir, want := mustWrite(t, small())
	got, err := Write(t.Context(), dir, small(), func(int, int) { t.Error("a file was written again") })
	if err != nil || !got.Existing {
		t.Errorf("summary %+v, error %v", got, err)
	}
	got.Existing = false
	if got != want {
		t.Errorf("summary %+v, first time %+v", got, want)
	}
}

func TestWriteRepairsWhatIsMissing(t *testing.T) {
	dir, _ := mustWrite(t, small())
	want := digests(t, dir)
	if err := os.Remove(filepath.Join(dir, "archive/2024/SY/ST01/HNE.D/SY.ST01..HNE.D.2024.060")); err != nil {
		t.Fatal(err)
	}
	if s, err := Write(t.Context(), dir, small(), nil); err != nil || s.Existing {
		t.Errorf("summary %+v, error %v", s, err)
	}
	if d := cmp.Diff(want, digests(t, dir)); d != "" {
		t.Error(d)
	}
}

func TestWriteRefusesFoldersThatAreNotItsOwn(t *testing.T) {
	dir, _ := mustWrite(t, small())
	other := small()
	other.Seed++
	if _, err := Write(t.Context(), dir, other, nil); err == nil || !strings.Contains(err.Error(), "another configuration") {
		t.Errorf("another configuration: error %v", err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), foreign, small(), nil); err == nil || !strings.Contains(err.Error(), "thesis.tex") {
		t.Errorf("foreign folder: error %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, markerFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), dir, small(), nil); err == nil || !strings.Contains(err.Error(), markerFile) {
		t.Errorf("broken marker: error %v", err)
	}
}

func TestWriteCanBeCancelledAndTakenUpAgain(t *testing.T) {
	want, _ := mustWrite(t, small())
	dir := t.TempDir()
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := Write(ctx, dir, small(), func(done, total int) {
		if total != 18 {
			t.Errorf("%d files to do, want 18", total)
		}
		if done == 3 {
			cancel(enough)
		}
	})
	if !errors.Is(err, enough) {
		t.Errorf("error %v, want the cause", err)
	}
	for name := range digests(t, dir) {
		if strings.HasSuffix(name, partial) {
			t.Errorf("%s was left behind", name)
		}
	}
	if s, err := Write(t.Context(), dir, small(), nil); err != nil || s.Existing {
		t.Errorf("summary %+v, error %v", s, err)
	}
	if d := cmp.Diff(digests(t, want), digests(t, dir)); d != "" {
		t.Error(d)
	}
}

func TestProgressCountsEveryFileOnce(t *testing.T) {
	next := 1
	s, err := Write(t.Context(), t.TempDir(), small(), func(done, total int) {
		if done != next {
			t.Errorf("progress %d after %d", done, next-1)
		}
		next++
	})
	if err != nil || next != s.Files+1 {
		t.Errorf("%d calls for %d files, error %v", next-1, s.Files, err)
	}
}

func TestArchiveWithoutEventsIsNoise(t *testing.T) {
	dir, s := mustWrite(t, Config{Stations: 1, Events: -1, Duration: time.Hour, Continuous: true, SampleRate: 20, Instruments: []string{"HH"}})
	if s.Events != 0 || s.Samples != 3*72000 || s.Clipped != 0 {
		t.Errorf("summary %+v", s)
	}
	for _, seg := range segments(t, dir, waveform.SourceID{Network: "SY", Station: "ST01", Location: "00", Channel: "HHN"}) {
		low, high := seg.Int32[0], seg.Int32[0]
		for _, v := range seg.Int32 {
			low, high = min(low, v), max(high, v)
		}
		if high-low < 100 || high-low > 20000 {
			t.Errorf("noise from %d to %d counts", low, high)
		}
	}
}
