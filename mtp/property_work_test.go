package mtp_test

import (
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// begin books that an item comes to work.
func (l *ledger) begin(st *station, it item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if st.atWork++; st.atWork > st.workers {
		l.note("%d items at work in %s, which has %d workers", st.atWork, st.name, st.workers)
	}
	if _, known := st.order[it]; !known {
		l.note("%s works on %v, which it never read", st.name, it)
	}
	if _, twice := st.begun.items[it]; twice {
		l.note("%s works on %v twice", st.name, it)
	}
	st.begun.add(it, st.weightOf(it))
	if st.maxWeight > 0 && st.begun.exceeds(st.maxWeight) {
		l.note("%s has let in weight %d of %d", st.name, st.begun.weight, st.maxWeight)
	}
}

func (l *ledger) leaveWork(st *station) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.atWork--
}

// finish books that the work on an item ends by itself.
func (l *ledger) finish(st *station, it item, f fate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.readyAt[it] = time.Now()
	if place := st.order[it]; place > st.lastEnd {
		st.lastEnd = place
	} else { // a later one was faster
		l.classes["ordered"] = l.classes["ordered"] || st.ordered
		l.classes["retries reorder"] = l.classes["retries reorder"] || l.plan.tries(st.stage, it) > 1
	}
	switch f {
	case passes:
		st.worked++
	case skips:
		l.skipped(st, it)
	}
}

// skip is skipped for Expand.
func (l *ledger) skip(st *station, it item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.skipped(st, it)
}

func (l *ledger) skipped(st *station, it item) {
	st.skipped++
	st.held.remove(it) // nobody sees when the stage lets go of it
	st.begun.remove(it)
	l.settled++
	l.classes["skip"] = true
}

// checkBatch checks a batch when it is handed on: its size, and its time to the
// nanosecond.
func (l *ledger) checkBatch(st *station, batch []item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(batch) == 0 || len(batch) > st.size {
		l.note("%s hands on %d items at once, more than %d or none", st.name, len(batch), st.size)
		return
	}
	ready := st.arrival(batch[0])
	now, first := time.Now(), later(ready, st.batchAt)
	if st.wait > 0 && now.After(later(first, st.errorAt).Add(st.wait)) {
		l.note("%s keeps a batch %v, longer than %v", st.name, now.Sub(first), st.wait)
	}
	weighted := st.kind == "own" && st.maxWeight > 0
	if len(batch) == st.size || weighted || l.atEnd || l.fired {
		return
	}
	if st.wait == 0 || now.Before(first.Add(st.wait)) {
		l.note("%s hands on %d items of %d after %v", st.name, len(batch), st.size, now.Sub(first))
	}
	l.classes["timed batch"] = true
}

// arrival is when an item was ready to be put into a batch.
func (st *station) arrival(it item) time.Time {
	ready := st.readyAt[it]
	if st.kind != "own" || !st.ordered {
		return ready
	}
	for other, place := range st.order {
		if place < st.order[it] {
			ready = later(ready, st.readyAt[other])
		}
	}
	return ready
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// handedOn notes the time from which the stage goes on.
func (l *ledger) handedOn(st *station, isBatch bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if isBatch {
		st.batchAt = time.Now()
	} else {
		st.errorAt = time.Now()
	}
}

// checkSnapshot is called from Output, whose earlier calls are in the counts.
func (l *ledger) checkSnapshot(s mtp.Snapshot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.Written != int64(len(l.written)) {
		l.note("a snapshot says %d written of %d", s.Written, len(l.written))
	}
	for _, st := range s.Stages {
		if min(st.Read, st.Queued, st.InFlight, st.Ready, st.Done, st.Failed, st.Skipped, st.Aborted, int64(st.Busy)) < 0 {
			l.note("a snapshot says %+v", st)
		}
	}
}
