package job

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

func (l *lab) remove(channel string) {
	l.Helper()
	if err := os.Remove(l.file(channel)); err != nil {
		l.Fatal(err)
	}
}

func TestAChangedSampleIsDueWhereAWindowHoldsIt(t *testing.T) {
	l := newFinishedLab(t, small)
	l.bump("ST02.HNZ", l.p(2, 2).Add(5*time.Second))
	if sum := l.loadWaveforms(); sum.Loaded != 1 || sum.Unchanged != 11 {
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(itemNames([]int{2}, "ST02..HN"), 2)
}

func TestAChangedSampleOutsideAllWindowsIsVerifiedOnly(t *testing.T) {
	l := newFinishedLab(t, small)
	l.bump("ST02.HNZ", l.betweenEvents(1))
	if sum := l.loadWaveforms(); sum.Loaded != 1 {
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(nil, 3)
}

func TestOnlySegmentsThatChangedAreLookedAt(t *testing.T) {
	cfg := small
	cfg.Continuous = false // a segment for each event
	l := newFinishedLab(t, cfg)
	l.bump("ST02.HNZ", l.p(3, 2).Add(-59*time.Second)) // before the window of the last
	l.loadWaveforms()
	l.wantRecomputed(nil, 1)
}

func TestATouchedFileIsReadAndNotTakenAsChanged(t *testing.T) {
	l := newFinishedLab(t, small)
	l.touch(l.file("ST03.HNE"))
	if sum := l.loadWaveforms(); sum.Loaded != 1 || sum.Unchanged != 11 {
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(nil, 0)
	if sum := l.loadWaveforms(); sum.Loaded != 0 || sum.Unchanged != 12 {
		t.Errorf("its new time was not noted: %+v", sum)
	}
}

func TestTheSameSamplesInOtherRecordsAreVerifiedOnly(t *testing.T) {
	l := newFinishedLab(t, small)
	l.rewrite("ST03.HNE", func(in []waveform.Trace) []waveform.Trace {
		var out []waveform.Trace
		for _, tr := range in {
			half := tr
			half.Data = tr.Data[:len(tr.Data)/3]
			rest := tr
			rest.Start, rest.Data = tr.Time(len(half.Data)), tr.Data[len(half.Data):]
			out = append(out, rest, half)
		}
		return out
	})
	l.loadWaveforms()
	l.wantRecomputed(nil, 3)
}

func TestAFileThatMovedIsVerifiedOnly(t *testing.T) {
	l := newFinishedLab(t, small)
	old := l.file("ST03.HNE")
	if err := os.Rename(old, filepath.Join(l.dir, synth.ArchiveDir, "elsewhere.mseed")); err != nil {
		t.Fatal(err)
	}
	if sum := l.loadWaveforms(); sum.Loaded != 1 || sum.Removed != 1 {
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(nil, 3)
}

// A day file grows while the day lasts. The first part ends five seconds after P
// of the second event.
func TestAppendingToADayFileIsDueWhereSamplesCame(t *testing.T) {
	l := newLab(t, small)
	name := l.file("ST03.HNN")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cut := recordAfter(t, whole, l.p(2, 3).Add(5*time.Second))
	l.write(name, whole[:cut])
	l.loadAll()
	if r := mustRun(t, l.pool, RunOptions{}); r.Done != 11 || r.Failed != 1 {
		t.Errorf("with the first part of the day: %+v", r)
	}
	l.write(name, whole)
	if sum := l.loadWaveforms(); sum.Loaded != 1 {
		t.Errorf("%+v", sum)
	}
	// Event 2 was cut off and event 3 was measured without this component.
	l.wantRecomputed(itemNames([]int{2, 3}, "ST03..HN"), 1)
}

// recordAfter is the offset of the first record that starts after a time.
func recordAfter(t *testing.T, file []byte, at time.Time) int64 {
	t.Helper()
	for r, err := range mseed.Records(file, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Start.After(at) {
			return r.Offset
		}
	}
	t.Fatalf("no record after %v", at)
	return 0
}

func TestFilesThatGoAndComeAreDue(t *testing.T) {
	l := newFinishedLab(t, small)
	content := map[string][]byte{}
	for _, c := range []string{"ST03.HNE", "ST03.HNN", "ST03.HNZ"} {
		name := l.file(c)
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		content[name] = b
		l.remove(c)
	}
	if sum := l.loadWaveforms(); sum.Removed != 3 || sum.Loaded != 0 || sum.Unchanged != 9 {
		t.Errorf("%+v", sum)
	}
	if r := l.wantRecomputed(itemNames(everyEvent, "ST03..HN"), 0); r.Skipped != 3 {
		t.Errorf("without files: %+v", r)
	}
	for _, it := range itemsOf(t, l.pool, "default") {
		if it.Station == "ST03" && orNone(it.Code) != "no_data" {
			t.Errorf("%s: %s", itemName(it.ItemKey), orNone(it.Code))
		}
	}
	for name, b := range content {
		l.write(name, b)
	}
	if sum := l.loadWaveforms(); sum.Loaded != 3 {
		t.Errorf("%+v", sum)
	}
	if r := l.wantRecomputed(itemNames(everyEvent, "ST03..HN"), 0); r.Done != 3 {
		t.Errorf("with files again: %+v", r)
	}
}

func TestAComponentThatGoesIsDueAtItsInstrument(t *testing.T) {
	l := newFinishedLab(t, small)
	l.remove("ST01.HHZ")
	l.loadWaveforms()
	l.wantRecomputed(itemNames(everyEvent, "ST01.00.HH"), 0)
	var flagged int
	err := l.pool.Get(&flagged, `SELECT count(*) FROM measurement WHERE label = 'default' AND instrument = 'HH' AND 'incomplete' = ANY(flags)`)
	if err != nil || flagged != 12 { // two components and two rotations of three events
		t.Errorf("%d rows say that a component is missing, %v", flagged, err)
	}
}

// A folder that is not there has lost nothing: it may be on a disk that is not mounted.
func TestAFolderThatIsNotThereIsAnErrorAndForgetsNothing(t *testing.T) {
	l := newFinishedLab(t, small)
	archive := filepath.Join(l.dir, synth.ArchiveDir)
	if err := os.Rename(archive, archive+".away"); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadWaveforms(t.Context(), l.pool, []string{archive}, LoadOptions{}); err == nil {
		t.Error("no error")
	}
	if err := os.Rename(archive+".away", archive); err != nil {
		t.Fatal(err)
	}
	l.wantRecomputed(nil, 0)
}
