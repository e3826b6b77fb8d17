package mtp

import (
	"slices"
	"sync"
	"time"
)

// Totals count the items of a whole run, stages that its Input is made of included.
// When the run has ended, Read = Written + Failed + Skipped + Aborted.
//
// An item that Expand opened counts as its parts, items joined by Batch count as
// one. A hand-written Source between two stages that drops or adds items changes
// Read accordingly; StageStats show where.
type Totals struct {
	Read    int64
	Written int64 // Output has returned nil for them
	Failed  int64 // an *ItemError came of them
	Skipped int64 // see ErrSkip
	Aborted int64 // read, then given up: cancelled, or the run failed
	// SourceErrors are item errors that a source gave in place of an item. They
	// are not in Read. A terminal error is not counted but returned.
	SourceErrors int64
}

// StageStats are the counts of one stage.
// Read + Added = Queued + InFlight + Ready + Done + Failed + Skipped + Aborted,
// exactly so when the stage has ended.
type StageStats struct {
	Name     string
	Workers  int
	Read     int64 // items taken from above
	Added    int64 // more (Expand) or fewer (Batch) made of them
	Queued   int64 // waiting for a worker
	InFlight int64 // at work
	Ready    int64 // finished, waiting to be handed on
	Done     int64 // handed on, or written by the Pipeline's own stage
	Failed   int64
	Skipped  int64
	Aborted  int64

	SourceErrors int64         // counted by the first stage that reads the source
	Busy         time.Duration // sum over the workers; 0 where there are none
}

// Snapshot is what a run has come to so far. Its counts are read one after another
// while the run goes on, so they may disagree by what moved meanwhile.
type Snapshot struct {
	Totals
	Elapsed    time.Duration
	OutputBusy time.Duration // time spent in Output
	// Stages are those that have begun, from the input's end to the Pipeline's own,
	// which is last. For a share of what the source gives, take Read of the one that
	// reads it, by name: Totals count the parts that Expand made.
	Stages []StageStats
}

// Stats are the last Snapshot of a run and the item errors kept of it.
type Stats struct {
	Snapshot
	Errors []*ItemError // the first 100 that reached the output; the counts are full
}

// maxKept caps Stats.Errors.
const maxKept = 100

// run collects the counts of the stages of one Pipeline.Run.
type run struct {
	start  time.Time
	output stopwatch

	mu      sync.Mutex
	entries []*entry // the Pipeline's own first
	elapsed time.Duration
	ended   bool
}

// entry is the stages of one name: a source may start a stage for each of its
// items, and the memory of a run must not grow with them.
type entry struct {
	past StageStats
	live []*meter
}

func newRun() *run {
	now := time.Now()
	return &run{start: now, output: stopwatch{epoch: now}}
}

// register does nothing for the nil run.
func (r *run) register(m *meter) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.find(m.name); e != nil {
		e.live = append(e.live, m)
		return
	}
	r.entries = append(r.entries, &entry{past: StageStats{Name: m.name}, live: []*meter{m}})
}

// find looks past the Pipeline's own stage, whose Done is what was written.
func (r *run) find(name string) *entry {
	for i, e := range r.entries {
		if i > 0 && e.past.Name == name {
			return e
		}
	}
	return nil
}

// retire takes the final counts of a stage that has ended.
func (r *run) retire(m *meter) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.entries {
		if i := slices.Index(e.live, m); i >= 0 {
			e.live = slices.Delete(e.live, i, i+1)
			e.past.add(m.final())
			return
		}
	}
}

// end stops the clock, the first time.
func (r *run) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.elapsed, r.ended = time.Since(r.start), true
}

func (r *run) snapshot() Snapshot {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Snapshot{Elapsed: r.elapsed, OutputBusy: r.output.busy()}
	if !r.ended {
		s.Elapsed = time.Since(r.start)
	}
	for i, e := range slices.Backward(r.entries) {
		stage := e.past
		for _, m := range e.live {
			stage.add(m.load())
		}
		s.Stages = append(s.Stages, stage)
		s.count(stage, i == 0)
	}
	return s
}

// count adds a stage. What an upper stage handed on is read again by a lower one.
func (t *Totals) count(s StageStats, own bool) {
	t.Read += s.Read + s.Added
	t.Failed += s.Failed
	t.Skipped += s.Skipped
	t.Aborted += s.Aborted
	t.SourceErrors += s.SourceErrors
	if own {
		t.Written = s.Done
	} else {
		t.Read -= s.Done
	}
}

func (s *StageStats) add(o StageStats) {
	s.Workers = max(s.Workers, o.Workers)
	s.Read += o.Read
	s.Added += o.Added
	s.Queued += o.Queued
	s.InFlight += o.InFlight
	s.Ready += o.Ready
	s.Done += o.Done
	s.Failed += o.Failed
	s.Skipped += o.Skipped
	s.Aborted += o.Aborted
	s.SourceErrors += o.SourceErrors
	s.Busy += o.Busy
}
