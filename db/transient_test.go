package db_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestWhatTheServerRefusesIsNoLostConnection(t *testing.T) {
	_, gone := net.Dial("unix", filepath.Join(t.TempDir(), "none"))
	code := func(c pqerror.Code) error { return fmt.Errorf("writing: %w", &pq.Error{Code: c}) }
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"none":                  {nil, false},
		"admin shutdown":        {code("57P01"), true},
		"starting up":           {code("57P03"), true},
		"too many connections":  {code("53300"), true},
		"standby":               {code("25006"), true},
		"connection failure":    {code("08006"), true},
		"unique violation":      {code("23505"), false},
		"disk full":             {code("53100"), false},
		"statement timeout":     {code("57014"), false},
		"no rights":             {code("42501"), false},
		"serialization":         {code("40001"), false},
		"no such database":      {code("3D000"), false},
		"wrong password":        {code("28P01"), false},
		"bad connection":        {fmt.Errorf("reading: %w", driver.ErrBadConn), true},
		"end of the connection": {io.ErrUnexpectedEOF, true},
		"closed connection":     {sql.ErrConnDone, true},
		"nobody listens":        {&db.ConnectError{Err: gone}, true},
		"no answer in time":     {fmt.Errorf("dialing: %w", os.ErrDeadlineExceeded), true},
		"a lost lock":           {fmt.Errorf("label: %w", db.ErrLockLost), true},
		"a closed run":          {db.ErrRunClosed, false},
		"another's lock":        {&db.LockedError{}, false},
		"an interrupt":          {context.Canceled, false},
		"a file":                {&os.PathError{Op: "open", Err: os.ErrNotExist}, false},
		"no row":                {sql.ErrNoRows, false},
	} {
		if got := db.IsConnection(c.err); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAStatementThatTakesTooLongSaysSo(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t, dbtest.EmptyDSN(t), db.Options{StatementTimeout: 20 * time.Millisecond})
	_, err := pool.Exec(`SELECT pg_sleep(60)`)
	if !db.IsStatementTimeout(err) || db.IsConnection(err) {
		t.Error(err)
	}
	if _, err := pool.Exec(`SELECT nothing`); db.IsStatementTimeout(err) {
		t.Error(err)
	}
}

// endSessions ends those of a database but for the caller's own, and waits for their end.
func endSessions(t *testing.T, pool *sqlx.DB) {
	t.Helper()
	if _, err := pool.Exec(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
}

func TestALostLockIsTakenAgain(t *testing.T) {
	t.Parallel()
	ctx, dsn := context.Background(), dbtest.EmptyDSN(t)
	mine, other := dbtest.Open(t, dsn, db.Options{MaxConns: 1}), dbtest.Open(t, dsn, db.Options{})
	for _, shard := range []db.Shard{{}, {Index: 1, Count: 2}} {
		l := lock(t, mine, "a", shard)
		if err := l.Regain(ctx, mine); err != nil {
			t.Errorf("%v, held: %v", shard, err)
		}
		endSessions(t, other)
		if err := l.Regain(ctx, mine); err != nil {
			t.Errorf("%v: %v", shard, err)
		}
		if _, err := db.TryLock(ctx, other, "a", shard); !errors.Is(err, db.ErrLocked) {
			t.Errorf("%v, another run gets it too: %v", shard, err)
		}
		if err := l.Held(ctx); err != nil {
			t.Errorf("%v: %v", shard, err)
		}
		release(t, l)
		release(t, lock(t, other, "a", shard))
	}
}

func TestALostLockThatAnotherRunHasIsNotTakenAgain(t *testing.T) {
	t.Parallel()
	ctx, dsn := context.Background(), dbtest.EmptyDSN(t)
	mine, other := dbtest.Open(t, dsn, db.Options{MaxConns: 1}), dbtest.Open(t, dsn, db.Options{})
	l := lock(t, mine, "a", db.Shard{})
	endSessions(t, other)
	taken := lock(t, other, "a", db.Shard{})
	for range 2 {
		if err := l.Regain(ctx, mine); !errors.Is(err, db.ErrLocked) || db.IsConnection(err) {
			t.Error(err)
		}
	}
	release(t, taken)
	if err := l.Regain(ctx, mine); err != nil {
		t.Errorf("free again: %v", err)
	}
	release(t, l)
}

// Where the network was cut, the server still serves the lock's session.
func TestALockIsTakenAgainFromItsOwnSessionThatLostItsClient(t *testing.T) {
	t.Parallel()
	ctx, dsn := context.Background(), dbtest.EmptyDSN(t)
	proxy := dbtest.NewProxy(t, dsn)
	mine, other := dbtest.Open(t, proxy.DSN, db.Options{}), dbtest.Open(t, dsn, db.Options{})
	l := lock(t, mine, "a", db.Shard{})
	proxy.Abandon(t)
	if _, err := db.TryLock(ctx, other, "a", db.Shard{}); !errors.Is(err, db.ErrLocked) {
		t.Fatalf("the server has seen it: %v", err)
	}
	if err := l.Regain(ctx, mine); err != nil {
		t.Fatal(err)
	}
	if err := l.Held(ctx); err != nil {
		t.Error(err)
	}
	release(t, l)
}

func TestConnectionsThatAreDroppedAreMadeAnewAndKept(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t, dbtest.EmptyDSN(t), db.Options{MaxConns: 3})
	first := count(t, pool, `SELECT pg_backend_pid()`)
	db.DropIdle(pool)
	second := count(t, pool, `SELECT pg_backend_pid()`)
	if third := count(t, pool, `SELECT pg_backend_pid()`); first == second || second != third {
		t.Errorf("sessions %d, %d, %d", first, second, third)
	}
	if s := pool.Stats(); s.MaxOpenConnections != 3 || s.Idle != 1 {
		t.Errorf("%+v", s)
	}
}

