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

func TestRunsComeBackNewestFirst(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	r := db.Run{Kind: "nightly", Label: awkward, Status: db.Done, Selection: []byte(`{"Events":["a\"b"]}`), Version: awkward, Host: "h", PID: 1 << 22, StartedAt: day}
	var id int64
	tx(t, pool, func(tx *sqlx.Tx) (err error) { id, err = db.StartRun(ctx, tx, r); return err })
	second := startRun(t, pool, "other")
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, id, db.Batch{Counts: db.Counts{Due: 10, Done: 4, Failed: 3, Skipped: 3, Verified: 1}})
	})
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, id, db.Batch{Counts: db.Counts{Due: 1, Done: 1}})
	})
	end := day.Add(time.Minute)
	if err := db.FinishRun(ctx, pool, id, db.Done, awkward, end); err != nil {
		t.Fatal(err)
	}
	if err := db.FinishRun(ctx, pool, id, db.Failed, "again", end); err != nil {
		t.Fatal(err)
	}
	runs, err := db.Runs(ctx, pool, 0)
	if err != nil || len(runs) != 2 || runs[0].ID != second || runs[0].Status != db.Running || runs[0].FinishedAt != nil {
		t.Fatalf("%+v, %v", runs, err)
	}
	got := runs[1]
	r.ID, r.FinishedAt, r.Message, r.Batches, r.Counts = id, &end, awkward, 2, db.Counts{Due: 11, Done: 5, Failed: 3, Skipped: 3, Verified: 1}
	got.StartedAt, *got.FinishedAt = got.StartedAt.UTC(), got.FinishedAt.UTC()
	want(t, "run", r, got)
	if runs, err := db.Runs(ctx, pool, 1); err != nil || len(runs) != 1 || runs[0].ID != second {
		t.Errorf("the newest: %+v, %v", runs, err)
	}
}

func TestStartRunClosesTheLabelsLostRuns(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	lost, done, other := startRun(t, pool, "l"), int64(0), startRun(t, pool, "other")
	tx(t, pool, func(tx *sqlx.Tx) (err error) {
		done, err = db.StartRun(ctx, tx, db.Run{Kind: "run", Label: "l", Selection: []byte(`{}`), StartedAt: day})
		return err
	})
	if err := db.FinishRun(ctx, pool, done, db.Done, "", day); err != nil {
		t.Fatal(err)
	}
	now := startRun(t, pool, "l")
	runs, err := db.Runs(ctx, pool, 0)
	if err != nil {
		t.Fatal(err)
	}
	status := map[int64]string{}
	for _, r := range runs {
		status[r.ID] = r.Status
		if (r.Status == db.Running) != (r.FinishedAt == nil) {
			t.Errorf("run %d is %s and finished at %v", r.ID, r.Status, r.FinishedAt)
		}
	}
	want(t, "states", map[int64]string{lost: db.Lost, done: db.Done, other: db.Running, now: db.Running}, status)
	if err := db.FinishRun(ctx, pool, lost, db.Done, "I was not dead", day); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `SELECT count(*) FROM run WHERE id = $1 AND status = 'lost'`, lost); n != 1 {
		t.Error("a lost run came back to life")
	}
}

func TestBatchOfAClosedRunIsRefused(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	startRun(t, pool, "l")
	err := tryTx(pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, run, db.Batch{Items: []db.WorkItem{bare("e", run)}, Counts: db.Counts{Done: 1}})
	})
	if !errors.Is(err, db.ErrRunClosed) {
		t.Errorf("error %v, want ErrRunClosed", err)
	}
	if n := count(t, pool, `SELECT count(*) FROM work_item`) + count(t, pool, `SELECT sum(done) FROM run`); n != 0 {
		t.Error("something was written")
	}
	if err := tryTx(pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, 99, db.Batch{}) }); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("a run that never was: %v", err)
	}
}

func TestBatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	good := bare("e", run)
	rows := []db.Measurement{{Label: "l", ItemKey: good.ItemKey, Component: "Z", RunID: run}}
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, run, db.Batch{Items: []db.WorkItem{good}, Measurements: rows})
	})
	changed := good
	changed.Attempts = 9
	stray := db.Measurement{Label: "l", ItemKey: db.ItemKey{EventID: "an item that is not there"}, Component: "Z", RunID: run}
	for name, b := range map[string]db.Batch{
		"a row without its item": {Items: []db.WorkItem{changed}, Measurements: []db.Measurement{rows[0], stray}},
		"a row twice":            {Items: []db.WorkItem{changed}, Measurements: []db.Measurement{rows[0], rows[0]}},
		"a state that is none":   {Items: []db.WorkItem{changed, {Label: "l", Status: "fine", RecipeHash: []byte{}, RunID: run}}},
	} {
		b.Counts.Done = 5
		if err := tryTx(pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, b) }); err == nil {
			t.Errorf("%s was written", name)
		}
		if it := items(t, pool, "l", "e")[good.ItemKey]; it.Attempts != 1 || len(measurements(t, pool, "l", nil)) != 1 ||
			count(t, pool, `SELECT done FROM run WHERE id = $1`, run) != 0 {
			t.Errorf("%s: part of the batch was written", name)
		}
	}
}

