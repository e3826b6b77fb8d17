package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// inverseBytes bounds the cache of inverse responses.
const inverseBytes = 64 << 20

// Run computes what is due of a selection and writes it, batch by batch, each in
// one transaction with the state of its items. Whatever ends it early, what was
// written is whole, and the next run goes on from there. It holds the label's lock: if
// another run does, the error matches db.ErrLocked.
func Run(ctx context.Context, pool *sqlx.DB, o RunOptions) (RunResult, error) {
	o.defaults()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := newRun(ctx, pool, o)
	err := r.do(ctx, r.ready)
	return r.result, err
}

// do is a whole run under the label's lock. What makes it ready, preparation at least, comes first.
func (r *run) do(ctx context.Context, ready func(context.Context) error) (err error) {
	if !r.o.DryRun { // which looks on, and writes nothing
		r.lock, err = patiently(ctx, r.patience, func() (*db.Lock, error) { return r.takeLock(ctx) })
		if errors.Is(err, errStopped) {
			r.early()
			return nil
		}
		if err != nil {
			return err
		}
		defer r.lock.Release()
	}
	r.result.Codes, r.result.Reasons = map[string]int64{}, map[Reason]int64{}
	if err := ready(ctx); err != nil {
		if r.result.RunID == 0 {
			return err
		}
		err = r.kept(err)
		return errors.Join(err, r.finish(ctx, err))
	}
	if r.o.DryRun {
		r.result.Plan = &Plan{Stations: map[string]int64{}}
		if err := r.pipeline(ctx); err != nil {
			return err
		}
		r.result.Considered = r.plan.considered
		r.early()
		return r.expect(ctx)
	}
	if r.result.RunID == 0 {
		if err := r.start(ctx); err != nil {
			return err
		}
	}
	r.o.Watch.began(Beginning{RunID: r.result.RunID, Kind: r.o.Kind, Label: r.o.Label, Items: r.total})
	if r.total > 0 {
		err = r.kept(r.pipeline(ctx))
	}
	return errors.Join(err, r.finish(ctx, err))
}

// ready finds out what there is to do.
func (r *run) ready(ctx context.Context) error {
	prepare := func() error { return r.prepare(ctx) }
	err := r.patience.do(ctx, prepare)
	for db.IsSerialization(err) {
		r.o.Log.Debug("beside another part of the label: once more", "error", err) // each time, one of them has got through
		err = r.patience.do(ctx, prepare)
	}
	if err != nil {
		return err
	}
	if r.o.DryRun {
		return nil // one look is enough
	}
	if err := r.count(ctx); err != nil {
		return err
	}
	r.result.Considered, r.result.Left = r.plan.considered, r.total
	return nil
}

func (o *RunOptions) defaults() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.BatchSize <= 0 {
		o.BatchSize = 200
	}
	if o.Label == "" {
		o.Label = "default"
	}
	if o.Kind == "" {
		o.Kind = "run"
	}
}

// errStopped is why a wait for the lock ended.
var errStopped = errors.New("stopped while waiting for the label's lock")

func (r *run) takeLock(ctx context.Context) (*db.Lock, error) {
	if !r.o.Wait {
		return db.TryLock(ctx, r.pool, r.o.Label, r.o.Selection.Shard)
	}
	return r.wait(ctx, func(ctx context.Context) (*db.Lock, error) {
		return db.WaitLock(ctx, r.pool, r.o.Label, r.o.Selection.Shard, func(err error) { r.o.Log.Info("waiting", "for", err) })
	})
}

// wait waits for a lock until the run is to end.
func (r *run) wait(ctx context.Context, lock func(context.Context) (*db.Lock, error)) (*db.Lock, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-r.end.asked:
			cancel(errStopped)
		case <-ctx.Done():
		}
	}()
	l, err := lock(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errStopped) {
		return nil, errStopped
	}
	return l, err
}

// analyzeFrom is how many new rows are worth new statistics for the query planner: a
// private server seldom lives long enough to make them by itself.
const analyzeFrom = 500

