package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

var (
	// ErrLocked is matched where another run holds the lock of a label.
	ErrLocked = errors.New("another run holds the lock")
	// ErrLockLost is matched by [Lock.Held] when the lock's connection is gone, and
	// with it the lock.
	ErrLockLost = errors.New("the connection that holds the lock is lost")
)

const (
	lockRetry      = 500 * time.Millisecond // between two tries while waiting
	heldWithin     = 10 * time.Second       // before a silent server counts as lost
	releaseWithin  = 5 * time.Second
	lockKeepalives = `SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 6`
)

// Shard is part Index of Count of a selection, 1 <= Index <= Count. The zero value
// is the whole.
type Shard struct{ Index, Count int }

func (s Shard) String() string {
	if s == (Shard{}) {
		return "whole"
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

func (s Shard) valid() bool {
	return s == (Shard{}) || s.Index >= 1 && s.Index <= s.Count
}

// Lock is a label, or a shard of it, reserved for this run. It belongs to one
// connection, taken from the pool: PostgreSQL releases it when that ends. It needs
// sessions, and does not work behind a pooler that shares them among
// transactions.
type Lock struct {
	label string
	shard Shard
	conn  *sqlx.Conn
}

// LockedError says who holds the lock of a label. It matches [ErrLocked].
type LockedError struct {
	Label  string
	Reason string
	Holder string // "" if not known
}

func (e *LockedError) Error() string {
	text := fmt.Sprintf("label %q: %v: %s", e.Label, ErrLocked, e.Reason)
	if e.Holder != "" {
		text += " (" + e.Holder + ")"
	}
	return text
}

// Is matches [ErrLocked].
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// TryLock reserves a label for a run. The whole excludes every other run of the
// label; a shard excludes the whole, the same shard, and shards of another count.
// If it is taken, the error is a [*LockedError], at once.
func TryLock(ctx context.Context, db *sqlx.DB, label string, shard Shard) (*Lock, error) {
	if !shard.valid() {
		return nil, fmt.Errorf("db: shard %d/%d does not exist", shard.Index, shard.Count)
	}
	conn, err := db.Connx(ctx)
	if err != nil {
		return nil, fmt.Errorf("db: lock of label %q: %w", label, err)
	}
	l := &Lock{label: label, shard: shard, conn: conn}
	err = l.take(ctx)
	var locked *LockedError
	switch {
	case err == nil:
		return l, nil
	case errors.As(err, &locked): // and nothing is held
		locked.Holder = l.holder(ctx)
		return nil, errors.Join(err, conn.Close())
	}
	l.drop()
	return nil, err
}

// WaitLock is TryLock that tries again every half second until ctx is done. waiting,
// if not nil, is called once with the first refusal.
func WaitLock(ctx context.Context, db *sqlx.DB, label string, shard Shard, waiting func(error)) (*Lock, error) {
	for {
		l, err := TryLock(ctx, db, label, shard)
		if !errors.Is(err, ErrLocked) {
			return l, err
		}
		if waiting != nil {
			waiting(err)
			waiting = nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), err)
		case <-time.After(lockRetry):
		}
	}
}

// Held returns nil while the lock is held. An error means that another run may
// have it now, and matches [ErrLockLost] unless ctx is done: ask before writing
// each batch. May be called concurrently.
func (l *Lock) Held(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, heldWithin)
	defer cancel()
	var one int
	err := l.conn.GetContext(asking, &one, `SELECT 1`)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("db: label %q: %w: %w", l.label, ErrLockLost, err)
}

// Release gives the lock up and its connection back to the pool. A lock that was
// lost is released without error.
func (l *Lock) Release() error {
	ctx, cancel := context.WithTimeout(context.Background(), releaseWithin)
	defer cancel()
	if _, err := l.conn.ExecContext(ctx, `SELECT pg_advisory_unlock_all()`); err != nil {
		l.drop()
		return nil
	}
	return l.conn.Close()
}

// drop closes the connection itself, which releases what it holds in any case.
func (l *Lock) drop() {
	_ = l.conn.Raw(func(any) error { return driver.ErrBadConn }) // tells the pool not to keep it
	_ = l.conn.Close()                                           // is bad by our own word
}

