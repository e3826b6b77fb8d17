package db_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// files are n migrations, each of which makes a table.
func files(n int) fstest.MapFS {
	all := fstest.MapFS{}
	for _, name := range []string{"one", "two", "three"}[:n] {
		number := map[string]string{"one": "1", "two": "2", "three": "3"}[name]
		all["0000"+number+"_"+name+".sql"] = &fstest.MapFile{Data: []byte(
			"-- +goose Up\nCREATE TABLE " + name + " (n int);\n-- +goose Down\nDROP TABLE " + name + ";\n")}
	}
	return all
}

func TestMigrateTellsItsStepsAndIsDoneOnce(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.NewEmpty(t)
	var told bytes.Buffer
	log := slog.New(slog.NewTextHandler(&told, nil))
	for range 2 {
		if err := db.MigrateWith(ctx, pool, files(2), log); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"00001_one.sql", "00002_two.sql"} {
		if n := strings.Count(told.String(), "file="+file); n != 1 {
			t.Errorf("told %d times of %s: %s", n, file, told.String())
		}
	}
	if _, err := pool.Exec(`INSERT INTO two VALUES (1)`); err != nil {
		t.Error(err)
	}
}

func TestEmbeddedMigrationsApplyToAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.NewEmpty(t)
	if err := db.CheckVersion(ctx, pool); !errors.Is(err, db.ErrSchemaOlder) {
		t.Errorf("empty database: %v", err)
	}
	if err := db.Migrate(ctx, pool, nil); err != nil {
		t.Fatal(err)
	}
	if err := db.CheckVersion(ctx, pool); err != nil {
		t.Error(err)
	}
	list, err := db.Migrations(ctx, pool)
	if err != nil || len(list) == 0 {
		t.Fatalf("%d migrations, %v", len(list), err)
	}
	for i, m := range list {
		if m.Version != int64(i+1) || m.Applied.IsZero() || m.Applied.Location() != time.UTC {
			t.Errorf("migration %d: %+v", i+1, m)
		}
	}
}

func TestMigrationsThatStartTogetherTakeTurns(t *testing.T) {
	t.Parallel()
	dsn := dbtest.EmptyDSN(t)
	var told safeBuffer
	log := slog.New(slog.NewTextHandler(&told, nil))
	var ready, done sync.WaitGroup
	for range 4 {
		pool := dbtest.Open(t, dsn, db.Options{StatementTimeout: time.Minute})
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			ready.Wait()
			if err := db.MigrateWith(context.Background(), pool, files(3), log); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if n := strings.Count(told.String(), "migrated the database"); n != 3 {
		t.Errorf("%d migrations were applied: %s", n, told.String())
	}
	pool := dbtest.Open(t, dsn, db.Options{})
	var repeated int
	if err := pool.Get(&repeated, `SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`); err != nil || repeated != 0 {
		t.Errorf("%d versions are recorded twice, %v", repeated, err)
	}
}

// safeBuffer collects what loggers of several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestOlderSchemaSaysToMigrate(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.NewEmpty(t)
	if err := db.MigrateWith(ctx, pool, files(1), nil); err != nil {
		t.Fatal(err)
	}
	err := db.CheckWith(ctx, pool, files(3))
	var e *db.SchemaError
	if !errors.As(err, &e) || e.Database != 1 || e.Program != 3 || errors.Is(err, db.ErrSchemaNewer) {
		t.Fatalf("%v", err)
	}
	if !errors.Is(err, db.ErrSchemaOlder) || !strings.Contains(err.Error(), "run 'seisbatch migrate'") {
		t.Error(err)
	}
	if err := db.MigrateWith(ctx, pool, files(3), nil); err != nil {
		t.Error(err)
	}
}

func TestNewerSchemaIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.NewEmpty(t)
	if err := db.MigrateWith(ctx, pool, files(3), nil); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"check":   db.CheckWith(ctx, pool, files(2)),
		"migrate": db.MigrateWith(ctx, pool, files(2), nil),
	} {
		var e *db.SchemaError
		if !errors.As(err, &e) || !errors.Is(err, db.ErrSchemaNewer) || e.Database != 3 || e.Program != 2 {
			t.Errorf("%s: %v", what, err)
		}
		if errors.Is(err, db.ErrSchemaOlder) {
			t.Errorf("%s: %v matches both kinds", what, err)
		}
	}
}

func TestMissingMigrationBelowTheNewestIsFound(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.NewEmpty(t)
	if err := db.MigrateWith(ctx, pool, files(3), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(`DELETE FROM goose_db_version WHERE version_id = 2`); err != nil {
		t.Fatal(err)
	}
	if err := db.CheckWith(ctx, pool, files(3)); !errors.Is(err, db.ErrSchemaOlder) {
		t.Error(err)
	}
}

func TestFailedMigrationKeepsThoseBefore(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.NewEmpty(t)
	broken := files(3)
	broken["00002_two.sql"].Data = []byte("-- +goose Up\nCREATE TABLE half (n int);\nSELECT no_such_column;\n")
	if err := db.MigrateWith(ctx, pool, broken, nil); err == nil || !strings.Contains(err.Error(), "no_such_column") {
		t.Fatalf("%v", err)
	}
	list, newest, err := db.ListWith(ctx, pool, broken)
	if err != nil || newest != 1 || !list[1].Applied.IsZero() || !list[2].Applied.IsZero() {
		t.Errorf("%+v, newest %d, %v", list, newest, err)
	}
	var tables string
	if err := pool.Get(&tables, `SELECT concat_ws(' ', to_regclass('one'), to_regclass('half'))`); err != nil || tables != "one" {
		t.Errorf("tables %q, %v", tables, err)
	}
	if err := db.MigrateWith(ctx, pool, files(3), nil); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

func TestCheckVersionNeedsNoRightToWrite(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	readOnly := dbtest.Open(t, dsn+" default_transaction_read_only=on", db.Options{})
	if err := db.CheckVersion(context.Background(), readOnly); err != nil {
		t.Error(err)
	}
}

func TestMigrateGivesUpItsTurnWithItsContext(t *testing.T) {
	t.Parallel()
	dsn := dbtest.EmptyDSN(t)
	holder := dbtest.Open(t, dsn, db.Options{MaxConns: 1})
	if _, err := holder.Exec(`SELECT pg_advisory_lock($1)`, db.MigrateKey); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	pool := dbtest.Open(t, dsn, db.Options{})
	ended := make(chan error, 1)
	go func() { ended <- db.MigrateWith(ctx, pool, files(1), nil) }()
	var waiting bool
	for !waiting {
		if err := holder.Get(&waiting, `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
