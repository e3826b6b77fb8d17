package db_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func denied(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && e.Code == "42501"
}

func TestRolesMayDoWhatTheirVerbsDoAndNoMore(t *testing.T) {
	t.Parallel()
	admin := dbtest.New(t)
	var relations, tables []string
	const all = `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY ($1::"char"[]) ORDER BY 1`
	if err := errors.Join(admin.Select(&relations, all, "{r,v}"), admin.Select(&tables, all, "{r}")); err != nil {
		t.Fatal(err)
	}
	inputs := " revision change station channel event event_alias origin magnitude arrival file segment channel_file review "
	for role, writes := range map[string]func(table string) bool{
		"seisbatch_reader": func(string) bool { return false },
		"seisbatch_loader": func(table string) bool { return strings.Contains(inputs, " "+table+" ") },
		"seisbatch_runner": func(table string) bool {
			return table == "change" || !strings.Contains(inputs, " "+table+" ") && table != "goose_db_version"
		},
	} {
		pool := dbtest.Member(t, admin, role[len("seisbatch_"):], role)
		for _, name := range relations {
			if _, err := pool.Exec(`SELECT FROM ` + name + ` LIMIT 0`); err != nil {
				t.Errorf("%s cannot read %s: %v", role, name, err)
			}
		}
		for _, name := range tables {
			if _, err := pool.Exec(`DELETE FROM ` + name + ` WHERE false`); denied(err) == writes(name) {
				t.Errorf("%s writes %s: %v", role, name, err)
			}
		}
		if _, err := pool.Exec(`CREATE TABLE mine ()`); !denied(err) {
			t.Errorf("%s makes a table: %v", role, err)
		}
	}
	nobody := dbtest.Member(t, admin, "nobody")
	if _, err := nobody.Exec(`SELECT FROM measurement`); !denied(err) {
		t.Errorf("who has no role reads: %v", err)
	}
}

func TestTablesOfLaterMigrationsAreGrantedByMigrate(t *testing.T) {
	t.Parallel()
	ctx, admin := context.Background(), dbtest.New(t)
	runSQL(t, admin, `CREATE TABLE later (id bigserial, x int); CREATE VIEW seen_later AS SELECT x FROM later`)
	runner := dbtest.Member(t, admin, "runner", "seisbatch_runner")
	if _, err := runner.Exec(`INSERT INTO later (x) VALUES (1)`); !denied(err) {
		t.Fatalf("before: %v", err)
	}
	if err := db.Migrate(ctx, admin, nil); err != nil { // the schema is up to date
		t.Fatal(err)
	}
	if _, err := runner.Exec(`INSERT INTO later (x) VALUES (1)`); err != nil {
		t.Error(err)
	}
	if _, err := runner.Exec(`INSERT INTO seen_later VALUES (1)`); !denied(err) {
		t.Errorf("a view: %v", err)
	}
	reader := dbtest.Member(t, admin, "reader", "seisbatch_reader")
	if n := count(t, reader, `SELECT count(*) FROM seen_later`); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// Who may make no roles migrates all the same, and is told.
func TestMigrateWithoutTheRightToMakeRoles(t *testing.T) {
	t.Parallel()
	ctx, admin := context.Background(), dbtest.NewEmpty(t)
	pool := dbtest.Member(t, admin, "plain")
	var user string
	if err := pool.Get(&user, `SELECT current_user`); err != nil {
		t.Fatal(err)
	}
	runSQL(t, admin, `CREATE SCHEMA AUTHORIZATION `+pq.QuoteIdentifier(user))
	migrateAs := func() (told bytes.Buffer) {
		t.Helper()
		if err := db.Migrate(ctx, pool, slog.New(slog.NewTextHandler(&told, nil))); err != nil {
			t.Fatal(err)
		}
		return told
	}
	migrateAs()
	suffix := strings.TrimPrefix(user, "plain_of")
	renamed(t, admin, user, suffix)
	if told := migrateAs(); !strings.Contains(told.String(), "role reader"+suffix+" does not exist and may not be created by "+user) {
		t.Errorf("told: %q", told.String())
	}
	// An administrator makes them, and the owner of the tables grants.
	for _, role := range []string{"reader", "loader", "runner"} {
		runSQL(t, admin, `CREATE ROLE `+role+suffix)
		t.Cleanup(func() {
			if _, err := admin.Exec(`DROP OWNED BY ` + role + suffix + `; DROP ROLE ` + role + suffix); err != nil {
				t.Error(err)
			}
		})
	}
	if told := migrateAs(); told.Len() > 0 {
		t.Errorf("told: %q", told.String())
	}
	var granted bool
	if err := admin.Get(&granted, `SELECT has_table_privilege('reader`+suffix+`', '`+user+`.measurement', 'SELECT')`); err != nil || !granted {
		t.Errorf("granted: %v, %v", granted, err)
	}
}

// renamed gives the function of a database other roles: those of the cluster are there already.
func renamed(t *testing.T, admin *sqlx.DB, schema, suffix string) {
	t.Helper()
	var text string
	if err := admin.Get(&text, `SELECT pg_get_functiondef('`+schema+`.seisbatch_grant'::regproc)`); err != nil {
		t.Fatal(err)
	}
	runSQL(t, admin, `SET search_path = `+schema+`; `+strings.NewReplacer("seisbatch_reader", "reader"+suffix, "seisbatch_loader", "loader"+suffix,
		"seisbatch_runner", "runner"+suffix).Replace(text)+`; RESET search_path`)
}

func TestDatabasesOfAClusterThatMigrateTogetherShareTheRoles(t *testing.T) {
	t.Parallel()
	admin := dbtest.New(t)
	var suffix string
	if err := admin.Get(&suffix, `SELECT '_with_' || current_database()`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the databases are gone
		if _, err := admin.Exec(`DROP ROLE reader` + suffix + `, loader` + suffix + `, runner` + suffix); err != nil {
			t.Error(err)
		}
	})
	problems, errs := make([]string, 4), make([]error, 4)
	pools := make([]*sqlx.DB, len(errs))
	for i := range pools {
		pools[i] = dbtest.New(t)
		renamed(t, pools[i], "public", suffix)
	}
	var wait sync.WaitGroup
	for i, pool := range pools {
		wait.Go(func() { errs[i] = pool.Get(&problems[i], `SELECT seisbatch_grant()`) })
		wait.Go(func() { // and twice in one database
			var problem string
			if err := pool.Get(&problem, `SELECT seisbatch_grant()`); err != nil || problem != "" {
				t.Errorf("%q, %v", problem, err)
			}
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil || strings.Join(problems, "") != "" {
		t.Errorf("%q, %v", problems, err)
	}
}
