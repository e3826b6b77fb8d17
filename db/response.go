package db

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// UnusedResponse is a given epoch whose response no known epoch took.
type UnusedResponse struct {
	Channel
	Known   *Channel // the known epoch that it overlaps for longest; nil if there is none at its time
	Instead *Channel // the given epoch that Known took; nil if it took none
}

// SaveResponses gives known channel epochs the responses of given ones, which have codes,
// times and response, and no place of their own. A known epoch takes that of the given
// one with its start or else, of those that overlap it, the one that does for longest; an
// overlap of a day or less, with more on both sides, is that of neighbours and does not count.
// What differs is written, and logged as a change of the revision. A given epoch whose
// ResponseHash is nil has no response, and gives none. unused are those that no epoch took.
func SaveResponses(ctx context.Context, tx *sqlx.Tx, revision int64, given []Channel) (saved Saved, unused []UnusedResponse, err error) {
	saved.Found = len(given)
	given = slices.Clone(given)
	for i := range given {
		given[i].From, given[i].Until = given[i].From.stored(), given[i].Until.stored()
	}
	given = lastOfEach(given, (*Channel).compare)
	known, err := knownChannels(ctx, tx, given)
	if err != nil {
		return saved, nil, err
	}
	taken, taker := make([]bool, len(given)), make([]int, len(known))
	var different []Channel
	for i := range known {
		k := &known[i]
		at := longestOverlap(k, given)
		if taker[i] = at; at < 0 {
			continue
		}
		taken[at] = true
		g := &given[at]
		if g.ResponseHash == nil || bytes.Equal(g.ResponseHash, k.ResponseHash) {
			continue
		}
		k.Response, k.ResponseHash, k.Revision = g.Response, g.ResponseHash, revision
		k.Sensitivity, k.SensitivityFrequency, k.InputUnits = g.Sensitivity, g.SensitivityFrequency, g.InputUnits
		if k.SampleRate == nil {
			k.SampleRate = g.SampleRate
		}
		different = append(different, *k)
	}
	for i := range given {
		if !taken[i] {
			unused = append(unused, unusedResponse(i, given, known, taker))
		}
	}
	saved.Changed = len(different)
	return saved, unused, replaceChannels(ctx, tx, revision, different)
}

// unusedResponse tells of a given epoch that no known one took; taker has which each of these took.
func unusedResponse(i int, given, known []Channel, taker []int) UnusedResponse {
	u := UnusedResponse{Channel: given[i]}
	var longest time.Duration
	for k := range known {
		if both := overlap(&known[k], &given[i]); known[k].sameCodes(&given[i]) && both > longest {
			longest, u.Known, u.Instead = both, &known[k], nil
			if at := taker[k]; at >= 0 {
				u.Instead = &given[at]
			}
		}
	}
	return u
}

// replaceChannels writes epochs that are known, and logs that they changed.
func replaceChannels(ctx context.Context, tx *sqlx.Tx, revision int64, channels []Channel) error {
	changes := make([]Change, len(channels))
	for i := range channels {
		c := &channels[i]
		changes[i] = Change{Revision: revision, Kind: ChannelChange, Network: c.Network, Station: c.Station, Location: c.Location,
			Channel: c.Channel, From: c.From, Until: c.Until}
	}
	if err := insert(ctx, tx, "channel", channels, updateAll[Channel]("network", "station", "location", "channel", "from_time")); err != nil {
		return err
	}
	return logChanges(ctx, tx, changes)
}

// longestOverlap is which of the given epochs a known one takes, -1 for none.
func longestOverlap(k *Channel, given []Channel) int {
	best, longest := -1, time.Duration(0)
	for i := range given {
		g := &given[i]
		if !g.sameCodes(k) {
			continue
		}
		both := overlap(k, g)
		switch {
		case both <= 0:
		case g.From.Time().Equal(k.From.Time()):
			return i
		case both <= 24*time.Hour && both < span(k) && both < span(g): // the ends of neighbours
		case both > longest:
			best, longest = i, both
		}
	}
	return best
}

func (c *Channel) sameCodes(o *Channel) bool {
	return c.Network == o.Network && c.Station == o.Station && c.Location == o.Location && c.Channel == o.Channel
}

// Open ends are as far away as a Duration reaches: years before and after any data.
func startOf(c *Channel) time.Time {
	if t := c.From.Time(); !t.IsZero() {
		return t
	}
	return time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC)
}

func endOf(c *Channel) time.Time {
	if t := c.Until.Time(); !t.IsZero() {
		return t
	}
	return time.Date(2130, 1, 1, 0, 0, 0, 0, time.UTC)
}

func span(c *Channel) time.Duration { return endOf(c).Sub(startOf(c)) }

// overlap is for how long two epochs hold both; not positive if they do not.
func overlap(a, b *Channel) time.Duration {
	from, until := startOf(a), endOf(a)
	if t := startOf(b); t.After(from) {
		from = t
	}
	if t := endOf(b); t.Before(until) {
		until = t
	}
	return until.Sub(from)
}

// KeepStages gives epochs that are to be saved, and come without stages of a response, the
// response of the known epochs with their keys that have some: metadata of places alone take no
// instrument away.
func KeepStages(ctx context.Context, tx *sqlx.Tx, channels []Channel, without []bool) error {
	networks, stations := []string{}, []string{}
	for i := range channels {
		if without[i] {
			networks, stations = append(networks, channels[i].Network), append(stations, channels[i].Station)
		}
	}
	if len(networks) == 0 {
		return nil
	}
	var known []Channel
	err := tx.SelectContext(ctx, &known, `SELECT `+channelColumns+`, response FROM channel
		WHERE (network, station) IN (SELECT n, s FROM unnest($1::text[], $2::text[]) AS u (n, s))
		  AND response->'stages'->0 IS NOT NULL`,
		pq.Array(networks), pq.Array(stations))
	if err != nil {
		return fmt.Errorf("reading responses: %w", err)
	}
	slices.SortFunc(known, func(a, b Channel) int { return a.compare(&b) })
	for i := range channels {
		if !without[i] {
			continue
		}
		c := channels[i]
		c.From = c.From.stored()
		at, found := slices.BinarySearchFunc(known, &c, func(k Channel, c *Channel) int { return k.compare(c) })
		if found {
			k := &known[at]
			channels[i].Response, channels[i].ResponseHash = k.Response, k.ResponseHash
			channels[i].Sensitivity, channels[i].SensitivityFrequency, channels[i].InputUnits = k.Sensitivity, k.SensitivityFrequency, k.InputUnits
		}
	}
	return nil
}
