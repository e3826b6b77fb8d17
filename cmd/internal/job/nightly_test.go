package job

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// night runs a nightly job of the archive at a time.
func (l *lab) night(now time.Time, edit func(*NightlyOptions)) (NightlyResult, error) {
	l.Helper()
	o := NightlyOptions{RunOptions: RunOptions{Now: func() time.Time { return now }, RecipeText: l.recipe}, Window: 24 * time.Hour, MinAge: time.Hour,
		Archive: []string{filepath.Join(l.dir, synth.ArchiveDir)}, Stations: []string{filepath.Join(l.dir, synth.StationFile)},
		Events: []string{filepath.Join(l.dir, synth.EventFile)}}
	if edit != nil {
		edit(&o)
	}
	return Nightly(l.Context(), l.pool, o)
}

func (l *lab) mustNight(now time.Time, edit func(*NightlyOptions)) NightlyResult {
	l.Helper()
	r, err := l.night(now, edit)
	if err != nil {
		l.Fatal(err)
	}
	return r
}

func (l *lab) origin(event int) time.Time {
	o, _ := l.events[event-1].PreferredOrigin()
	return o.Time
}

func (l *lab) mustRename(from, to string) {
	l.Helper()
	if err := os.Rename(from, to); err != nil {
		l.Fatal(err)
	}
}

func wantReasons(t *testing.T, r RunResult, want map[Reason]int64) {
	t.Helper()
	for _, reason := range Reasons {
		if r.Reasons[reason] != want[reason] {
			t.Errorf("%d items due for %s, want %d", r.Reasons[reason], reason, want[reason])
		}
	}
}

func TestANightLeavesYoungEventsAndOldOnesForWhichNothingIsLate(t *testing.T) {
	l := newLab(t, small)
	evening := l.origin(3).Add(5 * time.Minute)
	r := l.mustNight(evening, func(o *NightlyOptions) { o.Window, o.MinAge = evening.Sub(l.origin(2)), 10*time.Minute })
	wantReasons(t, r.RunResult, map[Reason]int64{NeverDone: 4})
	if r.Younger != 1 || r.Loads[2].Loaded != 12 {
		t.Errorf("%+v", r)
	}
	r = l.mustNight(evening.Add(2*time.Hour), func(o *NightlyOptions) { o.Window = 3 * time.Hour })
	wantReasons(t, r.RunResult, map[Reason]int64{NeverDone: 8}) // 3, and 1, for which the window is wide enough
}

func TestWhatIsLateIsDueWhateverItsAge(t *testing.T) {
	l := newLab(t, small)
	years := 20 * 365 * 24 * time.Hour
	all, late := l.events, filepath.Join(t.TempDir(), "late")
	l.mustRename(l.file("ST02.HNZ"), late)
	l.events = all[1:]
	l.loadEvents()
	first := all[1].Origins[0].Time.Add(2 * time.Hour)
	window := func(o *NightlyOptions) { o.Window = first.Sub(all[0].Origins[0].Time) - time.Minute }
	r := l.mustNight(first, window)
	wantReasons(t, r.RunResult, map[Reason]int64{NeverDone: 8})

	l.events = all
	l.loadEvents() // the first, a year late
	r = l.mustNight(l.origin(2).Add(years), nil)
	wantReasons(t, r.RunResult, map[Reason]int64{NeverDone: 4})
	l.mustRename(late, l.file("ST02.HNZ"))
	r = l.mustNight(l.origin(2).Add(years), nil)
	wantReasons(t, r.RunResult, map[Reason]int64{DataChanged: 3})
	l.channel("ST03.HNZ").Azimuth += 5
	l.channel("ST03.HNZ").Latitude += 0.01
	l.loadStations()
	r = l.mustNight(l.origin(2).Add(years), nil)
	wantReasons(t, r.RunResult, map[Reason]int64{MetadataChanged: 3})
}

// What a night had no time for is due the next night, and all others after, whatever the window.
func TestWhatIsLeftOfANightStaysDue(t *testing.T) {
	l := newLab(t, small)
	evening := l.origin(3).Add(5 * time.Minute)
	r := l.mustNight(evening, func(o *NightlyOptions) { o.StopAfter, o.MinAge = 1, 10*time.Minute })
	if r.Due != 0 || r.Budget != TimeBudget {
		t.Fatalf("%+v", r)
	}
	l.mustNight(evening, func(o *NightlyOptions) { o.MinAge = 24 * time.Hour }) // all are too young
	l.mustNight(evening.AddDate(1, 0, 0), nil)
	if n := len(itemsOf(t, l.pool, "default")); n != 12 {
		t.Errorf("%d items after a year, want 12", n)
	}
}

func TestEventsFromBeforeTheLabelAreNotLate(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	old := l.origin(3).Add(10 * 24 * time.Hour)
	wantReasons(t, l.mustNight(old, nil).RunResult, nil)
	l.events[0].Magnitudes[1].Value += 0.1
	l.loadEvents()
	wantReasons(t, l.mustNight(old, nil).RunResult, map[Reason]int64{NeverDone: 4}) // it has changed since
}

func TestANightTakesTheNewestOrTheOldestFirst(t *testing.T) {
	for _, newest := range []bool{false, true} {
		l := newLab(t, small)
		var order []string
		l.mustNight(l.origin(3).Add(2*time.Hour), func(o *NightlyOptions) {
			o.Selection.Newest, o.Workers, o.BatchSize = newest, 1, 1
			o.Progress = func(p Progress) { order = append(order, path.Base(p.Note)) }
		})
		want := []string{"001", "002", "003"}
		if newest {
			slices.Reverse(want)
		}
		if got := slices.Compact(order); !slices.Equal(got, want) {
			t.Errorf("newest %v: %v", newest, got)
		}
	}
}

