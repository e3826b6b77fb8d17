package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/migrations"
)

// awkward is text that a wrong literal, or a wrong escape, would not survive.
const awkward = `O'Higgins "Süd" \x41 {NULL, a} ` + "\n\t\\\\ 島 \U0001F30B , NULL"

var day = time.Date(2024, 3, 1, 12, 30, 15, 123456000, time.UTC)

func ptr[T any](v T) *T { return &v }

// tx runs f in a transaction that is committed.
func tx(t testing.TB, pool *sqlx.DB, f func(tx *sqlx.Tx) error) {
	t.Helper()
	if err := tryTx(pool, f); err != nil {
		t.Fatal(err)
	}
}

func tryTx(pool *sqlx.DB, f func(tx *sqlx.Tx) error) error {
	tx, err := pool.Beginx()
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// change runs f as a load does, and gives its revision.
func change(t testing.TB, pool *sqlx.DB, f func(tx *sqlx.Tx, revision int64) error) (revision int64) {
	t.Helper()
	tx(t, pool, func(tx *sqlx.Tx) (err error) {
		if revision, err = db.NextRevision(context.Background(), tx); err != nil {
			return err
		}
		return f(tx, revision)
	})
	return revision
}

// changes reads the logged changes of a revision.
func changes(t testing.TB, pool *sqlx.DB, revision int64) []db.Change {
	t.Helper()
	var all []db.Change
	err := pool.Select(&all, `SELECT revision, kind, network, station, location, channel, event_id, from_time, until_time
		FROM change WHERE revision = $1 ORDER BY network, station, location, channel, event_id, from_time`, revision)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// want compares values that were written with values that were read.
func want(t testing.TB, what string, want, got any) {
	t.Helper()
	opts := cmp.Options{
		cmp.Comparer(func(a, b db.From) bool { return a.Time().Equal(b.Time()) }),
		cmp.Comparer(func(a, b db.Until) bool { return a.Time().Equal(b.Time()) }),
		cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b }),
	}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func count(t testing.TB, pool *sqlx.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := pool.Get(&n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRevisionsRiseAndAreSeenWhenCommitted(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	for i := range int64(3) {
		if r, err := db.Revision(ctx, pool); err != nil || r != i {
			t.Fatalf("revision %d, %v; want %d", r, err, i)
		}
		if r := change(t, pool, func(*sqlx.Tx, int64) error { return nil }); r != i+1 {
			t.Fatalf("next revision %d, want %d", r, i+1)
		}
	}
}

// bare is a work item with its NULLs.
func bare(event string, run int64) db.WorkItem {
	return db.WorkItem{Label: "l", ItemKey: db.ItemKey{EventID: event}, Status: db.ItemFailed, Attempts: 1, Tries: 1, RecipeHash: []byte{}, RunID: run}
}

func startRun(t testing.TB, pool *sqlx.DB, label string) (id int64) {
	t.Helper()
	tx(t, pool, func(tx *sqlx.Tx) (err error) {
		id, err = db.StartRun(context.Background(), tx, db.Run{Kind: "run", Label: label, Selection: []byte(`{}`), StartedAt: day})
		return err
	})
	return id
}

func items(t testing.TB, pool *sqlx.DB, label string, events ...string) map[db.ItemKey]db.WorkItem {
	t.Helper()
	known, err := db.Items(context.Background(), pool, label, events, db.Current{})
	if err != nil {
		t.Fatal(err)
	}
	all := known.Others
	for k, it := range all {
		for _, p := range []*time.Time{it.ReadFrom, it.ReadUntil, it.FailedSince, it.NextTry} {
			if p != nil {
				*p = p.UTC()
			}
		}
		all[k] = it
	}
	return all
}

// faultyFiles reads the files with an error.
func faultyFiles(pool *sqlx.DB) (files []db.File, err error) {
	err = pool.Select(&files, `SELECT id, archive, path, size, mtime, content_hash, format, error_code, error FROM file WHERE error IS NOT NULL ORDER BY path`)
	return files, err
}

func measurements(t testing.TB, pool *sqlx.DB, label string, events []string) []db.Measurement {
	t.Helper()
	var all []db.Measurement
	err := db.Measurements(context.Background(), pool, label, events, func(m *db.Measurement) error {
		all = append(all, *m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestItemsAndMeasurementsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	key := db.ItemKey{EventID: awkward, Network: "N", Station: `S"\`, Location: "", Instrument: "HN"}
	full := db.WorkItem{Label: "l", ItemKey: key, Status: db.ItemDone, Code: ptr(""), Stage: ptr("read"), File: ptr(awkward), Message: ptr(awkward),
		Attempts: 3, Tries: 2, NextTry: ptr(day.Add(time.Hour)), ReadFrom: ptr(day), ReadUntil: ptr(day.Add(time.Microsecond)), DataHash: []byte{0, 1, 255}, MetadataHash: []byte{}, EventHash: []byte(`\x`),
		RecipeHash: []byte{7}, Algorithm: 1 << 30, Revision: 1 << 60, Suspect: ptr("data"), RunID: run}
	rows := []db.Measurement{
		{Label: "l", ItemKey: key, Component: "E", Mean: ptr(0.0), RMS: ptr(math.Nextafter(1, 2)), Min: ptr(-math.MaxFloat64), Max: ptr(5e-324),
			Std: ptr(math.Inf(1)), Skewness: ptr(math.NaN()), Kurtosis: ptr(math.Copysign(0, -1)), SNR: ptr(math.Inf(-1)), PGA: ptr(1e-300), PGAAt: ptr(day),
			PGV: ptr(0.1), PGVAt: ptr(day), PGD: ptr(2.0), PGDAt: ptr(day), Arias: ptr(3.0), CAV: ptr(4.0), D575: ptr(5.0), D595: ptr(6.0),
			PSA: db.Floats{1, math.NaN(), math.Inf(1), 0.1}, STALTAMax: ptr(7.0), DominantFrequency: ptr(8.0), Distance: ptr(9.0), Azimuth: ptr(10.0),
			SampleRate: ptr(11.0), Highpass: ptr(12.0), Lowpass: ptr(13.0), PAt: ptr(day), SAt: ptr(day), TimeSource: ptr("arrival"), NoiseStart: ptr(day),
			NoiseEnd: ptr(day), SignalStart: ptr(day), SignalEnd: ptr(day), Flags: db.Texts{"a", awkward, "", "NULL"}, RunID: run,
			BandSNR: db.Floats{math.Inf(1), 2}, SortedDuration: ptr(14.0), SA: db.Floats{1}, SD: db.Floats{2}, SV: db.Floats{3}, SpectralCentroid: ptr(15.0),
			SpectralBandwidth: ptr(16.0), FAS: db.Floats{4, 5}, FASLength: ptr(1024), UsableLow: ptr(17.0), UsableHigh: ptr(18.0), WoodAnderson: ptr(19.0),
			WoodAndersonAt: ptr(day), LocalMagnitude: ptr(20.0), Moment: ptr(1e16), CornerFrequency: ptr(21.0), StressDrop: ptr(22.0), Kappa: ptr(23.0),
			SourceMisfit: ptr(24.0), Extra: ptr(json.RawMessage(`{"a \"b\"":1,"c":null}`)), MeasuredStart: ptr(day), MeasuredEnd: ptr(day), ReadStart: ptr(day), ReadEnd: ptr(day), Definitions: 7, TimingQuality: ptr(25.0)},
		{Label: "l", ItemKey: key, Component: "RotD50", PSA: db.Floats{}, Flags: db.Texts{}, RunID: run},
		{Label: "l", ItemKey: key, Component: "Z", Flags: nil, RunID: run},
	}
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, run, db.Batch{Items: []db.WorkItem{full, bare("empty", run)}, Measurements: rows})
	})
	got := items(t, pool, "l", awkward, "empty", "other")
	empty := bare("empty", run)
	empty.FailedSince = ptr(day) // of the run
	want(t, "items", map[db.ItemKey]db.WorkItem{key: full, {EventID: "empty"}: empty}, got)
	rows[0].Skewness = nil // a NaN in a column is an unknown number
	rows[2].Flags = db.Texts{}
	read := measurements(t, pool, "l", nil)
	want(t, "measurements", rows, read)
	if len(read) == 3 && math.Signbit(*read[0].Kurtosis) != true {
		t.Error("a negative zero has lost its sign")
	}
	if n := len(items(t, pool, "another label", awkward)); n != 0 {
		t.Errorf("%d items of another label", n)
	}
}

func TestMeasurementsOfNoEventsAreNoneAndOfNilAll(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	var batch db.Batch
	for _, e := range []string{"b", "a"} {
		it := bare(e, run)
		batch.Items = append(batch.Items, it)
		batch.Measurements = append(batch.Measurements, db.Measurement{Label: "l", ItemKey: it.ItemKey, Component: "Z", RunID: run})
	}
	tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, batch) })
	for _, c := range []struct {
		events []string
		want   int
	}{{nil, 2}, {[]string{}, 0}, {[]string{"a"}, 1}, {[]string{"a", "b", "a"}, 2}, {[]string{"c"}, 0}} {
		if got := len(measurements(t, pool, "l", c.events)); got != c.want {
			t.Errorf("events %#v: %d rows, want %d", c.events, got, c.want)
		}
	}
	enough := errors.New("enough")
	err := db.Measurements(ctx, pool, "l", nil, func(*db.Measurement) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("error %v, want that of each", err)
	}
	var names []string
	if err := pool.Select(&names, `SELECT name FROM measurement_narrow`); err != nil || len(names) != 0 {
		t.Errorf("narrow rows of NULLs: %v, %v", names, err)
	}
}

func TestThousandsOfRowsGoInSeveralStatements(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	const n = 2500
	var batch db.Batch
	for i := range n {
		it := bare("e", run)
		it.Station = fmt.Sprint(i)
		batch.Items = append(batch.Items, it)
		batch.Measurements = append(batch.Measurements, db.Measurement{Label: "l", ItemKey: it.ItemKey, Component: "Z", PGA: ptr(float64(i)),
			PSA: make(db.Floats, i%3), RunID: run})
	}
	for range 2 { // the second time over the first
		tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, batch) })
		if got := len(items(t, pool, "l", "e")); got != n {
			t.Fatalf("%d items", got)
		}
		for _, m := range measurements(t, pool, "l", nil) {
			if fmt.Sprint(int(*m.PGA)) != m.Station || len(m.PSA) != int(*m.PGA)%3 {
				t.Fatalf("station %s has the row of another: %+v", m.Station, m)
			}
		}
	}
}

// A text that PostgreSQL cannot hold is stored with a mark in its place, and fails
// nothing.
func TestTextThatIsNoneIsReplaced(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	it := bare("e", run)
	it.Message = ptr("a\x00b\xffc")
	tx(t, pool, func(tx *sqlx.Tx) error {
		if err := db.SaveBatch(ctx, tx, run, db.Batch{Items: []db.WorkItem{it}}); err != nil {
			return err
		}
		return db.SaveFile(ctx, tx, 0, db.File{Path: "p", ModTime: day, ErrorCode: ptr("c"), Error: ptr("x\x00\xfe")}, nil)
	})
	if err := db.FinishRun(ctx, pool, run, db.Failed, "stack\x00\xc3(", day); err != nil {
		t.Fatal(err)
	}
	got := items(t, pool, "l", "e")[it.ItemKey]
	files, err := faultyFiles(pool)
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	runs, err := db.Runs(ctx, pool, 0)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	want(t, "texts", []string{"a\uFFFDb\uFFFDc", "x\uFFFD\uFFFD", "stack\uFFFD\uFFFD("}, []string{*got.Message, *files[0].Error, runs[0].Message})
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	left := func() int {
		return count(t, pool, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'goose%'`)
	}
	before := left()
	provider, err := goose.NewProvider(goose.DialectPostgres, pool.DB, migrations.FS, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if n := left(); n != 0 {
		t.Errorf("%d relations are left", n)
	}
	if err := db.Migrate(ctx, pool, nil); err != nil {
		t.Fatal(err)
	}
	if n := left(); n != before {
		t.Errorf("%d relations, %d before", n, before)
	}
}

func TestArraysOfNumbersAreJSONWithNullForNone(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal([]db.Floats{nil, {}, {1, math.NaN(), math.Inf(-1), 1e-300}})
	if err != nil || string(got) != "[null,[],[1,null,null,1e-300]]" {
		t.Errorf("%s, %v", got, err)
	}
}
