package job

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// A plan beside a run, by somebody who may read and nothing else, tells what the next run does.
func TestAPlanReadsAndNothingElse(t *testing.T) {
	l := newFinishedLab(t, small)
	l.bump("ST02.HNZ", l.p(2, 2).Add(5*time.Second))
	l.loadWaveforms()
	l.channel("ST03.HNZ").Latitude += 0.01
	l.loadStations()
	before := itemsOf(t, l.pool, "default")
	lock, err := db.TryLock(t.Context(), l.pool, "default", db.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	reader := dbtest.Member(t, l.pool, "planner", "seisbatch_reader")
	plan, err := Run(t.Context(), reader, RunOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	wantReasons(t, plan, map[Reason]int64{DataChanged: 1, MetadataChanged: 3})
	if diff := cmp.Diff(before, itemsOf(t, l.pool, "default")); diff != "" {
		t.Errorf("the plan has written:\n%s", diff)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	run := mustRun(t, l.pool, RunOptions{})
	if diff := cmp.Diff(plan.Reasons, run.Reasons); diff != "" || run.Verified != plan.Verified {
		t.Errorf("the run did something else than the plan: %s; %d verified, planned %d", diff, run.Verified, plan.Verified)
	}
}
