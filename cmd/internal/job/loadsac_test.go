package job

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// asSAC is a channel's file as SAC, of a unit that IDEP says.
func (l *lab) asSAC(channel string, idep int) []byte {
	l.Helper()
	content, err := os.ReadFile(l.file(channel))
	if err != nil {
		l.Fatal(err)
	}
	segments, _, err := mseed.Segments(bytes.NewReader(content))
	if err != nil || len(segments) != 1 {
		l.Fatalf("%d segments, %v", len(segments), err)
	}
	f, err := sac.NewFile(segments[0].Trace(), sac.Options{})
	if err != nil {
		l.Fatal(err)
	}
	f.Header.Dependent = idep
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		l.Fatal(err)
	}
	return b.Bytes()
}

func TestSACFilesOfCountsAreMeasuredAsMiniSEEDIs(t *testing.T) {
	l := newFinishedLab(t, small)
	numbers := func() (v []float64) {
		if err := l.pool.Select(&v, `SELECT pga FROM measurement WHERE label = 'default' AND station = 'ST01' AND instrument = 'HN' ORDER BY event_id, component`); err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := numbers()
	counts, motion := l.asSAC("ST01.HNE", sac.DependentUnknown), l.asSAC("ST01.HNE", sac.DependentAcceleration)
	l.write(l.file("ST01.HNE"), counts)
	if sum := l.loadWaveforms(); sum.Loaded != 1 || sum.Failed != 0 || sum.Found != 1 {
		t.Fatalf("%+v", sum)
	}
	f, err := db.FindFile(t.Context(), l.pool, l.file("ST01.HNE"))
	if err != nil || f.Format != string(archive.SAC) {
		t.Errorf("format %q, %v", f.Format, err)
	}
	l.wantRecomputed(itemNames([]int{1, 2, 3}, "ST01..HN"), 0) // the records' timing quality is gone
	after := numbers()
	for i, v := range before {
		if len(after) != len(before) || after[i] != v {
			t.Fatalf("PGA %v, was %v", after, before)
		}
	}
	// What is no counts is refused, and told.
	l.write(l.file("ST01.HNE"), motion)
	sum, err := LoadWaveforms(t.Context(), l.pool, []string{filepath.Join(l.dir, synth.ArchiveDir)}, LoadOptions{})
	if err != nil || sum.Failed != 1 || sum.Found != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	f, err = db.FindFile(t.Context(), l.pool, l.file("ST01.HNE"))
	if err != nil || f.Error == nil || *f.ErrorCode != codeUnsupported || !strings.Contains(*f.Error, "IDEP") {
		t.Errorf("%+v, %v", f, err)
	}
}
