package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// dueItems lists the items of a label that are due, the changes that are not yet marked included;
// its items were computed as now.
func dueItems(t testing.TB, pool *sqlx.DB, label string) []string {
	t.Helper()
	var events []string
	if err := pool.Select(&events, `SELECT DISTINCT event_id FROM work_item WHERE label = $1`, label); err != nil {
		t.Fatal(err)
	}
	states, err := db.ItemStates(context.Background(), pool, label, events, db.Current{RecipeHash: []byte{}})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `SELECT count(*) FROM work_item WHERE label = $1`, label); n != len(states) {
		t.Errorf("%d states of %d items", len(states), n)
	}
	var due []string
	for k, s := range states {
		if s.Due {
			due = append(due, fmt.Sprint(k))
		}
	}
	slices.Sort(due)
	return due
}

func TestItemStatesTellWhatIsDue(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	label(t, pool, "l", 0, func(run int64) []db.WorkItem {
		kinds := map[string]func(*db.WorkItem){
			"done":      func(it *db.WorkItem) { it.Status = db.ItemDone },
			"skipped":   func(it *db.WorkItem) { it.Status, it.Code = db.ItemSkipped, ptr("too_far") },
			"failed":    func(it *db.WorkItem) { it.Code = ptr("gap") },
			"transient": func(it *db.WorkItem) { it.Code = ptr("file_missing") },
			"suspect":   func(it *db.WorkItem) { it.Status, it.Suspect = db.ItemDone, ptr("data") },
			"recipe":    func(it *db.WorkItem) { it.Status, it.RecipeHash = db.ItemDone, []byte("old") },
			"algorithm": func(it *db.WorkItem) { it.Status, it.Algorithm = db.ItemDone, 1 },
		}
		var all []db.WorkItem
		for name, change := range kinds {
			it := bare(name, run)
			it.RecipeHash, it.Algorithm = []byte("new"), 2
			change(&it)
			all = append(all, it)
		}
		return all
	})
	got, err := db.ItemStates(ctx, pool, "l", []string{"done", "skipped", "failed", "transient", "suspect", "recipe", "algorithm", "none"},
		db.Current{RecipeHash: []byte("new"), Algorithm: 2, Retry: []string{"file_missing"}})
	if err != nil {
		t.Fatal(err)
	}
	key := func(event string) db.ItemKey { return db.ItemKey{EventID: event} }
	want(t, "states", map[db.ItemKey]db.ItemState{
		key("done"): {Status: "done"}, key("skipped"): {Status: "skipped"}, key("failed"): {Status: "failed"}, key("transient"): {Status: "failed", Due: true},
		key("suspect"): {Status: "done", Due: true}, key("recipe"): {Status: "done", Due: true}, key("algorithm"): {Status: "done", Due: true},
	}, got)
	if states, err := db.ItemStates(ctx, pool, "none", []string{"done"}, db.Current{}); err != nil || len(states) != 0 {
		t.Errorf("of a label that is none: %v, %v", states, err)
	}
}
