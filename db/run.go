package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Label is a named result set with its recipe.
type Label struct {
	Name       string `db:"name"`
	Recipe     string `db:"recipe"`
	RecipeHash []byte `db:"recipe_hash"`
	Axes
}

// FindLabel reads a label; the error is sql.ErrNoRows if there is none.
func FindLabel(ctx context.Context, q sqlx.QueryerContext, name string) (Label, error) {
	var l Label
	err := sqlx.GetContext(ctx, q, &l, `SELECT name, recipe, recipe_hash, CASE WHEN periods IS NOT NULL THEN spectra END AS spectra,
		periods, dampings, fas_frequencies, band_from, band_until FROM label WHERE name = $1`, name)
	return l, err
}

// SaveLabel writes a label's recipe. A new label begins at the present revision.
func SaveLabel(ctx context.Context, tx *sqlx.Tx, l Label) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO label (name, recipe, recipe_hash, since_revision) SELECT $1, '', '', value FROM revision
		ON CONFLICT (name) DO NOTHING`, l.Name)
	if err != nil {
		return fmt.Errorf("writing label %s: %w", l.Name, err)
	}
	return insert(ctx, tx, "label", []Label{l}, updateAll[Label]("name"))
}

// WidenRecent remembers the time from which on a nightly job of a label is about all events, and gives the
// earliest that there was.
func WidenRecent(ctx context.Context, tx *sqlx.Tx, label string, from time.Time) (time.Time, error) {
	var earliest time.Time
	err := tx.GetContext(ctx, &earliest, `UPDATE label SET recent_from = LEAST(recent_from, $2) WHERE name = $1 RETURNING recent_from`, label, from)
	if err != nil {
		return from, fmt.Errorf("label %s: %w", label, err)
	}
	return earliest.UTC(), nil
}

// The states of a run.
const (
	Running     = "running"
	Done        = "done"
	Failed      = "failed"
	Interrupted = "interrupted"
	Lost        = "lost"
)

// Run is one start of the program. The JSON names are those of `runs --json`.
type Run struct {
	ID         int64           `db:"id" insert:"no" json:"id"`
	Kind       string          `db:"kind" json:"kind"`
	Label      string          `db:"label" json:"label"`
	Status     string          `db:"status" json:"status"`
	Selection  json.RawMessage `db:"selection" json:"selection"`
	Version    string          `db:"version" json:"version"`
	Host       string          `db:"host" json:"host"`
	PID        int             `db:"pid" json:"pid"`
	StartedAt  time.Time       `db:"started_at" json:"started_at"`
	FinishedAt *time.Time      `db:"finished_at" json:"finished_at"`
	Counts
	Message string `db:"message" json:"message"`
	Shard   Shard  `db:"shard" json:"shard,omitzero"` // part of the label, as 2/3
	Batches int64  `db:"batches" insert:"no" json:"-"`

	// See [RunDetail].
	Codes    Tally  `db:"codes" json:"-"`
	Reasons  Tally  `db:"reasons" json:"-"`
	Events   *int64 `db:"events" json:"-"`
	Stations *int64 `db:"stations" json:"-"`
}

// Counts are the items of a run.
type Counts struct {
	Due      int64 `db:"due" json:"due"`
	Done     int64 `db:"done" json:"done"`
	Failed   int64 `db:"failed" json:"failed"`
	Skipped  int64 `db:"skipped" json:"skipped"`
	Verified int64 `db:"verified" json:"verified"`
}

// ErrRunClosed says that a run's row is no longer running: another start of the
// program has taken this one for dead.
var ErrRunClosed = errors.New("the run was closed by another start of the program")

// StartRun writes the row of a run that begins, closes as lost those of the label
// that never ended, and forgets the changes that all labels have marked. Hold the
// lock of the part, by which no run of the whole, of this part or of other counts is alive; the transaction must be read committed, the default.
func StartRun(ctx context.Context, tx *sqlx.Tx, r Run) (id int64, err error) {
	_, err = tx.ExecContext(ctx, `UPDATE run SET status = 'lost', finished_at = $2, message = 'the program ended without a word'
		WHERE label = $1 AND status = 'running' AND (shard = $3 OR split_part(shard, '/', 2) <> split_part($3, '/', 2))`, r.Label, r.StartedAt, r.Shard)
	if err != nil {
		return 0, fmt.Errorf("closing lost runs: %w", err)
	}
	if err := forgetChanges(ctx, tx); err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &id, `INSERT INTO run (kind, label, status, selection, version, host, pid, started_at, shard)
		VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8) RETURNING id`,
		r.Kind, r.Label, string(r.Selection), r.Version, r.Host, r.PID, r.StartedAt, r.Shard)
	if err != nil {
		return 0, fmt.Errorf("starting run: %w", err)
	}
	return id, nil
}

// FinishRun closes a run that is running with its state and message.
func FinishRun(ctx context.Context, q sqlx.ExecerContext, id int64, status, message string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE run SET status = $2, message = $3, finished_at = $4 WHERE id = $1 AND status = 'running'`,
		id, status, validText(message), at)
	if err != nil {
		return fmt.Errorf("finishing run %d: %w", id, err)
	}
	return nil
}

