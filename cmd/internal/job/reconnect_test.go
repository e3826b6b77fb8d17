package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// away is a lab whose database is behind a proxy, which may lose it.
type away struct {
	*lab
	proxy   *dbtest.Proxy
	through *sqlx.DB // the pool of the job
}

func newAway(t *testing.T) *away {
	t.Helper()
	l := newLab(t, small)
	dsn := dbtest.DSN(t)
	proxy := dbtest.NewProxy(t, dsn)
	l.pool = dbtest.Open(t, dsn, db.Options{})
	return &away{l, proxy, dbtest.Open(t, proxy.DSN, db.Options{ApplicationName: "behind the proxy", MaxConns: 8})}
}

// patient waits for the database longer than any test takes.
var patient = Reconnect{For: time.Minute}

// atPassing gives a hook that acts when a point is passed for the nth time.
func atPassing(point string, n int64, act func()) Hook {
	var passed atomic.Int64
	return func(p string) {
		if p == point && passed.Add(1) == n {
			act()
		}
	}
}

func both(hooks ...Hook) Hook {
	return func(point string) {
		for _, h := range hooks {
			h(point)
		}
	}
}

// wantWhole requires that all items were computed once and counted once, by one run.
func (l *lab) wantWhole(r RunResult) {
	l.Helper()
	items := itemsOf(l.T, l.pool, "default")
	for k, it := range items {
		if it.Attempts != 1 || it.Status != db.ItemDone {
			l.Errorf("%s: %+v", itemName(k), it)
		}
	}
	runs, err := db.Runs(l.Context(), l.pool, 0)
	if err != nil || len(runs) != 1 {
		l.Fatalf("%+v, %v", runs, err)
	}
	if row := runs[0]; len(items) != 12 || r.Done != 12 || row.ID != r.RunID || row.Status != db.Done || row.Counts != r.Counts || row.FinishedAt == nil {
		l.Errorf("%d items, %+v of %+v", len(items), r, row)
	}
	l.wantRowsOfTheirItems()
	l.wantNothingDue()
	l.wantAsFresh()
}

func TestARunGoesOnWhenTheDatabaseIsBack(t *testing.T) {
	for _, point := range []string{"run:planned", "run:read", "run:computed", "run:before-write", "run:in-write", "run:after-write", "run:finish"} {
		t.Run(point, func(t *testing.T) {
			a := newAway(t)
			a.loadAll()
			var said strings.Builder
			n := int64(2)
			if point == "run:planned" || point == "run:finish" {
				n = 1
			}
			o := RunOptions{BatchSize: 2, Reconnect: patient, Log: linesTo(&said)}
			o.Hook = both(
				atPassing(point, n, func() { a.proxy.Refuse(true); a.proxy.Cut() }),
				atPassing("database:again", 3, func() { a.proxy.Refuse(false) }))
			a.wantWhole(mustRun(t, a.through, o))
			for _, want := range []string{"is lost: waiting for it", "until=20", "the database is back"} {
				if !strings.Contains(said.String(), want) {
					t.Errorf("no %q in:\n%s", want, said.String())
				}
			}
		})
	}
}

func TestABatchWhoseCommitWasNotAnsweredIsWrittenAndCountedOnce(t *testing.T) {
	for _, refused := range []bool{false, true} {
		a := newAway(t)
		a.loadAll()
		o := RunOptions{BatchSize: 2, Reconnect: patient}
		o.Hook = both(
			atPassing("run:in-write", 3, func() { a.proxy.LoseCommit(1); a.proxy.Refuse(refused) }),
			atPassing("database:again", 2, func() { a.proxy.Refuse(false) }),
			atPassing("database:again", 1, func() {
				if row := a.lastRun(); row.Batches != 3 {
					t.Errorf("the commit was not done: %+v", row)
				}
			}))
		a.wantWhole(mustRun(t, a.through, o))
	}
}

func TestARunWhoseBeginWasNotAnsweredHasOneRow(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	a.proxy.LoseCommit(3) // the lock's, that of what is prepared, the row's
	rows := -1
	o := RunOptions{Reconnect: patient, Hook: atPassing("database:again", 1, func() {
		if err := a.pool.Get(&rows, `SELECT count(*) FROM run`); err != nil {
			t.Error(err)
		}
	})}
	a.wantWhole(mustRun(t, a.through, o))
	if rows != 1 {
		t.Errorf("%d rows when the answer was lost, want 1", rows)
	}
}

func TestARunWhoseEndWasNotAnsweredIsDone(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	o := RunOptions{Reconnect: patient}
	o.Hook = both(
		atPassing("run:finish", 1, func() { a.proxy.Refuse(true); a.proxy.Cut() }),
		atPassing("database:again", 1, func() {
			if _, err := a.pool.Exec(`UPDATE run SET status = 'done', finished_at = now()`); err != nil {
				t.Error(err)
			}
			a.proxy.Refuse(false)
		}))
	a.wantWhole(mustRun(t, a.through, o))
}

