package job

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
)

// lastRun is the newest run's row.
func (l *lab) lastRun() db.Run {
	l.Helper()
	runs, err := db.Runs(l.Context(), l.pool, 1)
	if err != nil || len(runs) != 1 {
		l.Fatal(runs, err)
	}
	return runs[0]
}

// oneByOne ends early after its first batch of one item.
func oneByOne(end func()) RunOptions {
	return RunOptions{Workers: 1, BatchSize: 1, Progress: func(p Progress) {
		if p.Done == 1 {
			end()
		}
	}}
}

func TestAStoppedRunFinishesWhatItBeganAndTheNextTheRest(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	stop := make(chan struct{})
	o := oneByOne(func() { close(stop) })
	o.Stop = stop
	r := mustRun(t, l.pool, o)
	if !r.Interrupted || r.Done == 0 || r.Done >= 12 || int(r.Done) != len(itemsOf(t, l.pool, "default")) {
		t.Errorf("%+v with %d items", r, len(itemsOf(t, l.pool, "default")))
	}
	if row := l.lastRun(); row.Status != db.Interrupted || row.FinishedAt == nil || row.Counts != r.Counts || row.ID != r.RunID || row.Message == "" {
		t.Errorf("%+v", row)
	}
	next := mustRun(t, l.pool, RunOptions{})
	if next.Done+r.Done != 12 || next.Interrupted {
		t.Errorf("%+v, then %+v", r, next)
	}
	if row := l.lastRun(); row.Status != db.Done || row.Counts != next.Counts {
		t.Errorf("%+v", row)
	}
	l.wantNothingDue()
	l.wantAsFresh()
}

func TestACancelledRunEndsAtOnceAndTheNextGoesOn(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Run(ctx, l.pool, oneByOne(cancel))
	if !errors.Is(err, context.Canceled) || !r.Interrupted || r.Done >= 12 {
		t.Errorf("%+v, %v", r, err)
	}
	if n := len(itemsOf(t, l.pool, "default")); n != int(r.Done) {
		t.Errorf("%d items written, %d said so", n, r.Done)
	}
	if row := l.lastRun(); row.Status != db.Interrupted || row.FinishedAt == nil || row.Counts != r.Counts {
		t.Errorf("%+v", row)
	}
	if next := mustRun(t, l.pool, RunOptions{}); next.Done+r.Done != 12 {
		t.Errorf("%+v, then %+v", r, next)
	}
	l.wantAsFresh()
}

// An interrupted run over changed data leaves nothing behind that the next takes for
// current.
func TestAStoppedRunLeavesTheOtherSuspectsDue(t *testing.T) {
	l := newFinishedLab(t, small)
	for e := range l.events {
		l.events[e].Magnitudes[1].Value += 0.1
	}
	l.loadEvents()
	stop := make(chan struct{})
	o := oneByOne(func() { close(stop) })
	o.Stop = stop
	first := mustRun(t, l.pool, o)
	second := mustRun(t, l.pool, RunOptions{})
	if first.Due == 12 || first.Due+second.Due != 12 || first.Verified+second.Verified != 0 {
		t.Errorf("%+v, then %+v", first, second)
	}
	l.wantNothingDue()
	l.wantAsFresh()
}

// A change that comes while a run is at work is for the next run.
func TestAChangeDuringARunIsDueInTheNext(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	o := oneByOne(func() {
		l.events[2].Magnitudes[1].Value += 0.1
		l.events[0].Origins[0].Depth += 100
		l.loadEvents()
		l.bump("ST01.HNZ", l.p(2, 1))
		l.loadWaveforms()
	})
	mustRun(t, l.pool, o)
	r := mustRun(t, l.pool, RunOptions{})
	if r.Due < 4 || r.Due+r.Verified != 9 { // of events 1 and 3, and of event 2 at ST01..HN
		t.Errorf("%+v", r)
	}
	l.wantNothingDue()
	l.wantAsFresh()
}

func TestASecondRunOfALabelIsRefusedAtOnce(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	var second, other error
	r := mustRun(t, l.pool, oneByOne(func() {
		_, second = Run(t.Context(), l.pool, RunOptions{})
		_, other = Run(t.Context(), l.pool, RunOptions{Label: "another"})
	}))
	if !errors.Is(second, db.ErrLocked) || other != nil || r.Done != 12 {
		t.Errorf("the same label: %v; another: %v; %+v", second, other, r)
	}
	l.wantNothingDue()
}

