package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// fill makes a large database: a hundred stations with a day file of each of a
// thousand days, an event every hundred minutes, an item of each event at ten stations.
const fill = `
SET LOCAL session_replication_role = replica; -- no checks of references, which would take most of the time
INSERT INTO file (archive, path, size, mtime) SELECT '/a', '/a/' || d, 1, now() FROM generate_series(0, 999) d;
INSERT INTO segment (file_id, network, station, location, channel, start_time, end_time, sample_rate, samples, content_hash, extents)
SELECT d + 1, 'NC', 'S' || s, '', 'HNZ', timestamptz '2020-01-01' + d * interval '1 day', timestamptz '2020-01-01' + (d + 1) * interval '1 day',
	100, 8640001, '\x00', '{0,1,2,3}' FROM generate_series(0, 999) d, generate_series(0, 99) s;
INSERT INTO event (id, content_hash, revision) SELECT 'e' || i, '\x00', 1 FROM generate_series(0, 9999) i;
INSERT INTO event_alias (alias, short, event_id) SELECT id, id, id FROM event;
INSERT INTO review (event_id, network, station, location, channel, verdict, reviewed_at, revision)
SELECT id, 'NC', 'S3', '', 'HNZ', 'accept', now(), 1 FROM event;
INSERT INTO origin (event_id, id, time, latitude, longitude, preferred)
SELECT 'e' || i, 'o', timestamptz '2020-01-01' + i * interval '100 minutes', 0, 0, true FROM generate_series(0, 9999) i;
INSERT INTO label (name, recipe, recipe_hash, marked_revision) VALUES ('l', '', '', 1);
INSERT INTO run (kind, label, status, selection, version, host, pid, started_at) VALUES ('run', 'l', 'running', '{}', '', '', 1, now());
INSERT INTO work_item (label, event_id, network, station, location, instrument, status, read_from, read_until, recipe_hash, algorithm, revision, run_id)
SELECT 'l', 'e' || i, 'NC', 'S' || s, '', 'HN', 'done', timestamptz '2020-01-01' + i * interval '100 minutes',
	timestamptz '2020-01-01' + i * interval '100 minutes' + interval '4 minutes', '\x00', 1, 1, 1 FROM generate_series(0, 9999) i, generate_series(0, 9) s;
INSERT INTO measurement (label, event_id, network, station, location, instrument, component, run_id)
SELECT label, event_id, network, station, location, instrument, 'Z', 1 FROM work_item;
SET LOCAL session_replication_role = origin;`

// reads tells how a transaction has read the tables: scans of the whole, and rows
// fetched in any way.
func reads(t *testing.T, tx *sqlx.Tx, table string) (whole, rows int) {
	t.Helper()
	err := tx.QueryRow(`SELECT seq_scan, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = $1`, table).Scan(&whole, &rows)
	if err != nil {
		t.Fatal(err)
	}
	return whole, rows
}

// What is asked for each event, or each night, must not read the whole of what has
// gathered over the years.
func TestQueriesOfALargeDatabaseUseItsIndexes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("fills a database")
	}
	pool := dbtest.New(t)
	tx(t, pool, func(tx *sqlx.Tx) error { _, err := tx.Exec(fill); return err })
	// What is done for every row must be quick before there are statistics: a first run
	// begins right after the first load.
	t.Run("new", func(t *testing.T) { queryLarge(t, pool, "SaveBatch") })
	pool.MustExec(`ANALYZE`)
	t.Run("analyzed", func(t *testing.T) { queryLarge(t, pool, "") })
}

