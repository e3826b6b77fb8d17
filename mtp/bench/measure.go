package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// A measurement is what was found of one cell. Times are those of one item, in
// nanoseconds, by contender and round.
type measurement struct {
	cell
	items      int64
	contenders []contender
	times      [][]float64
}

// A method says how a cell is measured.
type method struct {
	rounds int
	length time.Duration // of one run, about
	timed  time.Duration // see timeTurns
}

// measure runs every contender once a round, on the same number of items and each
// round from the next one on, so that none always follows the same. It is an error if
// not all find the same results.
func (m method) measure(c cell) (measurement, error) {
	found := measurement{cell: c, contenders: contenders(c.inOrder)}
	found.times = make([][]float64, len(found.contenders))
	work := c.load.function(m.timed)
	hand := found.contenders[slices.IndexFunc(found.contenders, func(c contender) bool { return c.hand })]
	found.items = m.calibrate(c, hand, work)
	want := c.run(hand, found.items, work).sum
	for round := range m.rounds {
		for i := range found.contenders {
			k := (round + i) % len(found.contenders)
			r := c.run(found.contenders[k], found.items, work)
			if r.sum != want {
				return found, fmt.Errorf("%s: %s and %s differ in the sum of the results", c.name(), found.contenders[k].name, hand.name)
			}
			found.times[k] = append(found.times[k], float64(r.took.Nanoseconds())/float64(found.items))
		}
	}
	return found, nil
}

// calibrate gives the number of items for which a contender takes about m.length: a
// multiple of the workers, so that none is left over, and where items are quick at
// least twice the bound, so that it is reached.
func (m method) calibrate(c cell, by contender, work func(int64) int64) int64 {
	workers := int64(c.workers)
	items := workers
	took := c.run(by, items, work).took
	for took < m.length/4 {
		items *= 2
		took = c.run(by, items, work).took
	}
	items = int64(float64(items) * float64(m.length) / float64(took))
	if !c.load.asleep {
		items = max(items, 2*int64(c.ahead))
	}
	return max((items+workers-1)/workers, 1) * workers
}

// A run is what one contender did.
type run struct {
	took time.Duration
	sum  int64 // of all results, the same for every contender
}

func (c cell) run(by contender, items int64, work func(int64) int64) run {
	var r run
	t := task{
		items: count(items), work: work, workers: c.workers, ahead: c.ahead,
		take: func(result int64) { r.sum += result },
	}
	runtime.GC()
	start := time.Now()
	by.run(t)
	r.took = time.Since(start)
	return r
}

// count gives 0, 1, ... below n.
func count(n int64) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		for item := range n {
			if !yield(item) {
				return
			}
		}
	}
}
