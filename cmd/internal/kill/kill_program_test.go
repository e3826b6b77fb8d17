package kill_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestKilledProgram(t *testing.T) {
	t.Parallel()
	empty, admin := dbtest.DSN(t), dbtest.NewEmpty(t)
	w := newWorld(t, makeArchive(t), admin, empty)
	rng := moments(t)
	t.Run("the next run completes what is left, whatever the point", func(t *testing.T) { w.killAtEachPoint(t, rng) })
	t.Run("the next run completes what is left, whatever the moment", func(t *testing.T) { w.killAtRandom(t, rng) })
	t.Run("each run gets on although all are killed", w.killEveryRun)
	t.Run("the next load completes an archive", func(t *testing.T) { w.killLoads(t, rng) })
	t.Run("items computed from part of an archive are computed again", w.runAfterKilledLoad)
}

// round kills a run on a copy of the stage, looks at what it left, and finishes it.
func (w *world) round(t *testing.T, s *stage, tr trap) ended {
	t.Helper()
	o := with(s.next, w.copy(t, s.dsn))
	o.Trap = tr
	e := start(t, o)
	if !e.killed && e.status != 0 {
		t.Errorf("the program failed before it was killed: %s", e.Error)
	}
	checkKilled(t, s, read(t, o.DSN), e)
	o.Trap = trap{}
	if finish(t, o).Waited {
		t.Log("had to wait for the lock of the program that was killed")
	}
	checkFinished(t, read(t, o.DSN), s.want)
	if t.Failed() {
		t.Log(describe(tr), s.name)
	}
	return e
}

// killAtEachPoint kills at a random passing of each named point of a first run, and of
// those around a transaction of a later one; where there is time for many rounds, at
// the first and the last passing too, and at all points of every run.
func (w *world) killAtEachPoint(t *testing.T, rng *rand.Rand) {
	long := kills(t) >= 100
	for i, s := range w.stages {
		for _, point := range slices.Sorted(maps.Keys(s.clean.Passed)) {
			last := s.clean.Passed[point]
			passings := []int{1 + rng.IntN(last)}
			if long {
				passings = append(passings, 1, last)
			} else if i > 0 && !strings.HasSuffix(point, "-write") {
				continue
			}
			for _, n := range passings {
				t.Run(fmt.Sprintf("%s, %s, passing %d of %d", s.name, point, n, last), func(t *testing.T) {
					e := w.round(t, s, trap{Point: point, Passing: n, Victim: self})
					// How results fall into batches depends on the time: there may be fewer.
					if !e.killed && n == 1 {
						t.Error("the program was not killed")
					}
				})
			}
		}
	}
}

// killAtRandom kills at random moments and requires that most are inside the run.
func (w *world) killAtRandom(t *testing.T, rng *rand.Rand) {
	landed, rounds := 0, kills(t)
	for i := range rounds {
		s := w.stages[i%len(w.stages)]
		tr := s.clean.moment(rng, self)
		t.Run(fmt.Sprintf("%s, passing %d and %v", s.name, tr.Passing, tr.Delay), func(t *testing.T) {
			if e := w.round(t, s, tr); e.killed {
				landed++
			}
		})
	}
	requireLanded(t, landed, rounds)
}

func requireLanded(t *testing.T, landed, rounds int) {
	t.Helper()
	t.Logf("%d of %d kills landed inside the run", landed, rounds)
	if 100*landed < 80*rounds {
		t.Error("fewer than 80 %: this proves too little")
	}
}

// killEveryRun kills each run after its first batch until one has nothing to write.
func (w *world) killEveryRun(t *testing.T) {
	for _, s := range w.stages {
		o := with(s.next, w.copy(t, s.dsn))
		o.Trap = trap{Point: "run:after-write", Passing: 1, Victim: self}
		before, runs := int64(0), 0
		for ; ; runs++ {
			e := start(t, o)
			if !e.killed {
				break
			}
			got := read(t, o.DSN)
			written := s.written(t, got)
			if written <= before {
				t.Fatalf("%s: after run %d, %d items are written, after the one before %d", s.name, runs, written, before)
			}
			before = written
		}
		t.Logf("%s: %d runs were killed", s.name, runs)
		checkFinished(t, read(t, o.DSN), s.want)
	}
}

// killLoads kills loads, loads again and runs. Loads that are repeated count more
// revisions than one that is not.
func (w *world) killLoads(t *testing.T, rng *rand.Rand) {
	first := w.stages[0]
	want := read(t, first.after, "revision", "marked_revision", "since_revision")
	o := with(w.loading(), w.copy(t, w.empty))
	clean := finish(t, o)
	var traps []trap
	for _, point := range slices.Sorted(maps.Keys(clean.Passed)) {
		traps = append(traps, trap{Point: point, Passing: 1 + rng.IntN(clean.Passed[point]), Victim: self})
	}
	for range max(2, kills(t)/5) {
		traps = append(traps, clean.moment(rng, self))
	}
	for _, tr := range traps {
		t.Run(fmt.Sprintf("%s, passing %d and %v", tr.Point, tr.Passing, tr.Delay), func(t *testing.T) {
			o := with(w.loading(), w.copy(t, w.empty))
			o.Trap = tr
			e := start(t, o)
			if !e.killed && (tr.Passing == 1 && tr.Delay == 0 || e.status != 0) {
				t.Error("the program was not killed: ", e.Error)
			}
			checkLoaded(t, read(t, o.DSN), first.before, e)
			o.Trap, o.Run, o.Recipe = trap{}, true, recipeA
			finish(t, o)
			checkFinished(t, read(t, o.DSN, "revision", "marked_revision", "since_revision"), want)
		})
	}
}

// runAfterKilledLoad runs on what a killed load left, and again after the load was
// completed: the second run must find the items that lacked data. They have more attempts.
func (w *world) runAfterKilledLoad(t *testing.T) {
	first := w.stages[0]
	o := with(w.loading(), w.copy(t, w.empty))
	o.Trap = trap{Point: "load:in-write", Passing: 2, Victim: self}
	if e := start(t, o); !e.killed {
		t.Fatal("the load was not killed: ", e.Error)
	}
	finish(t, with(order{Run: true, Recipe: recipeA}, o.DSN))
	part := read(t, o.DSN)
	checkRunsClosed(t, part)
	if len(part.tables["work_item"]) != len(first.want.tables["work_item"]) || slices.Equal(part.tables["measurement"], first.want.tables["measurement"]) {
		t.Errorf("from part of the archive came %d items and all measurements", len(part.tables["work_item"]))
	}
	o.Trap, o.Run, o.Recipe = trap{}, true, recipeA
	finish(t, o)
	late := []string{"revision", "marked_revision", "since_revision", "attempts"}
	got := read(t, o.DSN, late...)
	for _, d := range append(got.faults, differences(got, read(t, first.after, late...))...) {
		t.Error(d)
	}
}
