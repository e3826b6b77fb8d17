package dbtest

import (
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// Member connects to the database of a pool of [New] as a user of its own, a member of roles. The user goes with the
// test.
func Member(t testing.TB, admin *sqlx.DB, name string, roles ...string) *sqlx.DB {
	t.Helper()
	var database string
	if err := admin.Get(&database, `SELECT current_database()`); err != nil {
		t.Fatal(err)
	}
	user := name + "_of_" + database
	statements := []string{`CREATE ROLE ` + pq.QuoteIdentifier(user) + ` LOGIN`}
	for _, role := range roles {
		statements = append(statements, `GRANT `+pq.QuoteIdentifier(role)+` TO `+pq.QuoteIdentifier(user))
	}
	if _, err := admin.Exec(strings.Join(statements, "; ")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(`DROP OWNED BY ` + pq.QuoteIdentifier(user) + `; DROP ROLE ` + pq.QuoteIdentifier(user)); err != nil {
			t.Error(err)
		}
	})
	return Open(t, strings.Replace(withDatabase(require(t).share.DSN(), database), "user="+pgserver.Role, "user="+user, 1), db.Options{})
}