// take gets the locks of the session while it holds the label's gate, a lock of a
// short transaction, so that runs look at each other's locks one at a time. A
// program that falls silent in between loses the gate after some seconds.
func (l *Lock) take(ctx context.Context) error {
	if _, err := l.conn.ExecContext(ctx, lockKeepalives); err != nil {
		return fmt.Errorf("db: lock of label %q: %w", l.label, err)
	}
	tx, err := l.conn.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("db: lock of label %q: %w", l.label, err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit a no-op; session locks stay either way
	const gate = `SET LOCAL statement_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '10s'`
	if _, err := tx.ExecContext(ctx, gate); err != nil {
		return fmt.Errorf("db: lock of label %q: %w", l.label, err)
	}
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, l.key("gate")); err != nil {
		return fmt.Errorf("db: lock of label %q: %w", l.label, err)
	}
	if l.shard == (Shard{}) {
		err = l.takeWhole(ctx, tx)
	} else {
		err = l.takeShard(ctx, tx)
	}
	if errors.Is(err, ErrLocked) { // others must not see, once they pass the gate, what was taken in vain
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_unlock_all()`); err != nil {
			return fmt.Errorf("db: lock of label %q: %w", l.label, err)
		}
		return err
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func (l *Lock) takeWhole(ctx context.Context, tx *sqlx.Tx) error {
	ok, err := try(ctx, tx, exclusive, l.key("run"))
	if err != nil || ok {
		return err
	}
	return &LockedError{Label: l.label, Reason: "it is being processed"}
}

// takeShard holds three locks: "run" shared, against the whole; "of N" shared,
// against other counts; "I of N" exclusively, against itself. That others run is
// seen from "run", which cannot be had exclusively then; that they have the same
// count from "of N" in the same way.
func (l *Lock) takeShard(ctx context.Context, tx *sqlx.Tx) error {
	count := l.key(fmt.Sprintf("of %d", l.shard.Count))
	self := l.key(fmt.Sprintf("%d of %d", l.shard.Index, l.shard.Count))
	if ok, err := try(ctx, tx, shared, l.key("run")); err != nil || !ok {
		return orLocked(err, l.label, "it is being processed as a whole")
	}
	alone, err := probe(ctx, tx, l.key("run"))
	if err != nil {
		return err
	}
	nobodyOfCount, err := probe(ctx, tx, count)
	if err != nil {
		return err
	}
	if !alone && nobodyOfCount {
		return &LockedError{Label: l.label, Reason: fmt.Sprintf("it is being processed in shards, but not of %d", l.shard.Count)}
	}
	if ok, err := try(ctx, tx, shared, count); err != nil || !ok {
		return orLocked(err, l.label, "it is being processed in other shards")
	}
	if ok, err := try(ctx, tx, exclusive, self); err != nil || !ok {
		return orLocked(err, l.label, fmt.Sprintf("shard %v is being processed", l.shard))
	}
	return nil
}

func orLocked(err error, label, reason string) error {
	if err != nil {
		return err
	}
	return &LockedError{Label: label, Reason: reason}
}

// key names a lock, apart from those of other programs on the same database.
func (l *Lock) key(part string) string {
	return "seisbatch " + part + " of label " + l.label
}

// Functions of PostgreSQL that take a lock of the session without waiting.
const (
	exclusive = `pg_try_advisory_lock`
	shared    = `pg_try_advisory_lock_shared`
)

func try(ctx context.Context, tx *sqlx.Tx, function, key string) (bool, error) {
	var ok bool
	err := tx.GetContext(ctx, &ok, `SELECT `+function+`(hashtextextended($1, 0))`, key)
	if err != nil {
		return false, fmt.Errorf("db: lock %q: %w", key, err)
	}
	return ok, nil
}

// probe says whether no other session holds a lock in any way.
func probe(ctx context.Context, tx *sqlx.Tx, key string) (bool, error) {
	ok, err := try(ctx, tx, exclusive, key)
	if err != nil || !ok {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, key)
	return true, err
}

// holder describes the run that holds the label longest; "" if it is gone or not
// to be seen.
func (l *Lock) holder(ctx context.Context) string {
	var who struct {
		PID     int            `db:"pid"`
		Program string         `db:"program"`
		Host    sql.NullString `db:"host"`
		Since   time.Time      `db:"since"`
	}
	err := l.conn.GetContext(ctx, &who, `
		WITH run AS (SELECT hashtextextended($1, 0) AS key)
		SELECT a.pid, a.application_name AS program, host(a.client_addr) AS host, a.backend_start AS since
		FROM run
		JOIN pg_locks k ON k.locktype = 'advisory' AND k.granted AND k.objsubid = 1
			AND k.classid::bigint = (key >> 32) & 4294967295 AND k.objid::bigint = key & 4294967295
			AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		JOIN pg_stat_activity a ON a.pid = k.pid
		WHERE a.pid <> pg_backend_pid() AND a.backend_start IS NOT NULL
		ORDER BY a.backend_start LIMIT 1`, l.key("run"))
	if err != nil {
		return ""
	}
	host := "this machine"
	if who.Host.Valid {
		host = who.Host.String
	}
	return fmt.Sprintf("%s from %s, connected since %s, server process %d",
		who.Program, host, who.Since.UTC().Format(time.RFC3339), who.PID)
}
