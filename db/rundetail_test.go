package db_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestRunKeepsItsCountsWhenLaterRunsTakeItsItems(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	if first, last, err := db.RunRange(ctx, pool); first != 0 || last != 0 || err != nil {
		t.Errorf("no runs: %d to %d, %v", first, last, err)
	}
	if _, err := db.FindRun(ctx, pool, 1); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no such run: %v", err)
	}
	run := startRun(t, pool, "l")
	item := func(event, station string, run int64) db.WorkItem {
		return windowed(event, station, "HN", 0, 1, 1, run)
	}
	save := func(run int64, b db.Batch) {
		t.Helper()
		tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, b) })
	}
	empty, err := db.FindRun(ctx, pool, run)
	if err != nil || empty.Codes != nil || empty.Reasons != nil || empty.Seconds != nil || empty.Events+empty.Stations+empty.Current != 0 {
		t.Errorf("a run that has only begun: %+v, %v", empty, err)
	}
	save(run, db.Batch{Items: []db.WorkItem{item("a", "S1", run), item("a", "S2", run), bare("no origin", run)},
		Codes: db.Tally{"gap": 2, "no_origin": 1}, Reasons: db.Tally{"never_done": 3}, Counts: db.Counts{Due: 3, Failed: 3}})
	save(run, db.Batch{Items: []db.WorkItem{item("b", "S1", run)},
		Codes: db.Tally{"gap": 1, awkward: 5}, Reasons: db.Tally{"data": 1}, Counts: db.Counts{Due: 1, Failed: 1}})
	save(run, db.Batch{Counts: db.Counts{Verified: 7}})
	live, err := db.FindRun(ctx, pool, run)
	if err != nil || live.Events != 3 || live.Stations != 2 || live.Current != 4 {
		t.Errorf("while it runs: %+v, %v", live, err)
	}
	tx(t, pool, func(tx *sqlx.Tx) error { return db.NoteReach(ctx, tx, run) })
	if err := db.FinishRun(ctx, pool, run, db.Done, "", day.Add(90*time.Second)); err != nil {
		t.Fatal(err)
	}
	later := startRun(t, pool, "l")
	save(later, db.Batch{Items: []db.WorkItem{item("a", "S1", later), item("a", "S2", later)}})
	got, err := db.FindRun(ctx, pool, run)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "codes", db.Tally{"gap": 3, "no_origin": 1, awkward: 5}, got.Codes)
	want(t, "reasons", db.Tally{"never_done": 3, "data": 1}, got.Reasons)
	if got.Events != 3 || got.Stations != 2 || got.Current != 2 || *got.Seconds != 90 {
		t.Errorf("after a later run: %+v", got)
	}
	if first, last, err := db.RunRange(ctx, pool); first != run || last != later || err != nil {
		t.Errorf("runs %d to %d, %v", first, last, err)
	}
}
