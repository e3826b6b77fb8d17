package cli

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestSessionsSayWhichVerbTheyServeAndHaveALimit(t *testing.T) {
	clearEnvironment(t)
	t.Setenv("SEISBATCH_DB", dbtest.EmptyDSN(t))
	for _, c := range []struct {
		name  string
		args  []string
		limit string
	}{
		{"seisbatch run", nil, "10min"},
		{"seisbatch load stations", []string{"--db-statement-timeout", "90s"}, "90s"},
		{"seisbatch run", []string{"--db-statement-timeout", "0"}, "0"},
		{"seisbatch show", nil, "0"},
		{"seisbatch export waveforms", nil, "0"},
	} {
		s, err := resolveFor(t, "", c.args...)
		if err != nil {
			t.Fatal(err)
		}
		a := &app{settings: s, name: c.name}
		session, err := a.connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Name, Limit string }
		err = session.db.Get(&got, `SELECT current_setting('application_name') AS name, current_setting('statement_timeout') AS limit`)
		if err != nil || got.Name != c.name || got.Limit != c.limit {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
		if n := session.db.Stats().MaxOpenConnections; n != maxConnections {
			t.Errorf("%d connections", n)
		}
		if err := session.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAStatementThatTookTooLongNamesTheSetting(t *testing.T) {
	clearEnvironment(t)
	s, err := resolveFor(t, "", "--db-statement-timeout", "7m")
	if err != nil {
		t.Fatal(err)
	}
	a := &app{settings: s}
	pool := dbtest.Open(t, dbtest.EmptyDSN(t), db.Options{StatementTimeout: 20 * time.Millisecond})
	_, err = pool.Exec(`SELECT pg_sleep(60)`)
	if got := a.statementAdvice(t.Context(), err); !strings.Contains(got, "db-statement-timeout (7m)") {
		t.Errorf("%q of %v", got, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got := a.statementAdvice(ended, err); got != "" {
		t.Errorf("after an interrupt: %q", got)
	}
	if got := a.statementAdvice(t.Context(), context.DeadlineExceeded); got != "" {
		t.Error(got)
	}
}
