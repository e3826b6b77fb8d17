package mtp

import (
	"context"
	"iter"
)

// Work makes a result from an item. It is called by several goroutines at once.
// Its context is done as soon as the run is aborted. An error fails the item only;
// one that matches [ErrSkip] drops it. Retries, time-outs and rate limits are
// functions around Work.
type Work[In, Out any] func(ctx context.Context, in In) (Out, error)

// Map gives the results of work on the items of src, Options.Workers at a time.
// Item errors of src go on past the workers. What was read before src ended by an error is
// finished and handed on first.
//
// Items read and not yet handed on never exceed Options.Ahead, the one in the
// loop's body apart.
func Map[In, Out any](src Source[In], work Work[In, Out], opt Options) Source[Out] {
	return MapLocal(src, shared(work), opt)
}

// MapLocal is Map where every worker has a Work of its own, which may keep state
// without a lock. newWork is called for workers 0, 1, ... one after another before
// anything is read; its error ends the sequence.
func MapLocal[In, Out any](src Source[In], newWork func(worker int) (Work[In, Out], error), opt Options) Source[Out] {
	return func(ctx context.Context) iter.Seq2[Out, error] {
		return once(func(yield func(Out, error) bool) {
			opt := opt.withDefaults("map")
			if err := opt.check(); err != nil {
				var zero Out
				yield(zero, err)
				return
			}
			f := newFlow[Out](ctx, opt, opt.Ahead, 1)
			defer f.in.close()
			defer f.close()
			startWorkers(f, src, newWork, opt.Workers)
			f.yield(yield)
		})
	}
}

func shared[In, Out any](work Work[In, Out]) func(int) (Work[In, Out], error) {
	return func(int) (Work[In, Out], error) { return work, nil }
}

// yield hands on what the flow gives, terminal error included, and counts it.
func (f *flow[T]) yield(yield func(T, error) bool) {
	var zero T
	hand := func(run []result[T]) bool {
		for i := range run {
			r := &run[i]
			if f.ctx.Err() != nil {
				clear(run[i:])
				return true
			}
			k, weight := r.mark.kind(), f.weight(r)
			out, err := r.out, r.err
			*r = result[T]{} // keeps nothing alive
			f.count(k)
			if k == done {
				if !yield(out, nil) {
					return false
				}
			} else if k != skipped && !yield(zero, err) {
				return false
			}
			f.release(1, weight)
		}
		return true
	}
	if !f.each(hand, func() bool { <-f.ready; return true }) {
		return
	}
	if err := f.close(); err != nil {
		yield(zero, err)
	}
}
