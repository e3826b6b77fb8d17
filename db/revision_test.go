package db_test

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// windowed is an item that read from..until seconds after day, true to a revision.
func windowed(event, station, instrument string, from, until int, revision int64, run int64) db.WorkItem {
	it := bare(event, run)
	it.Network, it.Station, it.Instrument, it.Revision = "NC", station, instrument, revision
	it.ReadFrom, it.ReadUntil = ptr(day.Add(time.Duration(from)*time.Second)), ptr(day.Add(time.Duration(until)*time.Second))
	return it
}

// label makes a label that has marked up to a revision, with items.
func label(t testing.TB, pool *sqlx.DB, name string, marked int64, its func(run int64) []db.WorkItem) {
	t.Helper()
	run := startRun(t, pool, name)
	var all []db.WorkItem
	if its != nil {
		all = its(run)
	}
	for i := range all {
		all[i].Label = name
	}
	tx(t, pool, func(tx *sqlx.Tx) error {
		if err := db.SaveLabel(context.Background(), tx, db.Label{Name: name, RecipeHash: []byte{}}); err != nil {
			return err
		}
		return db.SaveBatch(context.Background(), tx, run, db.Batch{Items: all})
	})
	pool.MustExec(`UPDATE label SET marked_revision = $1 WHERE name = $2`, marked, name)
}

// markSuspects marks, and gives the count and the suspects with their reasons.
func markSuspects(t testing.TB, pool *sqlx.DB, name string, revision int64) (n int64, suspects string) {
	t.Helper()
	foreseen := dueItems(t, pool, name)
	defer func() {
		want(t, "items that a mark makes due", strings.Join(dueItems(t, pool, name), " "), strings.Join(foreseen, " "))
	}()
	tx(t, pool, func(tx *sqlx.Tx) (err error) {
		n, err = db.MarkSuspects(context.Background(), tx, name, db.Shard{}, revision)
		return err
	})
	var all []string
	err := pool.Select(&all, `SELECT event_id || ':' || suspect FROM work_item WHERE label = $1 AND suspect IS NOT NULL ORDER BY event_id`, name)
	if err != nil {
		t.Fatal(err)
	}
	return n, strings.Join(all, " ")
}

func TestChangeMarksExactlyWhatItTouches(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return day.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct {
		name string
		log  func(ctx context.Context, tx *sqlx.Tx, revision int64) error
		want string
	}{
		{"data", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			return db.SaveFile(ctx, tx, r, db.File{Path: "/f"}, []db.Segment{segment("CRH", "HNE", 50, 110, "x")})
		}, "a:data b:data"},
		{"data that touch a window's end", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			return db.SaveFile(ctx, tx, r, db.File{Path: "/f"}, []db.Segment{segment("CRH", "HNE", 300, 400, "x")})
		}, "d:data"},
		{"data between windows", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			return db.SaveFile(ctx, tx, r, db.File{Path: "/f"}, []db.Segment{segment("CRH", "HNE", 301, 400, "x")})
		}, ""},
		{"data of another channel of the instrument", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			return db.SaveFile(ctx, tx, r, db.File{Path: "/f"}, []db.Segment{segment("CRH", "HN1", 150, 150, "x")})
		}, "b:data"},
		{"an open epoch", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			_, err := db.SaveStations(ctx, tx, r, nil, []db.Channel{epoch("HNE", time.Time{}, time.Time{})})
			return err
		}, "a:metadata b:metadata d:metadata"},
		{"an epoch from some time on", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			_, err := db.SaveStations(ctx, tx, r, nil, []db.Channel{epoch("HNE", at(150), time.Time{})})
			return err
		}, "b:metadata d:metadata"},
		{"an epoch until some time", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			_, err := db.SaveStations(ctx, tx, r, nil, []db.Channel{epoch("HNZ", time.Time{}, at(99))})
			return err
		}, "a:metadata"},
		{"an event", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			_, err := db.SaveEvents(ctx, tx, r, []db.Event{quake("b", day, 5), quake("unused", day, 5)})
			return err
		}, "b:event"},
		{"an event without windows", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			_, err := db.SaveEvents(ctx, tx, r, []db.Event{quake("h", day, 5)})
			return err
		}, "h:event"},
		{"an event, its metadata and its data", func(ctx context.Context, tx *sqlx.Tx, r int64) error {
			_, err := db.SaveEvents(ctx, tx, r, []db.Event{quake("b", day, 5)})
			if err == nil {
				_, err = db.SaveStations(ctx, tx, r, nil, []db.Channel{epoch("HNE", at(150), at(160))})
			}
			if err == nil {
				err = db.SaveFile(ctx, tx, r, db.File{Path: "/f"}, []db.Segment{segment("CRH", "HNE", 0, 500, "x")})
			}
			return err
		}, "a:data b:event d:data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			pool := dbtest.New(t)
			revision := change(t, pool, func(tx *sqlx.Tx, r int64) error { return c.log(context.Background(), tx, r) })
			its := func(run int64) []db.WorkItem {
				late := windowed("f", "CRH", "HN", 0, 1000, revision, run)
				other := windowed("g", "CRH", "HN", 0, 1000, 0, run)
				other.Location = "00"
				none := bare("h", run)
				none.Network, none.Station, none.Instrument = "NC", "CRH", "HN"
				return []db.WorkItem{windowed("a", "CRH", "HN", 0, 50, 0, run), windowed("b", "CRH", "HN", 100, 200, 0, run), windowed("c", "CRH", "HH", 0, 1000, 0, run),
					windowed("d", "CRH", "HN", 250, 300, 0, run), windowed("e", "XYZ", "HN", 0, 1000, 0, run), late, other, none}
			}
			label(t, pool, "l", 0, its)
			label(t, pool, "another", 0, its)
			n, got := markSuspects(t, pool, "l", revision)
			if got != c.want || n != int64(len(strings.Fields(c.want))) {
				t.Errorf("%d marked: %q, want %q", n, got, c.want)
			}
			if n := count(t, pool, `SELECT count(*) FROM work_item WHERE label <> 'l' AND suspect IS NOT NULL`); n != 0 {
				t.Errorf("%d items of another label are marked", n)
			}
			if n, _ := markSuspects(t, pool, "l", revision); n != 0 {
				t.Errorf("%d items are marked twice", n)
			}
		})
	}
}

