package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// SaveEpochFile notes which channel epochs, all of them saved, a file gives. One that it gave when
// it was loaded before, and does not give now, has been replaced if the file has a new one of the same
// network, station and channel that holds when it begins: with another location code, or an earlier
// start. Such an epoch is removed, unless another file gives it too, and logged as a change of the revision. What
// a file merely leaves out stays, as does all of a file that is not whole.
func SaveEpochFile(ctx context.Context, tx *sqlx.Tx, revision int64, path string, given []Channel, isWhole bool) (removed int, err error) {
	var known []Channel
	err = tx.SelectContext(ctx, &known, `SELECT `+channelColumns+` FROM channel WHERE id IN (SELECT channel_id FROM channel_file WHERE path = $1)`, path)
	if err != nil {
		return 0, fmt.Errorf("reading the channel epochs of %s: %w", path, err)
	}
	if len(given)+len(known) == 0 {
		return 0, nil
	}
	given = slices.Clone(given)
	for i := range given {
		given[i].From, given[i].Until = given[i].From.stored(), given[i].Until.stored()
	}
	added, gone := without(given, known), without(known, given)
	if err := linkEpochs(ctx, tx, path, added); err != nil {
		return 0, err
	}
	if !isWhole || len(added) == 0 {
		return 0, nil
	}
	gone = slices.DeleteFunc(gone, func(c Channel) bool {
		return !slices.ContainsFunc(added, func(n Channel) bool { return n.replaces(&c) })
	})
	return removeEpochs(ctx, tx, revision, path, gone)
}

// RemoveEpochFile forgets which channel epochs a file gave; they stay.
func RemoveEpochFile(ctx context.Context, tx *sqlx.Tx, path string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM channel_file WHERE path = $1`, path); err != nil {
		return fmt.Errorf("forgetting the channel epochs of %s: %w", path, err)
	}
	return nil
}

// without are the epochs of a whose key is not in b.
func without(a, b []Channel) []Channel {
	b = slices.Clone(b)
	slices.SortFunc(b, func(x, y Channel) int { return x.compare(&y) })
	var out []Channel
	for i := range a {
		if _, found := slices.BinarySearchFunc(b, &a[i], func(x Channel, y *Channel) int { return x.compare(y) }); !found {
			out = append(out, a[i])
		}
	}
	return out
}

// replaces reports whether an epoch can be another one of the same channel, corrected: it holds
// when the other begins. One that begins later may follow another whose end is not known.
func (c *Channel) replaces(o *Channel) bool {
	return c.Network == o.Network && c.Station == o.Station && c.Channel == o.Channel &&
		!startOf(c).After(startOf(o)) && endOf(c).After(startOf(o))
}

// linkEpochs notes that a file gives epochs.
func linkEpochs(ctx context.Context, tx *sqlx.Tx, path string, epochs []Channel) error {
	if len(epochs) == 0 {
		return nil
	}
	cols := make([][]string, 4)
	starts := make([]string, len(epochs))
	for i := range epochs {
		c := &epochs[i]
		for k, v := range []string{c.Network, c.Station, c.Location, c.Channel} {
			cols[k] = append(cols[k], v)
		}
		starts[i] = c.From.text()
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO channel_file (path, channel_id) SELECT $1, c.id FROM channel c
		JOIN unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]::timestamptz[]) AS u (network, station, location, channel, from_time)
			USING (network, station, location, channel, from_time)
		ORDER BY c.id ON CONFLICT DO NOTHING`,
		path, pq.Array(cols[0]), pq.Array(cols[1]), pq.Array(cols[2]), pq.Array(cols[3]), pq.Array(starts))
	if err != nil {
		return fmt.Errorf("noting the channel epochs of %s: %w", path, err)
	}
	return nil
}

// removeEpochs takes epochs away from a file, and altogether where no other gives them.
func removeEpochs(ctx context.Context, tx *sqlx.Tx, revision int64, path string, epochs []Channel) (int, error) {
	ids := make([]int64, len(epochs))
	for i := range epochs {
		ids[i] = epochs[i].ID
	}
	var gone []int64
	_, err := tx.ExecContext(ctx, `DELETE FROM channel_file WHERE path = $1 AND channel_id = ANY($2)`, path, pq.Array(ids))
	if err == nil {
		err = tx.SelectContext(ctx, &gone, `DELETE FROM channel c WHERE id = ANY($1)
			AND NOT EXISTS (SELECT FROM channel_file f WHERE f.channel_id = c.id) RETURNING id`, pq.Array(ids))
	}
	if err != nil {
		return 0, fmt.Errorf("removing channel epochs that %s has replaced: %w", path, err)
	}
	var changes []Change
	for i := range epochs {
		if c := &epochs[i]; slices.Contains(gone, c.ID) {
			changes = append(changes, Change{Revision: revision, Kind: ChannelChange, Network: c.Network, Station: c.Station,
				Location: c.Location, Channel: c.Channel, From: c.From, Until: c.Until})
		}
	}
	return len(changes), logChanges(ctx, tx, changes)
}
