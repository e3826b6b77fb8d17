package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
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

// Lock is a label, or a shard of it, reserved for this run. It belongs to one
// connection, taken from the pool: PostgreSQL releases it when that ends. It needs
// sessions, and does not work behind a pooler that shares them among
// transactions.
type Lock struct {
	label string
	shard Shard

	regaining sync.Mutex

	mu      sync.Mutex
	conn    *sqlx.Conn
	session backend // of conn
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

// loadsLock stands for the loads of nightly jobs where a label's name would: no label has it,
// for names are typed.
const loadsLock = "\x01loads"

// WaitLoads waits until no other nightly job of any label loads, so that several take turns
// and the later ones find nothing new.
func WaitLoads(ctx context.Context, db *sqlx.DB) (*Lock, error) {
	return WaitLock(ctx, db, loadsLock, Shard{}, nil)
}

// Held returns nil while the lock is held. An error means that another run may
// have it now, and matches [ErrLockLost] unless ctx is done: ask before writing
// each batch. May be called concurrently.
func (l *Lock) Held(ctx context.Context) error {
	if ctx.Err() != nil { // the driver may answer before it looks
		return context.Cause(ctx)
	}
	asking, cancel := context.WithTimeout(ctx, heldWithin)
	defer cancel()
	var one int
	err := l.current().GetContext(asking, &one, `SELECT 1`)
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
