package main

import "sync"

// A future is an item and the promise of its result. It is used again and again.
type future struct {
	item   int64
	result int64
	done   chan struct{} // one place: who has made the result goes on at once
}

// futures is a queue in the order of the items, bounded by the room of fifo, and the
// futures that go round through it.
type futures struct {
	fifo   chan *future
	places []future
	next   int
}

// newFutures has places for ahead futures in the queue, one that the feeder waits
// to put there and one that the consumer waits for. So one that is written anew
// has been taken.
func newFutures(ahead int) *futures {
	q := &futures{fifo: make(chan *future, ahead), places: make([]future, ahead+2)}
	for i := range q.places {
		q.places[i].done = make(chan struct{}, 1)
	}
	return q
}

// put queues an item and gives its future to work on. It is the feeder's.
func (q *futures) put(item int64) *future {
	f := &q.places[q.next]
	q.next++
	if q.next == len(q.places) {
		q.next = 0
	}
	f.item = item
	q.fifo <- f
	return f
}

// resolve is called by who has f to work on.
func (f *future) resolve(work func(int64) int64) {
	f.result = work(f.item)
	f.done <- struct{}{}
}

// drain takes results in order until fifo is closed.
func (q *futures) drain(take func(int64)) {
	for f := range q.fifo {
		<-f.done
		take(f.result)
	}
}

// handFutures is the ordered pool with a queue of futures, each of which goes to the
// workers as well. The queue is the bound; jobs has room for all and never blocks.
func handFutures(t task) {
	q := newFutures(t.ahead)
	jobs := make(chan *future, len(q.places))
	go func() {
		defer close(q.fifo)
		defer close(jobs)
		for item := range t.items {
			jobs <- q.put(item)
		}
	}()
	var workers sync.WaitGroup
	for range t.workers {
		workers.Go(func() {
			for f := range jobs {
				f.resolve(t.work)
			}
		})
	}
	q.drain(t.take)
	workers.Wait()
}
