package main

import (
	"context"
	"sync"
)

// handUnordered is the pool that everybody writes: a channel of jobs, a channel of
// results, and a WaitGroup that tells when to close the latter.
func handUnordered(t task) {
	before, after := t.buffers()
	jobs := make(chan int64, before)
	results := make(chan int64, after)
	go func() {
		defer close(jobs)
		for item := range t.items {
			jobs <- item
		}
	}()
	var workers sync.WaitGroup
	for range t.workers {
		workers.Go(func() {
			for item := range jobs {
				results <- t.work(item)
			}
		})
	}
	go func() {
		workers.Wait()
		close(results)
	}()
	for result := range results {
		t.take(result)
	}
}

// handStoppable is handUnordered as it has to be written where its caller may give
// up: who sends watches a context as well.
func handStoppable(t task) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	before, after := t.buffers()
	jobs := make(chan int64, before)
	results := make(chan int64, after)
	go func() {
		defer close(jobs)
		for item := range t.items {
			select {
			case jobs <- item:
			case <-ctx.Done():
				return
			}
		}
	}()
	var workers sync.WaitGroup
	for range t.workers {
		workers.Go(func() {
			for item := range jobs {
				select {
				case results <- t.work(item):
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		workers.Wait()
		close(results)
	}()
	for result := range results {
		t.take(result)
	}
}
