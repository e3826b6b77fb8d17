package main

import (
	"runtime"
	"time"
)

// A workload is what is done with one item.
type workload struct {
	name   string
	cost   time.Duration // of one item
	asleep bool          // the cost is waiting, not computing
}

var workloads = []workload{
	{name: "empty"},
	{name: "1us", cost: time.Microsecond},
	{name: "100us", cost: 100 * time.Microsecond},
	{name: "10ms", cost: 10 * time.Millisecond, asleep: true},
}

// function gives the work, where timed is what timeTurns gave. It reads no clock.
func (w workload) function(timed time.Duration) func(int64) int64 {
	switch {
	case w.asleep:
		return func(item int64) int64 {
			time.Sleep(w.cost)
			return item
		}
	case w.cost > 0:
		turns := max(int(float64(w.cost)/float64(timed)*turnsTimed), 1)
		return func(item int64) int64 { return spin(item, turns) }
	default:
		return func(item int64) int64 { return item }
	}
}

// turnsTimed is the number of turns that timeTurns times: some milliseconds of them.
const turnsTimed = 2_000_000

// spin keeps a processor busy for a number of turns, each of which needs the one
// before: Marsaglia's xorshift64.
func spin(item int64, turns int) int64 {
	x := uint64(item)<<1 | 1 // the generator stays at 0
	for range turns {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return int64(x)
}

// timeTurns gives the time of turnsTimed turns, the least of several, as whatever
// else the machine does only adds to it.
func timeTurns() time.Duration {
	least := time.Duration(0)
	for i := range int64(9) {
		start := time.Now()
		runtime.KeepAlive(spin(i, turnsTimed)) // else nothing need be computed
		if d := time.Since(start); least == 0 || d < least {
			least = d
		}
	}
	return least
}
