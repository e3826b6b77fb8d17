package mtp

import (
	"context"
	"errors"
	"fmt"
)

// startWorkers makes the workers' functions, then starts reader and workers. Where
// the factory fails nothing is read and the flow is aborted.
func startWorkers[In, T any](f *flow[T], src Source[In], newWork func(int) (Work[In, T], error), workers int) {
	var works []Work[In, T]
	err := context.Cause(f.ctx)
	if err == nil {
		works, err = makeWorks(f.name, newWork, workers)
	}
	if err != nil {
		f.cancel(err)
		close(f.results)
		return
	}
	jobs := make(chan job[In], cap(f.slots))
	for i, work := range works {
		f.wg.Go(func() { labour(f, jobs, work, &f.meter.workers[i]) })
	}
	startReader(f, src, func(j job[In]) { jobs <- j }, func() { close(jobs) })
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
		works = append(works, work)
	}
	finished = true
	return works, nil
}

// labour is the life of one worker.
func labour[In, T any](f *flow[T], jobs <-chan job[In], work Work[In, T], m *workerMeter) {
	defer f.leave()
	defer m.stop()
	finished := false
	defer catch(f.name, &finished, f.cancel)
	ctx := unlinked(f.ctx)
	for j, ok := receive(jobs, m); ok; j, ok = receive(jobs, m) {
		if f.ctx.Err() != nil {
			continue // aborted: the reader will close jobs
		}
		m.taken.Add(1)
		r := result[T]{index: j.index, weight: j.weight}
		out, err := work(ctx, j.in)
		m.finished.Add(1)
		switch {
		case err == nil:
			r.kind, r.out = done, out
		case errors.Is(err, ErrSkip):
			r.kind = skipped
		default:
			r.kind = failed
			r.err = &ItemError{Stage: f.name, Index: j.index, Err: err, counted: true}
		}
		f.results <- r
	}
	finished = true
}

// receive reads the clock only where the worker falls idle or wakes.
func receive[In any](jobs <-chan job[In], m *workerMeter) (j job[In], ok bool) {
	select {
	case j, ok = <-jobs:
	default:
		m.stop()
		j, ok = <-jobs
	}
	if ok {
		m.start()
	}
	return j, ok
}