func TestBudgetsLeaveTheRestDue(t *testing.T) {
	l := newLab(t, small)
	l.channel("ST01.HNZ").Response = nil
	l.loadStations()
	night := l.origin(3).Add(2 * time.Hour)
	one := func(o *NightlyOptions) { o.Workers, o.BatchSize, o.MaxFailures = 1, 1, &MaxFailures{Count: 1} }
	r := l.mustNight(night, one)
	if r.Budget != FailureBudget || r.Counts.Failed < 2 || r.Left == 0 || r.Due+r.Left != 12 {
		t.Errorf("over the budget of failures: %+v", r)
	}
	wantRun(t, l, db.Failed, "more than 1 items failed: stopped, ")
	r2 := l.mustNight(night, func(o *NightlyOptions) { o.StopAfter = 1 })
	if r2.Budget != TimeBudget || r2.Due != 0 {
		t.Errorf("without time: %+v", r2)
	}
	wantRun(t, l, db.Done, "the time of 1ns was over: ")
	r3 := l.mustNight(night, func(o *NightlyOptions) { o.MaxFailures, o.StopAfter = &MaxFailures{Percent: 60}, time.Hour })
	if r3.Budget != "" || r3.Due != r.Left {
		t.Errorf("the rest: %+v", r3)
	}
}

func wantRun(t *testing.T, l *lab, status, message string) {
	t.Helper()
	runs, err := db.Runs(t.Context(), l.pool, 1)
	if err != nil || len(runs) != 1 || runs[0].Status != status || !strings.HasPrefix(runs[0].Message, message) {
		t.Errorf("run %+v, %v; want %s: %s", runs, err, status, message)
	}
}

func TestAnArchiveThatIsAwayEndsTheNightBeforeGoodResultsAreLost(t *testing.T) {
	l := newLab(t, small)
	night := l.origin(3).Add(2 * time.Hour)
	l.mustNight(night, nil)
	before := itemsOf(t, l.pool, "default")
	away := filepath.Join(t.TempDir(), "away")
	l.mustRename(filepath.Join(l.dir, synth.ArchiveDir), away)
	for _, mounted := range []bool{false, true} {
		if mounted {
			if err := os.Mkdir(filepath.Join(l.dir, synth.ArchiveDir), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		l.recipe = []byte(recipeOther)
		if r, err := l.night(night, nil); err == nil || r.RunID == 0 || r.Due != 0 {
			t.Errorf("empty folder %v: %+v, %v", mounted, r, err)
		}
		wantRun(t, l, db.Failed, "loading waveforms: ")
		if diff := cmp.Diff(before, itemsOf(t, l.pool, "default")); diff != "" {
			t.Error(diff)
		}
	}
}

const recipeOther = "measure: {damping: 0.03}\n"

func TestANightTellsNewFailuresFromOldAndRecovered(t *testing.T) {
	l := newLab(t, small)
	response := l.channel("ST01.HNZ").Response
	night := l.origin(3).Add(2 * time.Hour)
	want := func(edit func(*NightlyOptions), new, recovered, still int64) {
		t.Helper()
		r := l.mustNight(night, edit)
		if r.NewFailures != new || r.Recovered != recovered || r.FailedAgain != still || len(r.FirstFailures) != int(new) || len(r.FirstRecovery) != int(recovered) {
			t.Errorf("%+v; want %d new, %d recovered, %d still", r.Turns, new, recovered, still)
		}
	}
	l.channel("ST01.HNZ").Response = nil
	l.loadStations()
	want(nil, 3, 0, 0)
	want(nil, 0, 0, 0)
	want(func(o *NightlyOptions) { o.Force = true }, 0, 0, 3)
	l.channel("ST01.HNZ").Response = response
	l.loadStations()
	want(nil, 0, 3, 0)
}

func TestRunsOfWhichNothingIsLeftAreForgotten(t *testing.T) {
	l := newLab(t, small)
	night := l.origin(3).Add(2 * time.Hour)
	for i := range 3 { // the first writes, the others find nothing
		l.mustNight(night.AddDate(0, 0, i), nil)
	}
	if r := l.mustNight(night.AddDate(0, 0, 30), func(o *NightlyOptions) { o.KeepRuns = 7 * 24 * time.Hour }); r.Pruned != 2 {
		t.Errorf("%d forgotten, want 2", r.Pruned)
	}
	runs, err := db.Runs(t.Context(), l.pool, 0)
	if err != nil || len(runs) != 2 || runs[1].Done != 12 {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestMetadataThatAreAsTheyWereAreNotReadAgain(t *testing.T) {
	l := newLab(t, small)
	night := l.origin(3).Add(2 * time.Hour)
	broken := filepath.Join(l.dir, "broken.xml")
	l.write(broken, []byte("<FDSNStationXML"))
	both := func(o *NightlyOptions) { o.Stations = append(o.Stations, broken) }
	if r := l.mustNight(night, both); r.Loads[0].Loaded != 2 || r.Loads[0].LoadSummary.Failed != 1 || len(r.Files) != 1 || !r.HasFailed() {
		t.Errorf("%+v", r)
	}
	if r := l.mustNight(night, both); r.Loads[0].Loaded != 0 || r.Loads[0].Unchanged != 2 || len(r.Files) != 0 || r.HasFailed() {
		t.Errorf("again: %+v", r)
	}
	l.touch(broken)
	if r := l.mustNight(night, both); r.Loads[0].Loaded != 1 {
		t.Errorf("touched: %+v", r)
	}
}
