package mtp

import (
	"context"
	"io"
	"iter"
	"sync/atomic"
)

// Source gives a sequence of items. Nothing starts before the sequence is ranged
// over. The sequence is single-use, for one goroutine; the Source may be called again
// for another.
//
// An *ItemError beside a zero item stands for one item that failed, and the
// sequence goes on; any other error is terminal and last. A Source written by hand
// keeps to that, passes its context to the sources it reads, and returns soon
// after its context is done or its yield is false.
type Source[T any] func(ctx context.Context) iter.Seq2[T, error]

// FromSlice gives the elements of items, which must not change meanwhile.
func FromSlice[T any](items []T) Source[T] {
	return FromSeq(func(yield func(T) bool) {
		for _, item := range items {
			if !yield(item) {
				return
			}
		}
	})
}

// FromSeq gives the values of seq. A seq that blocks holds up whoever leaves the
// loop, as it knows no context: [FromFunc] does.
func FromSeq[T any](seq iter.Seq[T]) Source[T] {
	return func(ctx context.Context) iter.Seq2[T, error] {
		return once(func(yield func(T, error) bool) {
			if yieldCause(ctx, yield) {
				return
			}
			seq(func(item T) bool {
				return yield(item, nil) && (ctx.Err() == nil || !yieldCause(ctx, yield))
			})
		})
	}
}

// yieldCause ends a sequence whose context is done. It is asked before an item is
// taken, so that none is taken and dropped.
func yieldCause[T any](ctx context.Context, yield func(T, error) bool) (ended bool) {
	if ctx.Err() == nil {
		return false
	}
	var zero T
	yield(zero, context.Cause(ctx))
	return true
}

// FromFunc calls next for one item after another until it returns [io.EOF] itself, not
// wrapped. An *ItemError goes on to the next call, another error ends the sequence.
func FromFunc[T any](next func(ctx context.Context) (T, error)) Source[T] {
	return func(ctx context.Context) iter.Seq2[T, error] {
		return once(func(yield func(T, error) bool) {
			for !yieldCause(ctx, yield) {
				item, err := next(ctx)
				if err == io.EOF { // as elsewhere: one that is wrapped tells of something cut short
					return
				}
				if err != nil {
					var zero T
					item = zero
				}
				if !yield(item, err) || err != nil && !isItemError(err) {
					return
				}
			}
		})
	}
}

// once makes a second range over the sequence an error.
func once[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	var used atomic.Bool
	return func(yield func(T, error) bool) {
		if used.Swap(true) {
			var zero T
			yield(zero, errReused)
			return
		}
		seq(yield)
	}
}
