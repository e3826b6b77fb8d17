package mtp

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Pipeline is a whole process: items are read from Input, worked on, and written by
// Output. Fields must not change during Run.
//
// Items read and not yet written never exceed Ahead + BatchSize, the batch being
// written and the reorder buffer included; stages that Input is made of add their own Ahead.
type Pipeline[In, Out any] struct {
	// Input gives the items. When it ends by an error, what was read is finished
	// and written, and Run returns the error.
	Input Source[In]
	// Work makes results. Exactly one of it and NewWork is required.
	Work Work[In, Out]
	// NewWork makes a Work for each worker, as in MapLocal.
	NewWork func(worker int) (Work[In, Out], error)
	// Output writes results. It is called by one goroutine at a time, that of Run, and
	// may not keep batch. Its error aborts the run; that batch counts as aborted, though
	// Output may have written a part of it. Retry helps here too: see the example of two
	// sinks.
	Output func(ctx context.Context, batch []Out) error
	// BatchSize is the most results that Output is given at once; 1 if not positive.
	BatchSize int
	// BatchWait is how long a result waits for a batch to fill; 0 is without limit.
	// A batch is written short as well at the end and where MaxWeight leaves no
	// room for another item before.
	BatchWait time.Duration
	// MaxErrors, if positive, aborts the run when that many item errors have come
	// to the output, with an error that matches ErrTooManyErrors.
	MaxErrors int
	// OnError, if set, is told of each item error, source errors included, by the
	// goroutine of Run.
	OnError func(*ItemError)

	Options

	current atomic.Pointer[run]
	running atomic.Bool
}

// Run returns when all is written, or the run was aborted, and every goroutine it
// started has ended. Its error is the cause of ctx if that ended it, else that of
// Output, the source or NewWork (wrapped: see [errors.Is]), a *PanicError, an
// ErrTooManyErrors, or says what is wrong with the fields. Item errors are in Stats
// only. After a drain, and without any items, it is nil. A Pipeline may run again, but
// not twice at once.
func (p *Pipeline[In, Out]) Run(ctx context.Context) (Stats, error) {
	opt := p.Options.withDefaults("work")
	if err := p.check(opt); err != nil {
		return Stats{}, err
	}
	if p.running.Swap(true) {
		return Stats{}, fmt.Errorf("mtp: pipeline %q: it is running already", opt.Name)
	}
	defer p.running.Store(false)
	r := newRun()
	p.current.Store(r)
	defer r.end() // also where Output leaves by runtime.Goexit
	size := max(p.BatchSize, 1)
	ctx = context.WithValue(ctx, linkKey{}, &link{run: r})
	f := newFlow[Out](ctx, opt, opt.Ahead, size)
	defer f.in.close()
	defer f.close()
	newWork := p.NewWork
	if newWork == nil {
		newWork = shared(p.Work)
	}
	startWorkers(f, p.Input, newWork, opt.Workers)
	w := &writer[Out]{flow: f, run: r, output: p.Output, onError: p.OnError, maxErrors: p.MaxErrors, ctx: unlinked(f.ctx)}
	w.all(size, p.BatchWait)
	err := f.close()
	r.end()
	return Stats{Snapshot: r.snapshot(), Errors: w.kept}, err
}

// Snapshot may be called by any goroutine, before, during and after Run, as often
// as a progress bar likes. It is of the latest run; zero before the first.
func (p *Pipeline[In, Out]) Snapshot() Snapshot {
	r := p.current.Load()
	if r == nil {
		return Snapshot{}
	}
	return r.snapshot()
}

func (p *Pipeline[In, Out]) check(opt Options) error {
	switch {
	case p.Input == nil:
		return fmt.Errorf("mtp: pipeline %q: no Input", opt.Name)
	case (p.Work == nil) == (p.NewWork == nil):
		return fmt.Errorf("mtp: pipeline %q: want either Work or NewWork", opt.Name)
	case p.Output == nil:
		return fmt.Errorf("mtp: pipeline %q: no Output", opt.Name)
	}
	return opt.check()
}

// writer is the output end of a run, in the goroutine of Run.
type writer[Out any] struct {
	flow      *flow[Out]
	run       *run
	ctx       context.Context
	output    func(context.Context, []Out) error
	onError   func(*ItemError)
	maxErrors int
	seen      int
	kept      []*ItemError
}

// all writes until the flow ends or is aborted, by this writer too.
func (w *writer[Out]) all(size int, wait time.Duration) {
	finished := false
	defer catch(w.flow.name+" output", &finished, w.flow.cancel)
	b := &batcher[Out]{flow: w.flow, size: size, wait: wait, reuse: true, write: w.write, fail: w.fail}
	b.run()
	finished = true
}

func (w *writer[Out]) write(batch []Out) bool {
	w.run.output.start(w.run.output.now())
	defer w.run.output.stop()
	if err := w.output(w.ctx, batch); err != nil {
		w.flow.cancel(fmt.Errorf("mtp: pipeline %q: output of %d items: %w", w.flow.name, len(batch), err))
		return false
	}
	w.flow.tally.done += int64(len(batch))
	return true
}

func (w *writer[Out]) fail(err *ItemError) bool {
	w.seen++
	if len(w.kept) < maxKept {
		w.kept = append(w.kept, err)
	}
	if w.onError != nil {
		w.onError(err)
	}
	if w.seen == w.maxErrors {
		w.flow.cancel(tooMany(w.seen, err))
		return false
	}
	return true
}
