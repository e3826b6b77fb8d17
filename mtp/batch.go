package mtp

import (
	"context"
	"iter"
	"time"
)

// Batch joins items of src to batches of size (1 if less), the last one perhaps
// shorter. A batch is handed on when it is full or wait after its first item; a
// wait of 0 sets no limit of time. Every batch has an array of its own, as stages
// below may hold several.
//
// Item errors of src go on at once, ahead of the batch that is being filled. Items
// read and not yet handed on, the batch in the loop's body included, never exceed size.
func Batch[T any](src Source[T], size int, wait time.Duration) Source[[]T] {
	size = max(size, 1)
	return func(ctx context.Context) iter.Seq2[[]T, error] {
		return once(func(yield func([]T, error) bool) {
			f := newFlow[T](ctx, Options{Name: "batch"}, size, 0)
			defer f.in.close()
			defer f.close()
			b := &batcher[T]{flow: f, size: size, wait: wait}
			b.write = func(batch []T) bool {
				f.meter.added.Add(1 - int64(len(batch)))
				f.meter.done.Add(1)
				return yield(batch, nil)
			}
			b.fail = func(err *ItemError) bool { return yield(nil, err) }
			startReader(f, src, func(j job[T]) {
				f.results <- result[T]{kind: done, out: j.in, index: j.index}
			}, func() {})
			if !b.run() {
				return
			}
			if err := f.close(); err != nil {
				yield(nil, err)
			}
		})
	}
}

// batcher takes what a flow gives and writes it in batches.
type batcher[T any] struct {
	flow  *flow[T]
	size  int
	wait  time.Duration
	write func([]T) bool // counts what it has written
	fail  func(*ItemError) bool

	reuse  bool // one array for all batches
	batch  []T
	weight int64
	timer  *time.Timer
	due    <-chan time.Time // the timer's while a batch waits, else nil
}

// run goes on until the flow ends; false if write or fail wanted no more.
func (b *batcher[T]) run() bool {
	defer b.stopTimer()
	take := b.take
	var hungry chan struct{}
	if b.flow.budget != nil {
		hungry = b.flow.budget.hungry
	}
	for {
		more := true
		select {
		case r, ok := <-b.flow.results:
			if !ok {
				return b.flush()
			}
			more = b.flow.arrived(r, take)
		case <-b.due:
			more = b.flush()
		case <-hungry:
		}
		if more && b.flow.starved(len(b.batch)) {
			more = b.flush() // nothing can come before this batch gives back its weight
		}
		if !more {
			return false
		}
	}
}

// take drops the result if the flow was aborted.
func (b *batcher[T]) take(r result[T]) bool {
	if b.flow.ctx.Err() != nil {
		return true
	}
	if r.kind == done {
		return b.add(r)
	}
	more := true
	switch r.kind {
	case skipped:
		b.flow.meter.skipped.Add(1)
	case failed:
		b.flow.meter.failed.Add(1)
		more = b.fail(r.err)
	default:
		more = b.fail(r.err)
	}
	b.flow.release(1, r.weight)
	return more
}

func (b *batcher[T]) add(r result[T]) bool {
	b.batch = append(b.batch, r.out)
	b.weight += r.weight
	if len(b.batch) >= b.size {
		return b.flush()
	}
	if len(b.batch) == 1 && b.wait > 0 {
		b.startTimer()
	}
	return true
}

// flush writes what there is, unless the flow was aborted.
func (b *batcher[T]) flush() bool {
	b.stopTimer()
	if len(b.batch) == 0 || b.flow.ctx.Err() != nil {
		return true
	}
	if !b.write(b.batch) {
		return false
	}
	b.flow.release(len(b.batch), b.weight)
	b.weight = 0
	if b.reuse {
		clear(b.batch) // keeps nothing alive
		b.batch = b.batch[:0]
	} else {
		b.batch = make([]T, 0, len(b.batch))
	}
	return true
}

func (b *batcher[T]) startTimer() {
	if b.timer == nil {
		b.timer = time.NewTimer(b.wait)
	} else {
		b.timer.Reset(b.wait)
	}
	b.due = b.timer.C
}

func (b *batcher[T]) stopTimer() {
	if b.due != nil {
		b.timer.Stop()
		b.due = nil
	}
}