// run is one run of a recipe.
type run struct {
	pool     *sqlx.DB
	o        RunOptions
	lock     *db.Lock
	end      *ending
	recipe   recipe.Recipe
	hash     [32]byte
	revision int64 // that the run is true to
	plan     *planner
	total    int64
	batches  int64 // that write was given
	failures atomic.Int64
	patience *patience
	result   RunResult
}

// prepare settles the recipe, marks what changed since the last run, and reads the
// inventory, all as of one revision.
func (r *run) prepare(ctx context.Context) error {
	defer r.o.Watch.clock(opPrepare)()
	tx, err := r.pool.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return fmt.Errorf("starting a transaction: %w", err)
	}
	defer tx.Rollback()
	if err := r.settleRecipe(ctx, tx); err != nil {
		return err
	}
	if recent := &r.o.Selection.Recent; recent.Label != "" && r.lock != nil {
		if recent.From, err = db.WidenRecent(ctx, tx, recent.Label, recent.From); err != nil {
			return err
		}
	}
	if r.revision, err = db.Revision(ctx, tx); err != nil {
		return err
	}
	if r.lock != nil { // a plan and a picture have none, and must not touch what a run may be at
		if _, err := db.MarkSuspects(ctx, tx, r.o.Label, r.o.Selection.Shard, r.revision); err != nil {
			return err
		}
	}
	inventory, err := loadInventory(ctx, tx, r.o.Selection, r.recipe.Eligible)
	if err != nil {
		return err
	}
	r.plan = &planner{pool: r.pool, label: r.o.Label, recipe: r.recipe, recipeHash: r.hash, selection: r.o.Selection,
		force: r.o.Force, retry: r.o.Retry, inventory: inventory, watch: r.o.Watch, patience: r.patience, now: r.o.Now(), maxAttempts: r.o.MaxAttempts, unmarked: r.lock == nil}
	return tx.Commit()
}

// settleRecipe takes the recipe given, else the label's, else the default, and makes
// it the label's.
func (r *run) settleRecipe(ctx context.Context, tx *sqlx.Tx) error {
	label, err := db.FindLabel(ctx, tx, r.o.Label)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("label %s: %w", r.o.Label, err)
	}
	name, text := r.o.RecipeName, r.o.RecipeText
	switch {
	case text != nil:
	case err == nil:
		name, text = "of label "+label.Name, []byte(label.Recipe)
	default:
		name, text = "default", []byte(recipe.DefaultText())
	}
	if r.recipe, err = r.o.Words.Parse(name, text); err != nil {
		return err
	}
	r.hash = r.recipe.Hash()
	same := string(label.RecipeHash) == string(r.hash[:])
	if same && label.Periods != nil || r.o.DryRun {
		return nil
	}
	if same {
		return r.saveLabel(ctx, tx, []byte(label.Recipe)) // of a program that did not write the axes
	}
	if label.RecipeHash != nil {
		r.o.Log.Info("the label gets another recipe: all its items are due", "label", r.o.Label, "recipe", name)
	}
	return r.saveLabel(ctx, tx, text)
}

// count finds out how much there is to look at.
func (r *run) count(ctx context.Context) error {
	for _, err := range r.plan.items(false)(ctx) {
		if err != nil {
			return err
		}
		r.total++
	}
	return nil
}

// start writes the run's row.
func (r *run) start(ctx context.Context) error {
	selection, err := json.Marshal(r.o.Selection)
	if err != nil {
		return fmt.Errorf("selection: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return r.begin(ctx, db.Run{Kind: r.o.Kind, Label: r.o.Label, Selection: selection, Version: r.o.Version,
		Host: host, PID: os.Getpid(), StartedAt: r.o.Now(), Shard: r.o.Selection.Shard})
}

