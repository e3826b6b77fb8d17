package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/migrations"
)

// nights is a label that is run day after day.
type nights struct {
	testing.TB
	pool  *sqlx.DB
	count int
}

// at is the time of a night, from 1.
func (n *nights) at(night int) time.Time { return day.AddDate(0, 0, night-1) }

// run runs the next night: the items named fail, those with a minus are done. It ends as said.
func (n *nights) run(shard db.Shard, status string, items ...string) {
	n.Helper()
	ctx := context.Background()
	n.count++
	var id int64
	tx(n, n.pool, func(tx *sqlx.Tx) (err error) {
		id, err = db.StartRun(ctx, tx, db.Run{Kind: "run", Label: "l", Selection: []byte(`{}`), StartedAt: n.at(n.count), Shard: shard})
		return err
	})
	known, err := db.Items(ctx, n.pool, "l", []string{"a", "b", "c", "d"}, db.Current{})
	if err != nil {
		n.Fatal(err)
	}
	var b db.Batch
	for _, name := range items {
		event, good := strings.CutPrefix(name, "-")
		it := bare(event, id)
		it.Code, it.FailedSince = ptr("gap"), known.Others[it.ItemKey].FailedSince // as a run does
		if good {
			it.Status, it.Code, it.FailedSince = db.ItemDone, nil, nil
		}
		b.Items = append(b.Items, it)
	}
	tx(n, n.pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, id, b) })
	if err := db.FinishRun(ctx, n.pool, id, status, "", n.at(n.count)); err != nil {
		n.Fatal(err)
	}
}

// want wants the failures in their order: + if new, the name, the nights of the first and the last.
func (n *nights) want(want string) {
	n.Helper()
	all, err := db.Failures(context.Background(), n.pool, "l")
	if err != nil {
		n.Fatal(err)
	}
	night := func(t time.Time) int { return int(t.Sub(day).Hours()/24) + 1 }
	var got []string
	for _, f := range all {
		age := ""
		if f.New {
			age = "+"
		}
		got = append(got, fmt.Sprintf("%s%s %d-%d", age, f.EventID+strings.TrimPrefix(f.File, "/"), night(*f.FirstSeen), night(f.LastSeen)))
	}
	if text := strings.Join(got, ", "); text != want {
		n.Errorf("after night %d: %s, want %s", n.count, text, want)
	}
}

func TestAFailureIsNewUntilTheNextRun(t *testing.T) {
	t.Parallel()
	n := &nights{TB: t, pool: dbtest.New(t)}
	whole := db.Shard{}
	n.run(whole, db.Done, "a", "b", "-c")
	n.want("+a 1-1, +b 1-1")
	n.run(whole, db.Done, "a", "c")
	n.want("+c 2-2, a 1-2, b 1-1") // b was not tried again
	n.run(whole, db.Done, "-a", "c")
	n.want("b 1-1, c 2-3")
	n.run(whole, db.Done, "a")
	n.want("+a 4-4, b 1-1, c 2-3") // a success lies between
	n.run(whole, db.Done)
	n.want("a 4-4, b 1-1, c 2-3")
}

func TestWhatARunThatEndedEarlyHasMetIsStillNewInTheNext(t *testing.T) {
	t.Parallel()
	for _, early := range []string{db.Failed, db.Interrupted, db.Lost} {
		n := &nights{TB: t, pool: dbtest.New(t)}
		n.run(db.Shard{}, db.Done, "a")
		n.run(db.Shard{}, early, "b", "c")
		n.want("+b 2-2, +c 2-2, a 1-1")
		n.run(db.Shard{}, db.Done, "c", "d")
		n.want("+b 2-2, +c 2-3, +d 3-3, a 1-1")
		n.run(db.Shard{}, db.Done)
		n.want("a 1-1, b 2-2, c 2-3, d 3-3")
	}
}

func TestPartsOfALabelAreOneRunForWhatIsNew(t *testing.T) {
	t.Parallel()
	n := &nights{TB: t, pool: dbtest.New(t)}
	first, second := db.Shard{Index: 1, Count: 2}, db.Shard{Index: 2, Count: 2}
	n.run(first, db.Done, "a")
	n.run(second, db.Done, "b")
	n.want("+a 1-1, +b 2-2")
	n.run(second, db.Done, "c")
	n.run(first, db.Done, "d")
	n.want("+c 3-3, +d 4-4, a 1-1, b 2-2")
	n.run(db.Shard{}, db.Done)
	n.want("a 1-1, b 2-2, c 3-3, d 4-4")
}

