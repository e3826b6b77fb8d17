package main

import (
	"github.com/sourcegraph/conc/pool"
	"github.com/sourcegraph/conc/stream"
)

// concUnordered has a channel for the results: the result pools of conc collect all of
// them in a slice before the first is seen.
func concUnordered(t task) {
	results := make(chan int64, max(t.ahead-t.workers, 0))
	go func() {
		defer close(results)
		p := pool.New().WithMaxGoroutines(t.workers)
		for item := range t.items {
			p.Go(func() { results <- t.work(item) })
		}
		p.Wait()
	}()
	for result := range results {
		t.take(result)
	}
}

// concOrdered is a Stream as its documentation has it. Its queue has workers+1
// places; how far it reads ahead cannot be set.
func concOrdered(t task) {
	s := stream.New().WithMaxGoroutines(t.workers)
	for item := range t.items {
		s.Go(func() stream.Callback {
			result := t.work(item)
			return func() { t.take(result) }
		})
	}
	s.Wait()
}
