package metrics

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// written writes the metrics of a command that ended, and reads the file.
func written(t *testing.T, m *Metrics, path string) families {
	t.Helper()
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return parse(t, f)
}

func TestFileTellsWhenACommandLastFinishedThoughItFailsNow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightly.prom")
	nightly := Command{Verb: "nightly", Label: "default", Start: time.Unix(1000, 0)}
	m := New(nightly)
	if err := m.Recall(path); err != nil {
		t.Error("without a file:", err)
	}
	m.End(time.Unix(2000, 0), 0, true)
	written(t, m, path).want(t, 2000, "seisbatch_last_finished_timestamp_seconds")

	failed := New(nightly)
	if err := failed.Recall(path); err != nil {
		t.Fatal(err)
	}
	failed.End(time.Unix(90000, 0), 1, false)
	f := written(t, failed, path)
	f.want(t, 2000, "seisbatch_last_finished_timestamp_seconds", "verb", "nightly", "label", "default", "shard", "")
	f.want(t, 90000, "seisbatch_end_timestamp_seconds")
	f.want(t, 1, "seisbatch_exit_status")

	for _, other := range []Command{{Verb: "run", Label: "default"}, {Verb: "nightly", Label: "mine"}, {Verb: "nightly", Label: "default", Shard: "1/2"}} {
		m := New(other)
		if err := m.Recall(path); err != nil {
			t.Fatal(err)
		}
		if f := written(t, m, path+".other"); len(f["seisbatch_last_finished_timestamp_seconds"].GetMetric()) > 0 {
			t.Errorf("%+v took the time of another command for its own", other)
		}
	}
}

// node_exporter refuses a file with names that it has itself.
func TestFileHasNothingOfTheRuntimeAndLeavesNothingBeside(t *testing.T) {
	dir := t.TempDir()
	for name := range written(t, newMetrics(), filepath.Join(dir, "run.prom")) {
		if !strings.HasPrefix(name, "seisbatch_") {
			t.Errorf("the file has %s", name)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Error(files, err)
	}
}

func TestFileThatIsNoneOfMetricsIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.prom")
	if err := os.WriteFile(path, []byte("not metrics at all\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := newMetrics().Recall(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
}
