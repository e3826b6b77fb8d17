package pgserver_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

func TestServerOfAKilledProgramIsUsedAndThenStopped(t *testing.T) {
	t.Parallel()
	c := config(t)
	p := startProgram(t, c.Dir)
	p.says(t)
	orphan := pid(t, c)
	p.kill(t)
	s := start(t, c)
	if now := pid(t, c); now != orphan {
		t.Errorf("server is %d, not the orphan %d", now, orphan)
	}
	query(t, open(t, s.DSN()), "SELECT 1")
	closeShare(t, s)
	if s := examine(t, c); s.Running {
		t.Errorf("%+v", s)
	}
}

func TestStopEndsTheServerOfAKilledProgram(t *testing.T) {
	t.Parallel()
	c := config(t)
	p := startProgram(t, c.Dir)
	p.says(t)
	p.kill(t)
	if err := pgserver.Stop(context.Background(), c); err != nil {
		t.Error(err)
	}
}

func TestStartRecoversFromAKilledServer(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.NoSync = false // with it, the last commits may be lost
	db := open(t, start(t, c).DSN())
	if _, err := db.Exec("CREATE TABLE kept AS SELECT 42 AS n"); err != nil {
		t.Fatal(err)
	}
	// A backend at work notices the death of its parent late.
	busy := make(chan error, 1)
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, err := conn.ExecContext(context.Background(), "SELECT pg_sleep(1), count(*) FROM generate_series(1, 1000000)")
		busy <- err
	}()
	kill9(t, pid(t, c))
	s := start(t, c)
	if got := query(t, open(t, s.DSN()), "SELECT n FROM kept"); got != "42" {
		t.Errorf("read %q", got)
	}
	if err := <-busy; err == nil {
		t.Log("the old backend finished its statement")
	}
}

func TestStartRecoversFromAKilledServerAndProgram(t *testing.T) {
	t.Parallel()
	c := config(t)
	p := startProgram(t, c.Dir)
	p.says(t)
	kill9(t, pid(t, c))
	p.kill(t)
	query(t, open(t, start(t, c).DSN()), "SELECT 1")
}

// The process number in a stale postmaster.pid may belong to a process of the
// same user by now; PostgreSQL itself would refuse to start.
func TestStartRecoversWhenAStrangerHasTheOldProcessNumber(t *testing.T) {
	t.Parallel()
	c := config(t)
	closeShare(t, start(t, c))
	data := filepath.Join(c.Dir, "data")
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	stranger := exec.Command("cat")
	if os.Geteuid() == 0 {
		stranger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if _, err := stranger.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	stale := filepath.Join(data, "postmaster.pid")
	text := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n  1234567    123456\nready   \n",
		stranger.Process.Pid, data, filepath.Join(c.Dir, "socket"))
	if err := os.WriteFile(stale, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(stale, int(owner.Uid), int(owner.Gid)); err != nil {
		t.Fatal(err)
	}
	if s := examine(t, c); s.Running {
		t.Errorf("the stranger is taken for the server: %+v", s)
	}
	query(t, open(t, start(t, c).DSN()), "SELECT 1")
}

func TestStartReplacesAHalfMadeCluster(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	p := startProgram(t, c.Dir)
	waitFor(t, p, filepath.Join(c.Dir, "data.new", "PG_VERSION"))
	p.kill(t) // initdb goes on without it
	query(t, open(t, start(t, c).DSN()), "SELECT 1")
	if _, err := os.Stat(filepath.Join(c.Dir, "data.new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("data.new: %v", err)
	}
}

// waitFor returns when the program has made a file.
func waitFor(t *testing.T, p *program, path string) {
	t.Helper()
	for range poll(t) {
		if _, err := os.Stat(path); err == nil {
			return
		}
		if err := syscall.Kill(p.cmd.Process.Pid, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// poll is what to range over while looking for something in a folder.
func poll(t *testing.T) <-chan time.Time {
	ticker := time.NewTicker(time.Millisecond)
	t.Cleanup(ticker.Stop)
	return ticker.C
}

func TestCancelledStartLeavesNothingHalfMade(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	enough := errors.New("enough")
	look := poll(t)
	go func() {
		for ctx.Err() == nil {
			<-look
			if _, err := os.Stat(filepath.Join(c.Dir, "data.new", "PG_VERSION")); err == nil {
				cancel(enough)
			}
		}
	}()
	if s, err := pgserver.Start(ctx, c); !errors.Is(err, enough) {
		t.Fatalf("started %v, error %v", s, err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "data.new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("data.new: %v", err)
	}
	query(t, open(t, start(t, c).DSN()), "SELECT 1")
}

func TestMissingDatabaseIsMade(t *testing.T) {
	t.Parallel()
	c := config(t)
	s := start(t, c)
	admin := open(t, strings.Replace(s.DSN(), "dbname=seisbatch", "dbname=postgres", 1))
	if _, err := admin.Exec("DROP DATABASE seisbatch WITH (FORCE)"); err != nil { // as a kill right after initdb leaves it
		t.Fatal(err)
	}
	query(t, open(t, start(t, c).DSN()), "SELECT 1")
}

func TestServerWhoseSocketVanishedIsRestarted(t *testing.T) {
	t.Parallel()
	c := config(t)
	if _, err := pgserver.StartKept(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	deaf := pid(t, c)
	if err := os.Remove(filepath.Join(c.Dir, "socket", ".s.PGSQL.5432")); err != nil {
		t.Fatal(err)
	}
	query(t, open(t, start(t, c).DSN()), "SELECT 1")
	if now := pid(t, c); now == deaf {
		t.Errorf("server is still %d", now)
	}
}