func TestARunThatWaitedLongEnoughFailsWithWhatWasWritten(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	o := RunOptions{BatchSize: 1, Workers: 1, Reconnect: Reconnect{For: 300 * time.Millisecond}}
	o.Hook = atPassing("run:in-write", 3, func() { a.proxy.Refuse(true); a.proxy.Cut() })
	r, err := Run(t.Context(), a.through, o)
	var gone *AwayError
	if !errors.As(err, &gone) || gone.For < 300*time.Millisecond || r.Done != 2 ||
		!strings.Contains(err.Error(), "the results of 2 items were written and are kept, and the next run goes on from there") {
		t.Errorf("%+v, %v", r, err)
	}
	if row := a.lastRun(); row.Status != db.Running || row.Done != 2 {
		t.Errorf("%+v", row)
	}
	if next := mustRun(t, a.pool, RunOptions{}); next.Done != 10 {
		t.Errorf("%+v", next)
	}
	if runs, err := db.Runs(t.Context(), a.pool, 0); err != nil || len(runs) != 2 || runs[1].Status != db.Lost {
		t.Errorf("%+v, %v", runs, err)
	}
	a.wantAsFresh()
}

func TestARunThatLostItsLockToAnotherEnds(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	o := RunOptions{BatchSize: 2, Reconnect: patient}
	o.Hook = both(
		atPassing("run:in-write", 2, func() { a.proxy.Refuse(true); a.proxy.Cut() }),
		atPassing("database:again", 1, func() {
			// The server sees a closed connection when it next looks at it.
			if _, err := db.WaitLock(t.Context(), a.pool, "default", db.Shard{}, nil); err != nil {
				t.Error(err)
			}
			a.proxy.Refuse(false)
		}))
	r, err := Run(t.Context(), a.through, o)
	if !errors.Is(err, db.ErrLocked) || r.Done != 2 || len(itemsOf(t, a.pool, "default")) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestARunThatWasTakenForDeadWhileTheDatabaseWasAwayEnds(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	o := RunOptions{BatchSize: 2, Reconnect: patient}
	o.Hook = both(
		atPassing("run:in-write", 2, func() { a.proxy.Refuse(true); a.proxy.Cut() }),
		atPassing("database:again", 1, func() {
			if _, err := a.pool.Exec(`UPDATE run SET status = 'lost'`); err != nil {
				t.Error(err)
			}
			a.proxy.Refuse(false)
		}))
	r, err := Run(t.Context(), a.through, o)
	if !errors.Is(err, db.ErrRunClosed) || r.Done != 2 || len(itemsOf(t, a.pool, "default")) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Where the network is cut, the server goes on with the sessions of the program: with its
// lock, and with the row of the run locked by the transaction that was cut.
func TestARunIsNotHeldUpByItsOwnSessions(t *testing.T) {
	t.Parallel() // the server takes ten seconds to give the row up
	a := newAway(t)
	a.loadAll()
	o := RunOptions{BatchSize: 2, Reconnect: patient}
	o.Hook = atPassing("run:in-write", 2, func() { a.proxy.Abandon(t) })
	a.wantWhole(mustRun(t, a.through, o))
}

func TestAnInterruptEndsTheWaitForTheDatabase(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	ctx, cancel := context.WithCancel(t.Context())
	o := RunOptions{BatchSize: 2, Reconnect: patient}
	o.Hook = both(
		atPassing("run:in-write", 2, func() { a.proxy.Refuse(true); a.proxy.Cut() }),
		atPassing("database:again", 2, cancel))
	r, err := Run(ctx, a.through, o)
	if !errors.Is(err, context.Canceled) || !r.Interrupted || r.Done != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAStopEndsTheReadingThatWaitsForTheDatabase(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	stop := make(chan struct{})
	o := RunOptions{Reconnect: patient, Stop: stop}
	o.Hook = both(
		atPassing("run:planned", 1, func() { a.proxy.Refuse(true); a.proxy.Cut() }),
		atPassing("database:again", 1, func() { close(stop) }),
		atPassing("run:finish", 1, func() { a.proxy.Refuse(false) }))
	if r := mustRun(t, a.through, o); !r.Interrupted || r.Done != 0 {
		t.Errorf("%+v", r)
	}
	if row := a.lastRun(); row.Status != db.Interrupted {
		t.Errorf("%+v", row)
	}
}

func TestLoadsGoOnWhenTheDatabaseIsBack(t *testing.T) {
	cut := func(a *away) { a.proxy.Refuse(true); a.proxy.Cut() }
	for name, lose := range map[string]func(*away){
		"cut":                    cut,
		"a commit unanswered":    func(a *away) { a.proxy.LoseCommit(1) },
		"the second unanswered":  func(a *away) { a.proxy.LoseCommit(2) },
		"the commits unanswered": func(a *away) { a.proxy.LoseCommit(1); a.proxy.Refuse(true) },
	} {
		t.Run(name, func(t *testing.T) {
			a := newAway(t)
			want := dbtest.New(t)
			writeMetadata(a.lab)
			for i, load := range []loader{LoadStations, LoadEvents, LoadWaveforms, LoadWaveforms} {
				o := LoadOptions{Reconnect: patient, Hook: both(
					atPassing("load:in-write", 1, func() { lose(a) }),
					atPassing("database:again", 2, func() { a.proxy.Refuse(false) }))}
				path := filepath.Join(a.dir, synth.ArchiveDir)
				if i < 2 {
					lose(a)
					path = a.dir
				}
				got, err := load(t.Context(), a.through, []string{path}, o)
				if err != nil {
					t.Fatal(err)
				}
				a.proxy.LoseCommit(0)
				if sum := mustLoad(t, want, load, path); got != sum {
					t.Errorf("%+v\nundisturbed %+v", got, sum)
				}
			}
			for _, table := range []string{"station", "channel", "event", "origin", "magnitude", "arrival", "file", "segment"} {
				if diff := cmp.Diff(rowsOf(t, want, table), rowsOf(t, a.pool, table)); diff != "" {
					t.Errorf("%s (-undisturbed +got):\n%s", table, diff)
				}
			}
			if r := mustRun(t, a.pool, RunOptions{}); r.Done != 12 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// writeMetadata writes the files of stations and events.
func writeMetadata(l *lab) {
	keep := l.pool
	l.pool = dbtest.New(l.T) // what is loaded into it is for nobody
	l.loadStations()
	l.loadEvents()
	l.pool = keep
}

// rowsOf are the rows of a table as text, without ids, clock times and revisions, which count transactions.
func rowsOf(t *testing.T, pool *sqlx.DB, table string) (rows []string) {
	t.Helper()
	if err := pool.Select(&rows, `SELECT to_jsonb(t) - '{id, file_id, loaded_at, revision}'::text[] FROM `+table+` t`); err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}

func TestARunHasFewConnections(t *testing.T) {
	a := newAway(t)
	a.loadAll()
	var most atomic.Int64
	o := RunOptions{Workers: 16, BatchSize: 2}
	o.Hook = func(string) {
		var n int64
		if err := a.pool.Get(&n, `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'behind the proxy'`); err != nil {
			t.Error(err)
		}
		for was := most.Load(); n > was && !most.CompareAndSwap(was, n); was = most.Load() {
		}
	}
	mustRun(t, a.through, o)
	if n := most.Load(); n < 2 || n > 8 {
		t.Errorf("up to %d connections, want the lock's and those of a pool of 8 together", n)
	}
}

func TestPausesGrowAndEndWithTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var tries []time.Duration
		p := &patience{Reconnect: Reconnect{For: 2 * time.Minute}, pool: idlePool(t), log: linesTo(&strings.Builder{})}
		err := p.do(t.Context(), func() error {
			tries = append(tries, time.Since(begun))
			return db.ErrLockLost
		})
		var gone *AwayError
		if !errors.As(err, &gone) || !errors.Is(err, db.ErrLockLost) || tries[len(tries)-1] != 2*time.Minute || gone.For != 2*time.Minute {
			t.Errorf("%v after %v", err, tries)
		}
		limit := firstPause
		for i := 1; i < len(tries)-1; i++ {
			if wait := tries[i] - tries[i-1]; wait < limit/2 || wait > limit {
				t.Errorf("pause %d is %v, want %v to %v", i, wait, limit/2, limit)
			}
			limit = min(2*limit, longestPause)
		}
		if limit != longestPause {
			t.Errorf("only %d tries", len(tries))
		}
	})
}

func TestOnlyALostConnectionIsWaitedFor(t *testing.T) {
	wrong := errors.New("wrong")
	for _, p := range []*patience{nil, {}, {Reconnect: patient}} {
		calls := 0
		if err := p.do(t.Context(), func() error { calls++; return wrong }); !errors.Is(err, wrong) || calls != 1 {
			t.Errorf("%v after %d calls", err, calls)
		}
	}
	calls := 0
	if err := (&patience{}).do(t.Context(), func() error { calls++; return db.ErrLockLost }); !errors.Is(err, db.ErrLockLost) || calls != 1 {
		t.Errorf("without a time: %v after %d calls", err, calls)
	}
}

func TestAServerOfOnesOwnIsStartedBeforeEachTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		p := &patience{Reconnect: patient, pool: idlePool(t), log: linesTo(&strings.Builder{})}
		p.Revive = func(context.Context) error {
			order = append(order, "revive")
			if len(order) < 4 {
				return errors.New("not yet")
			}
			return nil
		}
		p.regain = func(context.Context) error { order = append(order, "regain"); return nil }
		err := p.do(t.Context(), func() error {
			if order = append(order, "try"); len(order) == 1 {
				return db.ErrLockLost
			}
			return nil
		})
		if got, want := fmt.Sprint(order), "[try revive revive revive regain try]"; err != nil || got != want {
			t.Errorf("%s, want %s; %v", got, want, err)
		}
	})
}

// idlePool is a pool that nobody asks for a connection. Close to the end of a bubble it is closed.
func idlePool(t *testing.T) *sqlx.DB {
	pool := sqlx.NewDb(sql.OpenDB(nil), "postgres")
	t.Cleanup(func() { pool.Close() })
	return pool
}

func linesTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, nil))
}
