package kill_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/db"
)

// checkKilled checks what a run that was killed left behind: each item is wholly as
// it was before or wholly as it shall be, and the run's row counts just those that are.
func checkKilled(t *testing.T, s *stage, got state, e ended) {
	t.Helper()
	for _, f := range got.faults {
		t.Error(f)
	}
	written := s.written(t, got)
	var counted int64
	if slices.ContainsFunc(got.runs, func(r db.Run) bool { return r.ID > s.before.newestRun() }) {
		counted = got.runs[0].Due + got.runs[0].Verified
	}
	if written != counted {
		t.Errorf("%d items are new, the run's row counts %d", written, counted)
	}
	if from, to := e.bounds(); written < from || written > to {
		t.Errorf("killed at %q: %d items are written, want %d to %d", e.At, written, from, to)
	}
}

// bounds are the least and the greatest number of items written: one batch may be
// between its commit and the word of it.
func (e ended) bounds() (from, to int64) {
	if e.killed {
		switch e.At {
		case "run:before-write", "run:in-write":
			return e.Saved, e.Saved
		case "run:after-write":
			return e.Saved + 1, e.Saved + batchSize
		}
	}
	return e.Saved, e.Saved + batchSize
}

// written counts the items that are as they shall be and were not before. Any item that
// is neither is an error.
func (s *stage) written(t *testing.T, got state) int64 {
	t.Helper()
	var n int64
	for key, value := range got.items {
		switch value {
		case s.before.items[key]:
		case s.want.items[key]:
			n++
		default:
			t.Errorf("item %s is neither old nor new:\n%s\nold: %s\nnew: %s", key, value, s.before.items[key], s.want.items[key])
		}
	}
	for key := range s.before.items {
		if _, found := got.items[key]; !found {
			t.Errorf("item %s is gone", key)
		}
	}
	return n
}

// newestRun is 0 if there is none.
func (s state) newestRun() int64 {
	if len(s.runs) == 0 {
		return 0
	}
	return s.runs[0].ID
}

// counts are those of all runs together.
func (s state) counts() db.Counts {
	var sum db.Counts
	for _, r := range s.runs {
		sum.Due, sum.Done, sum.Failed = sum.Due+r.Due, sum.Done+r.Done, sum.Failed+r.Failed
		sum.Skipped, sum.Verified = sum.Skipped+r.Skipped, sum.Verified+r.Verified
	}
	return sum
}

// checkFinished checks the rows after the run that came after a kill: none is missing
// and none was written twice, for each item counts its attempts, and the runs together
// count each item once.
func checkFinished(t *testing.T, got, want state) {
	t.Helper()
	for _, d := range append(got.faults, differences(got, want)...) {
		t.Error(d)
	}
	if got.counts() != want.counts() {
		t.Errorf("the runs count %+v, want %+v", got.counts(), want.counts())
	}
	checkRunsClosed(t, got)
}

// checkRunsClosed checks that no run still looks as if it ran.
func checkRunsClosed(t *testing.T, got state) {
	t.Helper()
	for _, r := range got.runs {
		if r.Status == db.Running {
			t.Errorf("run %d, which was killed, is still called %s", r.ID, r.Status)
		}
	}
}

// checkLoaded checks what a load that was killed left behind: files with all that
// was in them, and the files that the program said were saved.
func checkLoaded(t *testing.T, got, want state, e ended) {
	t.Helper()
	for table, file := range map[string]string{"station": "StationXML", "channel": "StationXML", "event": "QuakeML", "origin": "QuakeML"} {
		loaded := strings.Contains(strings.Join(got.tables["file"], ""), file)
		if rows := len(got.tables[table]); rows != 0 && !loaded || loaded && rows != len(want.tables[table]) {
			t.Errorf("%d rows of %s, want %d; is the %s file there? %v", rows, table, len(want.tables[table]), file, loaded)
		}
	}
	if n := int64(len(got.files)); n < e.Saved {
		t.Errorf("%d files, %d were saved", n, e.Saved)
	}
	for path, value := range got.files {
		if value != want.files[path] {
			t.Errorf("file %s:\n%s\nwant %s", path, value, want.files[path])
		}
	}
}
