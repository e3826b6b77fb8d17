package db

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Station is one epoch of a station.
type Station struct {
	Network   string   `db:"network"`
	Code      string   `db:"code"`
	From      From     `db:"from_time"`
	Until     Until    `db:"until_time"`
	Name      string   `db:"name"`
	Latitude  float64  `db:"latitude"`
	Longitude float64  `db:"longitude"`
	Elevation *float64 `db:"elevation"`
}

// Channel is one epoch of a channel. Response is left out by [Channels]; read it
// with [Response].
type Channel struct {
	ID                   int64           `db:"id" insert:"no"`
	Network              string          `db:"network"`
	Station              string          `db:"station"`
	Location             string          `db:"location"`
	Channel              string          `db:"channel"`
	From                 From            `db:"from_time"`
	Until                Until           `db:"until_time"`
	Latitude             float64         `db:"latitude"`
	Longitude            float64         `db:"longitude"`
	Elevation            *float64        `db:"elevation"`
	Depth                *float64        `db:"depth"`
	Azimuth              *float64        `db:"azimuth"`
	Dip                  *float64        `db:"dip"`
	SampleRate           *float64        `db:"sample_rate"`
	Sensor               string          `db:"sensor"`
	Sensitivity          *float64        `db:"sensitivity"`
	SensitivityFrequency *float64        `db:"sensitivity_frequency"`
	InputUnits           string          `db:"input_units"`
	Response             json.RawMessage `db:"response"`
	ResponseHash         []byte          `db:"response_hash"`
	Revision             int64           `db:"revision"`
}

const channelColumns = `id, network, station, location, channel, from_time, until_time, latitude, longitude, elevation,
	depth, azimuth, dip, sample_rate, sensor, sensitivity, sensitivity_frequency, input_units, response_hash, revision`

func (c *Channel) compare(o *Channel) int {
	return cmp.Or(strings.Compare(c.Network, o.Network), strings.Compare(c.Station, o.Station), strings.Compare(c.Location, o.Location),
		strings.Compare(c.Channel, o.Channel), c.From.Time().Compare(o.From.Time()))
}

// same reports whether two epochs with one key say the same.
func (c *Channel) same(o *Channel) bool {
	number := func(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }
	return c.Until.Time().Equal(o.Until.Time()) && c.Latitude == o.Latitude && c.Longitude == o.Longitude &&
		number(c.Elevation, o.Elevation) && number(c.Depth, o.Depth) && number(c.Azimuth, o.Azimuth) && number(c.Dip, o.Dip) &&
		number(c.SampleRate, o.SampleRate) && c.Sensor == o.Sensor && number(c.Sensitivity, o.Sensitivity) &&
		number(c.SensitivityFrequency, o.SensitivityFrequency) && c.InputUnits == o.InputUnits && bytes.Equal(c.ResponseHash, o.ResponseHash)
}

// SameInstrument reports whether two epochs give samples the same meaning: orientation and
// response. Where it stood and how it was described may differ.
func (c *Channel) SameInstrument(o *Channel) bool {
	number := func(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }
	return number(c.Azimuth, o.Azimuth) && number(c.Dip, o.Dip) && bytes.Equal(c.ResponseHash, o.ResponseHash)
}

// Saved counts what a load found and what of it was new or different; and events that the
// load has merged into others, deleted, or made active again.
type Saved struct{ Found, Changed, Merged, Deleted, Restored int }

