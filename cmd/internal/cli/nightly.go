package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

const nightlyHelp = `The job for cron: take in what is new in the configured folders, compute what is due,
and print a summary for an e-mail, the new failures and the recoveries first.

  archive:  /data/sds                # in seisbatch.yaml; several as a list
  stations: /data/stationxml
  events:   [/data/quakeml, /data/bulletins]
  window:   30d
  stop-after: 4h

Files are looked at by size and time, and read if these have changed. Due are the events
of the window, and older ones that have items of the label, or that came or changed since
the label began: so whatever late data and changed metadata touch, whatever its age. The
window begins where the label's first night put it, so that what one night leaves stays due.
Events younger than --min-age are left for later. All of it happens under the label's lock: a second
nightly ends with status 4, or waits with --wait; the parts of --shard take turns in loading.

A night over its budget, --max-failures or --stop-after, finishes what is begun; the rest is
due tomorrow. Over --max-failures the status is 1. If a folder cannot be looked at, as when its
disk is not mounted, or most of the archive is gone, nothing is computed, and the status is 1. With -q the summary is printed
only if there is something to look at.`

func (a *app) nightlyCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{Use: "nightly", Short: "Take in what is new, process what is due, report", Long: nightlyHelp, Args: arguments(cobra.NoArgs)}
	flags := cmd.Flags()
	flags.String(keyRecipe, "", "recipe `FILE` (default: the label's own)")
	f.registerRun(cmd)
	registerNightly(cmd)
	registerMetrics(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		o, err := a.nightlyOptions(f)
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error { return a.nightly(ctx, pool, o) })
	})
	return cmd
}

func (a *app) nightly(ctx context.Context, pool *database, o job.NightlyOptions) error {
	p := a.newProgress("processing", "items")
	p.summarised = true
	o.Progress, o.Watch, o.Load.Watch = p.update, a.watch, a.watch
	o.Stop = a.interrupts.drain("what has been begun")
	o.InWork, o.Load.InWork = a.interrupts.count("item"), a.interrupts.count("file")
	a.bePatient(&o.RunOptions)
	result, err := job.Nightly(ctx, pool, o)
	p.finish()
	o.Kind = "nightly"
	a.summariseRun(result.RunResult, o.RunOptions, time.Since(p.started), err)
	if result.RunID == 0 {
		return cmp.Or(err, interruptedIf(result.Interrupted))
	}
	return errors.Join(a.printNight(&result, o, err), cmp.Or(err, nightError(&result, o)))
}

func interruptedIf(interrupted bool) error {
	if interrupted {
		return errInterrupted
	}
	return nil
}

// nightError is how a night that came to its end ended.
func nightError(r *job.NightlyResult, o job.NightlyOptions) error {
	switch {
	case r.Interrupted:
		return errInterrupted
	case r.Budget == job.FailureBudget:
		return fmt.Errorf("more than %v items failed: stopped, %d left", o.MaxFailures, r.Left)
	case r.HasFailed():
		return someFailed("some items or files failed: see 'seisbatch failures%s'", labelOption(o.Label))
	}
	return nil
}

// printNight prints the summary; with --quiet only if there is something to look at.
func (a *app) printNight(r *job.NightlyResult, o job.NightlyOptions, err error) error {
	switch {
	case a.json:
		return a.printJSON(r)
	case a.quiet && err == nil && !r.HasNews():
		return nil
	}
	text := nightText(r, o, err)
	_, err = fmt.Fprint(a.out, text)
	return err
}
