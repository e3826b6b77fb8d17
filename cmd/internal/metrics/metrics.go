// Package metrics makes of what a job tells numbers for Prometheus: to be scraped while a
// command works, or in a file when it has ended. What each of them means is in the README.md of
// this folder, with alerts; a Grafana dashboard is here too. No other package knows Prometheus.
package metrics

import (
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// Command is the start of the program whose numbers they are. Verb, Label and Shard are labels
// of every metric.
type Command struct {
	Verb    string // run, load waveforms
	Label   string // of the results; "" where there are none
	Shard   string // part of the label, as 2/3; "" is the whole
	Version string // of the program
	Start   time.Time
}

// Metrics are the numbers of one command. They may be used concurrently.
type Metrics struct {
	command  Command
	registry *prometheus.Registry // of this program's own
	jobs     jobMetrics
	ends     endMetrics
	stages   *stages
	left     atomic.Int64
}

// jobMetrics are told by a job.
type jobMetrics struct {
	items, reasons, rows, windowBytes *prometheus.CounterVec
	itemTime, database                *prometheus.HistogramVec
	due, run                          *prometheus.GaugeVec
	files, fileBytes                  *prometheus.CounterVec
}

// endMetrics are about the command. Those of its end are not there before.
type endMetrics struct {
	build, start, end, status, finished *prometheus.GaugeVec
}

// New makes the metrics of a command that starts.
func New(c Command) *Metrics {
	m := &Metrics{command: c, registry: prometheus.NewRegistry(), stages: newStages()}
	own := prometheus.WrapRegistererWith(m.labels(), m.registry)
	m.register(maker{own})
	own.MustRegister(m.stages)
	m.ends.build.WithLabelValues(c.Version, runtime.Version()).Set(1)
	m.ends.start.WithLabelValues().Set(unix(c.Start))
	return m
}

// labels are those of every metric.
func (m *Metrics) labels() prometheus.Labels {
	return prometheus.Labels{"verb": m.command.Verb, "label": m.command.Label, "shard": m.command.Shard}
}

// maker makes metrics and registers them.
type maker struct{ prometheus.Registerer }

func (r maker) counter(name, help string, labels ...string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	r.MustRegister(v)
	return v
}

func (r maker) gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	r.MustRegister(v)
	return v
}

func (r maker) histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: secondsBuckets()}, labels)
	r.MustRegister(v)
	return v
}

// secondsBuckets hold a millisecond, a question on the same machine, as well as a minute, a
// statement that is too slow.
func secondsBuckets() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
}

func (m *Metrics) register(r maker) {
	j, e := &m.jobs, &m.ends
	j.run = r.gauge("seisbatch_run_info", "1, with the number of the run in the table of runs, and its kind.", "run", "kind")
	j.due = r.gauge("seisbatch_items_due", "Items that the run found to be due, or to be looked at, when it began.")
	j.items = r.counter("seisbatch_items_total", "Items that were written, by what became of them (done, failed, skipped, verified, removed) and the code of those that failed or were skipped.", "status", "code")
	j.reasons = r.counter("seisbatch_items_computed_total", "Items that were computed, by why they were due.", "reason")
	j.rows = r.counter("seisbatch_measurement_rows_total", "Rows of measurements that were written.")
	j.itemTime = r.histogram("seisbatch_item_duration_seconds", "Time that a worker took for an item: reading, processing and measuring.")
	j.windowBytes = r.counter("seisbatch_windows_read_bytes_total", "Bytes of waveforms that were read from the archive for items.")
	j.files = r.counter("seisbatch_files_total", "Files that a load met, by what became of them (loaded, unchanged, failed, removed), their format, and the code of those that failed.", "status", "format", "code")
	j.fileBytes = r.counter("seisbatch_files_read_bytes_total", "Bytes of files that were loaded.")
	j.database = r.histogram("seisbatch_database_duration_seconds", "Time from question to answer of an operation on the database.", "operation")
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "seisbatch_items_left",
		Help: "Items of the run that are not written yet."}, func() float64 { return float64(m.left.Load()) }))
	e.build = r.gauge("seisbatch_build_info", "1, with the version of the program and of Go.", "version", "goversion")
	e.start = r.gauge("seisbatch_start_timestamp_seconds", "When the command began, as Unix time.")
	e.end = r.gauge("seisbatch_end_timestamp_seconds", "When the command ended, as Unix time. Not there while it works.")
	e.status = r.gauge("seisbatch_exit_status", "Exit status of the command. Not there while it works.")
	e.finished = r.gauge("seisbatch_last_finished_timestamp_seconds", "When the command last came to its end with exit status 0 or 3, as Unix time: this time, or an earlier one that the metrics file tells of.")
}

// Watch is told what a job does.
func (m *Metrics) Watch() *job.Watch {
	return &job.Watch{Began: m.began, Item: m.item, File: m.file, Database: m.database, Pipeline: m.stages.begin}
}

func (m *Metrics) began(b job.Beginning) {
	j := &m.jobs
	j.run.Reset()
	j.run.WithLabelValues(strconv.FormatInt(b.RunID, 10), b.Kind).Set(1)
	j.due.WithLabelValues().Set(float64(b.Items))
	m.left.Store(b.Items)
	for _, status := range []string{db.ItemDone, job.Verified} { // rates want a zero to begin with
		j.items.WithLabelValues(status, "")
	}
	j.rows.WithLabelValues()
	j.windowBytes.WithLabelValues()
}

func (m *Metrics) item(o *job.Outcome) {
	j := &m.jobs
	m.left.Add(-1)
	j.items.WithLabelValues(o.Status, o.Code).Inc()
	if o.Reason != "" {
		j.reasons.WithLabelValues(string(o.Reason)).Inc()
	}
	j.rows.WithLabelValues().Add(float64(o.Rows))
	j.windowBytes.WithLabelValues().Add(float64(o.Bytes))
	j.itemTime.WithLabelValues().Observe(o.Took.Seconds())
}

func (m *Metrics) file(f job.FileOutcome) {
	m.jobs.files.WithLabelValues(f.Status, f.Format, f.Code).Inc()
	m.jobs.fileBytes.WithLabelValues().Add(float64(f.Bytes))
}

func (m *Metrics) database(op job.Operation, took time.Duration) {
	m.jobs.database.WithLabelValues(string(op)).Observe(took.Seconds())
}

// End notes how the command ended; finished is whether it did all it was to do.
func (m *Metrics) End(at time.Time, exitStatus int, finished bool) {
	m.ends.end.WithLabelValues().Set(unix(at))
	m.ends.status.WithLabelValues().Set(float64(exitStatus))
	if finished {
		m.ends.finished.WithLabelValues().Set(unix(at))
	}
}

func unix(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
