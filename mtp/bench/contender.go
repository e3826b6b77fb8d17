package main

import (
	"iter"
	"slices"
)

// A task is what every contender does: it reads items, works on them by workers
// goroutines at once, and gives each result to take, in one goroutine at a time.
type task struct {
	items   iter.Seq[int64]            // ranged over once, by one goroutine
	work    func(int64) (result int64) // called by several goroutines at once
	take    func(result int64)         // never called twice at once
	workers int
	ahead   int // bound on the items read and not yet taken: see contender.spare
}

// buffers is how many items may wait before and after the workers, so that both
// and the workers make up the bound.
func (t task) buffers() (before, after int) {
	room := max(t.ahead-t.workers, 0)
	return room / 2, room - room/2
}

// A contender is one way to do a task. Its run returns when every result was taken
// and every goroutine that it started is about to end.
type contender struct {
	name string
	run  func(task)
	// hand marks what is written with channels alone: the reference.
	hand bool
	// spare is how many items more than ahead may be read and not yet taken, the
	// one in take included. It is 1 for mtp. It is 2 for the others, as their
	// feeder reads an item before it waits for room: an advantage of one item.
	spare int
	// ownBound marks a contender that cannot be told how far to read ahead and
	// keeps to a bound of its own, which is lower.
	ownBound bool
}

var unordered = []contender{
	{name: "mtp", run: mtpUnordered, spare: 1},
	{name: "hand", run: handUnordered, spare: 2, hand: true},
	{name: "hand, with ctx", run: handStoppable, spare: 2},
	{name: "errgroup", run: errgroupUnordered, spare: 2},
	{name: "conc pool", run: concUnordered, spare: 2},
	{name: "pond", run: pondUnordered, spare: 2},
}

var ordered = []contender{
	{name: "mtp", run: mtpOrdered, spare: 1},
	{name: "hand ring", run: handRing, spare: 2, hand: true},
	{name: "hand futures", run: handFutures, spare: 2, hand: true},
	{name: "errgroup", run: errgroupOrdered, spare: 2},
	{name: "conc stream", run: concOrdered, spare: 2, ownBound: true},
	{name: "pond", run: pondOrdered, spare: 2},
}

// contenders gives those of one order, the first of which is mtp.
func contenders(inOrder bool) []contender {
	if inOrder {
		return slices.Clone(ordered)
	}
	return slices.Clone(unordered)
}
