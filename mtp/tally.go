package mtp

import "sync/atomic"

// tally counts what became of items until settle makes it known. A count that others
// may see costs as much as all else that is done for an item, so some are kept back.
type tally struct {
	done, failed, skipped int64
	kept                  int // counted since settle
	most                  int // kept no longer
}

// count adds to the tally, and settles where it is time.
func (f *flow[T]) count(k kind) {
	if k == done {
		f.tally.done++
	} else {
		f.tally.other(k)
	}
	f.tally.kept++
	if f.tally.kept >= f.tally.most || f.slots.awaited() {
		f.settle()
	}
}

func (t *tally) other(k kind) {
	switch k {
	case failed:
		t.failed++
	case skipped:
		t.skipped++
	}
}

// settle is called by the taker before it waits for anything.
func (f *flow[T]) settle() {
	f.slots.tell()
	f.tally.kept = 0
	raise(&f.meter.done, f.tally.done)
	raise(&f.meter.failed, f.tally.failed)
	raise(&f.meter.skipped, f.tally.skipped)
}

func raise(counter *atomic.Int64, n int64) {
	if counter.Load() != n {
		counter.Store(n)
	}
}
