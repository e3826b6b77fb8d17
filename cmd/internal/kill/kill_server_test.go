package kill_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// victims are those of a kill of the server.
var victims = []victim{server, postmaster, backend, everything}

func TestKilledServer(t *testing.T) {
	t.Parallel()
	dbtest.Require(t)
	l := &local{base: serverDir(t)}
	l.restart(t)
	t.Cleanup(func() {
		if err := l.share.Close(); err != nil {
			t.Error(err)
		}
	})
	admin, empty := l.databases(t)
	w := newWorld(t, makeArchive(t), admin, empty)
	rng := moments(t)
	t.Run("the next run completes what is left, whatever the point", func(t *testing.T) { l.killAtPoints(t, w) })
	t.Run("the next run completes what is left, whatever the moment", func(t *testing.T) { l.killAtRandom(t, w, rng) })
	t.Run("a program that started its server starts it again", func(t *testing.T) { killOwnServer(t, w) })
	t.Run("a run that waits for the server completes what is left", func(t *testing.T) { l.killAndWait(t, w, rng) })
	t.Run("a program restarts its own server and goes on", func(t *testing.T) { loseOwnServer(t, w) })
}

// local is a private server in which the test has a share, so that it outlives the programs.
type local struct {
	base  string
	share *pgserver.Server
}

// restart takes a share anew, which starts the server if it is dead.
func (l *local) restart(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hung)
	defer cancel()
	s, err := pgserver.Start(ctx, serverConfig(l.base))
	if err != nil {
		t.Fatal(err)
	}
	if l.share != nil {
		if err := l.share.Close(); err != nil {
			t.Error(err)
		}
	}
	l.share = s
}

// databases gives a pool to make databases with, and a database with a schema and no
// rows. The server is told not to wait for the disk: what processes wrote outlives them in
// the kernel, and the recovery of a crash would begin by syncing every file there is.
func (l *local) databases(t *testing.T) (admin *sqlx.DB, empty string) {
	t.Helper()
	empty = l.share.DSN()
	pool := open(t, empty)
	defer pool.Close()
	if err := db.Migrate(context.Background(), pool, nil); err != nil {
		t.Fatal(err)
	}
	admin = dbtest.Open(t, strings.Replace(empty, "dbname="+pgserver.Database, "dbname=postgres", 1), db.Options{MaxConns: 1})
	for _, statement := range []string{"ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"} {
		if _, err := admin.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return admin, empty
}

// clear are the words of which an error of a lost server has one at least.
var clear = regexp.MustCompile(`connection|server|terminating|database system`)

// round kills the server in a run on a copy of the stage, starts it again, looks at
// what the run left, and finishes it.
func (l *local) round(t *testing.T, w *world, s *stage, tr trap) ended {
	t.Helper()
	o := with(s.next, w.copy(t, s.dsn))
	o.Server, o.Trap = l.base, tr
	e := start(t, o)
	switch {
	case tr.Victim == everything:
		if !e.killed && e.At != "" {
			t.Errorf("the program lives: status %d, %s", e.status, e.Error)
		}
	case e.killed, e.status > 1, e.status == 0 && e.Error != "", e.status == 1 && !clear.MatchString(e.Error):
		t.Errorf("the program ended with status %d (killed: %v) and error %q", e.status, e.killed, e.Error)
	}
	t.Logf("%s at %q, status %d: %s", tr.Victim, e.At, e.status, e.Error)
	l.restart(t)
	checkKilled(t, s, read(t, o.DSN), e)
	o.Trap = trap{}
	finish(t, o)
	checkFinished(t, read(t, o.DSN), s.want)
	if t.Failed() {
		t.Log(describe(tr), s.name)
	}
	return e
}

// killAtPoints kills each victim in the middle of a transaction, and of computing.
func (l *local) killAtPoints(t *testing.T, w *world) {
	for i, point := range []string{"run:in-write", "run:computed"} {
		for j, v := range victims {
			s := w.stages[(i+j)%len(w.stages)]
			t.Run(fmt.Sprintf("%s, %s, %s", s.name, v, point), func(t *testing.T) {
				e := l.round(t, w, s, trap{Point: point, Passing: 2, Victim: v})
				if e.At == "" || e.status == 0 {
					t.Error("the run went on to its end")
				}
			})
		}
	}
}

// killAtRandom kills at random moments and requires that most ended the run.
func (l *local) killAtRandom(t *testing.T, w *world, rng *rand.Rand) {
	landed, rounds := 0, kills(t)
	for i := range rounds {
		s, v := w.stages[i%len(w.stages)], victims[i%len(victims)]
		tr := s.clean.moment(rng, v)
		t.Run(fmt.Sprintf("%s, %s, passing %d and %v", s.name, v, tr.Passing, tr.Delay), func(t *testing.T) {
			if e := l.round(t, w, s, tr); e.killed || e.status == 1 {
				landed++
			}
		})
	}
	requireLanded(t, landed, rounds)
}

// killOwnServer has programs that share their server with nobody: the first makes
// the cluster and loses it while it runs, the second loses it while it loads, the third
// dies with it, the fourth does it all and stops it.
func killOwnServer(t *testing.T, w *world) {
	base := serverDir(t)
	o := w.loading()
	o.Server, o.Run, o.Recipe = base, true, recipeA
	for _, tr := range []trap{
		{Point: "load:in-write", Passing: 2, Victim: server},
		{Point: "run:in-write", Passing: 3, Victim: server},
		{Point: "run:read", Passing: 4, Victim: everything},
	} {
		o.Trap = tr
		if e := start(t, o); e.At != tr.Point || e.killed != (tr.Victim == everything) || !e.killed && (e.status != 1 || !clear.MatchString(e.Error)) {
			t.Errorf("%s: at %q, killed: %v, status %d, error %q", describe(tr), e.At, e.killed, e.status, e.Error)
		}
	}
	o.Trap = trap{}
	finish(t, o)
	if s, err := pgserver.Examine(context.Background(), serverConfig(base)); err != nil || s.Running {
		t.Errorf("after its last user the server is %+v, %v", s, err)
	}
	s, err := pgserver.Start(context.Background(), serverConfig(base))
	if err != nil {
		t.Fatal(err)
	}
	loads := []string{"revision", "marked_revision", "since_revision"} // there were more of them
	checkFinished(t, read(t, s.DSN(), loads...), read(t, w.stages[0].after, loads...))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// serverDir is a short temporary folder that the server's account may pass through.
// Whatever serves in it ends with the test, or with this process however it ends: a
// program is told so by the pipe between them, which closes then.
func serverDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kill")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	dog := command(context.Background(), t, order{Watch: dir})
	dog.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // survives an interrupt at the terminal
	pipe, err := dog.StdinPipe()
	if err == nil {
		err = dog.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(pipe.Close(), dog.Wait()); err != nil {
			t.Errorf("cleaning up %s: %v", dir, err)
		}
	})
	return dir
}

// watch is the program that waits and then stops the server of a folder and removes it.
func watch(dir string) int {
	_, err := io.Copy(io.Discard, os.Stdin)
	if errStop := pgserver.Stop(context.Background(), serverConfig(dir)); !errors.Is(errStop, pgserver.ErrNotRunning) {
		err = errors.Join(err, errStop)
	}
	if err == nil {
		err = os.RemoveAll(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
