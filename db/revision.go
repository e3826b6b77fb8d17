package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Kinds of [Change].
const (
	WaveformChange = "waveform"
	ChannelChange  = "channel"
	EventChange    = "event"
	ReviewChange   = "review"
)

// Change is what a load changed: data or metadata of a channel over a time, an
// event, or a review of one at a channel or instrument.
type Change struct {
	Revision int64  `db:"revision"`
	Kind     string `db:"kind"`
	Network  string `db:"network"`
	Station  string `db:"station"`
	Location string `db:"location"`
	Channel  string `db:"channel"`
	EventID  string `db:"event_id"`
	From     From   `db:"from_time"`
	Until    Until  `db:"until_time"`
}

// NextRevision begins a change of stations, events, files or reviews: it must be the first
// statement of the transaction, which from then on is the only one that changes
// them, until it ends.
func NextRevision(ctx context.Context, tx *sqlx.Tx) (int64, error) {
	var r int64
	err := tx.GetContext(ctx, &r, "UPDATE revision SET value = value + 1 RETURNING value")
	if err != nil {
		return 0, fmt.Errorf("next revision: %w", err)
	}
	return r, nil
}

// Revision is the revision of the database as the querying transaction sees it.
func Revision(ctx context.Context, q sqlx.QueryerContext) (int64, error) {
	var r int64
	if err := sqlx.GetContext(ctx, q, &r, "SELECT value FROM revision"); err != nil {
		return 0, fmt.Errorf("revision: %w", err)
	}
	return r, nil
}

// Clock is the time by the server's clock.
func Clock(ctx context.Context, q sqlx.QueryerContext) (t time.Time, err error) {
	if err := sqlx.GetContext(ctx, q, &t, "SELECT clock_timestamp()"); err != nil {
		return t, fmt.Errorf("clock of the server: %w", err)
	}
	return t.UTC(), nil
}

func logChanges(ctx context.Context, tx *sqlx.Tx, changes []Change) error {
	return insert(ctx, tx, "change", changes, "")
}

// MarkSuspects marks the work items of a part of a label that a change since the last
// marking touches, and remembers that changes up to revision are marked. It returns how
// many items have become suspect; those that were already stay so. Hold the lock of the
// part. In a transaction of repeatable read it may fail beside other parts: see [IsSerialization].
func MarkSuspects(ctx context.Context, tx *sqlx.Tx, label string, shard Shard, revision int64) (int64, error) {
	var marked int64
	for _, m := range []struct {
		statement string
		args      []any
	}{
		{markEvents, []any{label, revision}},
		{markChannels, []any{label, revision, ChannelChange, "metadata"}},
		{markChannels, []any{label, revision, WaveformChange, "data"}},
		{markReviews, []any{label, revision}},
	} {
		statement := strings.Replace(m.statement, "{marked}", shard.marked(), 1) + " AND " + shard.holds("w.event_id")
		res, err := tx.ExecContext(ctx, statement, m.args...)
		if err != nil {
			return 0, fmt.Errorf("marking what changed: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		marked += n
	}
	if err := saveMarked(ctx, tx, label, shard, revision); err != nil {
		return 0, fmt.Errorf("marking what changed: %w", err)
	}
	return marked, nil
}

// forgetChanges removes the changes that all labels have marked. The transaction must
// be read committed: runs of several labels may be at it at once.
func forgetChanges(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM change WHERE revision <= (SELECT min(marked_revision) FROM label)")
	if err != nil {
		return fmt.Errorf("forgetting marked changes: %w", err)
	}
	return nil
}

// Statements of MarkSuspects, that want the marked revision of the part, and end with a condition.
const markChannels = `
UPDATE work_item w
SET suspect = $4
FROM (
    SELECT DISTINCT network, station, location, left(channel, -1) AS instrument, from_time, until_time, revision
    FROM change
    WHERE kind = $3 AND revision > {marked} AND revision <= $2
) c
WHERE w.label = $1 AND w.revision < c.revision AND w.suspect IS NULL
  AND w.network || '.' || w.station || '.' || w.location || '.' || w.instrument
    = c.network || '.' || c.station || '.' || c.location || '.' || c.instrument
  AND w.network = c.network AND w.station = c.station AND w.location = c.location AND w.instrument = c.instrument
  AND w.read_from <= c.until_time AND w.read_until >= c.from_time`

const markEvents = `
UPDATE work_item w
SET suspect = 'event'
FROM change c
WHERE c.kind = 'event'
  AND c.revision > {marked} AND c.revision <= $2
  AND w.label = $1 AND w.revision < c.revision AND w.suspect IS NULL AND w.event_id = c.event_id`

const markReviews = `
UPDATE work_item w
SET suspect = 'review'
FROM (
    SELECT DISTINCT ON (event_id, network, station, location, channel) * FROM change
    WHERE kind = 'review' AND revision > {marked} AND revision <= $2
    ORDER BY event_id, network, station, location, channel, revision DESC
) c
WHERE w.label = $1 AND w.revision < c.revision AND w.suspect IS NULL
  AND w.event_id = c.event_id AND w.network = c.network AND w.station = c.station AND w.location = c.location
  AND w.instrument IN (c.channel, left(c.channel, -1))`

// Analyze brings the query planner's statistics up to date, after much was written.
func Analyze(ctx context.Context, q sqlx.ExecerContext) error {
	if _, err := q.ExecContext(ctx, "ANALYZE event, origin, segment, work_item, measurement"); err != nil {
		return fmt.Errorf("analyzing tables: %w", err)
	}
	return nil
}
