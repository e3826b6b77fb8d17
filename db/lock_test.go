package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func lock(t *testing.T, pool *sqlx.DB, label string, s db.Shard) *db.Lock {
	t.Helper()
	l, err := db.TryLock(context.Background(), pool, label, s)
	if err != nil {
		t.Fatalf("lock %q %v: %v", label, s, err)
	}
	return l
}

func release(t *testing.T, l *db.Lock) {
	t.Helper()
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestLockExcludesWhatOverlaps(t *testing.T) {
	t.Parallel()
	whole := db.Shard{}
	for _, c := range []struct {
		held, wanted db.Shard
		label        string // wanted; "a" is held
		free         bool
		reason       string
	}{
		{held: whole, wanted: whole, label: "a", reason: "it is being processed"},
		{held: whole, wanted: whole, label: "b", free: true},
		{held: whole, wanted: db.Shard{Index: 1, Count: 2}, label: "a", reason: "as a whole"},
		{held: db.Shard{Index: 1, Count: 2}, wanted: whole, label: "a", reason: "it is being processed"},
		{held: db.Shard{Index: 1, Count: 2}, wanted: db.Shard{Index: 2, Count: 2}, label: "a", free: true},
		{held: db.Shard{Index: 1, Count: 2}, wanted: db.Shard{Index: 1, Count: 2}, label: "a", reason: "shard 1/2"},
		{held: db.Shard{Index: 1, Count: 2}, wanted: db.Shard{Index: 2, Count: 3}, label: "a", reason: "not of 3"},
		{held: db.Shard{Index: 1, Count: 1}, wanted: db.Shard{Index: 1, Count: 2}, label: "a", reason: "not of 2"},
		{held: db.Shard{Index: 1, Count: 2}, wanted: db.Shard{Index: 1, Count: 3}, label: "b", free: true},
	} {
		t.Run(c.held.String()+" then "+c.wanted.String()+" of "+c.label, func(t *testing.T) {
			t.Parallel()
			pool := dbtest.NewEmpty(t)
			held := lock(t, pool, "a", c.held)
			got, err := db.TryLock(context.Background(), pool, c.label, c.wanted)
			if c.free {
				if err != nil {
					t.Fatal(err)
				}
				release(t, got)
				return
			}
			var locked *db.LockedError
			if !errors.As(err, &locked) || !errors.Is(err, db.ErrLocked) || !strings.Contains(locked.Reason, c.reason) {
				t.Fatalf("error %v, wanted one with %q", err, c.reason)
			}
			if !strings.Contains(locked.Holder, "seisbatch from this machine, connected since 20") {
				t.Errorf("holder is %q", locked.Holder)
			}
			release(t, held)
			release(t, lock(t, pool, c.label, c.wanted)) // free now, so the refused try kept nothing
		})
	}
}

func TestRefusedShardLeavesNoTrace(t *testing.T) {
	t.Parallel()
	pool := dbtest.NewEmpty(t)
	held := lock(t, pool, "a", db.Shard{Index: 1, Count: 2})
	for _, refused := range []db.Shard{{Index: 1, Count: 3}, {Index: 1, Count: 2}, {}} {
		if _, err := db.TryLock(context.Background(), pool, "a", refused); !errors.Is(err, db.ErrLocked) {
			t.Errorf("%v: %v", refused, err)
		}
	}
	var left int
	if err := pool.Get(&left, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil || left != 3 {
		t.Errorf("%d locks, wanted the 3 of the shard, %v", left, err)
	}
	release(t, held)
}

func TestImpossibleShardIsAnError(t *testing.T) {
	t.Parallel()
	pool := dbtest.NewEmpty(t)
	for _, s := range []db.Shard{{Index: 0, Count: 2}, {Index: 3, Count: 2}, {Index: 1, Count: 0}, {Index: -1, Count: -1}} {
		if _, err := db.TryLock(context.Background(), pool, "a", s); err == nil || errors.Is(err, db.ErrLocked) {
			t.Errorf("%v: %v", s, err)
		}
	}
}

func TestOfRunsThatStartTogetherOneGetsTheLock(t *testing.T) {
	t.Parallel()
	dsn := dbtest.EmptyDSN(t)
	results := make(chan error, 8)
	var ready, done sync.WaitGroup
	for i := range cap(results) {
		pool := dbtest.Open(t, dsn, db.Options{MaxConns: 1})
		shard := db.Shard{}
		if i%2 == 1 {
			shard = db.Shard{Index: 1, Count: i + 1} // every count differs
		}
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			ready.Wait()
			_, err := db.TryLock(context.Background(), pool, "a", shard) // kept until the pool closes
			results <- err
		})
	}
	done.Wait()
	close(results)
	won := 0
	for err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, db.ErrLocked) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d runs have the lock", won)
	}
}

