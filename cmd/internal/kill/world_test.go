package kill_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// Recipes that end items in every way: the first passes over what is far, the second
// over more, so that some items lose the rows they had.
const (
	recipeA = "eligible: {max_distance: [{km: 75}]}\n"
	recipeB = "eligible: {max_distance: [{km: 55}]}\nmeasure: {damping: 0.03}\n"
)

// config makes 6 stations with 8 instruments and 6 events: 48 items. Six days make
// enough files for three transactions of a load; gaps make items fail.
var config = synth.Config{Seed: 5, Stations: 6, Events: 6, Duration: 6 * 24 * time.Hour, SampleRate: 50, Gaps: 12}

// world is the archive, and databases at several stages.
type world struct {
	dir    string
	admin  *sqlx.DB // makes databases
	empty  string   // DSN of a database with a schema and no rows
	made   int
	stages []*stage
}

// stage is a database and the job that comes next.
type stage struct {
	name   string
	dsn    string // of a database that is only copied
	next   order  // to run on a copy
	before state
	want   state   // after an undisturbed run
	after  string  // DSN of the database in that state
	clean  outcome // of that run
}

// newWorld makes the archive, and the stages in the database that empty names.
func newWorld(t *testing.T, dir string, admin *sqlx.DB, empty string) *world {
	t.Helper()
	w := &world{dir: dir, admin: admin, empty: empty}
	first := w.stage(t, "new", empty, w.loading(), order{Run: true, Recipe: recipeA})
	again := order{Run: true, Recipe: recipeA}
	w.stage(t, "recipe changed", first.dsn, again, order{Run: true, Recipe: recipeB})
	changed := again
	changed.Stations, changed.Events = w.changedMetadata(t)
	ran := w.copy(t, first.dsn)
	finish(t, with(again, ran))
	w.stage(t, "metadata changed", ran, order{Stations: changed.Stations, Events: changed.Events}, again)
	return w
}

// stage adds a stage: a copy of a database after some preparation.
func (w *world) stage(t *testing.T, name, from string, prepare, next order) *stage {
	t.Helper()
	s := &stage{name: name, dsn: w.copy(t, from), next: next}
	finish(t, with(prepare, s.dsn))
	s.before = read(t, s.dsn)
	s.after = w.copy(t, s.dsn)
	s.clean = finish(t, with(next, s.after))
	s.want = read(t, s.after)
	w.stages = append(w.stages, s)
	t.Logf("%s: undisturbed, %v", name, s.clean.Passed)
	return s
}

func with(o order, dsn string) order {
	o.DSN = dsn
	return o
}

// loading loads the archive.
func (w *world) loading() order {
	return order{Stations: filepath.Join(w.dir, synth.StationFile), Events: filepath.Join(w.dir, synth.EventFile),
		Waveforms: filepath.Join(w.dir, synth.ArchiveDir)}
}

// changedMetadata writes metadata in which a station has moved, so that its items
// must be computed again, and an event is called by another name, so that its items are
// looked at and found true.
func (w *world) changedMetadata(t *testing.T) (stations, events string) {
	t.Helper()
	a, err := synth.Plan(config)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Stations[0].Channels {
		a.Stations[0].Channels[i].Latitude += 0.001
	}
	a.Events[1].Description += " (renamed)"
	stations, events = filepath.Join(w.dir, "stations2.xml"), filepath.Join(w.dir, "events2.xml")
	var s, e bytes.Buffer
	if err := stationxml.Write(&s, a.Stations, "test", a.Config.Start); err != nil {
		t.Fatal(err)
	}
	if err := quakeml.Write(&e, a.Events, "smi:local/test"); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string][]byte{stations: s.Bytes(), events: e.Bytes()} {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return stations, events
}

// copy makes a copy of a database, to which nobody may be connected, until the test ends.
//
// The checkpoint is for PostgreSQL 15 and later, where a copy's sequences go back after a
// crash: what a sequence is ahead of its last value is in the log for the original only,
// and before a checkpoint nextval takes it as logged for the copy.
func (w *world) copy(t *testing.T, dsn string) string {
	t.Helper()
	from, err := pq.NewConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	w.made++
	name := fmt.Sprintf("kill_%d", w.made)
	if _, err := w.admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + from.Database); err != nil {
		t.Fatal(err)
	}
	if _, err := w.admin.Exec("CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := w.admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("database of the test: %v", err)
		}
	})
	return strings.Replace(dsn, "dbname="+from.Database, "dbname="+name, 1)
}

// makeArchive makes the synthetic archive, which goes with the test.
func makeArchive(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := synth.Write(context.Background(), dir, config, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open opens a pool that the caller closes before the database is copied. A server that lost
// a process may still be recovering.
func open(t *testing.T, dsn string) *sqlx.DB {
	t.Helper()
	pool, err := db.Open(context.Background(), dsn, db.Options{MaxConns: 1})
	for deadline := time.Now().Add(hung); db.IsConnection(err) && time.Now().Before(deadline); {
		pool, err = db.Open(context.Background(), dsn, db.Options{MaxConns: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// kills is how many kills at random moments were asked for.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv(killsEnv)
	if text == "" {
		return 10
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: want a number from 1", killsEnv, text)
	}
	return n
}

// moments is the generator that chooses when to kill. Its seed is logged; the same seed
// chooses the same points, though not what several goroutines do meanwhile.
func moments(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(seedEnv); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s=%q: %v", seedEnv, text, err)
		}
	}
	t.Logf("%s=%d", seedEnv, seed)
	return rand.New(rand.NewPCG(seed, 0))
}
