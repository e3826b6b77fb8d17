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
	Attempts int    `db:"attempts" json:"attempts"`
}

// itemFailures selects the items of label $1 with status $2.
const itemFailures = `
		SELECT event_id, network, station, location, instrument, COALESCE(file, '') AS file, COALESCE(stage, '') AS stage,
			COALESCE(code, '') AS code, COALESCE(message, '') AS message, attempts
		FROM work_item WHERE label = $1 AND status = $2`

// Skipped reads the items of a label that were not measured for want of something that
// may be absent.
func Skipped(ctx context.Context, q sqlx.QueryerContext, label string) ([]Failure, error) {
	var all []Failure
	if err := sqlx.SelectContext(ctx, q, &all, itemFailures+` ORDER BY 1, 2, 3, 4, 5`, label, ItemSkipped); err != nil {
		return nil, fmt.Errorf("reading skipped items: %w", err)
	}
	return all, nil
}

// Failures reads the failed items of a label and the unreadable files.
func Failures(ctx context.Context, q sqlx.QueryerContext, label string) ([]Failure, error) {
	var all []Failure
	err := sqlx.SelectContext(ctx, q, &all, itemFailures+`
		UNION ALL
		SELECT '', '', '', '', '', path, 'load', COALESCE(error_code, ''), error, 1 FROM file WHERE error IS NOT NULL
		ORDER BY 1, 2, 3, 4, 5, 6`, label, ItemFailed)
	if err != nil {
		return nil, fmt.Errorf("reading failures: %w", err)
	}
	return all, nil
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
	Group    string    `db:"grouped" json:"group"` // "" for files, where events or stations are grouped
	Items    int64     `db:"items" json:"items"`
	Files    int64     `db:"files" json:"files"`
	Events   int64     `db:"events" json:"events"`       // distinct ones among the items
	Stations int64     `db:"stations" json:"stations"`   // distinct ones among the items
	LastSeen time.Time `db:"last_seen" json:"last_seen"` // start of the run, or load of the file
	Message  string    `db:"message" json:"message"`     // of the one seen last
}

// FailureGroups lists what failures may be grouped by.
var FailureGroups = []string{"code", "network", "station", "event"}

var failureGroups = map[string]string{
	"code":    "code",
	"network": "network",
	"station": "CASE WHEN station = '' THEN '' ELSE network || '.' || station END",
	"event":   "event_id",
}

// GroupFailures counts failures of a label by one of [FailureGroups], the most frequent
// first: with status [ItemFailed] those of items and files, with [ItemSkipped] the skipped items.
func GroupFailures(ctx context.Context, q sqlx.QueryerContext, label, status, by string) ([]FailureGroup, error) {
	key, ok := failureGroups[by]
	if !ok {
		return nil, fmt.Errorf("db: failures cannot be grouped by %q", by)
	}
	var all []FailureGroup
	err := sqlx.SelectContext(ctx, q, &all, `WITH failure AS (
			SELECT event_id, network, station, COALESCE(code, '') AS code, COALESCE(work_item.message, '') AS message, started_at AS seen, true AS of_item
			FROM work_item JOIN run ON run.id = run_id WHERE work_item.label = $1 AND work_item.status = $2
			UNION ALL
			SELECT '', '', '', COALESCE(error_code, ''), error, loaded_at, false FROM file WHERE error IS NOT NULL AND $2 = 'failed')
		SELECT `+key+` AS grouped, count(*) FILTER (WHERE of_item) AS items, count(*) FILTER (WHERE NOT of_item) AS files,
			count(DISTINCT event_id) FILTER (WHERE of_item) AS events,
			count(DISTINCT (network, station)) FILTER (WHERE station <> '') AS stations,
			max(seen) AS last_seen, (array_agg(message ORDER BY seen DESC, message))[1] AS message
		FROM failure GROUP BY 1 ORDER BY count(*) DESC, 1`, label, status)
	if err != nil {
		return nil, fmt.Errorf("reading failures: %w", err)
	}
	return all, nil
}
