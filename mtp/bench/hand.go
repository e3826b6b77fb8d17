package main

import "sync"

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