func TestBatchReplacesVerifiesAndRemoves(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	var first db.Batch
	for _, e := range []string{"computed", "failing", "verified", "obsolete", "untouched"} {
		it := bare(e, run)
		it.Suspect = ptr("data")
		first.Items = append(first.Items, it)
		for _, c := range []string{"E", "N"} {
			first.Measurements = append(first.Measurements, db.Measurement{Label: "l", ItemKey: it.ItemKey, Component: c, RunID: run})
		}
	}
	tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, first) })
	computed, verified := bare("computed", run), bare("verified", run)
	verified.Revision = 7
	second := db.Batch{Items: append(make([]db.WorkItem, 0, 8), computed, bare("failing", run)), Verified: []db.WorkItem{verified},
		Obsolete: []db.WorkItem{bare("obsolete", run)}, Measurements: []db.Measurement{{Label: "l", ItemKey: computed.ItemKey, Component: "Z", RunID: run}}}
	tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, second) })
	var got []string
	for _, m := range measurements(t, pool, "l", nil) {
		got = append(got, m.EventID+" "+m.Component)
	}
	want(t, "rows", []string{"computed Z", "untouched E", "untouched N", "verified E", "verified N"}, got)
	suspects := map[string]bool{}
	for k, it := range items(t, pool, "l", "computed", "failing", "verified", "obsolete", "untouched") {
		suspects[k.EventID] = it.Suspect != nil
	}
	want(t, "suspects", map[string]bool{"computed": false, "failing": false, "verified": false, "untouched": true}, suspects)
}

func TestLabelsKeepTheirRecipe(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	if _, err := db.FindLabel(ctx, pool, "l"); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("a label that is not there: %v", err)
	}
	for _, l := range []db.Label{{Name: "l", Recipe: awkward, RecipeHash: []byte{1}}, {Name: "l", Recipe: "", RecipeHash: []byte{2}}} {
		tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveLabel(ctx, tx, l) })
		got, err := db.FindLabel(ctx, pool, "l")
		if err != nil {
			t.Fatal(err)
		}
		want(t, "label", l, got)
		pool.MustExec(`UPDATE label SET marked_revision = 5`)
	}
	if n := count(t, pool, `SELECT marked_revision FROM label`); n != 5 {
		t.Errorf("a new recipe sets the marked revision to %d", n)
	}
}

func TestFailuresAreTheItemsAndTheFilesInOrder(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	b, a, done, elsewhere := bare("b", run), bare("a", run), bare("c", run), bare("a", run)
	a.Station, a.Code, a.Stage, a.File, a.Message, a.Tries = "S", ptr("gap"), ptr("window"), ptr("/x"), ptr(awkward), 3
	done.Status = db.ItemDone
	elsewhere.Label = "another"
	tx(t, pool, func(tx *sqlx.Tx) error {
		if err := db.SaveBatch(ctx, tx, run, db.Batch{Items: []db.WorkItem{b, a, done, elsewhere}}); err != nil {
			return err
		}
		for _, f := range []db.File{{Path: "/z", ErrorCode: ptr("bad_record"), Error: ptr("z")}, {Path: "/y", Error: ptr("y")}, {Path: "/good"}} {
			if err := db.SaveFile(ctx, tx, 1, f, nil); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := db.Failures(ctx, pool, "l")
	if err != nil {
		t.Fatal(err)
	}
	for i := range got { // files are seen now
		if f := &got[i]; f.FirstSeen == nil || f.LastSeen.Before(*f.FirstSeen) || f.File == "/x" && !f.FirstSeen.Equal(day) {
			t.Errorf("seen: %+v", f)
		}
		got[i].FirstSeen, got[i].LastSeen, got[i].New = nil, time.Time{}, false
	}
	want(t, "failures", []db.Failure{
		{File: "/y", Stage: "load", Message: "y", Attempts: 1}, {File: "/z", Stage: "load", Code: "bad_record", Message: "z", Attempts: 1},
		{ItemKey: a.ItemKey, File: "/x", Stage: "window", Code: "gap", Message: awkward, Attempts: 3}, {ItemKey: b.ItemKey, Attempts: 1}}, got)
}
