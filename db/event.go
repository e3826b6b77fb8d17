package db

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Event is an event with what belongs to it.
type Event struct {
	ID                   string `db:"id"`
	Type                 string `db:"type"`
	Description          string `db:"description"`
	PreferredOriginID    string `db:"preferred_origin_id"`
	PreferredMagnitudeID string `db:"preferred_magnitude_id"`
	ContentHash          []byte `db:"content_hash"` // of everything here
	Revision             int64  `db:"revision"`

	Origins    []Origin    `db:"-"`
	Magnitudes []Magnitude `db:"-"`
	Arrivals   []Arrival   `db:"-"`
}

// Origin is a hypocentre and time of an event.
type Origin struct {
	EventID          string    `db:"event_id"`
	ID               string    `db:"id"`
	Time             time.Time `db:"time"`
	Latitude         float64   `db:"latitude"`
	Longitude        float64   `db:"longitude"`
	Depth            *float64  `db:"depth"`
	EvaluationMode   string    `db:"evaluation_mode"`
	EvaluationStatus string    `db:"evaluation_status"`
	Agency           string    `db:"agency"`
	Preferred        bool      `db:"preferred"`
}

// Magnitude is a magnitude of an event.
type Magnitude struct {
	EventID   string  `db:"event_id"`
	ID        string  `db:"id"`
	OriginID  string  `db:"origin_id"`
	Type      string  `db:"type"`
	Value     float64 `db:"value"`
	Agency    string  `db:"agency"`
	Preferred bool    `db:"preferred"`
}

// Arrival is a picked phase of an origin.
type Arrival struct {
	EventID  string    `db:"event_id"`
	OriginID string    `db:"origin_id"`
	ID       string    `db:"id"`
	PickID   string    `db:"pick_id"`
	Phase    string    `db:"phase"`
	Time     time.Time `db:"time"`
	Network  string    `db:"network"`
	Station  string    `db:"station"`
	Location string    `db:"location"`
	Channel  string    `db:"channel"`
}

type alias struct {
	Alias   string `db:"alias"`
	Short   string `db:"short"`
	EventID string `db:"event_id"`
}

