package db

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ItemState is what of a work item says whether it is covered.
type ItemState struct {
	Status string // done, failed or skipped
	Due    bool   // a run would compute it, or at least look at it
}

// ItemStates reads the states of the work items of events, as a run would find them that began
// now: what has changed since the last one makes an item due, marked or not. It writes nothing.
func ItemStates(ctx context.Context, q sqlx.QueryerContext, label string, eventIDs []string, c Current) (map[ItemKey]ItemState, error) {
	states := map[ItemKey]ItemState{}
	var k ItemKey
	var s ItemState
	err := eachRow(ctx, q, func() { states[k] = s }, []any{&k.EventID, &k.Network, &k.Station, &k.Location, &k.Instrument, &s.Status, &s.Due},
		`SELECT event_id, network, station, location, instrument, status, NOT `+cleanItem+`
		FROM work_item WHERE label = $1 AND event_id = ANY($2)`, c.args(label, eventIDs)...)
	if err != nil || len(states) == 0 {
		return states, err
	}
	touched, err := TouchedItems(ctx, q, label, eventIDs)
	for k := range touched {
		if s, ok := states[k]; ok { // else it is of this moment
			s.Due = true
			states[k] = s
		}
	}
	return states, err
}

// TouchedItems finds the work items of events that [MarkSuspects] would mark, and with what. It
// writes nothing.
func TouchedItems(ctx context.Context, q sqlx.QueryerContext, label string, eventIDs []string) (map[ItemKey]string, error) {
	touched := map[ItemKey]string{}
	var k ItemKey
	var kind string
	err := eachRow(ctx, q, func() { touched[k] = kind }, []any{&k.EventID, &k.Network, &k.Station, &k.Location, &k.Instrument, &kind},
		touchedItems, label, pq.Array(eventIDs))
	return touched, err
}

// Touch tells known items apart that were read without a [Current]: those that changes touch are suspect.
func (k *Known) Touch(touched map[ItemKey]string, c Current) {
	for key, it := range k.Others {
		if kind, ok := touched[key]; ok && it.Suspect == nil {
			it.Suspect = &kind
			k.Others[key] = it
		} else if c.isClean(&it) {
			delete(k.Others, key)
			k.Clean[key] = true
		}
	}
}

// isClean is what cleanItem says of a row.
func (c Current) isClean(it *WorkItem) bool {
	return it.Suspect == nil && len(c.RecipeHash) > 0 && bytes.Equal(it.RecipeHash, c.RecipeHash) && it.Algorithm == c.Algorithm &&
		(it.Code == nil || !slices.Contains(c.Retry, *it.Code)) && !c.IsAgain(it)
}

// eachRow scans the rows of a query into dest and does something with each.
func eachRow(ctx context.Context, q sqlx.QueryerContext, do func(), dest []any, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading the states of work items: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("reading the states of work items: %w", err)
		}
		do()
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the states of work items: %w", err)
	}
	return nil
}

// touchedItems finds what MarkSuspects would mark, of the items of some events. Most of the time no
// change is unmarked, and the items are not read. A change that a part of the label alone has
// marked is met again, and does no harm: items that have been looked at since have a later revision.
const touchedItems = `
WITH item AS MATERIALIZED (
    SELECT event_id, network, station, location, instrument, read_from, read_until, revision
    FROM work_item
    WHERE label = $1 AND event_id = ANY($2)
      AND EXISTS (SELECT FROM change WHERE revision > (SELECT marked_revision FROM label WHERE name = $1))
), unmarked AS MATERIALIZED ( -- near the items in time: else each would meet all changes of its channels
    SELECT CASE kind WHEN 'waveform' THEN 'data' ELSE 'metadata' END AS kind,
        network, station, location, left(channel, -1) AS instrument, from_time, until_time, max(revision) AS revision
    FROM change
    WHERE kind IN ('waveform', 'channel') AND revision > (SELECT marked_revision FROM label WHERE name = $1)
      AND from_time <= (SELECT max(read_until) FROM item) AND until_time >= (SELECT min(read_from) FROM item)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT i.event_id, i.network, i.station, i.location, i.instrument, c.kind
FROM item i JOIN unmarked c ON c.network = i.network AND c.station = i.station AND c.location = i.location AND c.instrument = i.instrument
WHERE i.revision < c.revision AND i.read_from <= c.until_time AND i.read_until >= c.from_time
UNION ALL
SELECT i.event_id, i.network, i.station, i.location, i.instrument, 'event'
FROM item i JOIN change c ON c.event_id = i.event_id
WHERE c.kind = 'event' AND c.revision > (SELECT marked_revision FROM label WHERE name = $1) AND i.revision < c.revision
UNION ALL
SELECT i.event_id, i.network, i.station, i.location, i.instrument, 'review'
FROM item i JOIN change c ON c.event_id = i.event_id AND c.network = i.network AND c.station = i.station AND c.location = i.location
    AND i.instrument IN (c.channel, left(c.channel, -1))
WHERE c.kind = 'review' AND c.revision > (SELECT marked_revision FROM label WHERE name = $1) AND i.revision < c.revision`
