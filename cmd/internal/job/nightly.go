package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// NightlyOptions of [Nightly].
type NightlyOptions struct {
	// RunOptions are those of the run. Its selection may have a shard and an order only.
	RunOptions
	Archive, Stations, Events []string // files and folders to take in what is new of
	Load                      LoadOptions
	Window                    time.Duration // events of this age or younger are due, and older ones that something late touches
	MinAge                    time.Duration // younger events are left for later
	KeepRuns                  time.Duration // older runs of which no result is left are forgotten; 0 is never
}

// NightlyResult is what a night came to.
type NightlyResult struct {
	RunResult
	Label      string        `json:"label"`
	StartedAt  time.Time     `json:"started_at"`
	FinishedAt time.Time     `json:"finished_at"`
	Loads      []NightlyLoad `json:"loads"`
	Files      []db.Failure  `json:"files"`   // that have faults since this night
	Failing    int64         `json:"failing"` // items of the label that fail, tried this night or not
	Younger    int64         `json:"younger"` // events left for later
	Planned    bool          `json:"planned"` // it came as far as to look at what is due
	Pruned     int64         `json:"pruned"`  // runs forgotten
}

// NightlyLoad is what was taken in of stations, events or waveforms.
type NightlyLoad struct {
	What string `json:"what"`
	LoadSummary
}

// HasNews reports whether there is something for a person to look at.
func (r *NightlyResult) HasNews() bool {
	return r.HasFailed() || r.Recovered > 0 || r.Lost > 0 || r.Budget != "" || r.Interrupted
}

// HasFailed reports whether items failed, or files were found to have faults.
func (r *NightlyResult) HasFailed() bool {
	for _, l := range r.Loads {
		if l.LoadSummary.Failed > 0 {
			return true
		}
	}
	return r.Counts.Failed > 0
}

// Nightly takes in what is new in the configured folders, computes what is due of a window and
// of all that late data and changed metadata touch, and forgets old runs, all under the label's
// lock and with a run's row. A folder that cannot be looked at ends it before anything is
// computed: what cannot be read would only fail, and replace good results.
func Nightly(ctx context.Context, pool *sqlx.DB, o NightlyOptions) (NightlyResult, error) {
	o.defaults()
	o.Kind = "nightly"
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n := &nightly{o: o, run: newRun(ctx, pool, o.RunOptions)}
	n.result.Label, n.result.StartedAt, n.result.Loads, n.result.Files = o.Label, o.Now(), []NightlyLoad{}, []db.Failure{}
	from, until := n.result.StartedAt.Add(-o.Window), n.result.StartedAt.Add(-o.MinAge)
	n.run.o.Selection.Recent = db.Recent{Label: o.Label, From: from.UTC(), Until: until.UTC()}
	err := n.run.do(ctx, n.ready)
	if err == nil && n.run.result.RunID != 0 {
		again := patience{Reconnect: o.Reconnect, pool: pool, log: o.Log, hook: o.Hook} // the row is closed, the lock released
		err = again.do(ctx, func() error { return n.end(ctx) })
	}
	n.result.RunResult, n.result.FinishedAt = n.run.result, o.Now()
	return n.result, err
}

// nightly is one night.
type nightly struct {
	o      NightlyOptions
	run    *run
	result NightlyResult
	began  time.Time // by the server's clock
}

// ready writes the run's row, takes in what is new, and finds out what there is to do.
func (n *nightly) ready(ctx context.Context) error {
	var err error
	if n.began, err = patiently(ctx, n.run.patience, func() (time.Time, error) { return db.Clock(ctx, n.run.pool) }); err != nil {
		return err
	}
	if err := n.run.start(ctx); err != nil {
		return err
	}
	if err := n.load(ctx); err != nil || stopped(n.run.end.asked) {
		return err
	}
	if err := n.run.ready(ctx); err != nil {
		return err
	}
	n.result.Planned = true
	return nil
}

// load takes in what is new. The parts of a sharded night take turns: what the first has
// read, the others find unchanged.
func (n *nightly) load(ctx context.Context) error {
	turn, err := n.run.wait(ctx, func(ctx context.Context) (*db.Lock, error) { return db.WaitLoads(ctx, n.run.pool) })
	if errors.Is(err, errStopped) {
		return nil
	}
	if err != nil {
		return err
	}
	defer turn.Release()
	type loader = func(context.Context, *sqlx.DB, []string, LoadOptions) (LoadSummary, error)
	for _, l := range []struct {
		what  string
		paths []string
		load  loader
	}{{"stations", n.o.Stations, LoadStations}, {"events", n.o.Events, LoadEvents}, {"waveforms", n.o.Archive, LoadWaveforms}} {
		if len(l.paths) == 0 || stopped(n.run.end.asked) {
			continue
		}
		o := n.o.Load
		o.Known, o.Workers, o.Stop, o.Log, o.Hook = true, n.o.Workers, n.run.end.asked, n.o.Log, n.o.Hook
		o.Reconnect = n.o.Reconnect
		sum, err := l.load(ctx, n.run.pool, l.paths, o)
		n.result.Loads = append(n.result.Loads, NightlyLoad{l.what, sum})
		if err != nil {
			return fmt.Errorf("loading %s: %w", l.what, err)
		}
	}
	return nil
}

// end finds out what the summary says beside the run, and forgets old runs.
func (n *nightly) end(ctx context.Context) (err error) {
	faults, err := db.FileFaults(ctx, n.run.pool, n.began, turnsKept)
	if err != nil {
		return err
	}
	n.result.Files = append(n.result.Files[:0], faults...)
	if n.result.Failing, err = db.CountFailing(ctx, n.run.pool, n.o.Label); err != nil {
		return err
	}
	if n.result.Younger, err = db.EventsSince(ctx, n.run.pool, n.o.Selection.Shard, n.run.o.Selection.Recent.Until); err != nil {
		return err
	}
	if n.o.KeepRuns <= 0 {
		return nil
	}
	return inTx(ctx, n.run.pool, func(tx *sqlx.Tx) error {
		n.result.Pruned, err = db.PruneRuns(ctx, tx, n.result.StartedAt.Add(-n.o.KeepRuns))
		return err
	})
}
