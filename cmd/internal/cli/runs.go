package cli

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

func (a *app) runsCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "runs", Short: "List the runs, the newest last", Args: arguments(cobra.NoArgs),
		Long: "List the runs in the order of their ids, the newest last. A run is running, done,\n" +
			"failed, interrupted, or lost: its program ended without a word.",
	}
	cmd.AddCommand(a.runShowCommand())
	cmd.Flags().IntVar(&limit, "limit", 20, "list the newest `NUMBER`; 0 is all")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		if limit < 0 {
			return usagef("--limit %d: want 0 or more", limit)
		}
		return a.withDatabase(ctx, func(pool *database) error {
			runs, err := db.Runs(ctx, pool, limit)
			if err != nil {
				return err
			}
			slices.Reverse(runs)
			return a.printRuns(runs)
		})
	})
	return cmd
}

func (a *app) printRuns(runs []db.Run) error {
	t := table{header: []string{">id", "kind", "label", "status", ">due", ">done", ">failed", ">skipped", ">verified", "started", ">took", "message"}}
	for i := range runs {
		r := &runs[i]
		r.StartedAt = r.StartedAt.UTC()
		took := ""
		if r.FinishedAt != nil {
			*r.FinishedAt = r.FinishedAt.UTC()
			took = r.FinishedAt.Sub(r.StartedAt).Round(100 * time.Millisecond).String()
		}
		if a.json {
			if err := a.printJSON(r); err != nil {
				return err
			}
			continue
		}
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		t.add(n(r.ID), r.Kind, r.Label, r.Status, n(r.Due), n(r.Done), n(r.Failed), n(r.Skipped), n(r.Verified), clock(r.StartedAt), took, r.Message)
	}
	if a.json {
		return nil
	}
	if len(runs) == 0 {
		return a.say("no runs yet: 'seisbatch run' makes one")
	}
	return t.write(a.out)
}
