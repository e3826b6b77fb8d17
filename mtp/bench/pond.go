package main

import "github.com/alitto/pond/v2"

// pondUnordered divides the bound between the queue of the pool and a channel for the
// results: the result pools of pond give a future for each item, in the order of
// submission.
func pondUnordered(t task) {
	before, after := t.buffers()
	results := make(chan int64, after)
	go func() {
		defer close(results)
		p := pond.NewPool(t.workers, pond.WithQueueSize(before))
		for item := range t.items {
			submit(p, func() { results <- t.work(item) })
		}
		p.StopAndWait()
	}()
	for result := range results {
		t.take(result)
	}
}

// pondOrdered has a queue of futures, which are used again. Tasks of a pond.ResultPool
// in a queue do the same in more than twice the time, with seven allocations an item.
func pondOrdered(t task) {
	q := newFutures(t.ahead)
	go func() {
		defer close(q.fifo)
		p := pond.NewPool(t.workers)
		for item := range t.items {
			f := q.put(item)
			submit(p, func() { f.resolve(t.work) })
		}
		p.StopAndWait()
	}()
	q.drain(t.take)
}

func submit(p pond.Pool, f func()) {
	if err := p.Go(f); err != nil {
		panic(err) // these pools are stopped only after the last item
	}
}
