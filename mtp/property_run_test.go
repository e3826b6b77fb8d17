package mtp_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

var (
	errCancel  = errors.New("cancelled by the plan")
	errPanic   = errors.New("panic of the plan")
	errFactory = errors.New("no such worker")
	errOutput  = errors.New("disk full")
	errSource  = errors.New("source broken")
)

// attempt is one run of a plan.
type attempt struct {
	*plan
	*ledger
	stop     chan struct{}
	cancel   context.CancelCauseFunc
	snapshot func() mtp.Snapshot // of the pipeline

	stats mtp.Stats
	err   error // of Run, or the terminal error of the loop
}

func newAttempt(p *plan) *attempt {
	return &attempt{plan: p, ledger: newLedger(p)}
}

// run leaves its context alone at the end, so that whatever still waits for it is a
// deadlock of the bubble.
func (a *attempt) run() {
	ctx, cancel := context.WithCancelCause(context.Background())
	a.cancel, a.stop = cancel, make(chan struct{}) // the bubble's own
	switch a.event.place {
	case beforeRun:
		a.strike()
	case atTime:
		timer := time.AfterFunc(a.event.after, a.strike)
		defer timer.Stop()
	}
	switch a.shape {
	case "pipeline":
		a.stats, a.err = a.pipeline().Run(ctx)
	case "map":
		a.loop(ctx, a.mapped(a.input(), a.last()))
	case "batch":
		own := a.last()
		a.batchLoop(ctx, mtp.Batch(a.input(), own.size, own.wait))
	}
	a.end()
}

// strike lets the event happen now, unless the run is over.
func (a *attempt) strike() {
	if !a.fire() {
		return
	}
	switch a.event.kind {
	case "drain":
		close(a.stop)
		a.markStop()
	case "abort":
		a.cancel(errCancel)
	case "panic in source", "panic in work", "panic in output", "panic in observer":
		panic(errPanic)
	case "factory failure":
		if a.event.panics {
			panic(errPanic)
		}
	}
}

// reach reports whether the event happened in this call of a function.
func (a *attempt) reach(where place, stage int) bool {
	if !a.isDue(where, stage) {
		return false
	}
	a.strike()
	return true
}

// rest sleeps, and is false if the context ended before that and the plan is attentive.
func (a *attempt) rest(ctx context.Context, d time.Duration) bool {
	if !a.attentive {
		time.Sleep(d)
		return true
	}
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

func (a *attempt) source(ctx context.Context) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		defer a.inside("the source")()
		if a.lingers {
			defer time.Sleep(time.Second)
		}
		for id := 1; id <= a.n; id++ {
			if !a.waitForNext(ctx, id) {
				if a.draw(2, ofSource) == 0 {
					yield(item{}, ctx.Err())
				}
				return
			}
			if a.reach(inSource, 0) && a.event.kind == "source error" {
				yield(item{}, errSource)
				return
			}
			if !yield(a.give(id)) {
				return
			}
		}
		a.exhausted()
	}
}

func (a *attempt) waitForNext(ctx context.Context, id int) bool {
	if !a.hourly {
		return a.rest(ctx, a.sleep(a.pause, ofSleep, -1, id))
	}
	more := a.rest(ctx, time.Hour)
	if more {
		a.expectPrompt()
	}
	return more
}

// failedItem is an item error of the source, sometimes in a wrapper.
func (a *attempt) failedItem(id int) error {
	err := error(&mtp.ItemError{Stage: "source", Index: int64(id), Err: &fault{"source", item{id: id}}})
	if a.draw(2, ofSource, id) == 0 {
		err = fmt.Errorf("file: %w", err)
	}
	return err
}

// work tries until it succeeds, or is out of tries, and sleeps in each.
func (a *attempt) work(st *station) mtp.Work[item, item] {
	return func(ctx context.Context, it item) (item, error) {
		defer a.inside("work of " + st.name)()
		a.begin(st, it)
		defer a.leaveWork(st)
		a.reach(inWork, st.at)
		for try := range a.tries(st.stage, it) {
			if !a.rest(ctx, a.sleep(st.delay, ofSleep, st.at, it.id, it.part, try)) {
				return item{}, ctx.Err()
			}
		}
		f := a.fate(st.stage, it)
		a.finish(st, it, f)
		return it, verdict(f, st.name, it)
	}
}

func verdict(f fate, stage string, it item) error {
	switch f {
	case fails:
		return &fault{stage, it}
	case skips:
		return fmt.Errorf("not today: %w", mtp.ErrSkip)
	}
	return nil
}

// factory makes works that may not be called by two goroutines.
func (a *attempt) factory(st *station) func(int) (mtp.Work[item, item], error) {
	work := a.work(st)
	return func(worker int) (mtp.Work[item, item], error) {
		if a.reach(inFactory, st.at) && a.event.kind == "factory failure" {
			return nil, errFactory
		}
		calls := 0
		return func(ctx context.Context, it item) (item, error) {
			if calls++; calls != 1 {
				a.wrong("worker %d of %s works on two items at once", worker, st.name)
			}
			defer func() { calls-- }()
			return work(ctx, it)
		}, nil
	}
}

// open gives the parts of an item.
func (a *attempt) open(st *station) func(context.Context, item) iter.Seq2[item, error] {
	return func(_ context.Context, it item) iter.Seq2[item, error] {
		a.reach(inWork, st.at)
		n := a.parts(it)
		if n == 0 {
			a.skip(st, it)
		}
		return func(yield func(item, error) bool) {
			for k := range n {
				part := item{it.id, k + 1}
				f := a.fate(st.stage, part)
				if f == skips {
					a.skip(st, part)
				}
				if !yield(part, verdict(f, st.name, part)) {
					return
				}
			}
		}
	}
}

func unbatch(_ context.Context, batch []item) iter.Seq2[item, error] {
	return mtp.FromSlice(batch)(context.Background())
}

// deliver takes a batch at the end of all stages; false if the event happened in it.
func (a *attempt) deliver(ctx context.Context, batch []item) bool {
	defer a.sole(a.last())()
	was := slices.Clone(batch)
	a.checkBatch(a.last(), batch)
	a.rest(ctx, a.sleep(a.sinkDelay, ofSleep, -2, batch[0].id, batch[0].part))
	event := a.reach(inSink, a.last().at)
	if !slices.Equal(batch, was) {
		a.wrong("batch %v became %v while it was being written", was, batch)
	}
	return !event
}
