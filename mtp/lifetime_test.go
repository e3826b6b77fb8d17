package mtp_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

func TestContract1NothingStartsBeforeTheRange(t *testing.T) {
	c := &counter{n: 3}
	seq := mtp.Batch(mtp.Map(c.source, same, mtp.Options{}), 2, time.Second)(t.Context())
	if n := c.given.Load(); n != 0 {
		t.Fatalf("source gave %d items before the range", n)
	}
	for range seq {
	}
	if n := c.given.Load(); n != 3 {
		t.Fatalf("source gave %d items, want 3", n)
	}
}

func TestContract1LeavingTheLoopWaitsForASlowSource(t *testing.T) {
	stages := map[string]func(mtp.Source[int]) mtp.Source[int]{
		"map":     func(s mtp.Source[int]) mtp.Source[int] { return mtp.Map(s, same, mtp.Options{}) },
		"ordered": func(s mtp.Source[int]) mtp.Source[int] { return mtp.Map(s, same, mtp.Options{Ordered: true}) },
		"composed": func(s mtp.Source[int]) mtp.Source[int] {
			a := mtp.Map(s, same, mtp.Options{Name: "a"})
			return mtp.Map(twice(batchesOf(a, 3)), same, mtp.Options{Name: "b"})
		},
	}
	for name, stage := range stages {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &counter{}
				for range stage(c.slowToLeave)(t.Context()) {
					break
				}
				if !c.ended.Load() {
					t.Error("the loop was left before the source returned")
				}
			})
		})
	}
}

func TestContract1LeavingTheLoopCancelsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cancelled atomic.Int64
		work := func(ctx context.Context, n int) (int, error) {
			if n == 0 {
				return 0, nil
			}
			<-ctx.Done()
			cancelled.Add(1)
			return 0, ctx.Err()
		}
		for range mtp.Map(ints(-1), work, mtp.Options{Workers: 3})(t.Context()) {
			synctest.Wait() // the others are at work
			break
		}
		if n := cancelled.Load(); n != 3 {
			t.Errorf("%d workers ended by cancellation, want 3", n)
		}
	})
}

func TestContract1APanicInTheLoopStillWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		defer func() {
			if v := recover(); v != "mine" {
				t.Errorf("recovered %v, want the loop's own panic", v)
			}
			if !c.ended.Load() {
				t.Error("the source outlived the range")
			}
		}()
		for range twice(mtp.Batch(mtp.Map(c.slowToLeave, same, mtp.Options{}), 1, 0))(t.Context()) {
			panic("mine")
		}
	})
}

func TestContract1ASequenceIsSingleUse(t *testing.T) {
	src := mtp.FromSlice([]int{1})
	sources := map[string]mtp.Source[int]{
		"FromSlice": src,
		"FromFunc":  mtp.FromFunc(func(context.Context) (int, error) { return 0, errBoom }),
		"Map":       mtp.Map(src, same, mtp.Options{}),
		"Expand":    twice(batchesOf(src, 1)),
	}
	for name, s := range sources {
		seq := s(t.Context())
		for range seq {
		}
		var errs []error
		for _, err := range seq {
			errs = append(errs, err)
		}
		if len(errs) != 1 || errs[0] == nil || !strings.Contains(errs[0].Error(), "single-use") {
			t.Errorf("%s: second range gave %v, want one error that says so", name, errs)
		}
	}
}

func TestContract2CancelReachesWorkAndEndsWithTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		hang := func(ctx context.Context, n int) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		var written []int
		p := &mtp.Pipeline[int, int]{
			Input:   mtp.Map(ints(-1), same, mtp.Options{Name: "upper"}),
			Work:    hang,
			Output:  collect(&written),
			Options: mtp.Options{Workers: 2, Ahead: 5},
		}
		go func() {
			synctest.Wait()
			cancel(errBoom)
		}()
		stats, err := p.Run(ctx)
		if err != errBoom {
			t.Errorf("error %v, want the cause itself", err)
		}
		balanced(t, stats)
		if len(written) != 0 || stats.Failed != 0 || stats.Aborted < 6 {
			t.Errorf("written %v, totals %+v; want only aborted items", written, stats.Totals)
		}
	})
}

