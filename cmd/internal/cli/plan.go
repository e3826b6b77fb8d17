package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

const planHelp = `Tell what a run would compute of a selection, and why, and write nothing; it is the same
as 'seisbatch run --dry-run'. The reasons:

  never_done      the item is new
  algorithm       this version of seisbatch computes something else than the one before
  recipe          the label has another recipe, or --recipe names one
  failed_before   it failed with a code that may pass by itself
  review          an analyst's review was set, changed or cleared
  metadata        a response, position or orientation has changed
  origin          the hypocentre, its time or the magnitude have changed
  picks           the arrivals from which P and S are taken have changed
  data            the samples in its windows have changed
  forced          nothing has changed, --force asks for it

Items of which something has changed that may matter are read and compared, as a run does.
It takes no lock: beside a run, what that has not written yet counts as due. The time is
reckoned from the label's runs so far.
`

func (a *app) planCommand() *cobra.Command {
	var f runFlags
	var selection selectionFlags
	cmd := &cobra.Command{Use: "plan", Short: "Tell what is due and why, and write nothing", Long: planHelp + selectionHelp, Args: arguments(cobra.NoArgs)}
	f.registerPlan(cmd)
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		f.dryRun = true
		o, err := a.runOptions(f, selection)
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error { return a.run(ctx, pool, o) })
	})
	return cmd
}

// printPlan says what a run would do.
func (a *app) printPlan(r job.RunResult, o job.RunOptions) error {
	fmt.Fprintln(a.out, runSummary(r, o))
	if r.Due == 0 {
		return nil
	}
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	reasons := table{header: []string{"reason", ">items"}}
	for _, reason := range job.Reasons {
		if r.Reasons[reason] > 0 {
			reasons.add(string(reason), n(r.Reasons[reason]))
		}
	}
	stations := table{header: []string{"station", ">items"}}
	counts := r.Plan.Stations
	for _, s := range slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y)) }) {
		stations.add(s, n(counts[s]))
	}
	for _, t := range []table{reasons, stations} {
		fmt.Fprintln(a.out)
		if err := t.write(a.out); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.out, "\n%s to read%s\n", bytesText(r.Plan.Bytes), expected(r.Plan.Expected))
	return nil
}

// expected tells how long it will take.
func expected(seconds *float64) string {
	if seconds == nil {
		return "; how long it takes, the first run will tell"
	}
	return fmt.Sprintf(", about %v by the runs so far", time.Duration(*seconds*float64(time.Second)).Round(max(time.Millisecond, time.Duration(*seconds*1e7))))
}
