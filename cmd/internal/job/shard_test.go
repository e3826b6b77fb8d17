package job

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// many is events enough for every part to have some.
var many = synth.Config{Seed: 1, Stations: 2, Events: 12, Duration: 4 * time.Hour, SampleRate: 20, Continuous: true, Instruments: []string{"HN"}}

func part(i, n int, o RunOptions) RunOptions {
	o.Selection.Shard = db.Shard{Index: i, Count: n}
	return o
}

// inParts runs three parts at once and adds up what they did.
func (l *lab) inParts(o RunOptions) (sum db.Counts) {
	l.Helper()
	var wg sync.WaitGroup
	results := make([]RunResult, 3)
	for i := range results {
		wg.Go(func() { results[i] = mustRun(l.T, l.pool, part(i+1, len(results), o)) })
	}
	wg.Wait()
	for _, r := range results {
		sum.Due, sum.Done, sum.Verified = sum.Due+r.Due, sum.Done+r.Done, sum.Verified+r.Verified
		if r.Due == 0 && sum.Due > 10 {
			l.Errorf("a part has nothing: %+v", results)
		}
	}
	return sum
}

func TestPartsCoverASelectionExactlyOnce(t *testing.T) {
	l := newLab(t, many)
	l.loadAll()
	if c := l.inParts(RunOptions{}); c.Due != 24 || c.Done != 24 {
		t.Fatalf("%+v", c)
	}
	l.wantAsFresh()
	for n := 1; n <= 5; n++ {
		var considered int64
		for i := 1; i <= n; i++ {
			considered += mustRun(t, l.pool, part(i, n, RunOptions{DryRun: true, Force: true})).Due
		}
		if considered != 24 {
			t.Errorf("%d parts have %d items", n, considered)
		}
	}
	rows, err := db.Runs(t.Context(), l.pool, 0)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]bool{}
	for _, r := range rows {
		if r.Label == "default" {
			parts[fmt.Sprint(r.Shard, r.Status)] = true
		}
	}
	if want := map[string]bool{"1/3done": true, "2/3done": true, "3/3done": true}; !gocmp.Equal(want, parts) {
		t.Errorf("%v", parts)
	}
}

// Changes are marked part by part; none is lost, whichever part comes when, and whoever
// runs in between.
func TestPartsMissNoChange(t *testing.T) {
	l := newFinishedLab(t, many)
	l.events[1].Origins[0].Depth += 100
	l.loadEvents()
	mustRun(t, l.pool, part(1, 3, RunOptions{}))
	cloneResponse(l.channel("ST02.HN1")).Stages[0].Gain *= 1.01
	l.loadStations()
	mustRun(t, l.pool, part(2, 3, RunOptions{}))
	l.bump("ST01.HNZ", l.p(5, 1).Add(time.Second))
	l.loadWaveforms()
	mustRun(t, l.pool, part(3, 3, RunOptions{}))
	mustRun(t, l.pool, part(2, 2, RunOptions{})) // of another count, when none of three is there
	if c := l.inParts(RunOptions{}); c.Due > 12 {
		t.Errorf("%+v", c)
	}
	l.wantAsFresh()
	l.wantNothingDue()
	l.events[1].Origins[0].Depth += 100
	l.loadEvents()
	if c := l.inParts(RunOptions{}); c.Due != 2 {
		t.Errorf("%+v", c)
	}
	l.wantNothingDue()
	l.wantAsFresh()
	var left, marked int
	if err := l.pool.Get(&left, `SELECT count(*) FROM change`); err != nil {
		t.Fatal(err)
	}
	if err := l.pool.Get(&marked, `SELECT count(*) FROM label_shard WHERE label = 'default'`); err != nil || marked != 4 || left > 3 {
		t.Errorf("%d parts have marked, %d changes are kept, %v", marked, left, err)
	}
}

func TestPartsAndTheWholeExcludeEachOther(t *testing.T) {
	l := newLab(t, many)
	l.loadAll()
	begun, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	done := make(chan RunResult, 1)
	go func() {
		o := part(1, 3, RunOptions{Hook: func(point string) {
			if point == "run:planned" {
				once.Do(func() { close(begun) })
				<-goOn
			}
		}})
		done <- mustRun(t, l.pool, o)
	}()
	<-begun
	for name, o := range map[string]RunOptions{"the whole": {}, "the same part": part(1, 3, RunOptions{}), "another count": part(2, 2, RunOptions{})} {
		if _, err := Run(t.Context(), l.pool, o); !errors.Is(err, db.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := mustRun(t, l.pool, part(2, 3, RunOptions{}))
	close(goOn)
	if r := <-done; r.Due == 0 || other.Due == 0 || r.Done != r.Due {
		t.Errorf("%+v, %+v", r, other)
	}
	mustRun(t, l.pool, RunOptions{})
	l.wantAsFresh()
}
