package dbtest_test

import (
	"context"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestNewGivesAMigratedDatabaseOfItsOwn(t *testing.T) {
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := dbtest.New(t)
			if err := db.CheckVersion(context.Background(), pool); err != nil {
				t.Error(err)
			}
			// A second database without this table is what makes it succeed twice.
			if _, err := pool.Exec(`CREATE TABLE only_here (n int)`); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNewEmptyGivesADatabaseWithoutTables(t *testing.T) {
	pool := dbtest.NewEmpty(t)
	var n int
	err := pool.Get(&n, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace`)
	if err != nil || n != 0 {
		t.Errorf("%d relations, %v", n, err)
	}
}

func TestDatabaseIsGoneAfterItsTest(t *testing.T) {
	keep := dbtest.NewEmpty(t)
	var name string
	t.Run("inner", func(t *testing.T) {
		if err := dbtest.NewEmpty(t).Get(&name, `SELECT current_database()`); err != nil {
			t.Fatal(err)
		}
	})
	var n int
	err := keep.Get(&n, `SELECT count(*) FROM pg_database WHERE datname = $1`, name)
	if err != nil || n != 0 {
		t.Errorf("%d databases called %q, %v", n, name, err)
	}
}