func TestARunThatWaitsGoesOnWhenTheFirstEnds(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	lock, err := db.TryLock(t.Context(), l.pool, "default", db.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, l.pool, RunOptions{Wait: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that waited and was cancelled: %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
	if r := mustRun(t, l.pool, RunOptions{Wait: true}); r.Done != 1 {
		t.Errorf("%+v", r)
	}
}

func TestARunOfADeadProcessIsClosedAsLost(t *testing.T) {
	for name, due := range map[string]bool{"with work left": true, "with none left": false} {
		t.Run(name, func(t *testing.T) {
			l := newFinishedLab(t, alone)
			dead := l.lastRun().ID
			if _, err := l.pool.Exec(`UPDATE run SET status = 'running', finished_at = NULL`); err != nil {
				t.Fatal(err)
			}
			now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
			mustRun(t, l.pool, RunOptions{Label: "another"}) // is none of its business
			if runs, err := db.Runs(t.Context(), l.pool, 0); err != nil || runs[len(runs)-1].Status != db.Running {
				t.Errorf("%+v, %v", runs, err)
			}
			mustRun(t, l.pool, RunOptions{Force: due, Now: func() time.Time { return now }})
			runs, err := db.Runs(t.Context(), l.pool, 0)
			if err != nil {
				t.Fatal(err)
			}
			row := runs[len(runs)-1]
			if row.ID != dead || row.Status != db.Lost || row.FinishedAt == nil || !row.FinishedAt.Equal(now) || row.Message == "" || row.Done != 1 {
				t.Errorf("%+v", row)
			}
			if newest := runs[0]; newest.Status != db.Done || newest.Label != "default" {
				t.Errorf("%+v", newest)
			}
		})
	}
}

// A run whose row was closed by another start must not write: it may be one that
// was taken for dead.
func TestARunThatWasTakenForDeadWritesNothingMore(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	_, err := Run(t.Context(), l.pool, oneByOne(func() {
		if _, err := l.pool.Exec(`UPDATE run SET status = 'lost'`); err != nil {
			t.Error(err)
		}
	}))
	if !errors.Is(err, db.ErrRunClosed) {
		t.Error(err)
	}
	if n := len(itemsOf(t, l.pool, "default")); n != 1 {
		t.Errorf("%d items", n)
	}
}

func TestTheDatabaseGoingAwayFailsTheRunWithNothingHalfWritten(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	o := oneByOne(func() {})
	writes := 0
	o.Hook = func(point string) {
		if point != "run:in-write" {
			return
		}
		if writes++; writes == 3 {
			if _, err := l.pool.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
				t.Error(err)
			}
		}
	}
	r, err := Run(t.Context(), l.pool, o)
	if err == nil || r.Done != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	if n := len(itemsOf(t, l.pool, "default")); n != 2 {
		t.Errorf("%d items", n)
	}
	l.wantRowsOfTheirItems()
	if row := l.lastRun(); row.Status != db.Failed || !strings.Contains(err.Error(), row.Message) {
		t.Errorf("%+v", row)
	}
	if next := mustRun(t, l.pool, RunOptions{}); next.Done != 10 {
		t.Errorf("%+v", next)
	}
	l.wantAsFresh()
}

func TestForceComputesTheSelectionAgainAndNothingElse(t *testing.T) {
	l := newFinishedLab(t, small)
	before, rows := itemsOf(t, l.pool, "default"), measurementsOf(t, l.pool, "default")
	var s Selection
	s.Stations, s.Events = []string{"ST0[12]"}, []string{"002"}
	if r := mustRun(t, l.pool, RunOptions{Force: true, Selection: s}); r.Due != 3 || r.Done != 3 || r.Considered != 3 {
		t.Errorf("%+v", r)
	}
	for k, it := range itemsOf(t, l.pool, "default") {
		again := strings.HasSuffix(k.EventID, "002") && k.Station != "ST03"
		if (it.RunID != before[k].RunID) != again {
			t.Errorf("%s: run %d, before %d", itemName(k), it.RunID, before[k].RunID)
		}
	}
	if diff := gocmp.Diff(rows, measurementsOf(t, l.pool, "default")); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
}
