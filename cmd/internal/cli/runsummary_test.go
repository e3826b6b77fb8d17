package cli

import (
	"testing"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

func TestRunSummaryTellsWhatARunCameTo(t *testing.T) {
	plain, other := job.RunOptions{Label: "default"}, job.RunOptions{Label: "other", Force: true}
	for _, c := range []struct {
		r    job.RunResult
		o    job.RunOptions
		want string
	}{
		{job.RunResult{RunID: 3, Considered: 50}, plain, "0 items due of 50"},
		{job.RunResult{RunID: 3, Considered: 50, Counts: db.Counts{Due: 50, Done: 26, Skipped: 24}, Codes: map[string]int64{"too_far": 24}}, plain,
			"run 3: 50 items due of 50: 26 done, 0 failed, 24 skipped (24 too_far)"},
		{job.RunResult{RunID: 3, Considered: 9, Counts: db.Counts{Due: 8, Failed: 4, Skipped: 4, Verified: 1},
			Codes: map[string]int64{"too_far": 1, "gap": 1, "no_data": 3, "crash": 2, "bad_units": 1}}, plain,
			"run 3: 8 items due of 9: 0 done, 4 failed (2 crash, 1 bad_units, 1 gap), 4 skipped (3 no_data, 1 too_far); 1 more looked at and still right"},
		{job.RunResult{RunID: 1, Considered: 900, Counts: db.Counts{Due: 314, Done: 314}, Left: 486, Interrupted: true}, plain,
			"run 1: 314 of 800 due items computed: 314 done, 0 failed, 0 skipped; 486 left: 'seisbatch run' goes on"},
		{job.RunResult{RunID: 1, Considered: 9, Counts: db.Counts{Due: 1, Done: 1}, Left: 8, Interrupted: true}, other,
			"run 1: 1 of 9 due items computed: 1 done, 0 failed, 0 skipped; 8 left: those that were not due need --force again, which begins with the first item"},
		{job.RunResult{RunID: 1, Considered: 9, Counts: db.Counts{Due: 1, Done: 1}, Left: 8, Interrupted: true}, job.RunOptions{Label: "other"},
			"run 1: 1 of 9 due items computed: 1 done, 0 failed, 0 skipped; 8 left: 'seisbatch run --label other' goes on"},
		{job.RunResult{RunID: 1, Considered: 9, Counts: db.Counts{Due: 9, Done: 9}, Interrupted: true}, plain,
			"run 1: 9 items due of 9: 9 done, 0 failed, 0 skipped"},
		{job.RunResult{Interrupted: true}, plain, "nothing was begun"},
		{job.RunResult{Considered: 9, Counts: db.Counts{Due: 1}}, job.RunOptions{DryRun: true}, "1 item due of 9; nothing was written"},
		{job.RunResult{Considered: 9, Counts: db.Counts{Due: 4}, Left: 5, Interrupted: true}, job.RunOptions{DryRun: true},
			"4 items due so far, 5 not looked at; nothing was written"},
	} {
		if got := runSummary(c.r, c.o); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
