package mtp

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// flow is a stage at work: a reader, perhaps workers, and the goroutine that ranges
// over the sequence (the taker).
//
//	reader -> queue -> workers -> an outbox each -> taker
//	reader -> its outbox -> taker
//
// A slot is reserved before an item is asked for and freed after it was handed on. So
// only the reader waits for a slot, and a worker only for the taker, and whoever is left
// can always finish.
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

// newFlow starts nothing yet except the watch on Stop. The caller closes it. There are
// slots for ahead items and for kept, which the taker may keep.
func newFlow[T any](ctx context.Context, opt Options, ahead, kept int) *flow[T] {
	slots := min(int64(ahead), huge) + min(int64(kept), huge)
	f := &flow[T]{
		name: opt.Name, meter: newMeter(opt.Name, opt.Workers), budget: newBudget(opt),
		slots: newSlots(slots, opt.Ahead, opt.Workers), ready: make(chan struct{}, 1),
	}
	for range opt.Workers + 1 { // together they have room for all that may be ahead, and each for twice its share
		f.outs = append(f.outs, newOutbox[T](min(maxOutbox, max(2*(opt.Ahead/(opt.Workers+1)), 2*maxTaken))))
	}
	if opt.Ordered {
		f.ordered = &order[T]{ring: make([]result[T], smallRing)}
	}
	f.tally.most = max(1, min(16, (opt.Ahead-opt.Workers)/4)) // the workers have enough without these
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

// each calls take for runs of results, whose cells it is to empty, in order where that
// is asked for, until the flow has ended or take is false. Where there is nothing to
// take it settles and calls pause, which is to return when f.ready has a message or
// earlier; false ends too.
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
	return held > 0 && f.budget != nil && f.budget.blocked.Load() && f.budget.reserved.Load()-f.slots.taken == int64(held)+1
}
