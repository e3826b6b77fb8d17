package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// watched is a task that keeps account of itself.
type watched struct {
	task
	read    atomic.Int64 // items given
	takes   atomic.Int64 // calls of take under way
	working atomic.Int64
	results []int64

	mostHeld, mostTaking, mostWorking atomic.Int64
}

// watch gives a task of n items whose results are their complements. Before a result
// is taken, onTake is called.
func watch(n int64, workers, ahead int, onTake func()) *watched {
	w := &watched{task: task{workers: workers, ahead: ahead}}
	var taken atomic.Int64
	w.items = func(yield func(int64) bool) {
		for item := range count(n) {
			raise(&w.mostHeld, w.read.Add(1)-taken.Load())
			if !yield(item) {
				return
			}
		}
	}
	w.work = func(item int64) int64 {
		raise(&w.mostWorking, w.working.Add(1))
		defer w.working.Add(-1)
		for range item * 7 % 4 { // later items are ready before earlier ones
			runtime.Gosched()
		}
		return ^item
	}
	w.take = func(result int64) {
		raise(&w.mostTaking, w.takes.Add(1))
		onTake()
		w.results = append(w.results, ^result)
		taken.Add(1)
		w.takes.Add(-1)
	}
	return w
}

func raise(most *atomic.Int64, to int64) {
	for {
		was := most.Load()
		if to <= was || most.CompareAndSwap(was, to) {
			return
		}
	}
}

// each runs a test for every contender under several bounds.
func each(t *testing.T, test func(t *testing.T, c contender, inOrder bool, workers, ahead int)) {
	for _, inOrder := range []bool{false, true} {
		for _, c := range contenders(inOrder) {
			for _, bound := range [][2]int{{1, 2}, {2, 4}, {3, 64}, {16, 32}} {
				name := fmt.Sprintf("ordered=%t/%s/%d of %d", inOrder, c.name, bound[0], bound[1])
				t.Run(name, func(t *testing.T) { test(t, c, inOrder, bound[0], bound[1]) })
			}
		}
	}
}

func TestEveryItemIsTakenOnceWithinTheBounds(t *testing.T) {
	each(t, func(t *testing.T, c contender, inOrder bool, workers, ahead int) {
		const n = 3000
		w := watch(n, workers, ahead, func() {})
		c.run(w.task)
		if !inOrder {
			slices.Sort(w.results)
		}
		if !slices.Equal(w.results, slices.Collect(count(n))) {
			t.Errorf("not every item once, in order: %d results", len(w.results))
		}
		if most := w.mostWorking.Load(); most > int64(workers) {
			t.Errorf("%d items were worked on at once by %d workers", most, workers)
		}
		if most := w.mostTaking.Load(); most != 1 {
			t.Errorf("take was called %d times at once", most)
		}
		if most := w.mostHeld.Load(); most > int64(ahead+c.spare) {
			t.Errorf("%d items were held, want at most %d and %d", most, ahead, c.spare)
		}
	})
}

// While the first result is not taken everything fills up. So this shows the bound as
// reached: no other contender has less room than mtp, which may fall short of its own.
func TestASlowConsumerIsHeldUpWithAllItemsThatTheBoundAllows(t *testing.T) {
	each(t, func(t *testing.T, c contender, _ bool, workers, ahead int) {
		if c.ownBound {
			t.Skip("cannot be told how far to read ahead")
		}
		want := int64(ahead + c.spare)
		deadline := time.Now().Add(2 * time.Second) // for who falls short
		var w *watched
		w = watch(int64(3*ahead), workers, ahead, func() {
			for w.read.Load() < want && time.Now().Before(deadline) {
				runtime.Gosched()
			}
		})
		c.run(w.task)
		if most := w.mostHeld.Load(); most > want || most < want && c.name != "mtp" {
			t.Errorf("at most %d items read and not yet taken, want %d", most, want)
		}
	})
}

func TestNoItemsAreNoResults(t *testing.T) {
	each(t, func(t *testing.T, c contender, _ bool, workers, ahead int) {
		w := watch(0, workers, ahead, func() {})
		c.run(w.task)
		if len(w.results) != 0 {
			t.Errorf("results of nothing: %v", w.results)
		}
	})
}

func TestMtpIsTheFirstContenderAndEachOrderHasAReference(t *testing.T) {
	for _, inOrder := range []bool{false, true} {
		all := contenders(inOrder)
		if all[0].name != "mtp" || !slices.ContainsFunc(all, func(c contender) bool { return c.hand }) {
			t.Errorf("ordered %t: %v", inOrder, all)
		}
	}
}
