package job

import (
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
)

// hide moves a channel's file away and gives what moves it back.
func (l *lab) hide(channel string) (back func()) {
	l.Helper()
	name := l.file(channel)
	if err := os.Rename(name, name+".away"); err != nil {
		l.Fatal(err)
	}
	return func() {
		l.Helper()
		if err := os.Rename(name+".away", name); err != nil {
			l.Fatal(err)
		}
	}
}

// night is a run at a time.
func (l *lab) nightAt(now time.Time, o RunOptions) RunResult {
	l.Helper()
	o.Now = func() time.Time { return now }
	return mustRun(l.T, l.pool, o)
}

// onlyItem is that of a lab with one.
func (l *lab) onlyItem() db.WorkItem {
	l.Helper()
	for _, it := range itemsOf(l.T, l.pool, "default") {
		return it
	}
	l.Fatal("no item")
	return db.WorkItem{}
}

func TestAFailureThatMayPassIsTriedMoreAndMoreSeldomUpToTheLimit(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	back := l.hide("ST01.HNZ")
	const day = 24 * time.Hour
	now := time.Date(2030, 1, 1, 3, 0, 0, 0, time.UTC)
	o := RunOptions{MaxAttempts: 9}
	for i, wait := range []time.Duration{0, time.Hour, 6 * time.Hour, 23 * time.Hour, 71 * time.Hour, 167 * time.Hour, 167 * time.Hour, 167 * time.Hour} {
		if r := l.nightAt(now, o); r.Failed != 1 || i > 0 && r.Reasons[FailedBefore] != 1 {
			t.Fatalf("attempt %d: %+v", i+1, r)
		}
		if it := l.onlyItem(); it.Tries != i+1 || (it.NextTry == nil) != (wait == 0) || wait > 0 && !it.NextTry.Equal(now.Add(wait)) {
			t.Errorf("attempt %d at %v: %d tries, next %v", i+1, now, it.Tries, it.NextTry)
		}
		if wait == 0 {
			continue
		}
		if r := l.nightAt(now.Add(wait-time.Second), o); r.Due != 0 || r.Considered != 1 {
			t.Errorf("a second too soon: %+v", r)
		}
		now = now.Add(wait)
	}
	if r := l.nightAt(now, o); r.Failed != 1 {
		t.Errorf("the last attempt: %+v", r)
	}
	if r := l.nightAt(now.Add(1000*day), o); r.Due != 0 {
		t.Errorf("given up: %+v", r)
	}
	if r := l.nightAt(now.Add(1000*day), RunOptions{DryRun: true, MaxAttempts: 10}); r.Reasons[FailedBefore] != 1 {
		t.Errorf("with a higher limit: %+v", r)
	}
	back()
	if r := l.nightAt(now.Add(1000*day), o); r.Due != 0 {
		t.Errorf("given up, though it would pass: %+v", r)
	}
	if r := l.nightAt(now.Add(1000*day), RunOptions{MaxAttempts: 9, Retry: []string{"file_missing"}}); r.Done != 1 {
		t.Errorf("asked for: %+v", r)
	}
	if it := l.onlyItem(); it.Tries != 1 || it.NextTry != nil || it.Attempts != 10 {
		t.Errorf("%+v", it)
	}
}

func TestOnlyFailuresInARowAreCounted(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	now := time.Date(2030, 1, 1, 3, 0, 0, 0, time.UTC)
	fail := func(want int) {
		t.Helper()
		now = now.Add(1000 * time.Hour)
		if r := l.nightAt(now, RunOptions{Force: want == 1}); r.Failed != 1 {
			t.Fatalf("%+v", r)
		}
		if it := l.onlyItem(); it.Tries != want {
			t.Errorf("%d tries, want %d", it.Tries, want)
		}
	}
	back := l.hide("ST01.HNZ")
	fail(1)
	fail(2)
	back()
	now = now.Add(1000 * time.Hour)
	if r := l.nightAt(now, RunOptions{}); r.Done != 1 || r.Reasons[FailedBefore] != 1 {
		t.Errorf("%+v", r)
	}
	l.hide("ST01.HNZ")
	fail(1)
	fail(2)
	fail(3)
}

