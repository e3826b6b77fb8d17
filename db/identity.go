package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// NotExisting is the type of an event that its agency has deleted, as QuakeML 1.2 has it.
const NotExisting = "not existing"

// The states of an event. Only an active one is ever due.
const (
	EventActive  = "active"
	EventMerged  = "merged"
	EventDeleted = "deleted"
)

// Whose word the state of an event is.
const (
	ByCatalogue = "catalogue"
	ByUser      = "user"
)

func (e *Event) isNone() bool { return strings.EqualFold(e.Type, NotExisting) }

// EventState is what has become of an event. By the word of the catalogue it is deleted
// while its type is [NotExisting]; and merged into another event of the same agency that has its
// preferred origin, of the same id, time and place, among its own. Where two have that of one
// another, the one that was loaded last counts. The word of a user counts more than any load,
// until a user says otherwise.
type EventState struct {
	ID         string  `db:"id"`
	Status     string  `db:"status"`
	MergedInto *string `db:"merged_into"` // nil unless merged
	DecidedBy  string  `db:"decided_by"`
	Type       string  `db:"type"`
}

// deletedWithOrigins are those of the events that are deleted now and had origins.
func deletedWithOrigins(ctx context.Context, tx *sqlx.Tx, events []Event) (map[string]bool, error) {
	var ids, known []string
	for i := range events {
		if events[i].isNone() {
			ids = append(ids, events[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	err := tx.SelectContext(ctx, &known, `SELECT DISTINCT event_id FROM origin WHERE event_id = ANY($1)`, pq.Array(ids))
	keeps := make(map[string]bool, len(known))
	for _, id := range known {
		keeps[id] = true
	}
	return keeps, err
}

// settler finds out what the catalogue says about the identity of events.
type settler struct {
	saved    map[string]bool
	touched  []string               // saved, or having something in common with those; in order
	states   map[string]*EventState // of these, of their carriers, and of what these are part of
	carriers map[string][]carrier   // of the touched, in order of id
}

// carrier is an event that has the preferred origin of another.
type carrier struct {
	ID     string `db:"id"`      // the other
	IntoID string `db:"into_id"` // the carrier
	Mutual bool   `db:"mutual"`  // each has that of the other
}

// settleEvents brings the states of events that were saved, and of those that these
// touch, up to what the catalogue says, and counts what it changes.
func settleEvents(ctx context.Context, tx *sqlx.Tx, revision int64, saved []string, count *Saved) error {
	if len(saved) == 0 {
		return nil
	}
	s, err := newSettler(ctx, tx, saved)
	if err != nil {
		return fmt.Errorf("reading what events have in common: %w", err)
	}
	var changed []string
	for _, id := range s.touched {
		e := s.states[id]
		status, into := s.decide(e)
		if e.DecidedBy == ByUser || status == e.Status && same(into, e.MergedInto) {
			continue
		}
		e.Status, e.MergedInto = status, into
		if err := writeState(ctx, tx, revision, e); err != nil {
			return err
		}
		changed = append(changed, id)
		switch status {
		case EventMerged:
			count.Merged++
		case EventDeleted:
			count.Deleted++
		default:
			count.Restored++
		}
	}
	return settleAliases(ctx, tx, changed)
}

func newSettler(ctx context.Context, tx *sqlx.Tx, saved []string) (*settler, error) {
	s := &settler{saved: map[string]bool{}, states: map[string]*EventState{}, carriers: map[string][]carrier{}}
	for _, id := range saved {
		s.saved[id] = true
	}
	err := tx.SelectContext(ctx, &s.touched, `SELECT id FROM event WHERE id = ANY($1) OR merged_into = ANY($1)
		UNION SELECT x.event_id FROM `+sharedOrigins+` WHERE x.preferred AND y.event_id = ANY($1)`, pq.Array(saved))
	if err != nil {
		return nil, err
	}
	slices.Sort(s.touched)
	carriers, err := carriersOf(ctx, tx, s.touched)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(s.touched)
	for _, c := range carriers {
		s.carriers[c.ID] = append(s.carriers[c.ID], c)
		ids = append(ids, c.IntoID)
	}
	var states []EventState
	err = tx.SelectContext(ctx, &states, `WITH RECURSIVE chain (id) AS (
			SELECT unnest($1::text[]) UNION SELECT e.merged_into FROM chain JOIN event e USING (id) WHERE e.merged_into IS NOT NULL)
		SELECT `+stateColumns+` FROM event e WHERE e.id IN (SELECT id FROM chain)`, pq.Array(ids))
	for i := range states {
		s.states[states[i].ID] = &states[i]
	}
	return s, err
}

const stateColumns = `e.id, e.status, e.merged_into, e.decided_by, e.type`

// sharedOrigins are the origins that two events of one agency, x and y, have both. The agency is what
// the public ids have before the first slash: one may have taken over the origins of another.
const sharedOrigins = `origin x JOIN origin y ON y.id = x.id AND y.event_id <> x.event_id AND y.time = x.time
	AND y.latitude = x.latitude AND y.longitude = x.longitude AND y.depth IS NOT DISTINCT FROM x.depth
	AND split_part(y.event_id, '/', 1) = split_part(x.event_id, '/', 1)`

// carriersOf finds who has the preferred origins of events.
func carriersOf(ctx context.Context, q sqlx.QueryerContext, ids []string) ([]carrier, error) {
	var all []carrier
	err := sqlx.SelectContext(ctx, q, &all, `WITH pair AS (
			SELECT x.event_id AS id, y.event_id AS into_id FROM `+sharedOrigins+` WHERE x.preferred AND x.event_id = ANY($1))
		SELECT p.id, p.into_id, EXISTS (SELECT FROM `+sharedOrigins+` WHERE x.preferred AND x.event_id = p.into_id AND y.event_id = p.id) AS mutual
		FROM pair p ORDER BY p.id, p.into_id`, pq.Array(ids))
	return all, err
}

// decide says what the catalogue makes of an event.
func (s *settler) decide(e *EventState) (status string, into *string) {
	if strings.EqualFold(e.Type, NotExisting) {
		return EventDeleted, nil
	}
	of := s.carriers[e.ID]
	if e.Status == EventMerged && slices.ContainsFunc(of, func(c carrier) bool { return c.IntoID == *e.MergedInto }) {
		return EventMerged, e.MergedInto
	}
	for _, c := range of {
		isLater := s.saved[c.IntoID] && !(s.saved[e.ID] && e.ID < c.IntoID)
		if (!c.Mutual || isLater) && s.root(c.IntoID) != e.ID {
			return EventMerged, &c.IntoID
		}
	}
	return EventActive, nil
}

// root is what an event is part of in the end.
func (s *settler) root(id string) string {
	for range len(s.states) {
		e := s.states[id]
		if e == nil || e.MergedInto == nil {
			break
		}
		id = *e.MergedInto
	}
	return id
}

// writeState writes the state of an event, as a change of the revision.
func writeState(ctx context.Context, tx *sqlx.Tx, revision int64, e *EventState) error {
	_, err := tx.ExecContext(ctx, `UPDATE event SET status = $2, merged_into = $3, decided_by = $4, revision = $5 WHERE id = $1`,
		e.ID, e.Status, e.MergedInto, e.DecidedBy, revision)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	return logChanges(ctx, tx, []Change{{Revision: revision, Kind: EventChange, EventID: e.ID}})
}

// settleAliases lets the public ids of events whose state has changed, and of those that are
// part of them, name what these are part of in the end.
func settleAliases(ctx context.Context, tx *sqlx.Tx, changed []string) error {
	if len(changed) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		WITH RECURSIVE up (id, at, steps) AS (
			SELECT e.id, e.id, 0 FROM event e WHERE e.id = ANY($1) OR e.status <> 'active'
			UNION ALL
			SELECT up.id, e.merged_into, up.steps + 1 FROM up JOIN event e ON e.id = up.at WHERE e.merged_into IS NOT NULL
		), root AS (SELECT DISTINCT ON (id) id, at FROM up ORDER BY id, steps DESC)
		UPDATE event_alias a SET event_id = root.at, merged_from = NULLIF(root.id, root.at)
		FROM root
		WHERE (a.merged_from = root.id OR a.merged_from IS NULL AND a.event_id = root.id) AND a.event_id <> root.at`, pq.Array(changed))
	if err != nil {
		return fmt.Errorf("public ids of merged events: %w", err)
	}
	return nil
}
