// Package dbtest gives tests a real PostgreSQL: one private server for the
// process, in a temporary folder, and a migrated database for each test.
//
// Tests are skipped where PostgreSQL is not installed, but fail if CI=true. The
// server and its folder go when the process ends, however it ends.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// New returns a pool on a fresh database with the current schema, without rows.
// Both go with the test. Tests may run in parallel.
func New(t testing.TB) *sqlx.DB {
	t.Helper()
	return Open(t, DSN(t), db.Options{})
}

// NewEmpty is New without a schema.
func NewEmpty(t testing.TB) *sqlx.DB {
	t.Helper()
	return Open(t, EmptyDSN(t), db.Options{})
}

// DSN names a fresh database with the current schema, without rows, for tests
// that open it themselves or hand it to a program. It goes with the test, with
// whatever is connected to it.
func DSN(t testing.TB) string {
	t.Helper()
	s := require(t)
	if err := s.template(); err != nil {
		t.Fatal(err)
	}
	return s.makeDatabase(t, templateDatabase)
}

// EmptyDSN is DSN without a schema.
func EmptyDSN(t testing.TB) string {
	t.Helper()
	return require(t).makeDatabase(t, "template1")
}

// Open opens a pool that is closed with the test.
func Open(t testing.TB, dsn string, o db.Options) *sqlx.DB {
	t.Helper()
	pool, err := db.Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

// Require skips the test where PostgreSQL is not installed; if CI=true it fails.
func Require(t testing.TB) pgserver.Binaries {
	t.Helper()
	bin, err := pgserver.FindBinaries(context.Background())
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs PostgreSQL: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// templateDatabase is migrated once and copied for each test.
const templateDatabase = "migrated"

// server is the process's private server.
type server struct {
	share    *pgserver.Server
	watchdog io.Closer // held open: see watch
	admin    *sqlx.DB
	template func() error // makes the migrated database at its first call
	made     atomic.Int64 // databases
}

// shared starts the process's server at its first call. It has no owner that
// could close it, hence the watchdog.
var shared = sync.OnceValues(start)

// require returns the process's server.
func require(t testing.TB) *server {
	t.Helper()
	Require(t)
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// makeDatabase copies a database under a new name, until the test ends.
func (s *server) makeDatabase(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.made.Add(1))
	if _, err := s.admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("database of the test: %v", err)
		}
	})
	return withDatabase(s.share.DSN(), name)
}

func withDatabase(dsn, name string) string {
	return strings.Replace(dsn, "dbname="+pgserver.Database, "dbname="+name, 1)
}

func start() (*server, error) {
	dir, err := os.MkdirTemp("", "seisbatch-test-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // root's server runs as another user
		return nil, err
	}
	dog, err := watch(dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	ctx := context.Background()
	s, err := pgserver.Start(ctx, pgserver.Config{Dir: filepath.Join(dir, "pg"), NoSync: true})
	if err != nil {
		return nil, err
	}
	admin, err := db.Open(ctx, withDatabase(s.DSN(), "postgres"), db.Options{})
	if err != nil {
		return nil, err
	}
	template := sync.OnceValue(func() error { return makeTemplate(ctx, admin, s.DSN()) })
	return &server{share: s, watchdog: dog, admin: admin, template: template}, nil
}

// makeTemplate makes the migrated database. Nobody may stay connected to it, or it
// could not be copied.
func makeTemplate(ctx context.Context, admin *sqlx.DB, dsn string) error {
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+templateDatabase); err != nil {
		return err
	}
	pool, err := db.Open(ctx, withDatabase(dsn, templateDatabase), db.Options{})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx, pool, nil), pool.Close())
}

// watchdog waits for the end of its input, stops the server of folder $1 and
// removes the folder. The server may stay listed as a zombie, hence the count.
const watchdog = `
while read -r _; do :; done
pid=$(head -n 1 "$1/pg/data/postmaster.pid") && kill -QUIT "$pid"
for try in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" && sleep 0.1; done
rm -rf "$1"
`

// watch starts a process that cleans up when this one ends, even when it is
// killed: only then does the pipe between them close. What is returned must stay
// reachable, or the garbage collector closes it.
func watch(dir string) (io.Closer, error) {
	cmd := exec.Command("sh", "-c", watchdog, "watchdog", dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // survives an interrupt at the terminal
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return pipe, cmd.Start()
}
