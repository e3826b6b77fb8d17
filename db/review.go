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

// Review is what an analyst has settled about an event at a channel, or at all channels of an
// instrument. Nil is left to the recipe. The JSON names are those of `review list --json`.
type Review struct {
	EventID     string     `db:"event_id" json:"event_id"`
	Network     string     `db:"network" json:"network"`
	Station     string     `db:"station" json:"station"`
	Location    string     `db:"location" json:"location"`
	Channel     string     `db:"channel" json:"channel"` // or band and instrument code
	Verdict     *string    `db:"verdict" json:"verdict"` // accept or reject
	NoiseFrom   *time.Time `db:"noise_from" json:"noise_from"`
	NoiseUntil  *time.Time `db:"noise_until" json:"noise_until"`
	SignalFrom  *time.Time `db:"signal_from" json:"signal_from"`
	SignalUntil *time.Time `db:"signal_until" json:"signal_until"`
	Highpass    *float64   `db:"highpass" json:"highpass"` // Hz
	Lowpass     *float64   `db:"lowpass" json:"lowpass"`   // Hz
	Comment     string     `db:"comment" json:"comment"`
	Author      string     `db:"author" json:"author"`
	ReviewedAt  time.Time  `db:"reviewed_at" json:"reviewed_at"`
	Revision    int64      `db:"revision" json:"-"`
}

// Codes are those of the channel or instrument.
func (r *Review) Codes() ChannelCodes {
	return ChannelCodes{r.Network, r.Station, r.Location, r.Channel}
}

// Compare orders by event and codes.
func (r *Review) Compare(o *Review) int {
	return cmp.Or(strings.Compare(r.EventID, o.EventID), strings.Compare(r.Network, o.Network), strings.Compare(r.Station, o.Station),
		strings.Compare(r.Location, o.Location), strings.Compare(r.Channel, o.Channel))
}

// SettlesAsMuchAs reports whether two reviews have the same verdict, windows and corners, so that
// results with one are those with the other.
func (r *Review) SettlesAsMuchAs(o *Review) bool {
	return same(r.Verdict, o.Verdict) && same(r.Highpass, o.Highpass) && same(r.Lowpass, o.Lowpass) &&
		slices.EqualFunc(r.times(), o.times(), func(a, b **time.Time) bool {
			return *a == nil && *b == nil || *a != nil && *b != nil && (*a).Equal(**b)
		})
}

// SaysNothing reports whether the review settles nothing and has no comment.
func (r *Review) SaysNothing() bool { return r.SettlesAsMuchAs(&Review{}) && r.Comment == "" }