// SaveEvents writes events, each whole: origins, magnitudes and arrivals that are not
// given are gone, but an event that is deleted keeps what it had. An event whose
// id is known as that of another is that other, and one that is merged is itself; of two
// with one id, the last given counts. Events that differ are logged as changes of the
// revision, and what they say about each other's identity is settled: see [EventState].
func SaveEvents(ctx context.Context, tx *sqlx.Tx, revision int64, events []Event) (Saved, error) {
	saved := Saved{Found: len(events)}
	different, aliases, err := differentEvents(ctx, tx, events)
	if err != nil {
		return saved, fmt.Errorf("reading events: %w", err)
	}
	saved.Changed = len(different)
	keeps, err := deletedWithOrigins(ctx, tx, different)
	if err != nil {
		return saved, fmt.Errorf("reading events: %w", err)
	}
	var replaced []string // whose origins and the like are
	var origins []Origin
	var magnitudes []Magnitude
	var arrivals []Arrival
	ids, changes := make([]string, len(different)), make([]Change, len(different))
	for i := range different {
		e := &different[i]
		e.Revision, ids[i] = revision, e.ID
		changes[i] = Change{Revision: revision, Kind: EventChange, EventID: e.ID}
		if keeps[e.ID] {
			continue
		}
		replaced = append(replaced, e.ID)
		for _, o := range e.Origins {
			o.EventID = e.ID
			origins = append(origins, o)
		}
		for _, m := range e.Magnitudes {
			m.EventID = e.ID
			magnitudes = append(magnitudes, m)
		}
		for _, a := range e.Arrivals {
			a.EventID = e.ID
			arrivals = append(arrivals, a)
		}
	}
	err = insert(ctx, tx, "event", different, updateAll[Event]("id"))
	for _, table := range []string{"origin", "magnitude", "arrival"} {
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE event_id = ANY($1)`, pq.Array(replaced))
		}
	}
	if err == nil {
		err = insert(ctx, tx, "event_alias", aliases, "ON CONFLICT DO NOTHING")
	}
	if err == nil {
		err = insert(ctx, tx, "origin", origins, "")
	}
	if err == nil {
		err = insert(ctx, tx, "magnitude", magnitudes, "")
	}
	if err == nil {
		err = insert(ctx, tx, "arrival", arrivals, "")
	}
	if err == nil {
		err = logChanges(ctx, tx, changes)
	}
	if err == nil {
		err = settleEvents(ctx, tx, revision, ids, &saved)
	}
	return saved, err
}

// differentEvents gives the events that are not stored, or not as given, under the
// ids by which they are kept, in order; and the ids they were given.
func differentEvents(ctx context.Context, tx *sqlx.Tx, events []Event) (different []Event, aliases []alias, err error) {
	given := make([]string, len(events))
	for i := range events {
		given[i] = events[i].ID
	}
	var known []struct {
		Alias string `db:"alias"`
		ID    string `db:"event_id"`
		Hash  []byte `db:"content_hash"`
	}
	err = tx.SelectContext(ctx, &known, `SELECT a.alias, e.id AS event_id, e.content_hash FROM event_alias a
		JOIN event e ON e.id = COALESCE(a.merged_from, a.event_id) WHERE a.alias = ANY($1)`, pq.Array(given))
	if err != nil {
		return nil, nil, err
	}
	ids, hashes := map[string]string{}, map[string][]byte{}
	for _, k := range known {
		ids[k.Alias], hashes[k.ID] = k.ID, k.Hash
	}
	all := slices.Clone(events)
	for i := range all {
		if id, ok := ids[given[i]]; ok {
			all[i].ID = id
		}
	}
	for _, e := range lastOfEach(all, func(a, b *Event) int { return strings.Compare(a.ID, b.ID) }) {
		if hash, ok := hashes[e.ID]; !ok || !bytes.Equal(hash, e.ContentHash) {
			different = append(different, e)
			aliases = append(aliases, alias{e.ID, ShortID(e.ID), e.ID})
		}
	}
	return different, aliases, nil
}

// KeepRicher leaves out of events that are to be saved those that are known from another source, with
// other origins, and, unless they are deleted now, with something that the given one does not have: arrivals, more origins or
// magnitudes, or a depth. It gives the others, in order, and the ids of those that it left out.
func KeepRicher(ctx context.Context, tx *sqlx.Tx, events []Event) (rest []Event, kept []string, err error) {
	ids, origins := make([]string, len(events)), []string{}
	for i := range events {
		ids[i] = events[i].ID
		for _, o := range events[i].Origins {
			origins = append(origins, o.ID)
		}
	}
	var known []extent
	err = tx.SelectContext(ctx, &known, `SELECT a.alias,
			(SELECT count(*) FROM origin o WHERE o.event_id = a.event_id) AS origins,
			(SELECT count(*) FROM magnitude m WHERE m.event_id = a.event_id) AS magnitudes,
			(SELECT count(*) FROM arrival r WHERE r.event_id = a.event_id) AS arrivals,
			EXISTS (SELECT FROM origin o WHERE o.event_id = a.event_id AND o.depth IS NOT NULL) AS depth
		FROM (SELECT alias, COALESCE(merged_from, event_id) AS event_id FROM event_alias) a WHERE a.alias = ANY($1)
			AND NOT EXISTS (SELECT FROM origin o WHERE o.event_id = a.event_id AND o.id = ANY($2))`, pq.Array(ids), pq.Array(origins))
	if err != nil {
		return nil, nil, fmt.Errorf("reading events: %w", err)
	}
	found := make(map[string]extent, len(known))
	for _, k := range known {
		found[k.Alias] = k
	}
	for i := range events {
		if k, ok := found[ids[i]]; ok && !events[i].isNone() && k.isMoreThan(&events[i]) {
			kept = append(kept, ids[i])
		} else {
			rest = append(rest, events[i])
		}
	}
	return rest, kept, nil
}

// extent is how much is known of an event.
type extent struct {
	Alias      string `db:"alias"`
	Origins    int    `db:"origins"`
	Magnitudes int    `db:"magnitudes"`
	Arrivals   int    `db:"arrivals"`
	Depth      bool   `db:"depth"`
}

func (x extent) isMoreThan(e *Event) bool {
	hasDepth := slices.ContainsFunc(e.Origins, func(o Origin) bool { return o.Depth != nil })
	return x.Origins > len(e.Origins) || x.Magnitudes > len(e.Magnitudes) || x.Arrivals > len(e.Arrivals) || x.Depth && !hasDepth
}

// ShortID is the part of a public id by which people call an event: the value of
// eventid in one that is an address (?eventid=nc73291880&format=quakeml), else what
// follows the last slash, equals or hash sign.
func ShortID(id string) string {
	if _, value, ok := strings.Cut(id, "eventid="); ok {
		value, _, _ = strings.Cut(value, "&")
		return value
	}
	return id[strings.LastIndexAny(id, "/=#")+1:]
}

// EventRow is an event as a run reads it: with its preferred origin and magnitude.
type EventRow struct {
	ID        string    `db:"id"`
	Type      string    `db:"type"`
	OriginID  string    `db:"origin_id"`
	Time      time.Time `db:"time"`
	Latitude  float64   `db:"latitude"`
	Longitude float64   `db:"longitude"`
	Depth     *float64  `db:"depth"`
	Magnitude *float64  `db:"magnitude"`
}

// EventPage reads up to limit events of the selection after the given one, in order
// of origin time and id, or the other way round; the zero EventRow is before the first.
func EventPage(ctx context.Context, q sqlx.QueryerContext, s Selection, after EventRow, limit int) ([]EventRow, error) {
	where, args := s.events()
	then, order := ">", "o.time, o.event_id"
	if s.Newest {
		then, order = "<", "o.time DESC, o.event_id DESC"
	}
	args = append(args, From(after.Time), after.ID, limit)
	if s.Newest {
		args[len(args)-3] = Until(after.Time)
	}
	n := len(args)
	var page []EventRow
	err := sqlx.SelectContext(ctx, q, &page, fmt.Sprintf(`
		SELECT e.id, e.type, o.id AS origin_id, o.time, o.latitude, o.longitude, o.depth, m.value AS magnitude
		FROM event e
		JOIN origin o ON o.event_id = e.id AND o.preferred
		LEFT JOIN magnitude m ON m.event_id = e.id AND m.preferred
		WHERE e.status = 'active' AND %s AND (o.time, o.event_id) %s ($%d, $%d)
		ORDER BY %s LIMIT $%d`, where, then, n-2, n-1, order, n), args...)
	if err != nil {
		return nil, fmt.Errorf("reading events: %w", err)
	}
	for i := range page {
		page[i].Time = page[i].Time.UTC()
	}
	return page, nil
}

// EventsWithoutOrigin lists the ids of active events that cannot be used. A
// selection by time, place or magnitude holds none of them.
func EventsWithoutOrigin(ctx context.Context, q sqlx.QueryerContext, s Selection) ([]string, error) {
	if s.needsOrigin() {
		return nil, nil
	}
	where, args := s.events()
	var ids []string
	err := sqlx.SelectContext(ctx, q, &ids, `SELECT e.id FROM event e LEFT JOIN origin o ON o.event_id = e.id AND o.preferred
		WHERE e.status = 'active' AND o.event_id IS NULL AND `+where+` ORDER BY e.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading events: %w", err)
	}
	return ids, nil
}