// lockRun holds a run's row for the transaction and requires it to be running. It gives
// the run's start, and the number of batches that it has written. A program that falls silent in the
// transaction loses it, so that its own next try does not wait for it.
func lockRun(ctx context.Context, tx *sqlx.Tx, id int64) (started time.Time, batches int64, err error) {
	var status, idle string
	err = tx.QueryRowContext(ctx, `SELECT status, started_at, batches, set_config('idle_in_transaction_session_timeout', '10s', true)
		FROM run WHERE id = $1 FOR UPDATE`, id).Scan(&status, &started, &batches, &idle)
	if err != nil {
		return started, 0, fmt.Errorf("run %d: %w", id, err)
	}
	return started, batches, requireRunning(id, status)
}

// RunRate is how many items a second the newest runs of a label computed, over at most
// twenty that ended well; 0 if there are none.
func RunRate(ctx context.Context, q sqlx.QueryerContext, label string) (float64, error) {
	var rate float64
	err := sqlx.GetContext(ctx, q, &rate, `SELECT COALESCE(sum(due) / NULLIF(sum(EXTRACT(epoch FROM finished_at - started_at)), 0), 0)::float8
		FROM (SELECT * FROM run WHERE label = $1 AND status = 'done' AND due > 0 AND finished_at > started_at ORDER BY id DESC LIMIT 20) AS newest`, label)
	if err != nil {
		return 0, fmt.Errorf("reading runs: %w", err)
	}
	return rate, nil
}

// PruneRuns removes the runs that ended before a time and of which nothing is left: no
// item and no measurement names them. It returns how many.
func PruneRuns(ctx context.Context, tx *sqlx.Tx, before time.Time) (int64, error) {
	done, err := tx.ExecContext(ctx, `DELETE FROM run WHERE finished_at < $1
		AND NOT EXISTS (SELECT FROM work_item w WHERE w.run_id = run.id) AND NOT EXISTS (SELECT FROM measurement m WHERE m.run_id = run.id)`, before)
	if err != nil {
		return 0, fmt.Errorf("removing old runs: %w", err)
	}
	return done.RowsAffected()
}

// Runs reads the newest runs, the newest first; limit 0 is all.
func Runs(ctx context.Context, q sqlx.QueryerContext, limit int) ([]Run, error) {
	var runs []Run
	err := sqlx.SelectContext(ctx, q, &runs, `SELECT * FROM run ORDER BY id DESC LIMIT NULLIF($1, 0)`, limit)
	if err != nil {
		return nil, fmt.Errorf("reading runs: %w", err)
	}
	return runs, nil
}
