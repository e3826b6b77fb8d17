package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ItemKey names a work item within a label.
type ItemKey struct {
	EventID    string `db:"event_id" json:"event_id"`
	Network    string `db:"network" json:"network"`
	Station    string `db:"station" json:"station"`
	Location   string `db:"location" json:"location"`
	Instrument string `db:"instrument" json:"instrument"`
}

// Compare orders by the columns in their order.
func (k ItemKey) Compare(o ItemKey) int {
	return cmp.Or(strings.Compare(k.EventID, o.EventID), strings.Compare(k.Network, o.Network), strings.Compare(k.Station, o.Station),
		strings.Compare(k.Location, o.Location), strings.Compare(k.Instrument, o.Instrument))
}

// The states of a work item.
const (
	ItemDone    = "done"
	ItemFailed  = "failed"
	ItemSkipped = "skipped"
)

// WorkItem is the state of one event at one instrument.
type WorkItem struct {
	Label string `db:"label"`
	ItemKey
	Status       string     `db:"status"`
	Code         *string    `db:"code"`
	Stage        *string    `db:"stage"`
	File         *string    `db:"file"`
	Message      *string    `db:"message"`
	Attempts     int        `db:"attempts"` // how often it was computed
	Tries        int        `db:"tries"`    // how often in a row it ended with its status, without a change of what it reads
	NextTry      *time.Time `db:"next_try"` // of a failure that may pass by itself; nil: at the next run
	ReadFrom     *time.Time `db:"read_from"`
	ReadUntil    *time.Time `db:"read_until"`
	DataHash     []byte     `db:"data_hash"`
	MetadataHash []byte     `db:"metadata_hash"`
	EventHash    []byte     `db:"event_hash"`
	ReviewHash   []byte     `db:"review_hash"`
	OriginHash   []byte     `db:"origin_hash"` // nil: not known
	RecipeHash   []byte     `db:"recipe_hash"`
	Algorithm    int        `db:"algorithm"`
	Revision     int64      `db:"revision"`
	Suspect      *string    `db:"suspect"`
	RunID        int64      `db:"run_id"`
	FailedSince  *time.Time `db:"failed_since"` // of a failed item: nil is the run's start, see [SaveBatch]
}

// Current says what a work item must have been computed with to be clean. The
// zero Current makes none clean.
type Current struct {
	RecipeHash []byte
	Algorithm  int
	Retry      []string // codes that are asked for: tried again whatever was

	Passing  []string  // codes that may pass by themselves: tried again from the item's NextTry on
	Now      time.Time // what NextTry is compared with
	MaxTries int       // in a row, of Passing; 0 is no limit
}

// IsAgain reports whether an item failed with a code of Passing and is to be tried again.
func (c Current) IsAgain(it *WorkItem) bool {
	return it.Code != nil && slices.Contains(c.Passing, *it.Code) && (c.MaxTries == 0 || it.Tries < c.MaxTries) &&
		(it.NextTry == nil || !it.NextTry.After(c.Now))
}

// Known is the work items of some events.
type Known struct {
	Clean  map[ItemKey]bool     // nothing to do
	Others map[ItemKey]WorkItem // suspect, of another recipe or algorithm, or to be tried again
}

// cleanItem is the condition that an item needs no work, by [Current] in $3 to $8.
const cleanItem = `COALESCE(suspect IS NULL AND recipe_hash = $3 AND algorithm = $4 AND (code IS NULL OR code <> ALL($5)
		AND NOT (code = ANY($6) AND ($7 = 0 OR tries < $7) AND COALESCE(next_try <= $8, true))), false)` // the last as IsAgain

func (c Current) args(label string, eventIDs []string) []any {
	return []any{label, pq.Array(eventIDs), c.RecipeHash, c.Algorithm, pq.Array(append([]string{}, c.Retry...)),
		pq.Array(append([]string{}, c.Passing...)), c.MaxTries, microseconds(c.Now)}
}

// ItemSum is what is known of the items of an event: as much as it takes to see that a
// set of instruments is just that of the items that need no work.
type ItemSum struct {
	Clean  int64 // items that need no work
	Hash   int64 // of their instruments, as [InstrumentHashes] has them, exclusive or
	Others int64 // items that need some
}

// instrumentHash is 64 bits of the instrument of an item.
const instrumentHash = `hashtextextended(network || '.' || station || '.' || location || '.' || instrument, 0)`

// InstrumentHashes gives the hashes of the instruments of keys, in order.
func InstrumentHashes(ctx context.Context, q sqlx.QueryerContext, keys []ItemKey) ([]int64, error) {
	var columns [4][]string
	for _, k := range keys {
		for i, text := range []string{k.Network, k.Station, k.Location, k.Instrument} {
			columns[i] = append(columns[i], text)
		}
	}
	var hashes []int64
	err := sqlx.SelectContext(ctx, q, &hashes, `SELECT `+instrumentHash+` FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
		WITH ORDINALITY AS k (network, station, location, instrument, n) ORDER BY n`,
		pq.Array(columns[0]), pq.Array(columns[1]), pq.Array(columns[2]), pq.Array(columns[3]))
	if err != nil {
		return nil, fmt.Errorf("reading hashes of instruments: %w", err)
	}
	return hashes, nil
}

