package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// Reconnect says what a job does when the database goes away in the middle. The zero value
// ends it.
type Reconnect struct {
	// For is how long what failed is tried again, with growing pauses.
	For time.Duration
	// Revive, if not nil, makes the database be there again, or waits for it, before each
	// try: for a server that the program runs itself.
	Revive func(context.Context) error
}

const (
	firstPause   = 200 * time.Millisecond
	longestPause = 15 * time.Second
	regainWithin = time.Minute // for one try: a private server may have to recover
)

// patience repeats what the loss of the connection ended. A nil one tries once. It may be
// used concurrently; all wait on their own, and the first says so.
type patience struct {
	Reconnect
	pool *sqlx.DB
	log  *slog.Logger
	hook Hook
	// regain makes sure, before a try is repeated, that it may be; nil: it may.
	regain func(context.Context) error

	mu   sync.Mutex
	away time.Time // when the database was missed first; zero while it is there
}

// AwayError says that the database was away for longer than the job was to wait.
type AwayError struct {
	For time.Duration // how long it was waited
	Err error         // of the last try
}

func (e *AwayError) Error() string {
	return fmt.Sprintf("the database was away for %v: %v", e.For.Round(time.Second), e.Err)
}

func (e *AwayError) Unwrap() error { return e.Err }

// errNotRevived is matched where [Reconnect.Revive] failed, which it may not do for ever.
var errNotRevived = errors.New("the database's server could not be started again")

func isAway(err error) bool { return db.IsConnection(err) || errors.Is(err, errNotRevived) }

// do calls f until it comes to an end that is no lost connection, or the time is over.
func (p *patience) do(ctx context.Context, f func() error) error {
	err := f()
	if p == nil || p.For <= 0 || !isAway(err) {
		return err
	}
	missed := time.Now()
	until := missed.Add(p.For)
	for limit := firstPause; isAway(err) && ctx.Err() == nil; limit = min(2*limit, longestPause) {
		left := time.Until(until)
		if left <= 0 {
			return &AwayError{time.Since(missed), err}
		}
		p.miss(err, until)
		wait := limit/2 + rand.N(limit/2) // not all at once on a server that has just come back
		if !pause(ctx, min(wait, left)) {
			break
		}
		if err = p.again(ctx); err == nil {
			err = f()
		}
		if err == nil {
			p.back()
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// again makes the database, and what f needs there, be as before.
func (p *patience) again(ctx context.Context) error {
	p.hook.at("database:again")
	ctx, cancel := context.WithTimeout(ctx, regainWithin)
	defer cancel()
	db.DropIdle(p.pool)
	if p.Revive != nil {
		if err := p.Revive(ctx); err != nil {
			return fmt.Errorf("%w: %w", errNotRevived, err)
		}
	}
	if p.regain == nil {
		return nil
	}
	return p.regain(ctx)
}

// miss says once that the database is away.
func (p *patience) miss(err error, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.away.IsZero() {
		p.log.Debug("the database is still away", "error", err, "until", until.UTC().Format(time.RFC3339))
		return
	}
	p.away = time.Now()
	p.log.Warn("the connection to the database is lost: waiting for it", "error", err, "until", until.UTC().Format(time.RFC3339))
}

// back says once that it is there.
func (p *patience) back() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away.IsZero() {
		return
	}
	p.log.Warn("the database is back: going on", "after", time.Since(p.away).Round(time.Millisecond))
	p.away = time.Time{}
}

// pause waits, and reports whether ctx still lives then.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// patiently is [patience.do] for a function with a result.
func patiently[T any](ctx context.Context, p *patience, f func() (T, error)) (T, error) {
	var result T
	err := p.do(ctx, func() (err error) {
		result, err = f()
		return err
	})
	return result, err
}

// newRun makes the run of some options, which are whole. It listens to what ends it early
// until ctx is done.
func newRun(ctx context.Context, pool *sqlx.DB, o RunOptions) *run {
	r := &run{pool: pool, o: o, end: newEnding(ctx, o.Stop, o.StopAfter)}
	r.patience = &patience{Reconnect: o.Reconnect, pool: pool, log: o.Log, hook: o.Hook, regain: r.regain}
	return r
}

// regain makes sure that the run may go on: that it has the lock, and nobody took it for dead.
func (r *run) regain(ctx context.Context) error {
	if r.lock == nil {
		return nil
	}
	if err := r.lock.Regain(ctx, r.pool); err != nil || r.result.RunID == 0 {
		return err
	}
	return db.CheckRunning(ctx, r.pool, r.result.RunID)
}

// begin writes the run's row. Where the answer was lost it looks for the row first.
func (r *run) begin(ctx context.Context, row db.Run) error {
	var id int64
	tried := false
	err := r.patience.do(ctx, func() error {
		return inTx(ctx, r.pool, func(tx *sqlx.Tx) (err error) {
			if id = 0; tried {
				id, err = db.StartedRun(ctx, tx, row)
			}
			if tried = true; err == nil && id == 0 {
				id, err = db.StartRun(ctx, tx, row)
			}
			return err
		})
	})
	if err == nil {
		r.result.RunID = id
	}
	return err
}

// kept adds to the loss of the database what became of the work.
func (r *run) kept(err error) error {
	return kept(err, fmt.Sprintf("the results of %d items were written and are kept, and the next run goes on from there", r.result.Due))
}

func kept(err error, what string) error {
	if !isAway(err) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w; %s", err, what)
}

// closeWithin bounds each statement at the end of a run.
const closeWithin = 10 * time.Second

// close closes the run's row. After a failure there is one try; where the database is away, the next
// run calls this one lost.
func (r *run) close(ctx context.Context, failed error, status, message string) error {
	finish := func() error {
		short, cancel := context.WithTimeout(context.Background(), closeWithin)
		defer cancel()
		return db.FinishRun(short, r.pool, r.result.RunID, status, message, r.o.Now())
	}
	if failed == nil {
		again := &patience{Reconnect: r.o.Reconnect, pool: r.pool, log: r.o.Log, hook: r.o.Hook} // the row may be closed, and the lock lost
		return again.do(ctx, finish)
	}
	if err := finish(); !isAway(err) || !isAway(failed) {
		return err
	}
	r.o.Log.Debug("the run's row stays as it was: the database is away")
	return nil
}
