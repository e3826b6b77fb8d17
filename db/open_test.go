package db_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestSessionsHaveTheSettingsOfTheProgram(t *testing.T) {
	t.Parallel()
	dsn := dbtest.EmptyDSN(t)
	for _, c := range []struct {
		suffix, setting, want string
		o                     db.Options
	}{
		{setting: "application_name", want: "seisbatch"},
		{setting: "application_name", want: "other", o: db.Options{ApplicationName: "other"}},
		{setting: "application_name", want: "mine", suffix: " application_name=mine", o: db.Options{ApplicationName: "other"}},
		{setting: "timezone", want: "UTC"},
		{setting: "statement_timeout", want: "0"},
		{setting: "statement_timeout", want: "1500ms", o: db.Options{StatementTimeout: 1500 * time.Millisecond}},
		{setting: "statement_timeout", want: "1ms", o: db.Options{StatementTimeout: time.Microsecond}}, // 0 would be none
		{setting: "search_path", want: "elsewhere", suffix: " search_path=elsewhere"},
	} {
		var got string
		err := dbtest.Open(t, dsn+c.suffix, c.o).Get(&got, "SHOW "+c.setting)
		if c.want == "1ms" && err != nil && strings.Contains(err.Error(), "statement timeout") {
			continue // a millisecond was too short to say so, which says it
		}
		if err != nil || got != c.want {
			t.Errorf("%s%s with %+v is %q, want %q; %v", c.setting, c.suffix, c.o, got, c.want, err)
		}
	}
}

func TestPoolIsBounded(t *testing.T) {
	t.Parallel()
	dsn := dbtest.EmptyDSN(t)
	if got := dbtest.Open(t, dsn, db.Options{}).Stats().MaxOpenConnections; got != 4 {
		t.Errorf("%d connections by default", got)
	}
	if got := dbtest.Open(t, dsn, db.Options{MaxConns: 9}).Stats().MaxOpenConnections; got != 9 {
		t.Errorf("%d connections of 9", got)
	}
}

// With an environment meant for another server, a socket in the DSN still leads
// to the socket.
func TestSocketIsNotRedirectedByTheEnvironment(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	t.Setenv("PGHOSTADDR", "192.0.2.1")
	t.Setenv("PGSSLMODE", "verify-full")
	dbtest.Open(t, dsn, db.Options{})
}

func TestFailedOpenSaysWhatToDoAndHidesThePassword(t *testing.T) {
	t.Parallel()
	good := dbtest.EmptyDSN(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dsn, want string }{
		"nothing listens":  {"postgres://ada:sesame@" + closed + "/x?sslmode=disable", "is the server running"},
		"no socket":        {"host=" + filepath.Join(t.TempDir(), "none") + " password=sesame", "there is no socket"},
		"no database":      {strings.Replace(good, "dbname=", "password=sesame dbname=no_", 1), "createdb no_test_"},
		"no user":          {strings.Replace(good, "user=seisbatch", "password=sesame user=nobody_here", 1), "check the user"},
		"not a DSN":        {"sesame", "write it as postgres://"},
		"not a number":     {"host=h port=x password=sesame", "write it as postgres://"},
		"not a URL":        {"postgres://ada:sesame@[::1/x", "write it as postgres://"},
		"unknown setting":  {good + " password=sesame no_such_setting=1", "the server's log"},
		"plain text wants": {"postgres://ada:sesame@" + plainServer(t) + "/x", "add sslmode=disable"},
	} {
		_, err := db.Open(context.Background(), c.dsn, db.Options{})
		var e *db.ConnectError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: no %q in: %v", name, c.want, err)
			continue
		}
		if strings.Contains(err.Error(), "sesame") && c.dsn != "sesame" {
			t.Errorf("%s: password in: %v", name, err)
		}
	}
}

// plainServer answers like a PostgreSQL without encryption: 'N' to a request for
// it (manual, section 55.2.10).
func plainServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 8))
			_, _ = conn.Write([]byte("N"))
			conn.Close()
		}
	}()
	return listener.Addr().String()
}

// A server that never answers must not hold the program up for ever.
func TestSilentServerIsGivenUp(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dsn := "postgres://ada@" + listener.Addr().String() + "/x?sslmode=disable"
	_, err = db.Open(context.Background(), dsn, db.Options{ConnectTimeout: time.Second})
	if err == nil || !strings.Contains(err.Error(), "no answer from") {
		t.Error(err)
	}
}

func TestRedactDSNHidesPasswordsOnly(t *testing.T) {
	for _, c := range []struct{ dsn, want string }{
		{"", ""},
		{"postgres://ada:sesame@host:5432/x?sslmode=require", "postgres://ada:xxxxx@host:5432/x?sslmode=require"},
		{"postgres://ada@host/x", "postgres://ada@host/x"},
		{"postgresql://host/x?password=sesame&user=ada", "postgresql://host/x?password=xxxxx&user=ada"},
		{"postgres://ada:ses ame@host/%zz", "postgres://(unreadable)"},
		{"host=h password=sesame user=ada", "host=h password=xxxxx user=ada"},
		{"password = sesame", "password = xxxxx"},
		{"PASSWORD=sesame", "PASSWORD=xxxxx"},
		{`password='se\'sa me' user=ada`, "password=xxxxx user=ada"},
		{`password='sesame user=ada`, "password=xxxxx"}, // quote left open
		{`password=se\ same user=ada`, "password=xxxxx user=ada"},
		{`password=a://b user=ada`, "password=xxxxx user=ada"},
		{"sslpassword=sesame host=h", "sslpassword=xxxxx host=h"},
		{"host='/a b' dbname=password", "host='/a b' dbname=password"},
		{`user='x password=' password=sesame`, `user='x password=' password=xxxxx`},
	} {
		if got := db.RedactDSN(c.dsn); got != c.want {
			t.Errorf("RedactDSN(%q) is %q, want %q", c.dsn, got, c.want)
		}
	}
}