// ItemSums reads what is known of the items of events. An event without items has none.
func ItemSums(ctx context.Context, q sqlx.QueryerContext, label string, eventIDs []string, c Current) (map[string]ItemSum, error) {
	rows, err := q.QueryContext(ctx, `SELECT event_id, count(*) FILTER (WHERE clean), COALESCE(bit_xor(hash) FILTER (WHERE clean), 0), count(*) FILTER (WHERE NOT clean)
		FROM (SELECT event_id, `+cleanItem+` AS clean, `+instrumentHash+` AS hash FROM work_item WHERE label = $1 AND event_id = ANY($2)) AS item
		GROUP BY event_id`, c.args(label, eventIDs)...)
	if err != nil {
		return nil, fmt.Errorf("reading work items: %w", err)
	}
	defer rows.Close()
	sums := make(map[string]ItemSum, len(eventIDs))
	for rows.Next() {
		var id string
		var s ItemSum
		if err := rows.Scan(&id, &s.Clean, &s.Hash, &s.Others); err != nil {
			return nil, fmt.Errorf("reading work items: %w", err)
		}
		sums[id] = s
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading work items: %w", err)
	}
	return sums, nil
}

// Items reads the work items of events. Of those that need no work, which are most
// of them on most nights, only the keys are read.
func Items(ctx context.Context, q sqlx.QueryerContext, label string, eventIDs []string, c Current) (Known, error) {
	args := c.args(label, eventIDs)
	known := Known{Clean: map[ItemKey]bool{}, Others: map[ItemKey]WorkItem{}}
	rows, err := q.QueryContext(ctx, `SELECT event_id, network, station, location, instrument FROM work_item
		WHERE label = $1 AND event_id = ANY($2) AND `+cleanItem, args...)
	if err != nil {
		return known, fmt.Errorf("reading work items: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k ItemKey
		if err := rows.Scan(&k.EventID, &k.Network, &k.Station, &k.Location, &k.Instrument); err != nil {
			return known, fmt.Errorf("reading work items: %w", err)
		}
		known.Clean[k] = true
	}
	if err := rows.Err(); err != nil {
		return known, fmt.Errorf("reading work items: %w", err)
	}
	var others []WorkItem
	err = sqlx.SelectContext(ctx, q, &others, `SELECT * FROM work_item WHERE label = $1 AND event_id = ANY($2) AND NOT `+cleanItem, args...)
	if err != nil {
		return known, fmt.Errorf("reading work items: %w", err)
	}
	for _, it := range others {
		known.Others[it.ItemKey] = it
	}
	return known, nil
}

// Batch is what a run writes at once.
type Batch struct {
	Number       int64         // among the run's batches, from 1; 0 is one that is not numbered
	Items        []WorkItem    // computed: their measurements are replaced
	Measurements []Measurement // of Items
	Verified     []WorkItem    // looked at and still true
	Obsolete     []WorkItem    // no longer items: removed with their measurements
	Counts       Counts        // added to the run's row
	Codes        Tally         // failed and skipped items, added to the run's row
	Reasons      Tally         // due items, added to the run's row
}

// SaveBatch writes a batch of a run; all or nothing, with the run's transaction. A failed
// item without the time since when it has failed gets the start of the run. The
// error is [ErrRunClosed] if the run's row is no longer running. A numbered batch that the
// run has written already is left as it is: where the answer to a commit was lost, the batch
// may be given again.
func SaveBatch(ctx context.Context, tx *sqlx.Tx, runID int64, b Batch) error {
	started, batches, err := lockRun(ctx, tx, runID)
	if err != nil || b.Number > 0 && b.Number <= batches {
		return err
	}
	byKey := func(a, b WorkItem) int { return a.Compare(b.ItemKey) }
	written := slices.Concat(b.Items, b.Verified)
	slices.SortFunc(written, byKey)
	dateFailures(written, started)
	if err := deleteKeys(ctx, tx, "measurement", b.Items); err != nil {
		return err
	}
	if err := deleteKeys(ctx, tx, "work_item", b.Obsolete); err != nil {
		return err
	}
	if err := insert(ctx, tx, "work_item", written, updateAll[WorkItem](itemKeys()...)); err != nil {
		return err
	}
	if err := insert(ctx, tx, "measurement", b.Measurements, ""); err != nil {
		return err
	}
	c := b.Counts
	_, err = tx.ExecContext(ctx, `UPDATE run SET batches = batches + 1, due = due + $2, done = done + $3, failed = failed + $4, skipped = skipped + $5,
		verified = verified + $6 WHERE id = $1`, runID, c.Due, c.Done, c.Failed, c.Skipped, c.Verified)
	if err != nil {
		return fmt.Errorf("counting: %w", err)
	}
	return addTallies(ctx, tx, runID, b)
}

func itemKeys() []string {
	return []string{"label", "event_id", "network", "station", "location", "instrument"}
}

// deleteKeys deletes the rows of items from a table.
func deleteKeys(ctx context.Context, tx *sqlx.Tx, table string, items []WorkItem) error {
	if len(items) == 0 {
		return nil
	}
	cols := make([][]string, len(itemKeys()))
	for _, it := range items {
		for i, v := range []string{it.Label, it.EventID, it.Network, it.Station, it.Location, it.Instrument} {
			cols[i] = append(cols[i], v)
		}
	}
	args := make([]any, len(cols))
	for i := range cols {
		args[i] = pq.Array(cols[i])
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM `+table+` t USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
		AS u (label, event_id, network, station, location, instrument)
		WHERE t.label = u.label AND t.event_id = u.event_id AND t.network = u.network AND t.station = u.station
		  AND t.location = u.location AND t.instrument = u.instrument`, args...)
	if err != nil {
		return fmt.Errorf("replacing rows of %s: %w", table, err)
	}
	return nil
}
