package job

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jmoiron/sqlx"
)

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

// realEvents are the folders of shared data that hold an event with its
// recordings.
var realEvents = []string{"nc73291880", "ci38457511", "ci38038071", "nc51194936", "nc71126864", "nc73821036", "nc73631381"}

// loadEvent loads stations, event and waveforms of a folder, which has no faults.
func loadEvent(t *testing.T, pool *sqlx.DB, dir string) {
	t.Helper()
	mustLoad(t, pool, LoadStations, filepath.Join(dir, "stations"))
	mustLoad(t, pool, LoadEvents, filepath.Join(dir, "event.xml"))
	mustLoad(t, pool, LoadWaveforms, filepath.Join(dir, "waveforms"))
}

// mustLoad loads files without faults.
func mustLoad(t *testing.T, pool *sqlx.DB, load loader, path string) LoadSummary {
	t.Helper()
	sum, err := load(context.Background(), pool, []string{path}, LoadOptions{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if sum.Failed > 0 {
		t.Fatalf("%s: %+v", path, sum)
	}
	return sum
}

func mustRun(t *testing.T, pool *sqlx.DB, o RunOptions) RunResult {
	t.Helper()
	r, err := Run(context.Background(), pool, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
