package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// RunDetail is all that is known of a run. The JSON names are those of `run show --json`.
type RunDetail struct {
	Run
	Seconds  *float64 `json:"seconds"`  // that it took; nil: it is running
	Codes    Tally    `json:"codes"`    // failed and skipped items; nil: not kept
	Reasons  Tally    `json:"reasons"`  // due items; nil: not kept
	Events   int64    `json:"events"`   // distinct ones among the computed items
	Stations int64    `json:"stations"` // distinct ones among the computed items
	Current  int64    `json:"current"`  // computed items that no later run has computed again
}

// FindRun reads a run. The error is sql.ErrNoRows if there is none. Of a run that did not
// close its row, and of old ones, events and stations are those of its current items.
func FindRun(ctx context.Context, q sqlx.QueryerContext, id int64) (RunDetail, error) {
	var d RunDetail
	if err := sqlx.GetContext(ctx, q, &d.Run, `SELECT * FROM run WHERE id = $1`, id); err != nil {
		return d, fmt.Errorf("reading run %d: %w", id, err)
	}
	d.Codes, d.Reasons = d.Run.Codes, d.Run.Reasons
	d.StartedAt = d.StartedAt.UTC()
	if d.FinishedAt != nil {
		*d.FinishedAt = d.FinishedAt.UTC()
		seconds := d.FinishedAt.Sub(d.StartedAt).Seconds()
		d.Seconds = &seconds
	}
	err := q.QueryRowxContext(ctx, `SELECT (SELECT count(*) FROM work_item WHERE run_id = $1), `+reach, id).Scan(&d.Current, &d.Events, &d.Stations)
	if err != nil {
		return d, fmt.Errorf("counting the items of run %d: %w", id, err)
	}
	if d.Run.Events != nil && d.Run.Stations != nil {
		d.Events, d.Stations = *d.Run.Events, *d.Run.Stations
	}
	return d, nil
}

// RunRange gives the ids of the first and the last run; zeros if there are none.
func RunRange(ctx context.Context, q sqlx.QueryerContext) (first, last int64, err error) {
	err = q.QueryRowxContext(ctx, `SELECT COALESCE(min(id), 0), COALESCE(max(id), 0) FROM run`).Scan(&first, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("reading runs: %w", err)
	}
	return first, last, nil
}

// reach counts the events and stations of the work items of run $1; an event that cannot be used at
// all has an item without a station.
const reach = `(SELECT count(*) FROM (SELECT DISTINCT event_id FROM work_item WHERE run_id = $1) AS e) AS events,
	(SELECT count(*) FROM (SELECT DISTINCT network, station FROM work_item WHERE run_id = $1 AND station <> '') AS s) AS stations`

// NoteReach keeps how many events and stations the items of a run were, before another
// run computes them again.
func NoteReach(ctx context.Context, tx *sqlx.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE run SET events = i.events, stations = i.stations
		FROM (SELECT `+reach+`) AS i WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("counting the events of run %d: %w", id, err)
	}
	return nil
}

// addTallies adds those of a batch to the run's row.
func addTallies(ctx context.Context, tx *sqlx.Tx, runID int64, b Batch) error {
	if b.Codes == nil && b.Reasons == nil {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE run SET codes = `+sumOf("codes", "$2")+`, reasons = `+sumOf("reasons", "$3")+` WHERE id = $1`,
		runID, b.Codes, b.Reasons)
	if err != nil {
		return fmt.Errorf("counting by code and reason: %w", err)
	}
	return nil
}

// sumOf adds two tallies, name by name.
func sumOf(a, b string) string {
	return fmt.Sprintf(`(SELECT COALESCE(jsonb_object_agg(name, n), '{}') FROM (
		SELECT name, sum(n::bigint) AS n FROM (SELECT * FROM jsonb_each_text(%s) UNION ALL SELECT * FROM jsonb_each_text(%s::jsonb)) AS each (name, n)
		GROUP BY name) AS sums)`, a, b)
}

// dateFailures gives the failed items that have just begun to fail the start of the run.
func dateFailures(items []WorkItem, started time.Time) {
	for i := range items {
		if it := &items[i]; it.Status == ItemFailed && it.FailedSince == nil {
			it.FailedSince = &started
		}
	}
}