func TestAFaultOfAFileIsKnownSinceTheFirstLoadThatMetIt(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	n := &nights{TB: t, pool: pool}
	load := func(at time.Time, write func(tx *sqlx.Tx) error) {
		t.Helper()
		tx(t, pool, write)
		// A load has no clock but that of the database: what it wrote now was written then.
		pool.MustExec(`UPDATE file SET loaded_at = $1 WHERE loaded_at > now() - interval '1 hour'`, at)
		pool.MustExec(`UPDATE file SET error_since = $1 WHERE error_since > now() - interval '1 hour'`, at)
	}
	bad := func(name string) db.File {
		return db.File{Path: "/" + name, ErrorCode: ptr("bad_record"), Error: ptr("why")}
	}
	save := func(f db.File) func(*sqlx.Tx) error {
		return func(tx *sqlx.Tx) error { return db.SaveFile(ctx, tx, 1, f, nil) }
	}
	note := func(f db.File) func(*sqlx.Tx) error {
		return func(tx *sqlx.Tx) error { return db.NoteFault(ctx, tx, f) }
	}
	load(n.at(0), save(bad("s")))
	load(n.at(0), note(bad("t")))
	n.run(db.Shard{}, db.Done)
	n.want("+s 0-0, +t 0-0")
	load(n.at(2).Add(-time.Hour), save(bad("s")))
	load(n.at(2).Add(-time.Hour), note(bad("t")))
	load(n.at(2).Add(-time.Hour), save(bad("u")))
	n.want("+s 0-1, +t 0-1, +u 1-1") // of the day of the run, and no run has had them
	n.run(db.Shard{}, db.Done)
	n.want("+u 1-1, s 0-1, t 0-1")
	load(n.at(3), save(db.File{Path: "/s"}))
	load(n.at(3), save(db.File{Path: "/t"}))
	n.want("+u 1-1")
	load(n.at(4), save(bad("s")))
	load(n.at(4), note(bad("t")))
	n.want("+s 4-4, +t 4-4, +u 1-1")
}

// What failed before the time was kept counts from the run that met it last.
func TestFailuresFromBeforeTheMigrationCountFromTheirRun(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	const before = 8
	provider, err := goose.NewProvider(goose.DialectPostgres, pool.DB, migrations.FS, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = provider.DownTo(ctx, before)
	}
	if err != nil {
		t.Fatal(err)
	}
	pool.MustExec(`INSERT INTO run (kind, label, status, selection, version, host, pid, started_at) VALUES ('run', 'l', 'done', '{}', '', '', 1, $1)`, day)
	pool.MustExec(`INSERT INTO work_item (label, event_id, network, station, location, instrument, status, code, recipe_hash, algorithm, revision, run_id)
		SELECT 'l', status, '', '', '', '', status, 'gap', '', 1, 1, 1 FROM unnest('{done,failed,skipped}'::text[]) AS s (status)`)
	pool.MustExec(`INSERT INTO file (archive, path, size, mtime, error, loaded_at) VALUES ('/', '/bad', 1, now(), 'why', $1), ('/', '/good', 1, now(), NULL, $1)`, day)
	if err := db.Migrate(ctx, pool, nil); err != nil {
		t.Fatal(err)
	}
	all, err := db.Failures(ctx, pool, "l")
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, f := range all {
		if f.FirstSeen == nil || !f.FirstSeen.Equal(day) || !f.LastSeen.Equal(day) {
			t.Errorf("%+v", f)
		}
	}
	if n := count(t, pool, `SELECT count(failed_since) FROM work_item`) + count(t, pool, `SELECT count(error_since) FROM file`); n != 2 {
		t.Errorf("%d rows have a time since when they fail", n)
	}
}

func TestFailuresAreFilteredByAge(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	n := &nights{TB: t, pool: dbtest.New(t)}
	n.run(db.Shard{}, db.Done, "a", "b")
	n.run(db.Shard{}, db.Done, "c")
	for _, c := range []struct {
		age  db.Age
		want string
	}{{db.AgeAny, "[c a b] 3 1"}, {db.AgeNew, "[c] 1 1"}, {db.AgeChronic, "[a b] 2 0"}} {
		all, err := db.Failures(ctx, n.pool, "l")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range c.age.Of(all) {
			names = append(names, f.EventID)
		}
		groups, err := db.GroupFailures(ctx, n.pool, "l", db.ItemFailed, "code", c.age)
		if err != nil || len(groups) != 1 {
			t.Fatalf("%+v, %v", groups, err)
		}
		g := groups[0]
		if got := fmt.Sprint(names, g.Items, g.New); got != c.want {
			t.Errorf("%q: %s, want %s", c.age, got, c.want)
		}
		if first := n.at(map[db.Age]int{db.AgeNew: 2}[c.age]); c.age == db.AgeNew && !g.FirstSeen.Equal(first) || !g.LastSeen.Equal(n.at(2)) && c.age != db.AgeChronic {
			t.Errorf("%q: seen %v to %v", c.age, g.FirstSeen, g.LastSeen)
		}
	}
}

// Ten thousand failures beside a hundred thousand items that are done.
func BenchmarkGroupFailures(b *testing.B) {
	ctx, pool := context.Background(), dbtest.New(b)
	tx(b, pool, func(tx *sqlx.Tx) error { _, err := tx.Exec(fill); return err })
	pool.MustExec(`UPDATE work_item SET status = 'failed', code = (ARRAY['gap', 'no_response', 'bad_record'])[1 + abs(hashtext(event_id)) % 3], message = repeat('why ', 30), failed_since = now()
		WHERE station = 'S3'`)
	pool.MustExec(`ANALYZE`)
	for _, by := range db.FailureGroups {
		b.Run(by, func(b *testing.B) {
			for b.Loop() {
				groups, err := db.GroupFailures(ctx, pool, "l", db.ItemFailed, by, db.AgeAny)
				if err != nil || len(groups) == 0 {
					b.Fatal(len(groups), err)
				}
			}
		})
	}
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if all, err := db.Failures(ctx, pool, "l"); err != nil || len(all) != 10000 {
				b.Fatal(len(all), err)
			}
		}
	})
}
