package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

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
	if err := tx.GetContext(ctx, &l.session, `SELECT pid, backend_start AS start FROM pg_stat_activity WHERE pid = pg_backend_pid()`); err != nil {
		return fmt.Errorf("db: lock of label %q: %w", l.label, err)
	}
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
