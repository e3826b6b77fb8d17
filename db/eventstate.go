package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ErrSameEvent says that an event cannot be merged into what is part of itself.
var ErrSameEvent = errors.New("the two are one event")

// MergeEvent makes an event part of another by the word of a user: its public ids are those of the
// other, and it is never due. The error is [ErrSameEvent] if the other is the event or part of it.
func MergeEvent(ctx context.Context, tx *sqlx.Tx, revision int64, id, into string) error {
	inside := false
	err := tx.GetContext(ctx, &inside, `WITH RECURSIVE up (id) AS (
			SELECT $2::text UNION SELECT e.merged_into FROM up JOIN event e USING (id) WHERE e.merged_into IS NOT NULL)
		SELECT EXISTS (SELECT FROM up WHERE id = $1)`, id, into)
	if err == nil && inside {
		err = ErrSameEvent
	}
	if err != nil {
		return fmt.Errorf("merging %s into %s: %w", id, into, err)
	}
	return decideEvent(ctx, tx, revision, &EventState{ID: id, Status: EventMerged, MergedInto: &into, DecidedBy: ByUser})
}

// DeleteEvent marks an event as none by the word of a user. It keeps its rows, and is never due.
func DeleteEvent(ctx context.Context, tx *sqlx.Tx, revision int64, id string) error {
	return decideEvent(ctx, tx, revision, &EventState{ID: id, Status: EventDeleted, DecidedBy: ByUser})
}

// RestoreEvent makes an event active again. From then on the catalogue decides what becomes of
// it, but not where the catalogue as loaded says otherwise: against is true then, and it stays
// active whatever is loaded.
func RestoreEvent(ctx context.Context, tx *sqlx.Tx, revision int64, id string) (against bool, err error) {
	e, err := FindEventState(ctx, tx, id)
	if err != nil {
		return false, err
	}
	carriers, err := carriersOf(ctx, tx, []string{id})
	if err != nil {
		return false, fmt.Errorf("event %s: %w", id, err)
	}
	against = (&Event{Type: e.Type}).isNone() || len(carriers) > 0
	e.Status, e.MergedInto, e.DecidedBy = EventActive, nil, ByCatalogue
	if against {
		e.DecidedBy = ByUser
	}
	return against, decideEvent(ctx, tx, revision, &e)
}

func decideEvent(ctx context.Context, tx *sqlx.Tx, revision int64, e *EventState) error {
	if err := writeState(ctx, tx, revision, e); err != nil {
		return err
	}
	return settleAliases(ctx, tx, []string{e.ID})
}

// FindEventState reads the state of an event by its own id; the error wraps sql.ErrNoRows if there is
// none.
func FindEventState(ctx context.Context, q sqlx.QueryerContext, id string) (EventState, error) {
	var e EventState
	if err := sqlx.GetContext(ctx, q, &e, `SELECT `+stateColumns+` FROM event e WHERE e.id = $1`, id); err != nil {
		return e, fmt.Errorf("event %s: %w", id, err)
	}
	return e, nil
}

// FindOwnEvents is [FindEvents] that does not follow merges: a public id of a merged event gives
// that event.
func FindOwnEvents(ctx context.Context, q sqlx.QueryerContext, names []string) ([]string, error) {
	var ids []string
	err := sqlx.SelectContext(ctx, q, &ids, `SELECT DISTINCT COALESCE(merged_from, event_id) AS id FROM event_alias
		WHERE alias = ANY($1) OR short = ANY($1) ORDER BY id`, pq.Array(names))
	if err != nil {
		return nil, fmt.Errorf("finding events: %w", err)
	}
	return ids, nil
}

// ListedEvent is an event as `event list` has it. The JSON names are those of --json.
type ListedEvent struct {
	ID         string     `db:"id" json:"event_id"`
	Status     string     `db:"status" json:"status"`
	MergedInto *string    `db:"merged_into" json:"merged_into"` // nil unless merged
	DecidedBy  string     `db:"decided_by" json:"decided_by"`
	Type       string     `db:"type" json:"type"`
	Time       *time.Time `db:"time" json:"time"` // UTC; nil without an origin
	Latitude   *float64   `db:"latitude" json:"latitude"`
	Longitude  *float64   `db:"longitude" json:"longitude"`
	Magnitude  *float64   `db:"magnitude" json:"magnitude"`
}

// ListEvents hands over the events of a selection that have one of the states, in order of origin
// time and id, those without an origin last. Merged events are of a selection by id as themselves and
// as what they are part of.
func ListEvents(ctx context.Context, q sqlx.QueryerContext, s Selection, status []string, each func(*ListedEvent) error) error {
	where, args := s.ownEvents()
	args = append(args, pq.Array(status))
	rows, err := q.QueryxContext(ctx, fmt.Sprintf(`
		SELECT e.id, e.status, e.merged_into, e.decided_by, e.type, o.time, o.latitude, o.longitude, m.value AS magnitude
		FROM event e
		LEFT JOIN origin o ON o.event_id = e.id AND o.preferred
		LEFT JOIN magnitude m ON m.event_id = e.id AND m.preferred
		WHERE %s AND e.status = ANY($%d) ORDER BY o.time, e.id`, where, len(args)), args...)
	if err != nil {
		return fmt.Errorf("reading events: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e ListedEvent
		if err := rows.StructScan(&e); err != nil {
			return fmt.Errorf("reading events: %w", err)
		}
		if e.Time != nil {
			*e.Time = e.Time.UTC()
		}
		if err := each(&e); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading events: %w", err)
	}
	return nil
}

// ownEvents is [Selection.events] where a merged event is named by its own ids and by those of
// what it is part of.
func (s Selection) ownEvents() (string, []any) {
	names := s.Events
	s.Events = nil
	where, args := s.events()
	if len(names) == 0 {
		return where, args
	}
	args = append(args, pq.Array(names))
	return where + fmt.Sprintf(` AND e.id IN (SELECT COALESCE(merged_from, event_id) FROM event_alias
		WHERE event_id IN (SELECT event_id FROM event_alias WHERE alias = ANY($%[1]d) OR short = ANY($%[1]d)))`, len(args)), args
}

// RetiredEvents reads the events of a selection that are merged or deleted and still have work items of a
// label. The times and places are those of what was their origin, zero if they had none.
func RetiredEvents(ctx context.Context, q sqlx.QueryerContext, label string, s Selection) ([]EventRow, error) {
	where, args := s.ownEvents()
	args = append(args, label)
	var all []EventRow
	err := sqlx.SelectContext(ctx, q, &all, fmt.Sprintf(`
		SELECT e.id, e.type, COALESCE(o.id, '') AS origin_id, COALESCE(o.time, '0001-01-01 00:00:00Z') AS time,
			COALESCE(o.latitude, 0) AS latitude, COALESCE(o.longitude, 0) AS longitude, o.depth, m.value AS magnitude
		FROM event e
		LEFT JOIN origin o ON o.event_id = e.id AND o.preferred
		LEFT JOIN magnitude m ON m.event_id = e.id AND m.preferred
		WHERE e.status <> 'active' AND %s AND EXISTS (SELECT FROM work_item w WHERE w.label = $%d AND w.event_id = e.id)
		ORDER BY e.id`, where, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("reading merged and deleted events: %w", err)
	}
	return all, nil
}