func TestWaitLockGetsTheLockWhenItIsFree(t *testing.T) {
	t.Parallel()
	pool := dbtest.NewEmpty(t)
	held := lock(t, pool, "a", db.Shard{})
	told := 0
	l, err := db.WaitLock(context.Background(), pool, "a", db.Shard{}, func(err error) {
		told++
		if !errors.Is(err, db.ErrLocked) {
			t.Error(err)
		}
		release(t, held)
	})
	if err != nil || told != 1 {
		t.Fatalf("told %d times, %v", told, err)
	}
	release(t, l)
}

func TestWaitLockEndsWithItsContext(t *testing.T) {
	t.Parallel()
	pool := dbtest.NewEmpty(t)
	lock(t, pool, "a", db.Shard{})
	ctx, cancel := context.WithCancelCause(context.Background())
	enough := errors.New("enough")
	_, err := db.WaitLock(ctx, pool, "a", db.Shard{}, func(error) { cancel(enough) })
	if !errors.Is(err, enough) || !errors.Is(err, db.ErrLocked) {
		t.Error(err)
	}
}

func TestLostConnectionIsNoticedAndFreesTheLabel(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := dbtest.EmptyDSN(t)
	mine := dbtest.Open(t, dsn, db.Options{})
	other := dbtest.Open(t, dsn, db.Options{})
	l := lock(t, mine, "a", db.Shard{})
	if err := l.Held(ctx); err != nil {
		t.Fatal(err)
	}
	var ended int
	if err := other.Get(&ended, `SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil || ended != 1 {
		t.Fatalf("ended %d sessions, %v", ended, err)
	}
	if err := l.Held(ctx); !errors.Is(err, db.ErrLockLost) {
		t.Errorf("held: %v", err)
	}
	if err := l.Held(ctx); !errors.Is(err, db.ErrLockLost) {
		t.Errorf("held, asked again: %v", err)
	}
	next := lock(t, other, "a", db.Shard{})
	release(t, l)
	if err := next.Held(ctx); err != nil {
		t.Errorf("releasing a lost lock took the next one's: %v", err)
	}
}

func TestHeldWithACancelledContextIsNotALostLock(t *testing.T) {
	t.Parallel()
	l := lock(t, dbtest.NewEmpty(t), "a", db.Shard{})
	ctx, cancel := context.WithCancelCause(context.Background())
	enough := errors.New("enough")
	cancel(enough)
	if err := l.Held(ctx); !errors.Is(err, enough) || errors.Is(err, db.ErrLockLost) {
		t.Error(err)
	}
}

func TestReleasedConnectionGoesBackToThePool(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t, dbtest.EmptyDSN(t), db.Options{MaxConns: 1})
	for range 3 {
		release(t, lock(t, pool, "a", db.Shard{Index: 1, Count: 2}))
	}
	var locks int
	if err := pool.Get(&locks, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`); err != nil || locks != 0 {
		t.Errorf("%d locks left, %v", locks, err)
	}
}
