package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Failure is a failed item, a file that could not be read, or an event that could not
// be used. The JSON names are promised to scripts.
type Failure struct {
	ItemKey
	File     string `db:"file" json:"file"`
	Stage    string `db:"stage" json:"stage"`
	Code     string `db:"code" json:"code"`
	Message  string `db:"message" json:"message"`
	Attempts int    `db:"attempts" json:"attempts"` // in a row, without a change of what the item reads
	// NextTry is when a failure that may pass by itself is tried again; nil: at the next run, or it is none.
	NextTry   *time.Time `db:"next_try" json:"next_try,omitempty"`
	GivenUp   bool       `db:"-" json:"given_up,omitempty"`  // for whoever knows the limit: it is not tried again by itself
	FirstSeen *time.Time `db:"first_seen" json:"first_seen"` // start of the run, or load of the file, since which it fails; nil of skipped items
	LastSeen  time.Time  `db:"last_seen" json:"last_seen"`   // start of the last run that tried it, or load of the file
	New       bool       `db:"new" json:"new"`               // see [Age]
}

// itemFailures selects the items of label $1 with status $2.
const itemFailures = `
		SELECT event_id, network, station, location, instrument, COALESCE(file, '') AS file, COALESCE(stage, '') AS stage,
			COALESCE(code, '') AS code, COALESCE(work_item.message, '') AS message, tries AS attempts, next_try, failed_since AS first_seen, started_at AS last_seen
		FROM work_item JOIN run ON run.id = run_id WHERE work_item.label = $1 AND work_item.status = $2`

// fileFailures selects the files with an error.
const fileFailures = `
		SELECT '' AS event_id, '' AS network, '' AS station, '' AS location, '' AS instrument, path AS file, 'load' AS stage,
			COALESCE(error_code, '') AS code, error AS message, 1 AS attempts, NULL::timestamptz AS next_try, error_since AS first_seen, loaded_at AS last_seen
		FROM file WHERE error IS NOT NULL`

// Skipped reads the items of a label that were not measured for want of something that
// may be absent.
func Skipped(ctx context.Context, q sqlx.QueryerContext, label string) ([]Failure, error) {
	return failures(ctx, q, `SELECT *, false AS new FROM (`+itemFailures+`) AS skipped ORDER BY 1, 2, 3, 4, 5`, label, ItemSkipped)
}

// Failures reads the failed items of a label and the faulty files, the new ones first.
func Failures(ctx context.Context, q sqlx.QueryerContext, label string) ([]Failure, error) {
	return failures(ctx, q, `SELECT *, `+isNew("first_seen")+` AS new FROM (`+itemFailures+` UNION ALL `+fileFailures+`) AS failure
		ORDER BY new DESC, 1, 2, 3, 4, 5, 6`, label, ItemFailed)
}

func failures(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Failure, error) {
	var all []Failure
	if err := sqlx.SelectContext(ctx, q, &all, query, args...); err != nil {
		return nil, fmt.Errorf("reading failures: %w", err)
	}
	for i := range all {
		all[i].LastSeen = all[i].LastSeen.UTC()
		if first := all[i].FirstSeen; first != nil {
			*first = first.UTC()
		}
	}
	return all, nil
}

// CountFailing counts the failed items of a label.
func CountFailing(ctx context.Context, q sqlx.QueryerContext, label string) (n int64, err error) {
	if err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM work_item WHERE label = $1 AND status = 'failed'`, label); err != nil {
		return 0, fmt.Errorf("counting failures: %w", err)
	}
	return n, nil
}

// FileFaults reads the files with something wrong that were loaded since a time of the
// server's clock, by path, at most so many.
func FileFaults(ctx context.Context, q sqlx.QueryerContext, since time.Time, limit int) ([]Failure, error) {
	var all []Failure
	err := sqlx.SelectContext(ctx, q, &all, `SELECT '' AS event_id, '' AS network, '' AS station, '' AS location, '' AS instrument,
			path AS file, 'load' AS stage, COALESCE(error_code, '') AS code, error AS message, 1 AS attempts
		FROM file WHERE error IS NOT NULL AND loaded_at >= $1 ORDER BY path LIMIT $2`, since, limit)
	if err != nil {
		return nil, fmt.Errorf("reading faults of files: %w", err)
	}
	return all, nil
}

// FailureGroup is the failures, or skipped items, that have something in common. The JSON
// names are those of `failures --by ... --json`.
type FailureGroup struct {
	Group     string     `db:"grouped" json:"group"` // "" for files, where events or stations are grouped
	Items     int64      `db:"items" json:"items"`
	Files     int64      `db:"files" json:"files"`
	Events    int64      `db:"events" json:"events"`         // distinct ones among the items
	Stations  int64      `db:"stations" json:"stations"`     // distinct ones among the items
	New       int64      `db:"new" json:"new"`               // items and files, see [Age]
	FirstSeen *time.Time `db:"first_seen" json:"first_seen"` // of the one that fails longest; nil of skipped items
	LastSeen  time.Time  `db:"last_seen" json:"last_seen"`   // start of the run, or load of the file
	Message   string     `db:"message" json:"message"`       // of the one seen last
}

// FailureGroups lists what failures may be grouped by.
var FailureGroups = []string{"code", "network", "station", "event"}

var failureGroups = map[string]string{
	"code":    "code",
	"network": "network",
	"station": "CASE WHEN station = '' THEN '' ELSE network || '.' || station END",
	"event":   "event_id",
}

// GroupFailures counts failures of a label and age by one of [FailureGroups], the most frequent
// first: with status [ItemFailed] those of items and files, with [ItemSkipped] the skipped items.
func GroupFailures(ctx context.Context, q sqlx.QueryerContext, label, status, by string, age Age) ([]FailureGroup, error) {
	key, ok := failureGroups[by]
	if !ok {
		return nil, fmt.Errorf("db: failures cannot be grouped by %q", by)
	}
	var all []FailureGroup
	err := sqlx.SelectContext(ctx, q, &all, `WITH failure AS (
			SELECT *, event_id = '' AS of_file, `+isNew("first_seen")+` AS new
			FROM (`+itemFailures+` UNION ALL `+fileFailures+` AND $2 = 'failed') AS any_age)
		SELECT `+key+` AS grouped, count(*) FILTER (WHERE NOT of_file) AS items, count(*) FILTER (WHERE of_file) AS files,
			count(DISTINCT event_id) FILTER (WHERE NOT of_file) AS events,
			count(DISTINCT (network, station)) FILTER (WHERE station <> '') AS stations, count(*) FILTER (WHERE new) AS new,
			min(first_seen) AS first_seen, max(last_seen) AS last_seen, (array_agg(message ORDER BY last_seen DESC, message))[1] AS message
		FROM failure WHERE $3 = '' OR new = ($3 = 'new') GROUP BY 1 ORDER BY count(*) DESC, 1`, label, status, string(age))
	if err != nil {
		return nil, fmt.Errorf("reading failures: %w", err)
	}
	for i := range all {
		all[i].LastSeen = all[i].LastSeen.UTC()
		if first := all[i].FirstSeen; first != nil {
			*first = first.UTC()
		}
	}
	return all, nil
}
