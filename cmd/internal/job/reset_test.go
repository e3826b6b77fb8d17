package job

import (
	"errors"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/db"
)

func mustReset(t *testing.T, l *lab, o ResetOptions) ResetResult {
	t.Helper()
	o.Label = "default"
	r, err := Reset(t.Context(), l.pool, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsResetIsComputedAgainAndNothingElse(t *testing.T) {
	l := newFinishedLab(t, small)
	whole := ResetResult{Label: "default", Items: 12, Done: 12, Measurements: 60, Events: 3, Stations: 3}
	if r := mustReset(t, l, ResetOptions{DryRun: true, batch: 5}); r != whole {
		t.Errorf("all of it: %+v", r)
	}
	l.wantNothingDue()
	o, _ := l.events[1].PreferredOrigin()
	for name, c := range map[string]struct {
		s    Selection
		want []string
	}{
		"an event":      {Selection{Selection: db.Selection{Events: []string{"002"}}}, itemNames([]int{2}, everyInstrument...)},
		"a time":        {Selection{Selection: db.Selection{From: l.betweenEvents(2)}}, itemNames([]int{3}, everyInstrument...)},
		"a station":     {Selection{Stations: []string{"ST01"}}, itemNames(everyEvent, "ST01..HN", "ST01.00.HH")},
		"a location":    {Selection{Locations: []string{"00"}}, itemNames(everyEvent, "ST01.00.HH")},
		"a channel":     {Selection{Channels: []string{"HHE"}}, itemNames(everyEvent, "ST01.00.HH")},
		"an instrument": {Selection{Channels: []string{"HN?"}, Stations: []string{"ST0[12]"}}, itemNames(everyEvent, "ST01..HN", "ST02..HN")},
		"a place":       {Selection{Center: &Point{o.Latitude, o.Longitude}, Radius: 1}, itemNames([]int{2}, everyInstrument...)},
		"a distance":    {Selection{MaxDistance: 1}, nil},
		"far away":      {Selection{MaxDistance: 1e7, Stations: []string{"ST03"}}, itemNames(everyEvent, "ST03..HN")},
	} {
		if r := mustReset(t, l, ResetOptions{Selection: c.s, DryRun: true}); int(r.Items) != len(c.want) || r.Changed {
			t.Errorf("%s, told: %+v", name, r)
		}
		r := mustReset(t, l, ResetOptions{Selection: c.s, batch: 2})
		if int(r.Items) != len(c.want) || r.Changed != (len(c.want) > 0) || r.Measurements != 5*r.Items {
			t.Errorf("%s: %+v", name, r)
		}
		kept := itemsOf(t, l.pool, "default")
		for k := range kept {
			if slices.Contains(c.want, itemName(k)) {
				t.Errorf("%s: %s is still there", name, itemName(k))
			}
		}
		if plan := mustRun(t, l.pool, RunOptions{DryRun: true}); plan.Reasons[NeverDone] != r.Items {
			t.Errorf("%s: %+v", name, plan)
		}
		l.wantRecomputed(c.want, 0)
	}
}

func TestAResetOfARetiredEventTakesItsItemsAway(t *testing.T) {
	l := newFinishedLab(t, small)
	l.events[1].Type = db.NotExisting
	l.loadEvents()
	if r := mustReset(t, l, ResetOptions{Selection: Selection{Selection: db.Selection{Events: []string{"002"}}}}); r.Items != 4 {
		t.Errorf("%+v", r)
	}
	l.wantRetired(0, nil, 0)
}

func TestAResetThatIsStoppedHasForgottenWhatItSays(t *testing.T) {
	l := newFinishedLab(t, small)
	stop := make(chan struct{})
	r := mustReset(t, l, ResetOptions{Stop: stop, batch: 5, Progress: func(p Progress) {
		if p.Done == 10 {
			close(stop)
		}
	}})
	if n := len(itemsOf(t, l.pool, "default")); !r.Interrupted || !r.Changed || r.Items != 10 || n != 2 {
		t.Errorf("%d items are left: %+v", n, r)
	}
	l.wantRowsOfTheirItems()
}

func TestAResetNeedsTheLockOfTheLabel(t *testing.T) {
	l := newFinishedLab(t, small)
	for _, shard := range []db.Shard{{}, {Index: 1, Count: 2}} {
		lock, err := db.TryLock(t.Context(), l.pool, "default", shard)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Reset(t.Context(), l.pool, ResetOptions{Label: "default"}); !errors.Is(err, db.ErrLocked) {
			t.Errorf("beside %v: %v", shard, err)
		}
		if _, err := DeleteLabel(t.Context(), l.pool, "default", ResetOptions{}); !errors.Is(err, db.ErrLocked) {
			t.Errorf("beside %v: %v", shard, err)
		}
		if r := mustReset(t, l, ResetOptions{DryRun: true}); r.Items != 12 {
			t.Errorf("told beside %v: %+v", shard, r)
		}
		if err := lock.Release(); err != nil {
			t.Fatal(err)
		}
	}
	l.wantNothingDue()
}

func TestALabelIsDeletedWithWhatItHoldsAndNothingElse(t *testing.T) {
	l := newFinishedLab(t, small)
	mustRun(t, l.pool, RunOptions{Label: "other"})
	stop := make(chan struct{})
	r, err := DeleteLabel(t.Context(), l.pool, "other", ResetOptions{Stop: stop, batch: 5, Progress: func(Progress) {
		select {
		case <-stop:
		default:
			close(stop)
		}
	}})
	if err != nil || !r.Interrupted || r.Items != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err = DeleteLabel(t.Context(), l.pool, "other", ResetOptions{}); err != nil || r.Items != 7 || !r.Changed {
		t.Fatalf("%+v, %v", r, err)
	}
	all, err := db.Labels(t.Context(), l.pool)
	if err != nil || len(all) != 1 || all[0].Name != "default" || all[0].Done != 12 || all[0].Rows != 60 {
		t.Errorf("%+v, %v", all, err)
	}
	runs, err := db.Runs(t.Context(), l.pool, 0)
	if err != nil || len(runs) != 2 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	l.wantNothingDue()
}

// A label that is made and never run does not keep the changes of others from being forgotten.
func TestANewLabelHoldsNoChangesBack(t *testing.T) {
	l := newFinishedLab(t, small)
	label := db.Label{Name: "new", Recipe: "x", RecipeHash: []byte{1}}
	for i, want := range []bool{true, false} {
		if made, err := CreateLabel(t.Context(), l.pool, label); err != nil || made != want {
			t.Fatalf("%d: %v, %v", i, made, err)
		}
	}
	var held int64
	if err := l.pool.Get(&held, `SELECT r.value - l.marked_revision FROM label l, revision r WHERE l.name = 'new'`); err != nil || held != 0 {
		t.Errorf("the changes of %d revisions before it are held back, %v", held, err)
	}
}

// A load may replace an epoch while a run is at it: its items are for the next run.
func TestAnEpochThatGoesDuringARunLeavesItsItemsDue(t *testing.T) {
	l := newLab(t, small)
	cloneResponse(l.channel("ST03.HNE")).Stages[0].Gain *= 1.01 // a response that nobody else has
	l.loadAll()
	r := mustRun(t, l.pool, RunOptions{Hook: func(point string) {
		if point == "run:planned" {
			l.pool.MustExec(`DELETE FROM channel WHERE station = 'ST03'`)
		}
	}})
	if r.Done != 9 || r.Failed != 0 {
		t.Errorf("%+v", r)
	}
	l.loadStations()
	l.wantRecomputed(itemNames(everyEvent, "ST03..HN"), 0)
}
