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
			f := newFlow[T](ctx, Options{Name: "batch", Ahead: 1}, 0, size) // a batch that fills holds all slots: tell of each
			defer f.in.close()
			defer f.close()
			f.in.run.register(f.meter)
			b := &batcher[T]{flow: f, size: size, wait: wait}
			b.write = func(batch []T) bool {
				f.meter.added.Add(1 - int64(len(batch)))
				f.tally.done++
				f.settle()
				return yield(batch, nil)
			}
			b.fail = func(err *ItemError) bool { return yield(nil, err) }
			startReader(f, src, nil, f.direct)
			if !b.run() {
				return
			}
			if err := f.close(); err != nil {
				yield(nil, err)
			}
		})
	}
}

// direct puts an item where the taker finds it; false if the stage was aborted.
func (f *flow[T]) direct(item T, index int64) bool {
	f.meter.read.Add(1)
	return f.send(result[T]{out: item, mark: marked(index, done)})
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
	return b.flow.each(b.take, b.pause) && b.flush()
}

// pause waits for results, for the batch's time, or for a reader that wants weight.
func (b *batcher[T]) pause() bool {
	var hungry chan struct{}
	if b.flow.budget != nil {
		hungry = b.flow.budget.hungry
		if b.flow.starved(len(b.batch)) && b.flow.ctx.Err() == nil {
			return b.flush() // nothing can come before this batch gives back its weight
		}
	}
	select {
	case <-b.flow.ready:
	case <-b.due:
		return b.flush()
	case <-hungry:
	}
	return true
}

// take empties the cells of run, and drops what is in them if the flow was aborted.
func (b *batcher[T]) take(run []result[T]) bool {
	for i := range run {
		if b.flow.ctx.Err() != nil {
			clear(run[i:])
			return true
		}
		r := run[i]
		run[i] = result[T]{} // keeps nothing alive
		if k := r.mark.kind(); k == done {
			if !b.add(&r) {
				return false
			}
		} else if !b.failed(&r, k) {
			return false
		}
	}
	return b.onTime()
}

func (b *batcher[T]) failed(r *result[T], k kind) bool {
	b.flow.count(k)
	more := k == skipped || b.fail(r.err)
	b.flow.release(1, b.flow.weight(r))
	return more
}

// onTime flushes a batch whose time has come while results came too fast for a pause.
func (b *batcher[T]) onTime() bool {
	select {
	case <-b.due:
		return b.flush()
	default:
		return true
	}
}

func (b *batcher[T]) add(r *result[T]) bool {
	b.batch = append(b.batch, r.out)
	b.weight += b.flow.weight(r)
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
	b.flow.settle()
	if !b.write(b.batch) {
		return false
	}
	b.flow.release(len(b.batch), b.weight)
	b.flow.settle()
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
