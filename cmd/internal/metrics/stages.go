package metrics

import (
	"slices"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seisbatch/seisbatch/mtp"
)

// stages collects the counts of pipelines when they are asked for. Those of one name that
// follow one another, as the loads of a nightly job do, are counted on.
type stages struct {
	workers, waiting, items, busy, output *prometheus.Desc

	mu   sync.Mutex
	past map[string]stageCounts // of pipelines that have ended
	live []*pipeline
}

// pipeline is one that has begun.
type pipeline struct{ snapshot func() mtp.Snapshot }

// stageCounts are those of a stage; output is of the last of a pipeline only.
type stageCounts struct {
	mtp.StageStats
	output float64 // s
	isLast bool
}

func newStages() *stages {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append([]string{"stage"}, labels...), nil)
	}
	return &stages{
		past:    map[string]stageCounts{},
		workers: desc("seisbatch_stage_workers", "Workers of a stage of the pipeline; 0 when it has ended."),
		waiting: desc("seisbatch_stage_queue_items", "Items in a stage of the pipeline: queued for a worker, in_flight, or ready to be handed on.", "state"),
		items:   desc("seisbatch_stage_items_total", "Items that left a stage of the pipeline, by what became of them there (done, failed, skipped, aborted).", "fate"),
		busy:    desc("seisbatch_stage_busy_seconds_total", "Time that the workers of a stage were at work, summed over them."),
		output:  desc("seisbatch_stage_output_seconds_total", "Time that the writing of results took."),
	}
}

// begin takes a pipeline that begins; what it returns is called when that has ended.
func (s *stages) begin(snapshot func() mtp.Snapshot) (ended func()) {
	p := &pipeline{snapshot}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = append(s.live, p)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.live = slices.DeleteFunc(s.live, func(o *pipeline) bool { return o == p })
		add(s.past, p.snapshot(), true)
	}
}

// add adds the counts of a pipeline by stage.
func add(to map[string]stageCounts, s mtp.Snapshot, ended bool) {
	for i, now := range s.Stages {
		c := to[now.Name]
		c.Name = now.Name
		c.Done, c.Failed, c.Skipped, c.Aborted = c.Done+now.Done, c.Failed+now.Failed, c.Skipped+now.Skipped, c.Aborted+now.Aborted
		c.Busy += now.Busy
		if !ended {
			c.Workers, c.Queued, c.InFlight, c.Ready = c.Workers+now.Workers, c.Queued+now.Queued, c.InFlight+now.InFlight, c.Ready+now.Ready
		}
		if i == len(s.Stages)-1 {
			c.isLast = true
			c.output += s.OutputBusy.Seconds()
		}
		to[now.Name] = c
	}
}

// counts are the counts by stage, up to now.
func (s *stages) counts() map[string]stageCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]stageCounts, len(s.past))
	for name, c := range s.past {
		all[name] = c
	}
	for _, p := range s.live {
		add(all, p.snapshot(), false)
	}
	return all
}

// Describe is part of prometheus.Collector.
func (s *stages) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.workers, s.waiting, s.items, s.busy, s.output} {
		to <- d
	}
}

// Collect is part of prometheus.Collector.
func (s *stages) Collect(to chan<- prometheus.Metric) {
	for name, c := range s.counts() {
		gauge := func(d *prometheus.Desc, v int64, labels ...string) {
			to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), append([]string{name}, labels...)...)
		}
		counter := func(d *prometheus.Desc, v float64, labels ...string) {
			to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, append([]string{name}, labels...)...)
		}
		gauge(s.workers, int64(c.Workers))
		gauge(s.waiting, c.Queued, "queued")
		gauge(s.waiting, c.InFlight, "in_flight")
		gauge(s.waiting, c.Ready, "ready")
		counter(s.items, float64(c.Done), "done")
		counter(s.items, float64(c.Failed), "failed")
		counter(s.items, float64(c.Skipped), "skipped")
		counter(s.items, float64(c.Aborted), "aborted")
		counter(s.busy, c.Busy.Seconds())
		if c.isLast {
			counter(s.output, c.output)
		}
	}
}
