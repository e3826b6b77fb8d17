package mtp

import (
	"sync/atomic"
	"time"
)

// meter counts for one stage while it runs. Each counter has one writer, which has
// the count in a variable of its own and stores it when there is nothing better to
// do: a store that others may see costs as much as all else that is done for an item.
// Anyone may load.
type meter struct {
	name         string
	read         atomic.Int64
	added        atomic.Int64
	done         atomic.Int64
	failed       atomic.Int64
	skipped      atomic.Int64
	sourceErrors atomic.Int64
	workers      []workerMeter
	// progress, if set, gives items handed to workers, taken and finished by them, and
	// read has the others only.
	progress func() (queued, taken, finished int64)
}

// workerMeter is written by its worker only.
type workerMeter struct {
	stopwatch
	_ pad
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
	for i := range m.workers {
		s.Busy += m.workers[i].busy()
	}
	s.SourceErrors, s.Added = m.sourceErrors.Load(), m.added.Load()
	s.Read = m.read.Load()
	taken, finished := s.Read, s.Read
	if m.progress != nil {
		var read int64
		read, taken, finished = m.progress()
		s.Read += read
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

func (s *stopwatch) running() bool { return s.sum.Load()&1 == 1 }

// start starts the watch at now if it stands.
func (s *stopwatch) start(now int64) {
	if sum := s.sum.Load(); sum&1 == 0 {
		s.sum.Store((sum>>1-now)<<1 | 1)
	}
}

func (s *stopwatch) stop() {
	if sum := s.sum.Load(); sum&1 == 1 {
		s.sum.Store((sum>>1 + s.now()) << 1)
	}
}

// now is the time since epoch.
func (s *stopwatch) now() int64 { return int64(time.Since(s.epoch)) }

// busy may be called by any goroutine.
func (s *stopwatch) busy() time.Duration {
	sum := s.sum.Load()
	if sum&1 == 0 {
		return time.Duration(sum >> 1)
	}
	return time.Duration(sum>>1 + s.now())
}
