package metrics

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// An instrument's file is gone: its three items fail.
func TestScrapedCountsOfARunAreThoseOfItsResult(t *testing.T) {
	w := newWorld(t)
	w.loadMetadata(nil)
	w.loadWaveforms(nil)
	found, err := filepath.Glob(filepath.Join(w.dir, synth.ArchiveDir, "*", "*", "ST02", "*", "*"))
	if err != nil || len(found) != 3 {
		t.Fatal(found, err)
	}
	for _, f := range found {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	m := newMetrics()
	server := serve(t, m)

	written, held, goOn := atomic.Int64{}, make(chan struct{}), make(chan struct{})
	o := job.RunOptions{Kind: "run", BatchSize: 2, Watch: m.Watch(), Hook: func(point string) {
		if point == "run:after-write" && written.Add(1) == 3 { // two batches are counted, the third is written
			close(held)
			<-goOn
		}
	}}
	done := make(chan job.RunResult)
	go func() {
		r, err := job.Run(t.Context(), w.pool, o)
		if err != nil {
			t.Error(err)
		}
		done <- r
	}()
	<-held
	f := scrape(t, server)
	f.want(t, 12, "seisbatch_items_due", "verb", "run", "label", "default")
	counted := f.sum("seisbatch_items_total")
	if counted < 2 || counted > 4 { // a batch may be written short after a second
		t.Errorf("%v items are counted after two batches of two", counted)
	}
	f.want(t, 12-counted, "seisbatch_items_left")
	f.want(t, counted, "seisbatch_items_computed_total", "reason", "never_done")
	if f.sum("seisbatch_stage_workers", "stage", "process") == 0 || f.sum("seisbatch_stage_queue_items") == 0 {
		t.Error("the pipeline is not seen at work")
	}
	if _, ok := f["seisbatch_exit_status"]; ok {
		t.Error("there is an exit status before the end")
	}
	close(goOn)
	r := <-done

	m.End(time.Unix(1700000001, 0), 3, true)
	f = scrape(t, server)
	if r.Done != 9 || r.Failed != 3 {
		t.Fatalf("%+v", r)
	}
	f.want(t, float64(r.Due), "seisbatch_items_total")
	f.want(t, float64(r.Done), "seisbatch_items_total", "status", "done", "code", "")
	f.want(t, float64(r.Failed), "seisbatch_items_total", "status", "failed", "code", "file_missing")
	f.want(t, float64(r.Codes["file_missing"]), "seisbatch_items_total", "status", "failed")
	f.want(t, float64(r.Left), "seisbatch_items_left")
	f.want(t, float64(r.Due), "seisbatch_item_duration_seconds")
	f.want(t, 1, "seisbatch_run_info", "run", itoa(r.RunID), "kind", "run")
	f.want(t, 1, "seisbatch_build_info", "version", "1.2")
	f.want(t, float64(r.Due), "seisbatch_stage_items_total", "stage", "process", "fate", "done")
	f.want(t, 0, "seisbatch_stage_workers")
	f.want(t, 3, "seisbatch_exit_status")
	f.want(t, 1700000000.5, "seisbatch_start_timestamp_seconds")
	f.want(t, 1700000001, "seisbatch_end_timestamp_seconds")
	f.want(t, 1700000001, "seisbatch_last_finished_timestamp_seconds")
	var rows int
	if err := w.pool.Get(&rows, `SELECT count(*) FROM measurement`); err != nil {
		t.Fatal(err)
	}
	f.want(t, float64(rows), "seisbatch_measurement_rows_total")
	for _, op := range []string{"prepare", "plan_events", "plan_items", "plan_arrivals", "plan_orphans", "plan_segments", "read_response", "ask_lock", "write_items"} {
		if f.sum("seisbatch_database_duration_seconds", "operation", op) == 0 {
			t.Errorf("no %s was timed", op)
		}
	}
	if f.sum("seisbatch_windows_read_bytes_total") == 0 || f.sum("go_goroutines") == 0 {
		t.Error("no bytes, or nothing of the runtime")
	}

	// An item that a forced run computes again reads what it read the first time.
	again := newMetrics()
	w.run(job.RunOptions{Force: true, Watch: again.Watch()})
	s := serve(t, again)
	scrape(t, s).want(t, f.sum("seisbatch_windows_read_bytes_total"), "seisbatch_windows_read_bytes_total")
	closed(t, s)
	closed(t, server)
}

// closed closes a server, and wants its port to be.
func closed(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", s.Address()); err == nil {
		c.Close()
		t.Error("the port is open after the end")
	}
}

func TestLoadsOfOneCommandAreCountedOn(t *testing.T) {
	w, m := newWorld(t), newMetrics()
	w.loadMetadata(m.Watch())
	first := w.loadWaveforms(m.Watch())
	bad := filepath.Join(w.dir, synth.ArchiveDir, "bad")
	if err := os.WriteFile(bad, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	second := w.loadWaveforms(m.Watch())
	if err := os.Remove(bad); err != nil {
		t.Fatal(err)
	}
	w.loadWaveforms(m.Watch())

	server := serve(t, m)
	defer closed(t, server)
	f := scrape(t, server)
	f.want(t, float64(first.Loaded), "seisbatch_files_total", "status", "loaded", "format", "miniSEED")
	f.want(t, 1, "seisbatch_files_total", "status", "loaded", "format", "StationXML")
	f.want(t, float64(2*second.Unchanged), "seisbatch_files_total", "status", "unchanged")
	f.want(t, 1, "seisbatch_files_total", "status", "failed", "code", "empty_file")
	f.want(t, 1, "seisbatch_files_total", "status", "removed")
	f.want(t, float64(first.Files+second.Files+second.Unchanged), "seisbatch_stage_items_total", "stage", "load", "fate", "done")
	f.want(t, 2, "seisbatch_database_duration_seconds", "operation", "load_metadata")
	if got := f.sum("seisbatch_files_read_bytes_total"); got <= float64(first.Bytes) {
		t.Errorf("%v bytes were read; of waveforms alone it is %d", got, first.Bytes)
	}
}

func TestTheRootPageSaysWhereTheMetricsAre(t *testing.T) {
	server := serve(t, newMetrics())
	defer closed(t, server)
	for path, want := range map[string]int{"/": http.StatusOK, "/nothing": http.StatusNotFound} {
		answer, err := http.Get("http://" + server.Address() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != want || want == http.StatusOK && !strings.Contains(string(body), "/metrics") {
			t.Errorf("%s: %s, %q, %v", path, answer.Status, body, err)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
