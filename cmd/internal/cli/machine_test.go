package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db"
)

// machine runs the program as processes of their own, in a folder.
type machine struct {
	*testing.T
	dir string
}

func (m machine) check(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// program prepares the program, in the machine's folder.
func (m machine) program(dsn string, args ...string) *exec.Cmd {
	m.Helper()
	self, err := os.Executable()
	m.check(err)
	cmd := exec.CommandContext(m.Context(), self)
	cmd.Args = append([]string{"seisbatch"}, args...) // by which the test binary knows that it is the program
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "SEISBATCH_DB="+dsn, "XDG_CONFIG_HOME="+m.dir, "SEISBATCH_DATA="+m.dir, "GORACE=atexit_sleep_ms=0")
	return cmd
}

// status runs a program to its end.
func (m machine) status(cmd *exec.Cmd) (status int, out, errors string) {
	m.Helper()
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	return exitOf(m.T, cmd.Run()), o.String(), e.String()
}

func exitOf(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

// holdUp keeps programs from writing results, until they are released; waits waits for one that
// would.
func (m machine) holdUp(dsn string) (release, waits func()) {
	m.Helper()
	pool, err := db.Open(m.Context(), dsn, db.Options{MaxConns: 2})
	m.check(err)
	m.Cleanup(func() { pool.Close() })
	tx, err := pool.BeginTxx(m.Context(), nil)
	m.check(err)
	_, err = tx.Exec(`LOCK TABLE measurement IN SHARE ROW EXCLUSIVE MODE`)
	m.check(err)
	release = func() { m.check(tx.Rollback()) }
	waits = func() {
		m.waitFor(pool, `SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'measurement'::regclass AND NOT granted)`)
	}
	return release, waits
}

// waitFor asks until a query says yes.
func (m machine) waitFor(pool *sqlx.DB, query string) {
	m.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var yes bool
		m.check(pool.Get(&yes, query))
		if yes {
			return
		}
	}
	m.Fatalf("never: %s", query)
}

// resultsOf are the items and measurements of a database, without runs, counts of attempts, revisions and
// clock times, and the columns named.
func resultsOf(t *testing.T, dsn string, except ...string) []string {
	t.Helper()
	pool, err := db.Open(context.Background(), dsn, db.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var rows []string
	err = pool.Select(&rows, `SELECT (to_jsonb(w) - $1::text[])::text AS row FROM work_item w UNION ALL SELECT (to_jsonb(m) - $1::text[])::text FROM measurement m`,
		pq.Array(append(except, "run_id", "attempts", "revision")))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}
