package mtp

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

type kind uint8

const (
	absent  kind = iota // an empty place
	done                // out is the item's result
	failed              // err is this stage's
	skipped             // nothing to hand on
	passed              // err is from above
)

// mark is the index of an item and what became of it, in one word as there are many.
type mark int64

func (m mark) index() int64 { return int64(m >> 3) }
func (m mark) kind() kind   { return kind(m & 7) }

func marked(index int64, k kind) mark { return mark(index<<3) | mark(k) }

type result[T any] struct {
	out  T
	err  *ItemError
	mark mark
}

// flow is a stage at work: a reader, perhaps workers, and the goroutine that ranges
// over the sequence (the taker).
//
//	reader -> queue -> workers -> an outbox each -> taker
//	reader -> its outbox -> taker
//
// A slot is reserved before an item is asked for and freed when it was handed on. So
// only the reader waits for room, and a worker for the taker, and whoever is left can
// always finish.
type flow[T any] struct {
	name    string
	ctx     context.Context // the stage's; its cause is why the stage was aborted
	cancel  context.CancelCauseFunc
	in      *inlet
	meter   *meter
	budget  *budget // nil without MaxWeight
	slots   *slots
	outs    []*outbox[T]  // of the workers, and last the reader's
	ordered *order[T]     // nil if any order will do
	ready   chan struct{} // told to a taker that sleeps, and at the end
	_       pad
	tally   tally // the taker's
	_       pad
	asleep  atomic.Bool // the taker waits for ready
	_       pad
	running atomic.Int32 // reader and workers
	ended   atomic.Bool  // none of them is left

	wg      sync.WaitGroup
	readErr error // terminal error of the source; the reader's until wg is done
	closed  bool
}

// newFlow starts nothing yet except the watch on Stop. The caller closes it. It holds
// as many items as there are slots, more than ahead where the taker keeps some.
func newFlow[T any](ctx context.Context, opt Options, slots int) *flow[T] {
	f := &flow[T]{
		name: opt.Name, meter: newMeter(opt.Name, opt.Workers), budget: newBudget(opt),
		slots: newSlots(slots, opt.Ahead, opt.Workers), ready: make(chan struct{}, 1),
	}
	for range opt.Workers + 1 {
		// Together they have room for all slots, and each for more than its share.
		f.outs = append(f.outs, newOutbox[T](min(slots, max(2*slots/(opt.Workers+1), 2*maxTaken))))
	}
	if opt.Ordered {
		f.ordered = &order[T]{ring: make([]result[T], slots)}
	}
	f.tally.most = max(1, min(16, opt.Ahead/4))
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	f.in = openInlet(f.ctx, opt.Stop)
	f.running.Store(int32(opt.Workers) + 1)
	return f
}

// close aborts what still runs, waits for all of it, and gives what ended the flow:
// the cause of an abort, else the source's terminal error, else nil. It is
// idempotent; the claim on the link below outlives it.
func (f *flow[T]) close() error {
	cause := context.Cause(f.ctx)
	if !f.closed {
		f.closed = true
		f.cancel(nil)
		f.wg.Wait()
		f.settle()
		f.in.run.retire(f.meter)
	}
	if cause != nil && f.readErr != nil {
		return errors.Join(cause, f.readErr)
	}
	if cause != nil {
		return cause
	}
	return f.readErr
}

// leave is called by the reader and by every worker as the last thing.
func (f *flow[T]) leave() {
	if f.running.Add(-1) == 0 {
		f.ended.Store(true)
		f.wake()
	}
}

// wake is called by whoever has put something into an outbox.
func (f *flow[T]) wake() {
	if f.asleep.Load() && f.asleep.CompareAndSwap(true, false) {
		tell(f.ready)
	}
}

// each calls take for runs of results, in order where that is asked for, until the
// flow has ended or take is false. Where there is nothing to take it settles and calls
// pause, which is to return when f.ready has a message or earlier; false ends too.
func (f *flow[T]) each(take func([]result[T]) bool, pause func() bool) (more bool) {
	if f.ordered != nil {
		f.ordered.take = take
		take = f.ordered.arrived
	}
	for patient := false; ; {
		ended := f.ended.Load()
		some, more := f.collect(take)
		switch {
		case !more:
			return false
		case some:
			patient = false
		case ended:
			return true
		case !patient:
			patient = true
			f.settle()
			runtime.Gosched() // cheaper than to sleep and be woken where items are small
		case f.fallAsleep():
			if !pause() {
				return false
			}
		}
	}
}

// collect takes what there is.
func (f *flow[T]) collect(take func([]result[T]) bool) (some, more bool) {
	for _, o := range f.outs {
		if run := o.waiting(); len(run) > 0 {
			if !take(run) {
				return true, false
			}
			o.take(run)
			some = true
		}
	}
	return some, true
}

// fallAsleep has the taker told when there is something to take; false if there is.
func (f *flow[T]) fallAsleep() bool {
	f.asleep.Store(true)
	for _, o := range f.outs {
		if !o.empty() {
			f.asleep.Store(false)
			return false
		}
	}
	return !f.ended.Load()
}

// release frees the slots and the weight of n items that were handed on.
func (f *flow[T]) release(n int, weight int64) {
	f.slots.taken += int64(n)
	if f.budget != nil {
		f.budget.release(weight)
	}
}

// weight is what the item weighs, asked for once.
func (f *flow[T]) weight(r *result[T]) int64 {
	if f.budget == nil {
		return 0
	}
	return f.budget.weight(r.mark.index())
}

// starved reports that the reader waits for weight which only the held items have.
func (f *flow[T]) starved(held int) bool {
	return f.budget != nil && f.budget.blocked.Load() && f.budget.reserved.Load()-f.slots.taken == int64(held)+1
}

// tally counts what became of items until settle makes it known. A count that others
// may see costs as much as all else that is done for an item, so some are kept back.
type tally struct {
	done, failed, skipped int64
	kept                  int // counted since settle
	most                  int // kept no longer
}

// count adds to the tally, and settles where it is time.
func (f *flow[T]) count(k kind) {
	switch k {
	case done:
		f.tally.done++
	case failed:
		f.tally.failed++
	case skipped:
		f.tally.skipped++
	}
	f.tally.kept++
	if f.tally.kept >= f.tally.most || f.slots.awaited() {
		f.settle()
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

// order is a reorder buffer; the taker's.
type order[T any] struct {
	ring []result[T] // by index
	next int64       // index that is due
	take func([]result[T]) bool
}

// arrived keeps the results of run and has those taken that are due.
func (o *order[T]) arrived(run []result[T]) bool {
	size := int64(len(o.ring)) // indices in flight lie in [next, next+size): each has a slot
	for i := range run {
		o.ring[run[i].mark.index()%size] = run[i]
	}
	for {
		due := o.due()
		if len(due) == 0 {
			return true
		}
		o.next += int64(len(due))
		if !o.take(due) {
			return false
		}
		clear(due)
	}
}

// due gives results that are due, perhaps not all.
func (o *order[T]) due() []result[T] {
	from := int(o.next % int64(len(o.ring)))
	to := from
	for to < len(o.ring) && o.ring[to].mark.kind() != absent {
		to++
	}
	return o.ring[from:to]
}
