package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// backend is the server's process of a session. Its number may be given to another
// after a restart, its start may not.
type backend struct {
	PID   int       `db:"pid"`
	Start time.Time `db:"start"`
}

// ghostWithin is how long the end of a session without a client is waited for, ms.
const ghostWithin = 5000

// Regain makes sure that the lock is held: where its connection is lost, it is taken
// again on a new one. If another run has it meanwhile, the error is a [*LockedError]. The
// lock stays usable whatever comes of it. May be called concurrently.
func (l *Lock) Regain(ctx context.Context, db *sqlx.DB) error {
	l.regaining.Lock()
	defer l.regaining.Unlock()
	if l.Held(ctx) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	l.drop() // makes room in the pool
	if err := l.endGhost(ctx, db); err != nil {
		return err
	}
	fresh, err := TryLock(ctx, db, l.label, l.shard)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.session = fresh.conn, fresh.session
	return nil
}

// endGhost ends the session that held the lock where it outlives its connection: a
// server may take long to see that its client is gone.
func (l *Lock) endGhost(ctx context.Context, db *sqlx.DB) error {
	l.mu.Lock()
	s := l.session
	l.mu.Unlock()
	var ended []bool
	err := db.SelectContext(ctx, &ended, `SELECT pg_terminate_backend(pid, $3) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2`,
		s.PID, s.Start, ghostWithin)
	if err != nil {
		return fmt.Errorf("db: lock of label %q: ending its lost session: %w", l.label, err)
	}
	if len(ended) > 0 && !ended[0] {
		return fmt.Errorf("db: label %q: %w: server process %d of this run is still ending", l.label, ErrLockLost, s.PID)
	}
	return nil
}

func (l *Lock) current() *sqlx.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn
}

// CheckRunning returns nil if a run's row is running, else [ErrRunClosed].
func CheckRunning(ctx context.Context, q sqlx.QueryerContext, id int64) error {
	var status string
	if err := sqlx.GetContext(ctx, q, &status, `SELECT status FROM run WHERE id = $1`, id); err != nil {
		return fmt.Errorf("run %d: %w", id, err)
	}
	return requireRunning(id, status)
}

func requireRunning(id int64, status string) error {
	if status != Running {
		return fmt.Errorf("run %d is %s: %w", id, status, ErrRunClosed)
	}
	return nil
}

// StartedRun finds the running row of a run that this process may have begun; 0 if there is
// none. It tells whether a [StartRun] was done whose commit was not answered.
func StartedRun(ctx context.Context, tx *sqlx.Tx, r Run) (id int64, err error) {
	err = tx.GetContext(ctx, &id, `SELECT COALESCE(max(id), 0) FROM run WHERE label = $1 AND shard = $2 AND status = 'running'
		AND kind = $3 AND host = $4 AND pid = $5 AND started_at = $6`, r.Label, r.Shard, r.Kind, r.Host, r.PID, microseconds(r.StartedAt))
	if err != nil {
		return 0, fmt.Errorf("looking for the run: %w", err)
	}
	return id, nil
}
