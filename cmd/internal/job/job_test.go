package job

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(m.Run()) }

// sharedData is the folder of real recordings beside the repository.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared", "data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no real recordings: %v", err)
		}
		t.Skipf("no real recordings: %v", err)
	}
	return dir
}

func loadEvent(t *testing.T, pool *sqlx.DB, dir string) {
	t.Helper()
	ctx := context.Background()
	for _, step := range []struct {
		load func(context.Context, *sqlx.DB, []string, LoadOptions) (LoadSummary, error)
		path string
	}{{LoadStations, "stations"}, {LoadEvents, "event.xml"}, {LoadWaveforms, "waveforms"}} {
		sum, err := step.load(ctx, pool, []string{filepath.Join(dir, step.path)}, LoadOptions{})
		if err != nil {
			t.Fatalf("%s/%s: %v", dir, step.path, err)
		}
		if sum.Failed > 0 || sum.Loaded == 0 {
			t.Errorf("%s/%s: %+v", dir, step.path, sum)
		}
	}
}

func mustRun(t *testing.T, pool *sqlx.DB, o RunOptions) RunResult {
	t.Helper()
	r, err := Run(context.Background(), pool, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var realEvents = []string{"nc73291880", "ci38457511", "ci38038071", "nc51194936", "nc71126864", "nc73821036", "nc73631381"}

func TestRealEventsEndAsDoneSkippedOrATrueFailure(t *testing.T) {
	data, pool := sharedData(t), dbtest.New(t)
	for _, e := range realEvents {
		loadEvent(t, pool, filepath.Join(data, "events", e))
	}
	r := mustRun(t, pool, RunOptions{})
	t.Logf("%+v", r)
	type row struct {
		EventID, Network, Station, Location, Instrument, Status string
		Code, Message                                           *string
	}
	rows, err := pool.Queryx(`SELECT event_id, network, station, location, instrument, status, code, message FROM work_item
		WHERE status <> 'skipped' OR code <> 'too_far' ORDER BY 1,2,3,4,5`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var x row
		if err := rows.Scan(&x.EventID, &x.Network, &x.Station, &x.Location, &x.Instrument, &x.Status, &x.Code, &x.Message); err != nil {
			t.Fatal(err)
		}
		code, msg := "", ""
		if x.Code != nil {
			code, msg = *x.Code, *x.Message
		}
		t.Log(x.EventID, x.Network, x.Station, x.Location, x.Instrument, x.Status, code, msg)
	}
	again := mustRun(t, pool, RunOptions{})
	if again.Counts != (db.Counts{}) {
		t.Errorf("a second run: %+v", again)
	}
}
