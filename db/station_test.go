package db_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// epoch is a channel epoch with its NULLs.
func epoch(channel string, from, until time.Time) db.Channel {
	return db.Channel{Network: "NC", Station: "CRH", Channel: channel, From: db.From(from), Until: db.Until(until),
		Latitude: 37.5, Longitude: -122, ResponseHash: []byte{1}}
}

func saveChannels(t testing.TB, pool *sqlx.DB, channels ...db.Channel) (saved db.Saved, revision int64) {
	t.Helper()
	revision = change(t, pool, func(tx *sqlx.Tx, revision int64) (err error) {
		saved, err = db.SaveStations(context.Background(), tx, revision, nil, channels)
		return err
	})
	return saved, revision
}

func readChannels(t testing.TB, pool *sqlx.DB) []db.Channel {
	t.Helper()
	all, err := db.Channels(context.Background(), pool)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].ID = 0
	}
	return all
}

func TestChannelsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	full := db.Channel{Network: "N", Station: `a'"\`, Location: "00", Channel: "HHZ", From: db.From(day), Until: db.Until(day.AddDate(1000, 0, 0)),
		Latitude: -90, Longitude: 180, Elevation: ptr(-5.5), Depth: ptr(0.0), Azimuth: ptr(360.0), Dip: ptr(-90.0), SampleRate: ptr(100.0), Sensor: awkward,
		Sensitivity: ptr(6.27e8), SensitivityFrequency: ptr(1.0), InputUnits: "M/S", Response: json.RawMessage(`{"a": "\"\\ü", "b": [1e-300]}`), ResponseHash: []byte{0, 255}}
	open := epoch("HHZ", time.Time{}, time.Time{})
	_, revision := saveChannels(t, pool, full, open)
	var id int64
	if err := pool.Get(&id, `SELECT id FROM channel WHERE network = 'N'`); err != nil {
		t.Fatal(err)
	}
	response, err := db.Response(ctx, pool, id)
	if err != nil || string(response) != string(full.Response) {
		t.Errorf("response %s, %v; want %s", response, err, full.Response)
	}
	full.Response, full.Revision, open.Revision = nil, revision, revision
	want(t, "channels", []db.Channel{full, open}, readChannels(t, pool))
	if err := pool.Get(&id, `SELECT id FROM channel WHERE network = 'NC' AND from_time = '-infinity' AND until_time = 'infinity'`); err != nil {
		t.Fatalf("the open epoch: %v", err)
	}
	if response, err := db.Response(ctx, pool, id); err != nil || response != nil {
		t.Errorf("no response: %q, %v", response, err)
	}
	if _, err := db.Response(ctx, pool, -1); err == nil {
		t.Error("an epoch that does not exist has a response")
	}
}

func TestStationsAreReplacedByKey(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	first := db.Station{Network: "NC", Code: "CRH", Name: awkward, Latitude: 1, Longitude: 2, Elevation: ptr(3.0)}
	second := first
	second.From, second.Elevation = db.From(day), nil
	for _, name := range []string{awkward, "renamed"} {
		first.Name = name
		change(t, pool, func(tx *sqlx.Tx, revision int64) error {
			_, err := db.SaveStations(context.Background(), tx, revision, []db.Station{second, first}, nil)
			return err
		})
		var got []db.Station
		if err := pool.Select(&got, `SELECT * FROM station ORDER BY from_time`); err != nil {
			t.Fatal(err)
		}
		want(t, "stations", []db.Station{first, second}, got)
	}
}

func TestLoadingTheSameChannelsAgainChangesNothing(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	a, b := epoch("HNE", time.Time{}, day), epoch("HNE", day, time.Time{})
	// Finer than the database keeps, and given twice.
	c := epoch("HNZ", day.Add(400), day.Add(time.Hour+600))
	c.Sensor, c.Azimuth = awkward, ptr(0.1)
	twice := c
	twice.From, twice.Sensor = db.From(day.Add(-400)), "the first of two"
	given := []db.Channel{b, twice, c, a}
	before := slices.Clone(given)
	if saved, revision := saveChannels(t, pool, given...); saved != (db.Saved{Found: 4, Changed: 3}) || len(changes(t, pool, revision)) != 3 {
		t.Errorf("first load: %+v", saved)
	}
	want(t, "what was given", before, given)
	if got := readChannels(t, pool); len(got) != 3 || got[2].Sensor != awkward {
		t.Errorf("of two epochs with one key, the last given counts: %+v", got)
	}
	if saved, revision := saveChannels(t, pool, given...); saved != (db.Saved{Found: 4}) || len(changes(t, pool, revision)) != 0 {
		t.Errorf("second load: %+v, %v", saved, changes(t, pool, revision))
	}
}

func TestEveryChangeOfAnEpochIsLogged(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	base := epoch("HNE", day, day.AddDate(1, 0, 0))
	base.Azimuth = ptr(90.0)
	saveChannels(t, pool, base, epoch("HNN", day, time.Time{}))
	later, sooner := day.AddDate(2, 0, 0), day.AddDate(0, 1, 0)
	for _, c := range []struct {
		name  string
		edit  func(c *db.Channel)
		until time.Time // of the logged change
	}{
		{"latitude", func(c *db.Channel) { c.Latitude += 1e-9 }, base.Until.Time()},
		{"longitude", func(c *db.Channel) { c.Longitude++ }, base.Until.Time()},
		{"elevation", func(c *db.Channel) { c.Elevation = ptr(0.0) }, base.Until.Time()},
		{"depth", func(c *db.Channel) { c.Depth = ptr(1.0) }, base.Until.Time()},
		{"azimuth", func(c *db.Channel) { c.Azimuth = nil }, base.Until.Time()},
		{"dip", func(c *db.Channel) { c.Dip = ptr(0.0) }, base.Until.Time()},
		{"rate", func(c *db.Channel) { c.SampleRate = ptr(1.0) }, base.Until.Time()},
		{"sensor", func(c *db.Channel) { c.Sensor = "x" }, base.Until.Time()},
		{"sensitivity", func(c *db.Channel) { c.Sensitivity = ptr(2.0) }, base.Until.Time()},
		{"frequency", func(c *db.Channel) { c.SensitivityFrequency = ptr(2.0) }, base.Until.Time()},
		{"units", func(c *db.Channel) { c.InputUnits = "M/S" }, base.Until.Time()},
		{"response", func(c *db.Channel) { c.ResponseHash = []byte{2} }, base.Until.Time()},
		{"longer", func(c *db.Channel) { c.Until = db.Until(later) }, later},
		{"open", func(c *db.Channel) { c.Until = db.Until{} }, time.Time{}},
		{"shorter", func(c *db.Channel) { c.Until = db.Until(sooner) }, base.Until.Time()},
	} {
		saveChannels(t, pool, base)
		changed := base
		c.edit(&changed)
		saved, revision := saveChannels(t, pool, changed)
		if saved.Changed != 1 {
			t.Errorf("%s: %+v", c.name, saved)
		}
		want(t, c.name, []db.Change{{Revision: revision, Kind: db.ChannelChange, Network: "NC", Station: "CRH", Channel: "HNE",
			From: db.From(day), Until: db.Until(c.until)}}, changes(t, pool, revision))
		changed.Revision = revision
		if got := readChannels(t, pool); len(got) != 2 {
			t.Errorf("%s: %d epochs", c.name, len(got))
		} else {
			want(t, c.name, changed, got[0])
		}
	}
}

func TestManyChannelsAreSaved(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	var all []db.Channel
	for i := range 2500 {
		c := epoch(fmt.Sprintf("%04d", i), day, time.Time{})
		c.SampleRate = ptr(float64(i))
		all = append(all, c)
	}
	if saved, _ := saveChannels(t, pool, all...); saved.Changed != 2500 {
		t.Fatalf("%+v", saved)
	}
	for i, c := range readChannels(t, pool) {
		if c.Channel != fmt.Sprintf("%04d", i) || *c.SampleRate != float64(i) {
			t.Fatalf("channel %d is %+v", i, c)
		}
	}
	if saved, _ := saveChannels(t, pool, all...); saved.Changed != 0 {
		t.Errorf("again: %+v", saved)
	}
}

// Times that no clock has shown are stored as near as they can be, and fail nothing.
func TestOddYearsAreStored(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	late := time.Date(12345, 6, 7, 8, 9, 10, 0, time.UTC)
	saveChannels(t, pool, epoch("HNE", time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), late), epoch("HNN", time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}))
	for _, c := range readChannels(t, pool) {
		if c.From.Time().Year() != 1 || c.Channel == "HNE" && !c.Until.Time().Equal(late) {
			t.Errorf("%s: from %v until %v", c.Channel, c.From.Time(), c.Until.Time())
		}
	}
}
