package db_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// recipeHash is that of label l.
var recipeHash = []byte{1, 2}

// viewed makes label l with one run, two events at stations with two epochs, and their rows. The arrays are at
// periods 0.3, 1 and 3 s with damping 2 and 5 %.
func viewed(t *testing.T, pool *sqlx.DB) (run int64) {
	t.Helper()
	ctx := context.Background()
	change(t, pool, func(tx *sqlx.Tx, revision int64) error {
		later := db.From(day.AddDate(1, 0, 0))
		station := func(from db.From, until db.Until, name string) db.Station {
			return db.Station{Network: "N", Code: "A", From: from, Until: until, Name: name, Latitude: 1, Longitude: 2}
		}
		channel := func(code string, from db.From, until db.Until, latitude float64) db.Channel {
			return db.Channel{Network: "N", Station: "A", Channel: code, From: from, Until: until, Latitude: latitude, Longitude: 20, Elevation: ptr(300.0), ResponseHash: []byte{}}
		}
		_, err := db.SaveStations(ctx, tx, revision,
			[]db.Station{station(db.From{}, db.Until(later), "Alpha"), station(later, db.Until{}, "Beta")},
			[]db.Channel{channel("HNZ", db.From{}, db.Until(later), 10), channel("HNZ", later, db.Until{}, 11), channel("HNE", db.From{}, db.Until{}, 12)})
		if err != nil {
			return err
		}
		event := func(id string, at time.Time) db.Event {
			return db.Event{ID: id, Type: "earthquake", ContentHash: []byte(id),
				Origins:    []db.Origin{{ID: id + "/o", Time: at, Latitude: 3, Longitude: 4, Depth: ptr(5e3), Preferred: true}, {ID: id + "/p", Time: day}},
				Magnitudes: []db.Magnitude{{ID: id + "/m", Type: "Mw", Value: 6.5, Preferred: true}}}
		}
		_, err = db.SaveEvents(ctx, tx, revision, []db.Event{event("early", day), event("late", day.AddDate(2, 0, 0))})
		return err
	})
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveLabel(ctx, tx, db.Label{Name: "l", RecipeHash: recipeHash, Axes: db.Axes{Spectra: db.Texts{"psa"}, Periods: db.Floats{0.3, 1, 3},
			Dampings: db.Floats{0.02, 0.05}, Frequencies: db.Floats{7}, BandFrom: db.Floats{1, 2}, BandUntil: db.Floats{2, 4}}})
	})
	run = startRun(t, pool, "l")
	var b db.Batch
	for _, event := range []string{"early", "late"} {
		it := bare(event, run)
		it.Network, it.Station, it.Instrument, it.Status, it.RecipeHash = "N", "A", "HN", db.ItemDone, recipeHash
		b.Items = append(b.Items, it)
		for _, component := range []string{"Z", "RotD50"} {
			b.Measurements = append(b.Measurements, db.Measurement{Label: "l", ItemKey: it.ItemKey, Component: component, RunID: run,
				PGA: ptr(9.80665), PGV: ptr(0.5), Distance: ptr(7e3), PSA: db.Floats{10, 11, 12, 0.980665, 1.96133, 2.941995}, FAS: db.Floats{70},
				BandSNR: db.Floats{1.5, 2.5}, Flags: db.Texts{"clipped"}})
		}
	}
	tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, b) })
	return run
}

func TestNarrowViewHasARowForEachNumberWithUnitAndAxis(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	run := viewed(t, pool)
	runSQL(t, pool, `UPDATE measurement SET extra = '{"mine": 4.5, "none": null}' WHERE event_id = 'early' AND component = 'Z'`)
	var got []string
	const rows = `SELECT concat_ws(' ', name, unit, value, 'T' || period, 'd' || damping, 'f' || frequency, 'to' || frequency_until, index)
		FROM measurement_narrow WHERE event_id = 'early' AND component = 'Z' ORDER BY name, index`
	if err := pool.Select(&got, rows); err != nil {
		t.Fatal(err)
	}
	want(t, "rows", []string{"band_snr 1 1.5 f1 to2 1", "band_snr 1 2.5 f2 to4 2", "fas m/s 70 f7 1", "mine 4.5 0", "pga m/s^2 9.80665 0", "pgv m/s 0.5 0",
		"psa m/s^2 10 T0.3 d0.02 1", "psa m/s^2 11 T1 d0.02 2", "psa m/s^2 12 T3 d0.02 3",
		"psa m/s^2 0.980665 T0.3 d0.05 4", "psa m/s^2 1.96133 T1 d0.05 5", "psa m/s^2 2.941995 T3 d0.05 6"}, got)

	// What an earlier recipe of the label made is at no known period.
	runSQL(t, pool, `UPDATE work_item SET recipe_hash = '\x99' WHERE run_id = $1`, run)
	if n := count(t, pool, `SELECT count(*) FROM measurement_narrow WHERE COALESCE(period, damping, frequency, frequency_until) IS NOT NULL`); n != 0 {
		t.Errorf("%d numbers have the axes of another recipe", n)
	}
	if n := count(t, pool, `SELECT count(*) FROM measurement_narrow WHERE event_id = 'early' AND component = 'Z'`); n != len(got) {
		t.Errorf("%d rows of %d are left", n, len(got))
	}
}

