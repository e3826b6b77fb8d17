package metrics

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// world is a synthetic archive of 3 events at 4 instruments, and an empty database.
type world struct {
	testing.TB
	pool *sqlx.DB
	dir  string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, pool: dbtest.New(t), dir: t.TempDir()}
	cfg := synth.Config{Seed: 1, Stations: 3, Events: 3, Duration: time.Hour, SampleRate: 20, Continuous: true}
	if _, err := synth.Write(context.Background(), w.dir, cfg, nil); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) loadWaveforms(watch *job.Watch) job.LoadSummary {
	return w.load(job.LoadWaveforms, synth.ArchiveDir, watch)
}

func (w *world) loadMetadata(watch *job.Watch) {
	w.load(job.LoadStations, synth.StationFile, watch)
	w.load(job.LoadEvents, synth.EventFile, watch)
}

func (w *world) load(load func(context.Context, *sqlx.DB, []string, job.LoadOptions) (job.LoadSummary, error), name string, watch *job.Watch) job.LoadSummary {
	w.Helper()
	sum, err := load(context.Background(), w.pool, []string{filepath.Join(w.dir, name)}, job.LoadOptions{Watch: watch})
	if err != nil {
		w.Fatal(err)
	}
	return sum
}

func (w *world) run(o job.RunOptions) job.RunResult {
	w.Helper()
	r, err := job.Run(context.Background(), w.pool, o)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

func newMetrics() *Metrics {
	return New(Command{Verb: "run", Label: "default", Version: "1.2", Start: time.Unix(1700000000, 5e8)})
}

func serve(t testing.TB, m *Metrics) *Server {
	t.Helper()
	s, err := m.Listen("127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// families are metrics by name.
type families map[string]*dto.MetricFamily

// scrape reads what a server serves, as Prometheus does.
func scrape(t testing.TB, s *Server) families {
	t.Helper()
	answer, err := http.Get("http://" + s.Address() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	return parse(t, answer.Body)
}

func parse(t testing.TB, r io.Reader) families {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	f, err := parser.TextToMetricFamilies(r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sum adds the values, or counts of histograms, of the metrics that have the labels, given as
// name, value.
func (f families) sum(name string, labels ...string) float64 {
	total := 0.0
	for _, m := range f[name].GetMetric() {
		found := map[string]string{}
		for _, l := range m.GetLabel() {
			found[l.GetName()] = l.GetValue()
		}
		match := true
		for i := 0; i < len(labels); i += 2 {
			match = match && found[labels[i]] == labels[i+1]
		}
		if match {
			total += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return total
}

// want requires a sum.
func (f families) want(t testing.TB, want float64, name string, labels ...string) {
	t.Helper()
	if got := f.sum(name, labels...); got != want {
		t.Errorf("%s%v is %v, want %v", name, labels, got, want)
	}
}
