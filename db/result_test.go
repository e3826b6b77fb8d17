package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// results reads everything, in pages of n.
func results(t *testing.T, pool *sqlx.DB, r db.Results, n int) (rows []string) {
	t.Helper()
	ctx := context.Background()
	reader, err := db.ReadResults(ctx, pool, r)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var after db.ResultEvent
	for {
		events, err := db.ResultEvents(ctx, pool, r, after, n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range events {
			var last *db.ResultRow
			for {
				page, err := reader.Page(ctx, &events[i], last, n)
				if err != nil {
					t.Fatal(err)
				}
				for j := range page {
					m := &page[j]
					latitude := "?"
					if m.Latitude != nil {
						latitude = fmt.Sprint(*m.Latitude)
					}
					rows = append(rows, fmt.Sprint(m.EventID, " ", m.Station, " ", m.Component, " ", latitude, " ", m.AtAxes))
				}
				if len(page) < n {
					break
				}
				last = &page[n-1]
			}
		}
		if len(events) < n {
			return rows
		}
		after = events[n-1]
	}
}

func TestResultsAreReadInOrderWhateverTheSizeOfPages(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	viewed(t, pool)
	runSQL(t, pool, `UPDATE work_item SET recipe_hash = '' WHERE event_id = 'late'`)
	all := []string{"early A RotD50 12 true", "early A Z 10 true", "late A RotD50 12 false", "late A Z 11 false"}
	for _, n := range []int{1, 2, 3, 100} {
		want(t, fmt.Sprint("in pages of ", n), all, results(t, pool, db.Results{Label: "l"}, n))
	}
	want(t, "of a selection", all[2:], results(t, pool, db.Results{Label: "l", Selection: db.Selection{From: day.AddDate(1, 0, 0)}}, 1))
	want(t, "of another label", []string(nil), results(t, pool, db.Results{Label: "m"}, 1))
}

// Rows of a run are its own whatever became of their events; rows that a later run wrote are not.
func TestResultsOfARunAreExactlyWhatItWrote(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	first := viewed(t, pool)
	second := startRun(t, pool, "l")
	it := bare("late", second)
	it.Network, it.Station, it.Instrument, it.Status, it.RecipeHash = "N", "A", "HN", db.ItemDone, recipeHash
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, second, db.Batch{Items: []db.WorkItem{it},
			Measurements: []db.Measurement{{Label: "l", ItemKey: it.ItemKey, Component: "Z", RunID: second}}})
	})
	want(t, "of the first", []string{"early A RotD50 12 true", "early A Z 10 true"}, results(t, pool, db.Results{Label: "l", Run: first}, 1))
	it.EventID, it.Station = "early", "B" // of which nothing is known, at the event of the first
	tx(t, pool, func(tx *sqlx.Tx) error {
		return db.SaveBatch(ctx, tx, second, db.Batch{Items: []db.WorkItem{it},
			Measurements: []db.Measurement{{Label: "l", ItemKey: it.ItemKey, Component: "Z", RunID: second}}})
	})
	want(t, "of the first, at one event with the second", []string{"early A RotD50 12 true", "early A Z 10 true"}, results(t, pool, db.Results{Label: "l", Run: first}, 1))
	want(t, "of the second, at one event with the first", []string{"early B Z ? true", "late A Z 11 true"}, results(t, pool, db.Results{Label: "l", Run: second}, 1))
	runSQL(t, pool, `UPDATE event SET status = 'deleted' WHERE id = 'early'`)
	runSQL(t, pool, `DELETE FROM origin`)
	want(t, "without origins", []string{"early A RotD50 12 true", "early A Z 10 true"}, results(t, pool, db.Results{Label: "l", Run: first}, 1))
	want(t, "of the label, without origins", []string(nil), results(t, pool, db.Results{Label: "l"}, 1))
	if label, err := db.RunLabel(ctx, pool, second); err != nil || label != "l" {
		t.Errorf("label %q, %v", label, err)
	}
	if _, err := db.RunLabel(ctx, pool, 99); !errors.Is(err, db.ErrNoRun) {
		t.Errorf("run 99: %v", err)
	}
}
