package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

const runHelp = `Compute what is due of a selection, and write it: items (an event at an
instrument) that were never done, or whose waveforms, metadata, event or recipe
changed since. Without selection flags that is everything. A run that was ended
early, by whatever, is continued by the next one.

Results belong to a label, which has its own recipe: the one it was last run with,
else the default ('seisbatch config --recipe'). Another recipe makes all
items of the label due; keep results apart with --label. While one run works on a
label, another one of it ends with status 4, or waits with --wait.
`

// runFlags are the flags of run that are neither settings nor selection.
type runFlags struct {
	force, dryRun, wait bool
	now, shard          string
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	var selection selectionFlags
	cmd := &cobra.Command{Use: "run", Short: "Process what is due", Long: runHelp + selectionHelp, Args: arguments(cobra.NoArgs)}
	f.registerPlan(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&f.dryRun, "dry-run", "n", false, "tell what is due and why, as plan does, and write nothing")
	registerBudgets(cmd)
	selection.register(cmd)
	registerMetrics(cmd)
	cmd.AddCommand(a.runShowCommand())
	cmd.RunE = a.verb(func(ctx context.Context, cmd *cobra.Command, _ []string) error {
		o, err := a.runOptions(f, selection)
		if err != nil {
			return err
		}
		budgets(cmd, &o)
		return a.withDatabase(ctx, func(pool *database) error { return a.run(ctx, pool, o) })
	})
	return cmd
}

// registerPlan registers the flags that say what is due, and how it is looked at.
func (f *runFlags) registerPlan(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.String(keyRecipe, "", "recipe `FILE` (default: the label's own)")
	flags.BoolVar(&f.force, "force", false, "compute the whole selection, due or not")
	f.registerRun(cmd)
}

// registerRun registers the flags of every verb that runs.
func (f *runFlags) registerRun(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.String(keyWorkers, "", "`NUMBER` of items worked on at once (default: one per processor)")
	flags.BoolVar(&f.wait, "wait", false, "wait while another run holds the lock of the label")
	flags.StringVar(&f.now, "now", "", "take `TIME` for the time of the run: for rehearsals with a database of their own, because later runs go by it")
	flags.String(keyMaxAttempts, "", "`NUMBER` of times in a row that an item is tried by itself whose failure may pass (default 10, 0: any)")
	flags.StringVar(&f.shard, "shard", "", "only the events of part `I/N`, as 2/3: N processes cover a selection exactly once")
	registerLabel(cmd)
}

// runOptions turns flags and settings into options; what is wrong is said before
// the database is opened.
func (a *app) runOptions(f runFlags, s selectionFlags) (job.RunOptions, error) {
	var p flagParser
	o := job.RunOptions{Kind: "run", Words: a.words, Label: a.settings.text(keyLabel), Force: f.force, DryRun: f.dryRun, Wait: f.wait,
		Workers: a.settings.workers(), Version: readVersion().Version, Log: a.log}
	var err error
	if o.Selection, err = s.parse(); err != nil {
		return o, err
	}
	if f.shard != "" {
		if o.Selection.Shard, err = db.ParseShard(f.shard); err != nil {
			return o, usagef("--shard %w", err)
		}
	}
	if now := p.time("now", f.now); !now.IsZero() {
		o.Now = func() time.Time { return now }
	}
	if p.err != nil {
		return o, p.err
	}
	if path := a.settings.text(keyRecipe); path != "" {
		o.RecipeName = path
		if o.RecipeText, err = os.ReadFile(path); err != nil {
			return o, usagef("recipe: %w", err)
		}
		_, err = a.words.Parse(path, o.RecipeText)
	}
	return o, err
}

// budgets takes those of the flags. Settings of nightly are not for a run by hand.
func budgets(cmd *cobra.Command, o *job.RunOptions) {
	o.MaxFailures, _ = maxFailures(cmd.Flags().Lookup(keyMaxFailures).Value.String()) // were checked
	o.StopAfter, _ = span(cmd.Flags().Lookup(keyStopAfter).Value.String())
}

func (a *app) run(ctx context.Context, pool *database, o job.RunOptions) error {
	if err := checkEvents(ctx, pool, o.Selection.Events); err != nil {
		return err
	}
	result, err := a.process(ctx, pool, o)
	if err != nil {
		return err
	}
	if result.Considered == 0 && result.Removed == 0 && !result.Interrupted && !a.json {
		return a.explainNothing(ctx, pool, o.Selection)
	}
	if err := a.printRun(result, o); err != nil {
		return err
	}
	switch {
	case result.Interrupted:
		return errInterrupted
	case result.Budget == job.FailureBudget:
		return fmt.Errorf("more than %v items failed: stopped, %d left: see 'seisbatch failures%s'", o.MaxFailures, result.Left, labelOption(o.Label))
	case result.Failed > 0:
		return someFailed("%d of %d items failed: see 'seisbatch failures%s'", result.Failed, result.Due, labelOption(o.Label))
	}
	return nil
}

// explainNothing says why a run had nothing to look at.
func (a *app) explainNothing(ctx context.Context, pool *database, s job.Selection) error {
	found, err := anyEvent(ctx, pool, s)
	switch {
	case err != nil || a.quiet:
		return err
	case !found:
		return a.say("no events match the selection")
	}
	return a.say("0 items due: no instrument matches the selection; are stations loaded that the recipe takes?")
}

// process runs the job under a progress bar.
func (a *app) process(ctx context.Context, pool *database, o job.RunOptions) (job.RunResult, error) {
	what := "processing"
	if o.DryRun {
		what = "counting"
	}
	p := a.newProgress(what, "items")
	p.summarised = !o.DryRun
	defer p.finish()
	o.Progress, o.Watch = p.update, a.watch
	o.Stop = a.interrupts.drain("the items that are being processed")
	o.InWork = a.interrupts.count("item")
	a.bePatient(&o)
	result, err := job.Run(ctx, pool, o)
	a.summariseRun(result, o, time.Since(p.started), err)
	return result, err
}

// labelOption is the option that names a label in a command, if it needs one.
func labelOption(label string) string {
	if label == "default" {
		return ""
	}
	return " --label " + label
}