func TestChangesAreMarkedUpToTheRevisionGiven(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	for i, e := range []string{"a", "b", "c"} {
		if _, r := saveEvents(t, pool, quake(e, day, 5)); r != int64(i+1) {
			t.Fatalf("revision %d", r)
		}
	}
	label(t, pool, "l", 1, func(run int64) []db.WorkItem { return []db.WorkItem{bare("a", run), bare("b", run), bare("c", run)} })
	if n, got := markSuspects(t, pool, "l", 2); n != 1 || got != "b:event" {
		t.Errorf("revision 2 after 1: %d marked: %q", n, got)
	}
	if n, got := markSuspects(t, pool, "l", 3); n != 1 || got != "b:event c:event" {
		t.Errorf("revision 3 after 2: %d marked: %q", n, got)
	}
}

func TestChangesAreForgottenWhenAllLabelsHaveMarkedThem(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	logged := func() string {
		var all []string
		if err := pool.Select(&all, `SELECT event_id FROM change ORDER BY 1`); err != nil {
			t.Fatal(err)
		}
		return strings.Join(all, "")
	}
	for _, e := range []string{"a", "b", "c"} {
		saveEvents(t, pool, quake(e, day, 5))
	}
	startRun(t, pool, "no label yet")
	if got := logged(); got != "abc" {
		t.Errorf("without labels: %q are left", got)
	}
	label(t, pool, "l", 0, nil)
	label(t, pool, "m", 1, nil)
	for _, step := range []struct {
		label    string
		revision int64
		want     string
	}{{"l", 1, "bc"}, {"l", 3, "bc"}, {"m", 2, "c"}, {"m", 3, ""}} {
		markSuspects(t, pool, step.label, step.revision)
		startRun(t, pool, step.label)
		if got := logged(); got != step.want {
			t.Errorf("%s marks up to %d: %q are left, want %q", step.label, step.revision, got, step.want)
		}
	}
}

// Two nightly runs of different labels begin at the same time, each in a snapshot
// of its own.
func TestLabelsMarkAndForgetAtTheSameTime(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	saveEvents(t, pool, quake("a", day, 5))
	names := []string{"l", "m"}
	prepare := map[string]*sqlx.Tx{}
	for _, name := range names {
		label(t, pool, name, 0, func(run int64) []db.WorkItem { return []db.WorkItem{bare("a", run)} })
	}
	for _, name := range names {
		tx, err := pool.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		if _, err := db.Revision(ctx, tx); err != nil { // the snapshot is taken
			t.Fatal(err)
		}
		prepare[name] = tx
	}
	for _, name := range slices.Sorted(maps.Keys(prepare)) {
		n, err := db.MarkSuspects(ctx, prepare[name], name, db.Shard{}, 1)
		if err != nil || n != 1 {
			t.Fatalf("%s: %d marked, %v", name, n, err)
		}
		if err := prepare[name].Commit(); err != nil {
			t.Fatal(err)
		}
		startRun(t, pool, name)
	}
	if n := count(t, pool, `SELECT count(*) FROM change`); n != 0 {
		t.Errorf("%d changes are left", n)
	}
}
