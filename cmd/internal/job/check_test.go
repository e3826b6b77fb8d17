package job

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// itemsOf reads all work items of a label.
func itemsOf(t *testing.T, pool *sqlx.DB, label string) map[db.ItemKey]db.WorkItem {
	t.Helper()
	var rows []db.WorkItem
	if err := pool.Select(&rows, `SELECT * FROM work_item WHERE label = $1`, label); err != nil {
		t.Fatal(err)
	}
	items := map[db.ItemKey]db.WorkItem{}
	for _, r := range rows {
		items[r.ItemKey] = r
	}
	return items
}

// measurementsOf reads all measurements of a label as JSON by their key; what
// differs from run to run is left out.
func measurementsOf(t *testing.T, pool *sqlx.DB, label string) map[string]string {
	t.Helper()
	rows := map[string]string{}
	err := db.Measurements(context.Background(), pool, label, nil, func(m *db.Measurement) error {
		row := *m
		row.RunID, row.Label = 0, ""
		text, err := json.Marshal(row)
		rows[fmt.Sprintf("%s %s.%s %s", itemName(m.ItemKey), m.Network, m.Instrument, m.Component)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// outcomesOf gives status and failure of every item of a label.
func outcomesOf(t *testing.T, pool *sqlx.DB, label string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for k, it := range itemsOf(t, pool, label) {
		out[itemName(k)+" "+k.Network] = it.Status + " " + orNone(it.Code) + " " + orNone(it.Stage) + " " + orNone(it.File) + " " + orNone(it.Message)
	}
	return out
}

func orNone(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// wantRecomputed runs the default label and requires that exactly the named items
// are computed, as a plan made before says, and that so many more are verified. Then nothing may be left to
// do, and the results must be those of a fresh label, which computes everything.
func (l *lab) wantRecomputed(names []string, verified int64) RunResult {
	l.Helper()
	before := itemsOf(l.T, l.pool, "default")
	foreseen := l.coverage(RunOptions{RecipeText: l.recipe}) // before a plan marks what has changed
	planned := mustRun(l.T, l.pool, RunOptions{RecipeText: l.recipe, DryRun: true})
	r := mustRun(l.T, l.pool, RunOptions{RecipeText: l.recipe})
	if planned.Due != r.Due || planned.Verified != r.Verified || !maps.Equal(planned.Reasons, r.Reasons) {
		l.Errorf("planned %+v, but done %+v", planned, r)
	}
	l.wantForeseen(foreseen, planned)
	after := itemsOf(l.T, l.pool, "default")
	var computed []string
	for k, it := range after {
		old, known := before[k]
		if !known || it.RunID != old.RunID {
			computed = append(computed, itemName(k))
		}
		if known && it.RunID == old.RunID && it.Attempts != old.Attempts {
			l.Errorf("%s: attempts changed from %d to %d without a run", itemName(k), old.Attempts, it.Attempts)
		}
		if it.RunID == r.RunID && it.Attempts != old.Attempts+1 {
			l.Errorf("%s: %d attempts after %d", itemName(k), it.Attempts, old.Attempts)
		}
		if it.Suspect != nil {
			l.Errorf("%s is still suspected", itemName(k))
		}
	}
	slices.Sort(computed)
	if diff := cmp.Diff(names, computed); diff != "" {
		l.Errorf("computed items (-want +got):\n%s", diff)
	}
	if int(r.Due) != len(names) || r.Due != r.Done+r.Failed+r.Skipped || r.Verified != verified {
		l.Errorf("want %d due and %d verified: %+v", len(names), verified, r)
	}
	l.wantRowsOfTheirItems()
	l.wantNothingDue()
	l.wantAsFresh()
	return r
}

// wantRowsOfTheirItems requires measurements to be of the run of their item.
func (l *lab) wantRowsOfTheirItems() {
	l.Helper()
	var n int
	err := l.pool.Get(&n, `SELECT count(*) FROM work_item w FULL JOIN measurement m
		USING (label, event_id, network, station, location, instrument)
		WHERE w.run_id IS DISTINCT FROM m.run_id AND w.status = 'done' OR w.status <> 'done' AND m.run_id IS NOT NULL`)
	if err != nil || n != 0 {
		l.Errorf("%d measurements are not of their item's run, %v", n, err)
	}
}

func (l *lab) wantNothingDue() {
	l.Helper()
	if r := mustRun(l.T, l.pool, RunOptions{}); r.Counts != (db.Counts{}) {
		l.Errorf("once more: %+v", r)
	}
}

// wantAsFresh computes everything under a new label and compares.
func (l *lab) wantAsFresh() {
	l.Helper()
	l.labels++
	label := fmt.Sprintf("fresh%d", l.labels)
	mustRun(l.T, l.pool, RunOptions{Label: label, RecipeText: l.recipe})
	if diff := cmp.Diff(outcomesOf(l.T, l.pool, label), outcomesOf(l.T, l.pool, "default")); diff != "" {
		l.Errorf("outcomes differ from those computed afresh (-fresh +kept):\n%s", diff)
	}
	if diff := cmp.Diff(measurementsOf(l.T, l.pool, label), measurementsOf(l.T, l.pool, "default")); diff != "" {
		l.Errorf("measurements differ from those computed afresh (-fresh +kept):\n%s", diff)
	}
}
