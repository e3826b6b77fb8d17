package mtp

import (
	"context"
	"errors"
	"fmt"
)

// startWorkers makes the workers' functions, then starts reader and workers. Where
// the factory fails nothing is read and the flow is aborted.
func startWorkers[In, T any](f *flow[T], src Source[In], newWork func(int) (Work[In, T], error), workers int) {
	q := newQueue[In](workers)
	f.meter.progress = func() (read, taken, finished int64) {
		for _, out := range f.outs[:workers] {
			finished += out.tail.Load()
		}
		read, taken = q.counts()
		return read, taken, finished
	}
	f.in.run.register(f.meter)
	var works []Work[In, T]
	err := context.Cause(f.ctx)
	if err == nil {
		works, err = makeWorks(f.name, newWork, workers)
	}
	if err != nil {
		f.cancel(err)
		f.ended.Store(true)
		return
	}
	for i, work := range works {
		f.wg.Go(func() { labour(f, q, work, f.outs[i], &f.meter.workers[i]) })
	}
	startReader(f, src, q, nil)
}

func makeWorks[In, T any](name string, newWork func(int) (Work[In, T], error), n int) (works []Work[In, T], err error) {
	finished := false
	defer catch(name, &finished, func(caught error) { err = caught })
	for i := range n {
		work, err := newWork(i)
		if err != nil {
			finished = true
			return nil, fmt.Errorf("mtp: stage %q: making worker %d: %w", name, i, err)
		}
		if work == nil {
			finished = true
			return nil, fmt.Errorf("mtp: stage %q: worker %d was given no Work", name, i)
		}
		works = append(works, work)
	}
	finished = true
	return works, nil
}

// labour is the life of one worker.
func labour[In, T any](f *flow[T], q *queue[In], work Work[In, T], out *outbox[T], m *workerMeter) {
	defer f.leave()
	defer q.leave()
	defer m.stop()
	finished := false
	defer catch(f.name, &finished, f.cancel)
	ctx, aborted := unlinked(f.ctx), f.ctx.Done()
	hand := make([]job[In], maxTaken)
	want := appetite{each: mouthful}
	for n := q.take(hand, &want, m); n > 0; n = q.take(hand, &want, m) {
		for i := range hand[:n] {
			if f.ctx.Err() != nil {
				break // the reader will close the queue
			}
			j := hand[i]
			hand[i] = job[In]{} // keeps nothing alive
			result, err := work(ctx, j.in)
			if !out.room() && !idle(out, aborted, &want, m) {
				break
			}
			r := out.cell()
			if err == nil {
				r.out, r.mark = result, marked(j.index, done)
			} else {
				f.judge(r, j.index, err)
			}
			out.put()
			f.wake()
		}
	}
	finished = true
}

// idle waits for room in out, which is neither work nor the item's time.
func idle[T any](out *outbox[T], done <-chan struct{}, a *appetite, m *workerMeter) bool {
	m.stop()
	ok := out.await(done)
	m.start(m.now())
	a.taken = 0
	return ok
}

// judge says what an error of Work makes of the item.
func (f *flow[T]) judge(r *result[T], index int64, err error) {
	if errors.Is(err, ErrSkip) {
		r.mark = marked(index, skipped)
		return
	}
	r.mark = marked(index, failed)
	r.err = &ItemError{Stage: f.name, Index: index, Err: err, counted: true}
}
