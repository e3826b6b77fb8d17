package main

import "sync"

// numbered is an item or a result with its place in the order.
type numbered struct {
	index int64
	value int64
}

// handRing is the ordered pool with results that carry their index and a ring in
// which they wait for earlier ones. A channel of slots is the bound; as no more than
// its room is ever under way, jobs and results never block who sends.
func handRing(t task) {
	slots := make(chan struct{}, t.ahead)
	jobs := make(chan numbered, t.ahead)
	results := make(chan numbered, t.ahead)
	go func() {
		defer close(jobs)
		var index int64
		for item := range t.items {
			slots <- struct{}{}
			jobs <- numbered{index, item}
			index++
		}
	}()
	var workers sync.WaitGroup
	for range t.workers {
		workers.Go(func() {
			for job := range jobs {
				results <- numbered{job.index, t.work(job.value)}
			}
		})
	}
	go func() {
		workers.Wait()
		close(results)
	}()
	reorder(results, slots, t.take)
}

// reorder takes results by index, from 0 and without a gap, and frees a slot for each.
// Indices under way lie within cap(slots) of the one that is due.
func reorder(results <-chan numbered, slots <-chan struct{}, take func(int64)) {
	type place struct {
		value int64
		full  bool
	}
	ring := make([]place, cap(slots))
	due := 0
	for r := range results {
		ring[r.index%int64(len(ring))] = place{r.value, true}
		for ring[due].full {
			ring[due].full = false
			value := ring[due].value
			due++
			if due == len(ring) {
				due = 0
			}
			<-slots
			take(value)
		}
	}
}