func (r *Review) isSame(o *Review) bool {
	return r.SettlesAsMuchAs(o) && r.Comment == o.Comment && r.Author == o.Author && r.ReviewedAt.Equal(o.ReviewedAt)
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

func (r *Review) times() []**time.Time {
	return []**time.Time{&r.NoiseFrom, &r.NoiseUntil, &r.SignalFrom, &r.SignalUntil}
}

// stored is the review as it is read back.
func (r Review) stored() Review {
	for _, t := range r.times() {
		if *t != nil {
			at := microseconds(**t)
			*t = &at
		}
	}
	r.ReviewedAt = microseconds(r.ReviewedAt)
	r.Comment, r.Author = validText(r.Comment), validText(r.Author)
	return r
}

// Reviews reads the reviews of events, ordered by event and codes; nil is all events. A review under an
// id that is now that of another event is of that event, unless this has one of its own; of several such
// the latest counts.
func Reviews(ctx context.Context, q sqlx.QueryerContext, eventIDs []string) ([]Review, error) {
	var all []Review
	err := sqlx.SelectContext(ctx, q, &all, `SELECT DISTINCT ON (1, network, station, location, channel)
			COALESCE(a.event_id, r.event_id) AS event_id, network, station, location, channel, verdict, noise_from, noise_until,
			signal_from, signal_until, highpass, lowpass, comment, author, reviewed_at, revision
		FROM review r LEFT JOIN event_alias a ON a.alias = r.event_id
		WHERE $1::text[] IS NULL OR a.event_id = ANY($1)
		ORDER BY 1, network, station, location, channel, r.event_id = COALESCE(a.event_id, r.event_id) DESC, reviewed_at DESC, r.event_id`, pq.Array(eventIDs))
	if err != nil {
		return nil, fmt.Errorf("reading reviews: %w", err)
	}
	for i := range all {
		all[i] = all[i].stored()
	}
	slices.SortFunc(all, func(a, b Review) int { return a.Compare(&b) })
	return all, nil
}

// SaveReviews writes reviews, under the ids by which their events are kept, each whole: of two of the same
// event and codes, the last given counts. Those that settle something else than before are
// logged as changes of the revision; those that are there as given are left alone.
func SaveReviews(ctx context.Context, tx *sqlx.Tx, revision int64, reviews []Review) (Saved, error) {
	saved := Saved{Found: len(reviews)}
	given, ids := make([]Review, len(reviews)), make([]string, len(reviews))
	for i, r := range reviews {
		given[i], ids[i] = r.stored(), r.EventID
	}
	given = lastOfEach(given, (*Review).Compare)
	known, err := Reviews(ctx, tx, ids)
	if err != nil {
		return saved, err
	}
	var different []Review
	var changes []Change
	for i := range given {
		r := &given[i]
		before := &Review{}
		if at, ok := slices.BinarySearchFunc(known, r, func(k Review, r *Review) int { return k.Compare(r) }); ok {
			if before = &known[at]; before.isSame(r) {
				continue
			}
		}
		r.Revision = revision
		different = append(different, *r)
		if !before.SettlesAsMuchAs(r) {
			changes = append(changes, r.change(revision))
		}
	}
	saved.Changed = len(different)
	if err := insert(ctx, tx, "review", different, updateAll[Review]("event_id", "network", "station", "location", "channel")); err != nil {
		return saved, err
	}
	return saved, logChanges(ctx, tx, changes)
}

// DeleteReview removes the review of an event, by the id by which it is kept, at a channel or instrument,
// and logs that. It gives what there was; nil if nothing.
func DeleteReview(ctx context.Context, tx *sqlx.Tx, revision int64, eventID string, codes ChannelCodes) (*Review, error) {
	all, err := Reviews(ctx, tx, []string{eventID})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(r Review) bool { return r.Codes() == codes })
	if i < 0 {
		return nil, nil
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM review WHERE event_id IN (SELECT alias FROM event_alias WHERE event_id = $1)
		AND network = $2 AND station = $3 AND location = $4 AND channel = $5`, eventID, codes.Network, codes.Station, codes.Location, codes.Channel)
	if err != nil {
		return nil, fmt.Errorf("removing a review: %w", err)
	}
	var changes []Change
	if !all[i].SettlesAsMuchAs(&Review{}) {
		changes = append(changes, all[i].change(revision))
	}
	return &all[i], logChanges(ctx, tx, changes)
}

// change is that of the items of the review.
func (r *Review) change(revision int64) Change {
	return Change{Revision: revision, Kind: ReviewChange, EventID: r.EventID, Network: r.Network, Station: r.Station, Location: r.Location, Channel: r.Channel}
}

// NamedEvent is an event by one of its names.
type NamedEvent struct {
	Name    string     `db:"name"`
	ID      string     `db:"event_id"` // by which it is kept
	IsWhole bool       `db:"whole"`    // Name is a public id, not the last part of one
	Origin  *time.Time `db:"time"`     // of the preferred origin; nil if it has none
}

// NamedEvents finds the events called by public ids, or by the last parts of such.
func NamedEvents(ctx context.Context, q sqlx.QueryerContext, names []string) ([]NamedEvent, error) {
	var all []NamedEvent
	err := sqlx.SelectContext(ctx, q, &all, `SELECT n.name, a.event_id, bool_or(a.alias = n.name) AS whole, o.time
		FROM (SELECT DISTINCT unnest($1::text[]) AS name) n
		JOIN event_alias a ON a.alias = n.name OR a.short = n.name
		LEFT JOIN origin o ON o.event_id = a.event_id AND o.preferred
		GROUP BY n.name, a.event_id, o.time ORDER BY 1, 2`, pq.Array(names))
	if err != nil {
		return nil, fmt.Errorf("finding events: %w", err)
	}
	for i := range all {
		if t := all[i].Origin; t != nil {
			*t = t.UTC()
		}
	}
	return all, nil
}

// SeenChannels tells which channels, or instruments by their band and instrument code, there are metadata or
// data of.
func SeenChannels(ctx context.Context, q sqlx.QueryerContext, codes []ChannelCodes) (map[ChannelCodes]bool, error) {
	seen := make(map[ChannelCodes]bool, len(codes))
	for _, table := range []string{"channel", "segment"} {
		var n, s, l, c []string
		for _, code := range codes {
			if !seen[code] {
				n, s, l, c = append(n, code.Network), append(s, code.Station), append(l, code.Location), append(c, code.Channel)
			}
		}
		if len(n) == 0 {
			break // data are many rows: not looked at without need
		}
		var found []ChannelCodes
		err := sqlx.SelectContext(ctx, q, &found, `SELECT DISTINCT u.n AS network, u.s AS station, u.l AS location, u.c AS channel
			FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS u (n, s, l, c)
			JOIN `+table+` t ON t.network = u.n AND t.station = u.s AND t.location = u.l AND (t.channel = u.c OR left(t.channel, -1) = u.c)`,
			pq.Array(n), pq.Array(s), pq.Array(l), pq.Array(c))
		if err != nil {
			return nil, fmt.Errorf("finding channels: %w", err)
		}
		for _, f := range found {
			seen[f] = true
		}
	}
	return seen, nil
}