func TestLatestViewHasEventAndPlaceAsTheyHoldThen(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	viewed(t, pool)
	read := func() (got []string) {
		t.Helper()
		if err := pool.Select(&got, `SELECT concat_ws(' ', event_id, extract(year FROM event_time), magnitude, magnitude_type, event_latitude, event_depth,
			station, component, station_latitude, station_longitude, station_elevation, distance, pga, flags, extract(year FROM run_started_at)) FROM latest_measurement ORDER BY 1`); err != nil {
			t.Fatal(err)
		}
		return got
	}
	want(t, "rows", []string{
		"early 2024 6.5 Mw 3 5000 A RotD50 12 20 300 7000 9.80665 {clipped} 2024", "early 2024 6.5 Mw 3 5000 A Z 10 20 300 7000 9.80665 {clipped} 2024",
		"late 2026 6.5 Mw 3 5000 A RotD50 12 20 300 7000 9.80665 {clipped} 2024", "late 2026 6.5 Mw 3 5000 A Z 11 20 300 7000 9.80665 {clipped} 2024"}, read())
	runSQL(t, pool, `UPDATE event SET status = 'merged' WHERE id = 'early'`)
	if got := read(); len(got) != 2 || !strings.HasPrefix(got[0], "late") {
		t.Errorf("with a merged event: %q", got)
	}
}

func TestShakeMapViewHasTheUnitsOfItsTrade(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	viewed(t, pool)
	read := func() (got []string) {
		t.Helper()
		if err := pool.Select(&got, `SELECT concat_ws(' ', event_id, name, channel, latitude, distance_km, round(pga_pct_g::numeric, 9), pgv_cm_s,
			round(psa_0p3s_pct_g::numeric, 9), round(psa_1s_pct_g::numeric, 9), round(psa_3s_pct_g::numeric, 9), flags) FROM shakemap_station ORDER BY 1`); err != nil {
			t.Fatal(err)
		}
		return got
	}
	want(t, "rows", []string{"early Alpha HNZ 10 7 100.000000000 50 10.000000000 20.000000000 30.000000000 {clipped}",
		"late Beta HNZ 11 7 100.000000000 50 10.000000000 20.000000000 30.000000000 {clipped}"}, read())
	runSQL(t, pool, `UPDATE label SET dampings = '{0.02,0.1}'`) // then there is none of 5 %
	want(t, "without 5 % damping", []string{"early Alpha HNZ 10 7 100.000000000 50 {clipped}", "late Beta HNZ 11 7 100.000000000 50 {clipped}"}, read())
}

func TestColumnsWithAUnitAreDocumented(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	var bare []string
	err := pool.Select(&bare, `SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a
		WHERE a.attrelid IN ('measurement_narrow'::regclass, 'latest_measurement'::regclass, 'shakemap_station'::regclass)
		AND a.attnum > 0 AND a.atttypid IN ('float8'::regtype, 'float8[]'::regtype) AND col_description(a.attrelid, a.attnum) IS NULL ORDER BY 1`)
	if err != nil || len(bare) > 0 {
		t.Errorf("columns without a comment: %v, %v", bare, err)
	}
	if n := count(t, pool, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND obj_description(oid) IS NULL`); n != 0 {
		t.Errorf("%d views without a comment", n)
	}
}

// One event of thousands is found by an index, also where the query names no label.
func TestViewsFindOneEventByAnIndex(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	viewed(t, pool)
	runSQL(t, pool, `INSERT INTO label SELECT name, recipe, recipe_hash, 0 FROM (VALUES ('m', '', ''::bytea), ('n', '', '')) v (name, recipe, recipe_hash)`)
	runSQL(t, pool, `INSERT INTO event (id, content_hash, revision) SELECT 'e' || i, '', 1 FROM generate_series(1, 5000) i`)
	runSQL(t, pool, `INSERT INTO origin (event_id, id, time, latitude, longitude, preferred) SELECT 'e' || i, 'o', now() + i * interval '1 h', 1, 1, true FROM generate_series(1, 5000) i`)
	runSQL(t, pool, `INSERT INTO work_item SELECT x.label, 'e' || i, w.network, s.station, w.location, w.instrument, w.status, w.code, w.stage, w.file, w.message, w.attempts,
		w.read_from, w.read_until, w.data_hash, w.metadata_hash, w.event_hash, w.recipe_hash, w.algorithm, w.revision, w.suspect, w.run_id
		FROM work_item w, generate_series(1, 5000) i, (VALUES ('l'), ('m'), ('n')) x (label), (VALUES ('A'), ('B')) s (station) WHERE w.event_id = 'early'`)
	runSQL(t, pool, `INSERT INTO measurement (label, event_id, network, station, location, instrument, component, pga, psa, run_id)
		SELECT w.label, w.event_id, w.network, w.station, w.location, w.instrument, 'Z', 1, '{1,2,3,4,5,6}', w.run_id FROM work_item w WHERE w.event_id <> 'early' AND w.event_id <> 'late'`)
	runSQL(t, pool, `ANALYZE`)
	scan := regexp.MustCompile(`Seq Scan on (measurement|work_item|origin|event)\b`)
	for _, view := range []string{"measurement_narrow", "latest_measurement", "shakemap_station"} {
		for _, where := range []string{`event_id = 'e77'`, `label = 'm' AND event_id = 'e77'`, `event_id = 'e77' AND station = 'B'`} {
			var plan []string
			if err := pool.Select(&plan, `EXPLAIN SELECT * FROM `+view+` WHERE `+where); err != nil {
				t.Fatal(err)
			}
			text := strings.Join(plan, "\n")
			if found := scan.FindAllString(text, -1); found != nil {
				t.Errorf("%s WHERE %s: %v\n%s", view, where, found, text)
			}
		}
	}
}

func runSQL(t testing.TB, pool *sqlx.DB, statement string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(statement, args...); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", statement, err))
	}
}