// SaveStations writes station and channel epochs: new ones are added, ones with a
// known key (codes and start) replaced where they differ; epochs that are not given stay.
// What differs is logged as a change of the revision. Of two with one key, the last
// given counts.
func SaveStations(ctx context.Context, tx *sqlx.Tx, revision int64, stations []Station, channels []Channel) (Saved, error) {
	saved := Saved{Found: len(channels)}
	stations, channels = slices.Clone(stations), slices.Clone(channels)
	for i := range stations {
		stations[i].From, stations[i].Until = stations[i].From.stored(), stations[i].Until.stored()
	}
	for i := range channels {
		channels[i].From, channels[i].Until = channels[i].From.stored(), channels[i].Until.stored()
	}
	stations = lastOfEach(stations, func(a, b *Station) int {
		return cmp.Or(strings.Compare(a.Network, b.Network), strings.Compare(a.Code, b.Code), a.From.Time().Compare(b.From.Time()))
	})
	if err := insert(ctx, tx, "station", stations, updateAll[Station]("network", "code", "from_time")); err != nil {
		return saved, err
	}
	channels = lastOfEach(channels, (*Channel).compare)
	known, err := knownChannels(ctx, tx, channels)
	if err != nil {
		return saved, err
	}
	var different []Channel
	var changes []Change
	for i := range channels {
		c := &channels[i]
		at, found := slices.BinarySearchFunc(known, c, func(k Channel, c *Channel) int { return k.compare(c) })
		change := Change{Revision: revision, Kind: ChannelChange, Network: c.Network, Station: c.Station, Location: c.Location,
			Channel: c.Channel, From: c.From, Until: c.Until}
		if found {
			if known[at].same(c) {
				continue
			}
			change.Until = later(c.Until, known[at].Until)
		}
		c.Revision = revision
		different = append(different, *c)
		changes = append(changes, change)
	}
	saved.Changed = len(different)
	if err := insert(ctx, tx, "channel", different, updateAll[Channel]("network", "station", "location", "channel", "from_time")); err != nil {
		return saved, err
	}
	return saved, logChanges(ctx, tx, changes)
}

func later(a, b Until) Until {
	if a.Time().IsZero() || !b.Time().IsZero() && a.Time().After(b.Time()) {
		return a
	}
	return b
}

// lastOfEach sorts rows, in place, and keeps the last given of those that compare equal.
func lastOfEach[T any](rows []T, compare func(a, b *T) int) []T {
	slices.SortStableFunc(rows, func(a, b T) int { return compare(&a, &b) })
	out := rows[:0]
	for i := range rows {
		if i+1 == len(rows) || compare(&rows[i], &rows[i+1]) != 0 {
			out = append(out, rows[i])
		}
	}
	return out
}

// knownChannels reads the stored epochs of the stations named, in order.
func knownChannels(ctx context.Context, tx *sqlx.Tx, of []Channel) ([]Channel, error) {
	networks, stations := make([]string, len(of)), make([]string, len(of))
	for i, c := range of {
		networks[i], stations[i] = c.Network, c.Station
	}
	var known []Channel
	err := tx.SelectContext(ctx, &known, `SELECT `+channelColumns+` FROM channel
		WHERE (network, station) IN (SELECT n, s FROM unnest($1::text[], $2::text[]) AS u (n, s))`,
		pq.Array(networks), pq.Array(stations))
	if err != nil {
		return nil, fmt.Errorf("reading channels: %w", err)
	}
	slices.SortFunc(known, func(a, b Channel) int { return a.compare(&b) })
	return known, nil
}

// Channels reads all channel epochs in order of their codes and start, without
// responses.
func Channels(ctx context.Context, q sqlx.QueryerContext) ([]Channel, error) {
	var all []Channel
	if err := sqlx.SelectContext(ctx, q, &all, `SELECT `+channelColumns+` FROM channel`); err != nil {
		return nil, fmt.Errorf("reading channels: %w", err)
	}
	slices.SortFunc(all, func(a, b Channel) int { return a.compare(&b) })
	return all, nil
}

// Response reads the response of a channel epoch; nil if it has none.
func Response(ctx context.Context, q sqlx.QueryerContext, channelID int64) (json.RawMessage, error) {
	var r []byte
	if err := sqlx.GetContext(ctx, q, &r, `SELECT response FROM channel WHERE id = $1`, channelID); err != nil {
		return nil, fmt.Errorf("reading the response of channel epoch %d: %w", channelID, err)
	}
	return r, nil
}