// queryLarge asks the queries whose name begins so.
func queryLarge(t *testing.T, pool *sqlx.DB, prefix string) {
	ctx := context.Background()
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	at := start.Add(5000 * 100 * time.Minute)
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = fmt.Sprint("e", 5000+i)
	}
	var stations []string
	for i := range 100 {
		stations = append(stations, fmt.Sprint("NC.S", i))
	}
	for _, c := range []struct {
		name, table string
		query       func(tx *sqlx.Tx) (int, error)
		want, most  int // of the result, and rows read for it
	}{
		{"Segments", "segment", func(tx *sqlx.Tx) (int, error) {
			all, err := db.Segments(ctx, tx, at, at.Add(4*time.Minute), stations)
			return len(all), err
		}, 100, 400},
		{"ChannelsWithoutMetadata", "segment", func(tx *sqlx.Tx) (int, error) {
			all, err := db.ChannelsWithoutMetadata(ctx, tx, []time.Time{at}, 2*time.Minute)
			if err != nil {
				return 0, err
			}
			return len(all[0]), err
		}, 100, 400},
		{"Items", "work_item", func(tx *sqlx.Tx) (int, error) {
			all, err := db.Items(ctx, tx, "l", ids, db.Current{})
			return len(all.Others), err
		}, 1000, 4000},
		{"Measurements", "measurement", func(tx *sqlx.Tx) (n int, err error) {
			err = db.Measurements(ctx, tx, "l", ids, func(*db.Measurement) error { n++; return nil })
			return n, err
		}, 1000, 2000},
		{"RetiredEvents", "work_item", func(tx *sqlx.Tx) (int, error) {
			if _, err := tx.Exec(`UPDATE event SET status = 'deleted' WHERE id IN ('e5000', 'e5001')`); err != nil {
				return 0, err
			}
			all, err := db.RetiredEvents(ctx, tx, "l", db.Selection{})
			return len(all), err
		}, 2, 50},
		{"SelectedItems", "work_item", func(tx *sqlx.Tx) (int, error) {
			all, err := db.SelectedItems(ctx, tx, "l", db.Selection{}, db.ItemKey{EventID: "e5000"}, 100)
			return len(all), err
		}, 100, 300},
		{"SelectedItems", "measurement", func(tx *sqlx.Tx) (int, error) {
			all, err := db.SelectedItems(ctx, tx, "l", db.Selection{}, db.ItemKey{EventID: "e5000"}, 100)
			return len(all), err
		}, 100, 300},
		{"SaveEvents that have the origins of others", "origin", func(tx *sqlx.Tx) (int, error) {
			e := db.Event{ID: "new", ContentHash: []byte{1}, Origins: []db.Origin{{ID: "o", Time: at, Preferred: true}}}
			saved, err := db.SaveEvents(ctx, tx, 2, []db.Event{e})
			return saved.Changed, err
		}, 1, 50},
		{"EventPage", "origin", func(tx *sqlx.Tx) (int, error) {
			all, err := db.EventPage(ctx, tx, db.Selection{}, db.EventRow{Time: at, ID: "e5000"}, 100)
			return len(all), err
		}, 100, 400},
		{"EventPage of a day", "origin", func(tx *sqlx.Tx) (int, error) {
			all, err := db.EventPage(ctx, tx, db.Selection{From: at, Until: at.AddDate(0, 0, 1)}, db.EventRow{}, 100)
			return len(all), err
		}, 15, 100},
		{"Arrivals", "origin", func(tx *sqlx.Tx) (int, error) {
			all, err := db.Arrivals(ctx, tx, ids)
			return len(all), err
		}, 0, 400},
		{"SaveBatch", "work_item", func(tx *sqlx.Tx) (int, error) {
			b := db.Batch{}
			for _, id := range ids {
				it := windowed(id, "S3", "HN", 0, 1, 1, 1)
				b.Items = append(b.Items, it)
				b.Measurements = append(b.Measurements, db.Measurement{Label: "l", ItemKey: it.ItemKey, Component: "E", RunID: 1})
			}
			return 0, db.SaveBatch(ctx, tx, 1, b)
		}, 0, 2000},
		{"SaveBatch", "measurement", func(tx *sqlx.Tx) (int, error) {
			b := db.Batch{}
			for _, id := range ids {
				b.Items = append(b.Items, windowed(id, "S3", "HN", 0, 1, 1, 1))
			}
			return 0, db.SaveBatch(ctx, tx, 1, b)
		}, 0, 2000},
		{"MarkSuspects for a day of a station", "work_item", func(tx *sqlx.Tx) (int, error) {
			_, err := tx.Exec(`INSERT INTO change (revision, kind, network, station, location, channel, from_time, until_time)
				VALUES (2, 'waveform', 'NC', 'S3', '', 'HNZ', $1, $2)`, at, at.AddDate(0, 0, 1))
			if err != nil {
				return 0, err
			}
			n, err := db.MarkSuspects(ctx, tx, "l", db.Shard{}, 2)
			return int(n), err
		}, 15, 100},
		{"Reviews", "review", func(tx *sqlx.Tx) (int, error) {
			all, err := db.Reviews(ctx, tx, ids[:10]) // for a hundred, reading ten thousand small rows is no dearer
			return len(all), err
		}, 10, 40},
		{"MarkSuspects for reviews", "work_item", func(tx *sqlx.Tx) (int, error) {
			_, err := tx.Exec(`INSERT INTO change (revision, kind, event_id, network, station, location, channel)
				SELECT 2, 'review', 'e' || i, 'NC', 'S3', '', 'HN' || c FROM generate_series(1, 10) i, unnest('{E,N,Z}'::text[]) c`)
			if err != nil {
				return 0, err
			}
			n, err := db.MarkSuspects(ctx, tx, "l", db.Shard{}, 2)
			return int(n), err
		}, 10, 100},
		{"MarkSuspects for events", "work_item", func(tx *sqlx.Tx) (int, error) {
			if _, err := tx.Exec(`INSERT INTO change (revision, kind, event_id) SELECT 2, 'event', 'e' || i FROM generate_series(1, 10) i`); err != nil {
				return 0, err
			}
			n, err := db.MarkSuspects(ctx, tx, "l", db.Shard{}, 2)
			return int(n), err
		}, 100, 200},
	} {
		if !strings.HasPrefix(c.name, prefix) {
			continue
		}
		t.Run(c.name+" on "+c.table, func(t *testing.T) {
			tx, err := pool.Beginx()
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			wholeBefore, rowsBefore := reads(t, tx, c.table)
			n, err := c.query(tx)
			if err != nil || n != c.want {
				t.Fatalf("%d, %v; want %d", n, err, c.want)
			}
			whole, rows := reads(t, tx, c.table)
			whole, rows = whole-wholeBefore, rows-rowsBefore
			t.Logf("%d whole scans, %d rows of %s read", whole, rows, c.table)
			if whole > 0 || rows > c.most {
				t.Errorf("%d whole scans and %d rows of %s read, want an index and at most %d rows", whole, rows, c.table, c.most)
			}
		})
	}
}
