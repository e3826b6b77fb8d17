package pgserver_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func query(t *testing.T, db *sql.DB, statement string) string {
	t.Helper()
	var answer string
	if err := db.QueryRow(statement).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return answer
}

func TestStartMakesAPrivateDurableCluster(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	c.NoSync = false
	db := open(t, start(t, c).DSN())
	for setting, want := range map[string]string{
		"listen_addresses": "", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
		"data_checksums": "on", "server_encoding": "UTF8", "lc_collate": "C", "timezone": "UTC", "log_timezone": "UTC",
		"unix_socket_permissions": "0700",
	} {
		if setting == "lc_collate" {
			if got := query(t, db, "SELECT datcollate FROM pg_database WHERE datname = current_database()"); got != want {
				t.Errorf("collation is %q", got)
			}
			continue
		}
		if got := query(t, db, "SHOW "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := query(t, db, "SELECT current_user || ' ' || current_database()"); got != "seisbatch seisbatch" {
		t.Errorf("user and database are %q", got)
	}
	for _, dir := range []string{"data", "socket"} {
		info, err := os.Stat(filepath.Join(c.Dir, dir))
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info, err)
		}
	}
}

func TestServerLeavesTheTerminalsProcessGroup(t *testing.T) {
	t.Parallel()
	c := config(t)
	start(t, c)
	server := pid(t, c)
	if group, err := syscall.Getpgid(server); err != nil || group != server {
		t.Errorf("server %d is in group %d, %v: an interrupt at the terminal would reach it", server, group, err)
	}
}

func TestLastShareStopsTheServer(t *testing.T) {
	t.Parallel()
	c := config(t)
	first := start(t, c)
	server := pid(t, c)
	second := start(t, c)
	if now := pid(t, c); now != server || first.DSN() != second.DSN() {
		t.Errorf("second share is in server %d, the first in %d", now, server)
	}
	closeShare(t, first)
	closeShare(t, first) // once more does nothing
	if s := examine(t, c); !s.Ready || !s.InUse {
		t.Errorf("with one share left: %+v", s)
	}
	closeShare(t, second)
	if s := examine(t, c); s.Running || s.InUse || s.DSN != "" {
		t.Errorf("without shares: %+v", s)
	}
	err := syscall.Kill(server, 0)
	for until := time.Now().Add(10 * time.Second); !errors.Is(err, syscall.ESRCH); err = syscall.Kill(server, 0) {
		if time.Now().After(until) {
			t.Fatalf("process %d: %v", server, err)
		}
		time.Sleep(10 * time.Millisecond) // its files go before it, and who inherits it may be slow to ask for its status
	}
}

func TestRowsSurviveARestart(t *testing.T) {
	t.Parallel()
	c := config(t)
	s := start(t, c)
	db := open(t, s.DSN())
	query(t, db, "WITH x AS (SELECT 1) SELECT 'ok' FROM x")
	if _, err := db.Exec("CREATE TABLE kept AS SELECT 42 AS n"); err != nil {
		t.Fatal(err)
	}
	closeShare(t, s) // with a connection open, which must not hold the stop up
	if got := query(t, open(t, start(t, c).DSN()), "SELECT n FROM kept"); got != "42" {
		t.Errorf("read %q", got)
	}
}

func TestKeptServerRunsUntilStop(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), config(t)
	dsn, err := pgserver.StartKept(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	query(t, open(t, dsn), "SELECT 1")
	server := pid(t, c)
	closeShare(t, start(t, c))
	if s := examine(t, c); s.PID != server || !s.Kept || !s.Ready || s.InUse || s.Since.IsZero() || s.DSN != dsn {
		t.Errorf("after its user: %+v", s)
	}
	if err := pgserver.Stop(ctx, c); err != nil {
		t.Fatal(err)
	}
	if s := examine(t, c); s.Running || s.Kept {
		t.Errorf("after stop: %+v", s)
	}
	if err := pgserver.Stop(ctx, c); !errors.Is(err, pgserver.ErrNotRunning) {
		t.Errorf("second stop: %v", err)
	}
}

func TestStartKeptKeepsAServerThatRuns(t *testing.T) {
	t.Parallel()
	c := config(t)
	s := start(t, c)
	if _, err := pgserver.StartKept(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	closeShare(t, s)
	if s := examine(t, c); !s.Running || !s.Kept {
		t.Errorf("%+v", s)
	}
}

func TestKeepingEndsWithTheKeptServer(t *testing.T) {
	t.Parallel()
	c := config(t)
	if _, err := pgserver.StartKept(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	kill9(t, pid(t, c)) // as a reboot would
	closeShare(t, start(t, c))
	if s := examine(t, c); s.Running || s.Kept {
		t.Errorf("a server that a program started: %+v", s)
	}
}

func TestStopRefusesWhileInUseAndLeavesItToTheLastUser(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), config(t)
	if _, err := pgserver.StartKept(ctx, c); err != nil {
		t.Fatal(err)
	}
	s := start(t, c)
	if err := pgserver.Stop(ctx, c); !errors.Is(err, pgserver.ErrInUse) {
		t.Fatalf("stop: %v", err)
	}
	query(t, open(t, s.DSN()), "SELECT 1")
	closeShare(t, s)
	if s := examine(t, c); s.Running {
		t.Errorf("%+v", s)
	}
}

func TestExamineAndStopMakeNothing(t *testing.T) {
	t.Parallel()
	c := pgserver.Config{Dir: filepath.Join(t.TempDir(), "none")}
	s := examine(t, c)
	if s.Running || s.Major != 0 || s.Dir != c.Dir {
		t.Errorf("%+v", s)
	}
	if err := pgserver.Stop(context.Background(), c); !errors.Is(err, pgserver.ErrNotRunning) {
		t.Errorf("stop: %v", err)
	}
	if _, err := os.Stat(c.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("folder: %v", err)
	}
}

func TestProcessesThatStartTogetherShareOneServer(t *testing.T) {
	t.Parallel()
	c := emptyConfig(t)
	var programs []*program
	for range 4 {
		programs = append(programs, startProgram(t, c.Dir))
	}
	for _, p := range programs {
		if said := p.says(t); !strings.HasPrefix(said, "host=") {
			t.Fatal(said)
		}
	}
	server := pid(t, c)
	for i, p := range programs {
		if now := pid(t, c); now != server {
			t.Errorf("before program %d ends, server is %d, was %d", i, now, server)
		}
		p.finish(t)
	}
	if s := examine(t, c); s.Running {
		t.Errorf("%+v", s)
	}
}
