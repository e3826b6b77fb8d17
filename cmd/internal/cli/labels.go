package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

func (a *app) labelsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "labels", Short: "List the result sets", Args: arguments(cobra.NoArgs),
		Long: "List the result sets (labels): how many of their items are done, failed and skipped, how\n" +
			"many of all are suspect, because something they read has changed since, the number of\n" +
			"rows of results, and the last run. 'seisbatch config --recipe --label NAME' prints a\n" +
			"label's recipe, 'seisbatch diff A B' compares two of them.",
	}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		return a.withDatabase(ctx, func(pool *database) error {
			all, err := db.Labels(ctx, pool)
			if err != nil {
				return err
			}
			return a.printLabels(all)
		})
	})
	return cmd
}

func (a *app) printLabels(all []db.LabelSummary) error {
	t := table{header: []string{"label", ">done", ">failed", ">skipped", ">suspect", ">rows", ">last run", "started"}}
	for i := range all {
		l := &all[i]
		last, started := "", ""
		if l.LastRun != nil {
			*l.LastTime = l.LastTime.UTC()
			last, started = strconv.FormatInt(*l.LastRun, 10), clock(*l.LastTime)
		}
		if a.json {
			if err := a.printJSON(l); err != nil {
				return err
			}
			continue
		}
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		t.add(l.Name, n(l.Done), n(l.Failed), n(l.Skipped), n(l.Suspect), n(l.Rows), last, started)
	}
	switch {
	case a.json:
		return nil
	case len(all) == 0:
		return a.say("no labels yet: 'seisbatch run' makes the first, default")
	}
	return t.write(a.out)
}
