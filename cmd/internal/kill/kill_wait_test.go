package kill_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

// waits is longer than a server needs to come back.
const waits = 45 * time.Second

// survive kills the server in a run that waits for it, and requires that the run ends as an
// undisturbed one.
func (l *local) survive(t *testing.T, w *world, s *stage, tr trap, by restart) {
	t.Helper()
	o := with(s.next, w.copy(t, s.dsn))
	o.Server, o.Trap, o.Retry, o.Restart = l.base, tr, waits, by
	e := start(t, o)
	l.restart(t)
	if e.killed || e.status != 0 || e.Error != "" || tr.Delay == 0 && e.At == "" {
		t.Errorf("at %q the program ended with status %d (killed: %v): %s", e.At, e.status, e.killed, e.Error)
	}
	got := read(t, o.DSN)
	checkFinished(t, got, s.want)
	if len(got.runs) != len(s.want.runs) {
		t.Errorf("%d runs, want %d", len(got.runs), len(s.want.runs))
	}
	if t.Failed() {
		t.Log(describe(tr), s.name)
	}
}

// killAndWait kills each victim around a transaction and while computing, and at random moments.
func (l *local) killAndWait(t *testing.T, w *world, rng *rand.Rand) {
	mortal := []victim{server, postmaster, backend}
	points := []string{"run:in-write", "run:computed", "run:before-write", "run:after-write"}
	for i, point := range points {
		v, s := mortal[i%len(mortal)], w.stages[i%len(w.stages)]
		by := []restart{byOther, byProgram}[i%2]
		t.Run(fmt.Sprintf("%s, %s, %s, restarted by %s", s.name, v, point, by), func(t *testing.T) {
			l.survive(t, w, s, trap{Point: point, Passing: 2, Victim: v}, by)
		})
	}
	for i := range max(2, kills(t)/5) {
		v, s := mortal[i%len(mortal)], w.stages[i%len(w.stages)]
		tr := s.clean.moment(rng, v)
		t.Run(fmt.Sprintf("%s, passing %d and %v, %s", s.name, tr.Passing, tr.Delay, v), func(t *testing.T) {
			l.survive(t, w, s, tr, byProgram)
		})
	}
}

// loseOwnServer has programs that share their server with nobody lose it while they load
// and while they run.
func loseOwnServer(t *testing.T, w *world) {
	for _, tr := range []trap{
		{Point: "load:in-write", Passing: 2, Victim: server},
		{Point: "run:in-write", Passing: 3, Victim: server},
	} {
		base := serverDir(t)
		o := w.loading()
		o.Server, o.Run, o.Recipe, o.Trap, o.Retry, o.Restart = base, true, recipeA, tr, waits, byProgram
		if e := start(t, o); e.At != tr.Point || e.killed || e.status != 0 {
			t.Errorf("%s: at %q, killed: %v, status %d, error %q", describe(tr), e.At, e.killed, e.status, e.Error)
		}
		if s, err := pgserver.Examine(context.Background(), serverConfig(base)); err != nil || s.Running {
			t.Errorf("after its last user the server is %+v, %v", s, err)
		}
		s, err := pgserver.Start(context.Background(), serverConfig(base))
		if err != nil {
			t.Fatal(err)
		}
		loads := []string{"revision", "marked_revision", "since_revision"} // a load that is repeated counts more of them
		checkFinished(t, read(t, s.DSN(), loads...), read(t, w.stages[0].after, loads...))
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
