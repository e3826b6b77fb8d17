package mtp

import (
	"sync/atomic"
	"time"
)

// meter counts for one stage while it runs. Whatever makes an item's fate certain
// counts it, so each counter has one writer; anyone may load.
type meter struct {
	name         string
	read         atomic.Int64
	added        atomic.Int64
	done         atomic.Int64
	failed       atomic.Int64
	skipped      atomic.Int64
	sourceErrors atomic.Int64
	workers      []workerMeter
}

// workerMeter is written by its worker only.
type workerMeter struct {
	taken, finished atomic.Int64
	stopwatch
	_ [32]byte // a cache line for each worker
}

func newMeter(name string, workers int) *meter {
	m := &meter{name: name, workers: make([]workerMeter, workers)}
	epoch := time.Now()
	for i := range m.workers {
		m.workers[i].epoch = epoch
	}
	return m
}

// load is not of one instant; what it derives is kept from being negative.
func (m *meter) load() StageStats {
	s := StageStats{
		Name: m.name, Workers: len(m.workers),
		Done: m.done.Load(), Failed: m.failed.Load(), Skipped: m.skipped.Load(),
	}
	var taken, finished int64
	for i := range m.workers {
		w := &m.workers[i]
		finished += w.finished.Load()
		taken += w.taken.Load()
		s.Busy += w.busy()
	}
	s.SourceErrors = m.sourceErrors.Load()
	s.Read, s.Added = m.read.Load(), m.added.Load()
	if len(m.workers) == 0 {
		taken, finished = s.Read, s.Read
	}
	s.Queued = max(0, s.Read-taken)
	s.InFlight = max(0, taken-finished)
	s.Ready = max(0, finished+s.Added-s.Done-s.Failed-s.Skipped)
	return s
}

// final is load for a stage that has ended: what met no other fate was aborted.
func (m *meter) final() StageStats {
	s := m.load()
	s.Aborted = s.Read + s.Added - s.Done - s.Failed - s.Skipped
	s.Queued, s.InFlight, s.Ready = 0, 0, 0
	return s
}

// stopwatch sums the time between start and stop, both called by one goroutine.
type stopwatch struct {
	epoch time.Time
	// sum is nanoseconds shifted left by one. With bit 0 set the watch runs and the
	// time since epoch is still to be added, so that one load gives the whole truth.
	sum atomic.Int64
}

func (s *stopwatch) start() {
	if sum := s.sum.Load(); sum&1 == 0 {
		s.sum.Store((sum>>1-s.now())<<1 | 1)
	}
}

func (s *stopwatch) stop() {
	if sum := s.sum.Load(); sum&1 == 1 {
		s.sum.Store((sum>>1 + s.now()) << 1)
	}
}

func (s *stopwatch) now() int64 { return int64(time.Since(s.epoch)) }

// busy may be called by any goroutine.
func (s *stopwatch) busy() time.Duration {
	sum := s.sum.Load()
	if sum&1 == 0 {
		return time.Duration(sum >> 1)
	}
	return time.Duration(sum>>1 + s.now())
}