// pipeline is the job: planner -> workers -> batches.
func (r *run) pipeline(ctx context.Context) error {
	shared, err := recipe.NewShared(r.recipe, inverseBytes)
	if err != nil {
		return err
	}
	read := newResponses(r.pool)
	read.watch, read.patience = r.o.Watch, r.patience
	rereads := newRereads(r.o.Rereads)
	p := &mtp.Pipeline[*item, result]{
		Input: r.plan.items(true),
		NewWork: func(int) (mtp.Work[*item, result], error) {
			processor, err := recipe.NewProcessor(shared)
			if err != nil {
				return nil, err
			}
			w := &worker{recipe: &r.recipe, hash: r.hash, responses: read, processor: processor, dryRun: r.o.DryRun,
				force: r.o.Force || len(r.o.Retry) > 0, retry: r.o.Retry, failed: r.fails, stop: r.end.asked, hook: r.o.Hook, rereads: rereads}
			return w.do, nil
		},
		Output:    r.write,
		BatchSize: r.o.BatchSize,
		BatchWait: time.Second,
		MaxErrors: 1, // what is wrong with an item is no error here
		Options:   mtp.Options{Name: "process", Workers: r.o.Workers, Stop: r.end.asked},
	}
	defer r.o.Watch.pipeline(p.Snapshot)()
	r.o.inWork(p.Snapshot)
	r.o.Hook.at("run:planned")
	stats, err := p.Run(ctx)
	if errors.Is(err, mtp.ErrTooManyErrors) {
		err = stats.Errors[0].Err // the database's: which item met it says nothing
	}
	return err
}

// early notes that the run was to end early, and why. Time that was over when all was done
// has ended nothing.
func (r *run) early() {
	if !stopped(r.end.asked) || r.end.by == TimeBudget && r.plan != nil && r.result.Left == 0 {
		return
	}
	r.result.Interrupted, r.result.Budget = r.end.by == "", r.end.by
}

// fails counts an item that has failed, and ends the run over its budget.
func (r *run) fails() {
	if r.o.MaxFailures.exceeded(r.failures.Add(1), r.total) {
		r.end.ask(FailureBudget)
	}
}

// expect reckons how long the run would take, from the items a second of earlier ones.
func (r *run) expect(ctx context.Context) error {
	rate, err := db.RunRate(ctx, r.pool, r.o.Label)
	if rate > 0 {
		seconds := float64(r.result.Due) / rate
		r.result.Plan.Expected = &seconds
	}
	return err
}

// finish closes the run's row, also where the run's context has ended.
func (r *run) finish(ctx context.Context, err error) error {
	r.o.Hook.at("run:finish")
	if err == nil {
		r.early()
	}
	status, message := db.Done, ""
	switch {
	case err != nil && errors.Is(err, context.Canceled):
		status, message, r.result.Interrupted = db.Interrupted, "stopped at once", true
	case err != nil:
		status, message = db.Failed, err.Error()
	case r.result.Interrupted:
		status, message = db.Interrupted, "stopped; what was begun was finished"
	case r.result.Budget == FailureBudget:
		status, message = db.Failed, fmt.Sprintf("more than %v items failed: stopped, %d left", r.o.MaxFailures, r.result.Left)
	case r.result.Budget == TimeBudget:
		message = fmt.Sprintf("the time of %v was over: %d left", r.o.StopAfter, r.result.Left)
	}
	if err == nil && r.result.Due >= analyzeFrom {
		short, cancel := context.WithTimeout(context.Background(), closeWithin)
		analyzed := r.o.Watch.clock(opStatistics)
		err := db.Analyze(short, r.pool)
		cancel()
		if analyzed(); err != nil {
			r.o.Log.Warn("no statistics for the query planner", "error", err)
		}
	}
	if r.result.Due > 0 && status != db.Failed {
		short, cancel := context.WithTimeout(context.Background(), closeWithin)
		defer cancel()
		if err := inTx(short, r.pool, func(tx *sqlx.Tx) error { return db.NoteReach(short, tx, r.result.RunID) }); err != nil {
			r.o.Log.Warn("the run's row does not tell events and stations", "error", err)
		}
	}
	return r.close(ctx, err, status, message)
}
