package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"

	"github.com/seisbatch/seisbatch/migrations"
)

const (
	versionTable = goose.DefaultTablename
	// migrateKey locks the migration of a database; an arbitrary constant number.
	migrateKey int64 = 0x7365697362617463 // "seisbatc"
)

var (
	// ErrSchemaOlder is matched where the database lacks migrations that the
	// program has.
	ErrSchemaOlder = errors.New("the database has an older schema than this program")
	// ErrSchemaNewer is matched where the database has a migration that the program
	// does not know.
	ErrSchemaNewer = errors.New("the database has a newer schema than this program")
)

// SchemaError says that the schema of a database is not the program's. It matches
// [ErrSchemaOlder] or [ErrSchemaNewer].
type SchemaError struct {
	Database, Program int64 // the last migration each has; 0 for none
}

func (e *SchemaError) Error() string {
	what := fmt.Sprintf("%v (version %d, program %d)", e.kind(), e.Database, e.Program)
	if e.kind() == ErrSchemaNewer {
		return what + ": use a newer seisbatch"
	}
	return what + ": run 'seisbatch migrate'"
}

// Is makes errors.Is tell the two kinds.
func (e *SchemaError) Is(target error) bool { return target == e.kind() }

func (e *SchemaError) kind() error {
	if e.Database > e.Program {
		return ErrSchemaNewer
	}
	return ErrSchemaOlder
}

// Migration is one step of the schema.
type Migration struct {
	Version int64
	Name    string    // of its file
	Applied time.Time // UTC; zero if pending
}

// Migrate brings the schema up to date. Programs that do so at the same time take
// turns. Each migration is a transaction: after a failure the schema is that of
// the last one that succeeded. A newer schema is left alone, with a
// [*SchemaError]. log is told of every migration; it may be nil. Then the roles are given
// what they need: see [Grant].
func Migrate(ctx context.Context, db *sqlx.DB, log *slog.Logger) error {
	if err := migrate(ctx, db, migrations.FS, log); err != nil {
		return err
	}
	return Grant(ctx, db, log)
}

// CheckVersion returns nil if the schema is the program's, else a [*SchemaError].
// It only reads.
func CheckVersion(ctx context.Context, db *sqlx.DB) error {
	return checkVersion(ctx, db, migrations.FS)
}

// Migrations lists the program's migrations in their order, with the time each was
// applied. It only reads.
func Migrations(ctx context.Context, db *sqlx.DB) ([]Migration, error) {
	list, _, err := compare(ctx, db, migrations.FS)
	return list, err
}

func migrate(ctx context.Context, db *sqlx.DB, files fs.FS, log *slog.Logger) error {
	err := checkVersion(ctx, db, files)
	if !errors.Is(err, ErrSchemaOlder) {
		return err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db.DB, files,
		goose.WithSessionLocker(turns{}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("db: migrations of the program: %w", err)
	}
	// Status makes the version table under the lock; Up alone would look for it
	// without, and programs that start together would collide.
	if _, err := provider.Status(ctx); err != nil {
		return fmt.Errorf("db: migrate: %w", withCause(ctx, err))
	}
	results, err := provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		results = partial.Applied
	}
	for _, r := range results {
		log.Info("migrated the database", "version", r.Source.Version, "file", path.Base(r.Source.Path), "took", r.Duration)
	}
	if err != nil {
		return fmt.Errorf("db: migrate: %w", withCause(ctx, err))
	}
	return checkVersion(ctx, db, files)
}

// withCause adds why ctx is done to the error of a statement that it ended, of
// which the server says no more than that.
func withCause(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return errors.Join(context.Cause(ctx), err)
}

func checkVersion(ctx context.Context, db *sqlx.DB, files fs.FS) error {
	list, newest, err := compare(ctx, db, files)
	if err != nil {
		return err
	}
	e := &SchemaError{Database: newest}
	if len(list) > 0 {
		e.Program = list[len(list)-1].Version
	}
	pending := slices.ContainsFunc(list, func(m Migration) bool { return m.Applied.IsZero() })
	if pending || newest > e.Program {
		return e
	}
	return nil
}

// compare lists the migrations in files with when they were applied, and returns
// the newest version that the database has.
func compare(ctx context.Context, db *sqlx.DB, files fs.FS) ([]Migration, int64, error) {
	applied, err := appliedVersions(ctx, db)
	if err != nil {
		return nil, 0, fmt.Errorf("db: schema version: %w", err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, 0, err
	}
	var list []Migration
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, 0, fmt.Errorf("db: migration %q: %w", name, err)
		}
		list = append(list, Migration{Version: version, Name: name, Applied: applied[version]})
	}
	slices.SortFunc(list, func(a, b Migration) int { return cmp.Compare(a.Version, b.Version) })
	var newest int64
	for version := range applied {
		newest = max(newest, version)
	}
	return list, newest, nil
}

// appliedVersions reads goose's table, which need not exist. Its version 0 stands
// for the table itself.
func appliedVersions(ctx context.Context, db *sqlx.DB) (map[int64]time.Time, error) {
	var rows []struct {
		Version int64     `db:"version_id"`
		Applied time.Time `db:"tstamp"`
	}
	err := db.SelectContext(ctx, &rows,
		`SELECT version_id, max(tstamp) AS tstamp FROM `+versionTable+` WHERE is_applied GROUP BY version_id`)
	var missing *pq.Error
	if errors.As(err, &missing) && missing.Code == "42P01" { // undefined_table
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	applied := make(map[int64]time.Time, len(rows))
	for _, r := range rows {
		if r.Version > 0 {
			applied[r.Version] = r.Applied.UTC()
		}
	}
	return applied, nil
}

// turns is the session lock of goose's provider. It waits inside the server, so
// that the next in line goes on at once, and as long as ctx lasts; a statement
// timeout of the pool would end the wait or a long migration, so it is lifted.
type turns struct{}

func (turns) SessionLock(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, `SET statement_timeout = 0`); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, migrateKey)
	return err
}

func (turns) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, migrateKey)
	_, errReset := conn.ExecContext(ctx, `RESET statement_timeout`)
	return errors.Join(err, errReset)
}
