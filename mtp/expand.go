package mtp

import (
	"context"
	"errors"
	"iter"
)

// Expand gives, one after another, the parts that open makes of each item of src.
// It has no workers and holds no more than the part in the loop's body.
//
// An error beside a part fails that part (or drops it, matching [ErrSkip]) and the
// parts go on. An item without any part counts as skipped. A drain finishes the item
// that is open: the context of open is done only when the run is aborted.
func Expand[In, Out any](src Source[In], name string, open func(ctx context.Context, in In) iter.Seq2[Out, error]) Source[Out] {
	return func(ctx context.Context) iter.Seq2[Out, error] {
		return once(func(yield func(Out, error) bool) {
			in := openInlet(ctx, nil)
			defer in.close()
			e := &expansion[In, Out]{ctx: ctx, in: in, open: open, yield: yield, meter: newMeter(name, 0)}
			in.run.register(e.meter)
			defer in.run.retire(e.meter)
			if err := e.all(src); err != nil {
				var zero Out
				yield(zero, err)
			}
		})
	}
}

type expansion[In, Out any] struct {
	ctx     context.Context
	in      *inlet
	open    func(context.Context, In) iter.Seq2[Out, error]
	yield   func(Out, error) bool
	meter   *meter
	outside bool // control is in the loop's body: its panics are not this stage's
}

// all gives the terminal error; nil also if the loop was left.
func (e *expansion[In, Out]) all(src Source[In]) (err error) {
	defer catch(e.meter.name, &e.outside, func(caught error) { err = caught })
	err = e.read(src)
	e.outside = true
	return err
}

func (e *expansion[In, Out]) read(src Source[In]) error {
	if e.ctx.Err() != nil || e.in.drained() {
		return context.Cause(e.ctx)
	}
	ctx := unlinked(e.ctx)
	var index int64
	for item, err := range src(e.in.ctx) {
		if err != nil {
			failure, isNew := itemError(err)
			if failure == nil {
				return e.terminal(err)
			}
			if isNew {
				e.meter.sourceErrors.Add(1)
			}
			var zero Out
			if !e.hand(zero, failure) {
				return nil
			}
		} else {
			e.meter.read.Add(1)
			if !e.parts(ctx, item, index) {
				return nil
			}
		}
		if e.ctx.Err() != nil || e.in.drained() {
			break
		}
		index++
	}
	return context.Cause(e.ctx)
}

// terminal is what an error of the source comes to; nothing, if it came of
// cancelling the source for a drain.
func (e *expansion[In, Out]) terminal(err error) error {
	if e.ctx.Err() != nil {
		return context.Cause(e.ctx)
	}
	if e.in.ctx.Err() != nil {
		return nil
	}
	return err
}

// parts hands on the parts of one item; false if the loop was left.
func (e *expansion[In, Out]) parts(ctx context.Context, item In, index int64) bool {
	empty := true
	for out, err := range e.open(ctx, item) {
		if e.ctx.Err() != nil {
			return true // the item's rest is aborted
		}
		empty = false
		e.meter.added.Add(1)
		if !e.part(out, err, index) {
			return false
		}
	}
	if e.ctx.Err() != nil {
		return true
	}
	if empty {
		e.meter.skipped.Add(1)
	} else {
		e.meter.added.Add(-1) // the item itself became its parts
	}
	return true
}

func (e *expansion[In, Out]) part(out Out, err error, index int64) bool {
	switch {
	case err == nil:
		e.meter.done.Add(1)
		return e.hand(out, nil)
	case errors.Is(err, ErrSkip):
		e.meter.skipped.Add(1)
		return true
	}
	e.meter.failed.Add(1)
	var zero Out
	return e.hand(zero, &ItemError{Stage: e.meter.name, Index: index, Err: err, counted: true})
}

func (e *expansion[In, Out]) hand(out Out, err error) bool {
	e.outside = true
	more := e.yield(out, err)
	e.outside = false
	return more
}