// What changes is looked at, however often the item failed before and whenever its next try is; and
// then it is counted anew.
func TestAChangeIsLookedAtWhateverTheNextTry(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	back := l.hide("ST01.HNZ")
	now := time.Date(2030, 1, 1, 3, 0, 0, 0, time.UTC)
	for range 3 {
		now = now.Add(1000 * time.Hour)
		l.nightAt(now, RunOptions{})
	}
	if r := l.nightAt(now, RunOptions{}); r.Due != 0 {
		t.Fatalf("%+v", r)
	}
	l.channel("ST01.HNN").Longitude += 0.01
	l.loadStations()
	if r := l.nightAt(now, RunOptions{}); r.Failed != 1 || r.Reasons[MetadataChanged] != 1 {
		t.Errorf("%+v", r)
	}
	if it := l.onlyItem(); it.Tries != 1 || it.NextTry != nil {
		t.Errorf("%+v", it)
	}
	l.nightAt(now, RunOptions{})
	l.events[0].Description = "called by another name"
	l.loadEvents()
	if r := l.nightAt(now, RunOptions{}); r.Verified != 1 || r.Due != 0 {
		t.Errorf("a change that does not matter: %+v", r)
	}
	if it := l.onlyItem(); it.Tries != 2 || it.NextTry == nil {
		t.Errorf("%+v", it)
	}
	back()
	l.bump("ST01.HNZ", l.p(1, 1))
	l.loadWaveforms()
	if r := l.nightAt(now, RunOptions{}); r.Done != 1 || r.Reasons[DataChanged] != 1 {
		t.Errorf("the file is back, and changed: %+v", r)
	}
	l.wantAsFresh()
}

// twice reads again at once.
var twice = mtp.Backoff{Attempts: 2, First: time.Nanosecond}

func TestAFileThatIsAwayForAMomentIsReadAgain(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	back := l.hide("ST01.HNZ")
	if r := mustRun(t, l.pool, RunOptions{Rereads: twice, Hook: atPassing("run:read-again", 1, back)}); r.Done != 1 {
		t.Errorf("%+v", r)
	}
	l.wantAsFresh()
}

func TestFilesThatStayAwayDoNotHoldTheOthersUp(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	var again atomic.Int64
	for channel := range l.paths {
		if strings.Contains(channel, ".HN") {
			l.hide(channel)
		}
	}
	r := mustRun(t, l.pool, RunOptions{Workers: 1, Rereads: twice, Hook: func(point string) {
		if point == "run:read-again" {
			again.Add(1)
		}
	}})
	if r.Codes["file_missing"] != 9 || r.Done != 3 || again.Load() != vainRereads { // of 27
		t.Errorf("%d files read again, %+v", again.Load(), r)
	}
}

func TestTheMessageOfAFileThatWasReadAgainIsThatOfOneThatWasNot(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	l.hide("ST01.HNZ")
	mustRun(t, l.pool, RunOptions{Rereads: twice})
	first := *l.onlyItem().Message
	mustRun(t, l.pool, RunOptions{})
	if second := *l.onlyItem().Message; second != first {
		t.Errorf("%q, then %q", first, second)
	}
}

func TestTheItemsInWorkAreCounted(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	var inWork func() int64
	var seen int64
	o := RunOptions{Workers: 1, BatchSize: 3, InWork: func(count func() int64) { inWork = count }}
	o.Hook = atPassing("run:in-write", 1, func() { seen = inWork() })
	mustRun(t, l.pool, o)
	if seen < 3 || seen > 12 {
		t.Errorf("%d items in work while three are written", seen)
	}
	if n := inWork(); n != 0 {
		t.Errorf("%d at the end", n)
	}
}