func TestContract2ACancelledContextReadsNothing(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBoom)
	c := &counter{n: -1}
	p := &mtp.Pipeline[int, int]{Input: c.source, Work: same, Output: discard}
	if stats, err := p.Run(ctx); err != errBoom || stats.Read != 0 || c.given.Load() != 0 {
		t.Errorf("Run: %+v, %v after %d items", stats.Totals, err, c.given.Load())
	}
	for name, s := range map[string]mtp.Source[int]{
		"map": mtp.Map(c.source, same, mtp.Options{}), "expand": twice(batchesOf(c.source, 1)),
		"slice": mtp.FromSlice([]int{1}),
	} {
		if got, err := drainSeq(s(ctx)); len(got) != 0 || err != errBoom {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// stopAt closes stop when item n comes to work.
func stopAt(n int, stop chan struct{}) mtp.Work[int, int] {
	once := sync.OnceFunc(func() { close(stop) })
	return func(_ context.Context, i int) (int, error) {
		if i == n {
			once()
		}
		return i, nil
	}
}

func TestContract2StopDrainsAllStages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, ordered := range []bool{false, true} {
			stop := make(chan struct{})
			c := &counter{n: -1}
			upper := mtp.Map(c.source, same, mtp.Options{Name: "upper", Ordered: ordered, Ahead: 7})
			middle := twice(batchesOf(upper, 3))
			var written []int
			p := &mtp.Pipeline[int, int]{
				Input: middle, Work: stopAt(1000, stop), Output: collect(&written), BatchSize: 4,
				Options: mtp.Options{Stop: stop, Ordered: ordered, Workers: 1},
			}
			stats, err := p.Run(t.Context())
			if err != nil {
				t.Fatalf("a drain ended with %v", err)
			}
			n := c.given.Load()
			totals(t, stats, mtp.Totals{Read: 2 * n, Written: 2 * n})
			slices.Sort(written)
			for i, v := range written {
				if v != i/2 {
					t.Fatalf("written[%d] = %d: an item was lost or doubled", i, v)
				}
			}
			if n < 1000 || n > 1100 {
				t.Errorf("source gave %d items; want a little over 1000", n)
			}
		}
	})
}

func TestContract2StopReadsNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		c := &counter{n: -1}
		p := &mtp.Pipeline[int, int]{
			Input: c.source, Output: discard,
			Work: func(_ context.Context, n int) (int, error) {
				if n == 0 {
					synctest.Wait() // the reader waits for a slot
					close(stop)
				}
				return n, nil
			},
			Options: mtp.Options{Stop: stop, Workers: 1, Ahead: 3},
		}
		stats, err := p.Run(t.Context())
		totals(t, stats, mtp.Totals{Read: 4, Written: 4})
		if err != nil || c.given.Load() != 4 {
			t.Errorf("source gave %d items, error %v; want the 4 that had slots", c.given.Load(), err)
		}
	})
}

func TestContract2StopWakesAWaitingSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		upper := mtp.Map(blocked, same, mtp.Options{Name: "upper"})
		p := &mtp.Pipeline[int, int]{
			Input: twice(batchesOf(upper, 2)), Work: same, Output: discard,
			Options: mtp.Options{Stop: stop},
		}
		go func() {
			synctest.Wait()
			close(stop)
		}()
		stats, err := p.Run(t.Context())
		totals(t, stats, mtp.Totals{})
		if err != nil {
			t.Errorf("error %v of a source that the drain cancelled", err)
		}
	})
}

func TestContract2AStopBeforeTheStartReadsNothing(t *testing.T) {
	stop := make(chan struct{})
	close(stop)
	c := &counter{n: -1}
	p := &mtp.Pipeline[int, int]{
		Input: mtp.Map(twice(batchesOf(c.source, 1)), same, mtp.Options{Name: "upper"}), Work: same, Output: discard,
		Options: mtp.Options{Stop: stop},
	}
	if stats, err := p.Run(t.Context()); err != nil || stats.Read != 0 || c.given.Load() != 0 {
		t.Errorf("%+v, %v", stats.Totals, err)
	}
}

func TestContract2WorkSeesTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		var seen error
		work := func(ctx context.Context, _ int) (int, error) {
			cancel(errBoom)
			<-ctx.Done()
			seen = context.Cause(ctx)
			return 0, ctx.Err()
		}
		_, err := drainSeq(mtp.Map(ints(1), work, mtp.Options{})(ctx))
		if err != errBoom || !errors.Is(seen, errBoom) {
			t.Errorf("sequence ended with %v, Work saw %v", err, seen)
		}
	})
}