func TestConnectionsOverTheNetworkAreWatchedByTheServer(t *testing.T) {
	t.Parallel()
	c := recorder{}
	cfg, err := pq.NewConfig("host=db.example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.WithKeepalive(&c, cfg).Connect(t.Context()); err != nil || c.said == "" {
		t.Errorf("said %q, %v", c.said, err)
	}
	cfg.Host = "/run/postgresql"
	c.said = ""
	if _, err := db.WithKeepalive(&c, cfg).Connect(t.Context()); err != nil || c.said != "" {
		t.Errorf("on a socket said %q, %v", c.said, err)
	}
}

// recorder is a connector, and a connection, that notes what it was told.
type recorder struct {
	driver.Connector
	driver.Conn
	said string
}

func (r *recorder) Connect(context.Context) (driver.Conn, error) { return r, nil }
func (r *recorder) Close() error                                 { return nil }
func (r *recorder) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	r.said = query
	return driver.RowsAffected(0), nil
}

func TestABatchThatWasWrittenIsNotCountedAgain(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	save := func(number int64, attempts int) {
		t.Helper()
		it := bare("e", run)
		it.Attempts = attempts
		tx(t, pool, func(tx *sqlx.Tx) error {
			return db.SaveBatch(ctx, tx, run, db.Batch{Number: number, Items: []db.WorkItem{it}, Counts: db.Counts{Due: 1, Failed: 1}})
		})
	}
	for i, number := range []int64{1, 1, 2, 2, 1} {
		save(number, i)
	}
	if it := items(t, pool, "l", "e")[db.ItemKey{EventID: "e"}]; it.Attempts != 2 {
		t.Errorf("the batch of save %d is there, want that of the third", it.Attempts)
	}
	runs, err := db.Runs(ctx, pool, 1)
	if err != nil || runs[0].Batches != 2 || runs[0].Counts != (db.Counts{Due: 2, Failed: 2}) {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestARunIsFoundByTheProcessThatBeganIt(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	r := db.Run{Kind: "run", Label: "l", Selection: []byte(`{}`), Host: "h", PID: 7, StartedAt: day.Add(321), Shard: db.Shard{Index: 1, Count: 2}}
	var id int64
	tx(t, pool, func(tx *sqlx.Tx) (err error) { id, err = db.StartRun(ctx, tx, r); return err })
	find := func(r db.Run) (found int64) {
		t.Helper()
		tx(t, pool, func(tx *sqlx.Tx) (err error) { found, err = db.StartedRun(ctx, tx, r); return err })
		return found
	}
	if got := find(r); got != id {
		t.Errorf("found %d, want %d", got, id)
	}
	for name, change := range map[string]func(*db.Run){
		"time":    func(r *db.Run) { r.StartedAt = day.Add(time.Second) },
		"process": func(r *db.Run) { r.PID++ },
		"part":    func(r *db.Run) { r.Shard.Index++ },
		"label":   func(r *db.Run) { r.Label = "other" },
	} {
		other := r
		change(&other)
		if got := find(other); got != 0 {
			t.Errorf("another %s: found %d", name, got)
		}
	}
	if err := db.CheckRunning(ctx, pool, id); err != nil {
		t.Error(err)
	}
	if err := db.FinishRun(ctx, pool, id, db.Done, "", day); err != nil {
		t.Fatal(err)
	}
	if got := find(r); got != 0 {
		t.Errorf("a run that has ended: found %d", got)
	}
	if err := db.CheckRunning(ctx, pool, id); !errors.Is(err, db.ErrRunClosed) {
		t.Error(err)
	}
}

func TestAFailureThatMayPassIsDueFromItsNextTryUpToTheLimit(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	run := startRun(t, pool, "l")
	hash := []byte{1}
	for _, c := range []struct {
		code  string
		tries int
		next  *time.Time
		limit int
		due   bool
	}{
		{"passing", 1, nil, 10, true},
		{"passing", 2, ptr(day), 10, true},
		{"passing", 2, ptr(day.Add(time.Microsecond)), 10, false},
		{"passing", 9, ptr(day.Add(-time.Hour)), 10, true},
		{"passing", 10, ptr(day.Add(-time.Hour)), 10, false},
		{"passing", 10, ptr(day.Add(-time.Hour)), 11, true},
		{"passing", 1000, ptr(day.Add(-time.Hour)), 0, true},
		{"staying", 1, nil, 10, false},
		{"asked", 99, ptr(day.Add(time.Hour)), 10, true},
	} {
		it := bare("e", run)
		it.Code, it.Tries, it.NextTry, it.RecipeHash = &c.code, c.tries, c.next, hash
		tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, db.Batch{Items: []db.WorkItem{it}}) })
		current := db.Current{RecipeHash: hash, Retry: []string{"asked"}, Passing: []string{"passing"}, Now: day, MaxTries: c.limit}
		known, err := db.Items(ctx, pool, "l", []string{"e"}, current)
		if err != nil || (len(known.Others) == 1) != c.due || (len(known.Clean) == 1) == c.due {
			t.Errorf("%+v: %+v, %v", c, known, err)
		}
		if got := current.IsAgain(&it); got != (c.due && c.code == "passing") {
			t.Errorf("%+v: to be tried again: %v", c, got)
		}
	}
}
