package main

import "golang.org/x/sync/errgroup"

// errgroupUnordered has a goroutine for each item, as Group.Go with SetLimit is meant,
// and a channel for the results, which the package leaves to its user.
func errgroupUnordered(t task) {
	results := make(chan int64, max(t.ahead-t.workers, 0))
	go func() {
		defer close(results)
		var g errgroup.Group
		g.SetLimit(t.workers)
		for item := range t.items {
			g.Go(func() error {
				results <- t.work(item)
				return nil
			})
		}
		wait(&g)
	}()
	for result := range results {
		t.take(result)
	}
}

// errgroupOrdered has a queue of futures, which are used again.
func errgroupOrdered(t task) {
	q := newFutures(t.ahead)
	go func() {
		defer close(q.fifo)
		var g errgroup.Group
		g.SetLimit(t.workers)
		for item := range t.items {
			f := q.put(item)
			g.Go(func() error {
				f.resolve(t.work)
				return nil
			})
		}
		wait(&g)
	}()
	q.drain(t.take)
}

func wait(g *errgroup.Group) {
	if err := g.Wait(); err != nil {
		panic(err) // no function of these groups returns an error
	}
}
