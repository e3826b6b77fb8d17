package mtp

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

type kind uint8

const (
	absent  kind = iota // an empty place of the reorder buffer
	done                // out is the item's result
	failed              // err is this stage's
	skipped             // nothing to hand on
	passed              // err is from above
)

type result[T any] struct {
	out    T
	err    *ItemError
	index  int64
	weight int64
	kind   kind
}

type job[In any] struct {
	in     In
	index  int64
	weight int64
}

// flow is a stage at work: a reader, perhaps workers, and the goroutine that ranges
// over the sequence (the taker). A slot is reserved before an item is asked for and
// freed when it was handed on; the channels have room for all slots, so only the
// reader ever waits for room, and whoever is left can always finish.
type flow[T any] struct {
	name    string
	ctx     context.Context // the stage's; its cause is why the stage was aborted
	cancel  context.CancelCauseFunc
	in      *inlet
	meter   *meter
	budget  *budget // nil without MaxWeight
	slots   chan struct{}
	results chan result[T]

	ring []result[T] // reorder buffer by index, nil if any order will do; the taker's
	next int64       // index that is due; the taker's

	running atomic.Int32 // reader and workers; the last one out closes results
	wg      sync.WaitGroup
	readErr error // terminal error of the source; the reader's until wg is done
	closed  bool
}

// newFlow starts nothing yet except the watch on Stop. The caller closes it.
func newFlow[T any](ctx context.Context, opt Options, slots, workers int) *flow[T] {
	f := &flow[T]{
		name: opt.Name, meter: newMeter(opt.Name, workers), budget: newBudget(opt),
		slots: make(chan struct{}, slots), results: make(chan result[T], slots),
	}
	if opt.Ordered {
		f.ring = make([]result[T], slots)
	}
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	f.in = openInlet(f.ctx, opt.Stop)
	f.running.Store(int32(workers) + 1)
	f.in.run.register(f.meter)
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
		close(f.results)
	}
}

// arrived takes a result through the reorder buffer and calls take for each that
// is due, until take is false.
func (f *flow[T]) arrived(r result[T], take func(result[T]) bool) bool {
	if f.ring == nil {
		return take(r)
	}
	size := int64(len(f.ring)) // indices in flight lie in [next, next+size): each has a slot
	f.ring[r.index%size] = r
	for {
		due := &f.ring[f.next%size]
		if due.kind == absent {
			return true
		}
		r := *due
		*due = result[T]{}
		f.next++
		if !take(r) {
			return false
		}
	}
}

// release frees the slots and the weight of n items that were handed on.
func (f *flow[T]) release(n int, weight int64) {
	for range n {
		<-f.slots
	}
	if f.budget != nil {
		f.budget.release(weight)
	}
}

// starved reports that the reader waits for weight which only the held items have.
func (f *flow[T]) starved(held int) bool {
	return f.budget != nil && f.budget.blocked.Load() && len(f.slots) == held+1
}
