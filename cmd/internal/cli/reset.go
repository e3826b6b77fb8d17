package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

const resetHelp = `Forget the items of a selection, and their measurements, so that they are as if never
done: the next run computes them again. Without --yes it is only told what that would be.
Reviews are not touched. To compute again and keep the results until then, use
'seisbatch run --force'.

While a run works on the label, reset --yes ends with status 4. It forgets a batch of
items after the other: after an interrupt, those told are forgotten, and the others are
as they were.
`

func (a *app) resetCommand() *cobra.Command {
	var selection selectionFlags
	var yes bool
	cmd := &cobra.Command{Use: "reset", Short: "Forget results, so that they are computed again", Long: resetHelp + selectionHelp, Args: arguments(cobra.NoArgs)}
	cmd.Flags().BoolVar(&yes, "yes", false, "do it")
	registerLabel(cmd)
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		s, err := selection.parse()
		if err != nil {
			return err
		}
		o := job.ResetOptions{Label: a.settings.text(keyLabel), Selection: s, DryRun: !yes}
		return a.withDatabase(ctx, func(pool *database) error {
			if err := checkLabel(ctx, pool, o.Label); err != nil {
				return err
			}
			for i, name := range s.Events { // what a short name means must be plain
				if s.Events[i], err = oneEvent(ctx, pool, name); err != nil {
					return err
				}
			}
			r, err := a.forget(ctx, pool, o)
			switch {
			case err != nil:
				return err
			case r.Interrupted && !yes:
				return errInterrupted
			case r.Items == 0 && !r.Interrupted && !a.json:
				return a.say("no items of label %q match the selection", o.Label)
			case !yes:
				return a.printReset(r, "Nothing was changed: --yes forgets these items and their measurements, and the next run computes them again")
			case r.Interrupted:
				return a.endReset(r, "The other items are as they were")
			}
			return a.endReset(r, fmt.Sprintf("They are forgotten: 'seisbatch run%s' computes them again", labelOption(o.Label)))
		})
	})
	return cmd
}

// checkLabel returns a usageError if there is no label of the name.
func checkLabel(ctx context.Context, pool *database, name string) error {
	_, err := db.FindLabel(ctx, pool, name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return usagef("there is no label %q: 'seisbatch labels' lists them", name)
	case err != nil:
		return fmt.Errorf("label %s: %w", name, err)
	}
	return nil
}

// forget resets under a progress display.
func (a *app) forget(ctx context.Context, pool *database, o job.ResetOptions) (job.ResetResult, error) {
	what, waitsFor := "resetting", "the items that are being forgotten"
	if o.DryRun {
		what, waitsFor = "counting", "the count"
	}
	p := a.newProgress(what, "items")
	defer p.finish()
	o.Progress, o.Stop = p.update, a.interrupts.drain(waitsFor)
	return job.Reset(ctx, pool, o)
}

// endReset is the outcome of what has changed something.
func (a *app) endReset(r job.ResetResult, last string) error {
	if !a.quiet || r.Interrupted || a.json {
		if err := a.printReset(r, last); err != nil {
			return err
		}
	}
	if r.Interrupted {
		return errInterrupted
	}
	return nil
}

// printReset prints the counts, and a last sentence.
func (a *app) printReset(r job.ResetResult, last string) error {
	if a.json {
		return a.printJSON(r)
	}
	t := table{header: []string{"state", ">items"}}
	for _, s := range []struct {
		name string
		n    int64
	}{{db.ItemDone, r.Done}, {db.ItemFailed, r.Failed}, {db.ItemSkipped, r.Skipped}} {
		t.add(s.name, strconv.FormatInt(s.n, 10))
	}
	if err := t.write(a.out); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.out, "\n%s of label %q, of %s at %s, with %s.\n%s.\n", counted(r.Items, "item"), r.Label,
		counted(r.Events, "event"), counted(r.Stations, "station"), counted(r.Measurements, "measurement"), last)
	return err
}
