package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

func (a *app) failuresCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "failures", Short: "List failed items and files with errors", Args: arguments(cobra.NoArgs),
		Long: "List the items of a label that failed, and the files that could not be read, or not\n" +
			"whole, each with a code, the stage, and what to do. A failed item is tried again\n" +
			"when something about it changes, or with run --force.",
	}
	registerLabel(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		label := a.settings.text(keyLabel)
		return a.withDatabase(ctx, func(pool *database) error {
			all, err := db.Failures(ctx, pool, label)
			if err != nil {
				return err
			}
			return a.printFailures(all, label)
		})
	})
	return cmd
}

func (a *app) printFailures(all []db.Failure, label string) error {
	t := table{header: []string{"event", "instrument", "stage", "code", ">tries", "file", "message"}}
	for i := range all {
		f := &all[i]
		if a.json {
			if err := a.printJSON(f); err != nil {
				return err
			}
			continue
		}
		instrument := ""
		if f.Instrument != "" {
			instrument = strings.Join([]string{f.Network, f.Station, blank(f.Location), f.Instrument}, ".")
		}
		t.add(f.EventID, instrument, f.Stage, f.Code, strconv.Itoa(f.Attempts), f.File, f.Message)
	}
	if a.json {
		return nil
	}
	if len(all) == 0 {
		return a.say("no failures with label %q, and no files with errors", label)
	}
	return t.write(a.out)
}