// EventsSince counts the active events of a part from a time on.
func EventsSince(ctx context.Context, q sqlx.QueryerContext, shard Shard, from time.Time) (n int64, err error) {
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM origin o JOIN event e ON e.id = o.event_id AND e.status = 'active'
		WHERE o.preferred AND o.time >= $1 AND `+shard.holds("e.id"), from)
	if err != nil {
		return 0, fmt.Errorf("counting events: %w", err)
	}
	return n, nil
}

// FindEvents gives the ids of the events called by any public id, or by the last
// part of one.
func FindEvents(ctx context.Context, q sqlx.QueryerContext, names []string) ([]string, error) {
	var ids []string
	err := sqlx.SelectContext(ctx, q, &ids, `SELECT DISTINCT event_id FROM event_alias
		WHERE alias = ANY($1) OR short = ANY($1) ORDER BY event_id`, pq.Array(names))
	if err != nil {
		return nil, fmt.Errorf("finding events: %w", err)
	}
	return ids, nil
}

// Arrivals reads the arrivals of the preferred origins of events.
func Arrivals(ctx context.Context, q sqlx.QueryerContext, eventIDs []string) ([]Arrival, error) {
	var all []Arrival
	err := sqlx.SelectContext(ctx, q, &all, `SELECT a.* FROM arrival a
		JOIN origin o ON o.event_id = a.event_id AND o.id = a.origin_id AND o.preferred
		WHERE a.event_id = ANY($1) ORDER BY a.event_id, a.time, a.id`, pq.Array(eventIDs))
	if err != nil {
		return nil, fmt.Errorf("reading arrivals: %w", err)
	}
	for i := range all {
		all[i].Time = all[i].Time.UTC()
	}
	return all, nil
}
