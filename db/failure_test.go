package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestFailuresAreCountedByWhatTheyHaveInCommon(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "a")
	var batch db.Batch
	for i := range 30 {
		it := bare(fmt.Sprintf("e%d", i%3), run)
		it.Label, it.Status, it.Code, it.Message = "a", db.ItemFailed, ptr("gap"), ptr(fmt.Sprint("message ", i))
		it.ItemKey = db.ItemKey{EventID: it.EventID, Network: "N", Station: fmt.Sprintf("S%d", i%5), Instrument: fmt.Sprintf("I%d", i)}
		if i >= 28 {
			it.Code = ptr("no_response")
		}
		if i == 27 {
			it.Status, it.Code = db.ItemSkipped, ptr("too_far")
		}
		batch.Items = append(batch.Items, it)
	}
	tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, batch) })
	if _, err := pool.Exec(`INSERT INTO file (archive, path, size, mtime, error_code, error) VALUES ('/a', '/a/b', 1, now(), 'gap', 'why')`); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ status, by, want string }{
		{db.ItemFailed, "code", "[gap 27+1 of 3 at 5, no_response 2+0 of 2 at 2]"},
		{db.ItemFailed, "network", "[N 29+0 of 3 at 5,  0+1 of 0 at 0]"},
		{db.ItemFailed, "station", "[N.S0 6+0 of 3 at 1, N.S1 6+0 of 3 at 1, N.S3 6+0 of 3 at 1, N.S4 6+0 of 3 at 1, N.S2 5+0 of 3 at 1,  0+1 of 0 at 0]"},
		{db.ItemFailed, "event", "[e1 10+0 of 1 at 5, e2 10+0 of 1 at 5, e0 9+0 of 1 at 5,  0+1 of 0 at 0]"},
		{db.ItemSkipped, "code", "[too_far 1+0 of 1 at 1]"},
	} {
		groups, err := db.GroupFailures(ctx, pool, "a", c.status, c.by, db.AgeAny)
		if err != nil {
			t.Fatal(err)
		}
		got := "["
		for i, g := range groups {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%s %d+%d of %d at %d", g.Group, g.Items, g.Files, g.Events, g.Stations)
			if g.LastSeen.IsZero() || g.Message == "" {
				t.Errorf("%+v", g)
			}
		}
		if got += "]"; got != c.want {
			t.Errorf("by %s:\n got %s\nwant %s", c.by, got, c.want)
		}
	}
	if _, err := db.GroupFailures(ctx, pool, "a", db.ItemFailed, "colour", db.AgeAny); err == nil {
		t.Error("by colour: no error")
	}
}
