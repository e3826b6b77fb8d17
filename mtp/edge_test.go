package mtp_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

func TestZeroAndOneItem(t *testing.T) {
	for n := range 2 {
		for _, ordered := range []bool{false, true} {
			opt := mtp.Options{Ordered: ordered}
			var written []int
			p := &mtp.Pipeline[int, int]{
				Input: twice(batchesOf(mtp.Map(ints(n), same, opt), 3)), Work: same, Output: collect(&written),
				BatchSize: 10, BatchWait: time.Hour, Options: opt,
			}
			stats, err := p.Run(t.Context())
			totals(t, stats, mtp.Totals{Read: int64(2 * n), Written: int64(2 * n)})
			if err != nil || len(written) != 2*n {
				t.Errorf("%d items: written %v, error %v", n, written, err)
			}
		}
	}
}

func TestAnInfiniteSourceEndsWithTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{n: -1}
		n := 0
		for range mtp.Map(mtp.Map(c.source, same, mtp.Options{}), jitter, mtp.Options{})(t.Context()) {
			if n++; n == 1000 {
				break
			}
		}
		if !c.ended.Load() {
			t.Error("the source outlived the loop")
		}
	})
}

// failThird is a factory whose third worker cannot be made.
func failThird(worker int) (mtp.Work[int, int], error) {
	if worker == 2 {
		return nil, errBoom
	}
	return same, nil
}

func TestAFactoryThatFailsForTheThirdWorkerEndsTheRun(t *testing.T) {
	c := &counter{n: -1}
	opt := mtp.Options{Workers: 4}
	p := &mtp.Pipeline[int, int]{Input: c.source, NewWork: failThird, Output: discard, Options: opt}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{})
	if !errors.Is(err, errBoom) || !strings.Contains(err.Error(), "worker 2") || c.given.Load() != 0 {
		t.Errorf("error %v after %d items; want one that names worker 2, before any", err, c.given.Load())
	}
	upper := mtp.MapLocal(c.source, failThird, opt)
	if got, err := drainSeq(mtp.Map(upper, same, opt)(t.Context())); !errors.Is(err, errBoom) || len(got) != 0 {
		t.Errorf("as an upper stage: %v, %v", got, err)
	}
}

func TestMapLocalGivesEachWorkerItsOwnState(t *testing.T) {
	states := make([]int, 3) // unguarded: -race would see a state that is shared
	newWork := func(worker int) (mtp.Work[int, int], error) {
		state := &states[worker]
		return func(_ context.Context, n int) (int, error) { *state++; return n, nil }, nil
	}
	got, err := drainSeq(mtp.MapLocal(ints(999), newWork, mtp.Options{Workers: 3})(t.Context()))
	if sum := states[0] + states[1] + states[2]; err != nil || len(got) != 999 || sum != 999 {
		t.Errorf("%d items, states %v, error %v", len(got), states, err)
	}
}

func TestWorkersIsExactlyTheParallelism(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		work := func(_ context.Context, n int) (int, error) {
			g.add(1)
			time.Sleep(time.Second)
			g.add(-1)
			return n, nil
		}
		start := time.Now()
		_, _ = drainSeq(mtp.Map(ints(30), work, mtp.Options{Workers: 5})(t.Context()))
		if g.high.Load() != 5 || time.Since(start) != 6*time.Second {
			t.Errorf("up to %d at work, %v in all; want 5 and 6 s", g.high.Load(), time.Since(start))
		}
	})
}

func TestStopOfOneSourceAmongSeveralInARowDrainsAll(t *testing.T) {
	stop := make(chan struct{})
	rest := &counter{n: 10}
	inRow := func(ctx context.Context) iter.Seq2[int, error] { // a stage, then a source that is no stage
		return func(yield func(int, error) bool) {
			for n, err := range mtp.Map(ints(-1), stopAt(50, stop), mtp.Options{})(ctx) {
				if !yield(n, err) {
					return
				}
			}
			rest.source(ctx)(yield)
		}
	}
	p := &mtp.Pipeline[int, int]{Input: inRow, Work: same, Output: discard, Options: mtp.Options{Stop: stop}}
	stats, err := p.Run(t.Context())
	balanced(t, stats)
	if err != nil || stats.Written != stats.Read || stats.Read <= 50 || rest.given.Load() > 1 {
		t.Errorf("%+v, %v; the second source gave %d items", stats.Totals, err, rest.given.Load())
	}
}

func TestStagesStartedPerItemShareTheirCounts(t *testing.T) {
	perItem := func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for range 50 {
				for n, err := range mtp.Map(ints(3), same, mtp.Options{Name: "inner"})(ctx) {
					if !yield(n, err) {
						return
					}
				}
			}
		}
	}
	p := &mtp.Pipeline[int, int]{Input: perItem, Work: same, Output: discard}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{Read: 150, Written: 150})
	if err != nil || len(stats.Stages) != 2 || stats.Stages[0].Read != 150 {
		t.Errorf("%v, %+v", err, stats.Stages)
	}
}

func TestFromFuncGoesOnPastItemErrors(t *testing.T) {
	n := 0
	var written []int
	p := &mtp.Pipeline[int, int]{
		Input: mtp.FromFunc(func(context.Context) (int, error) {
			n++
			if n == 2 {
				return 7, &mtp.ItemError{Stage: "file", Index: 2, Err: errBoom}
			}
			return n, nil
		}),
		Work: same, Output: collect(&written),
	}
	stop := make(chan struct{})
	p.Work, p.Stop, p.Workers, p.Ahead = stopAt(5, stop), stop, 1, 1
	stats, err := p.Run(t.Context())
	slices.Sort(written)
	if err != nil || stats.SourceErrors != 1 || len(stats.Errors) != 1 || !slices.Equal(written[:4], []int{1, 3, 4, 5}) {
		t.Errorf("%v, %v, %+v, %v", written, err, stats.Totals, stats.Errors)
	}
}

func TestAnItemThatArrivesAfterTheStopIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		var taken atomic.Int64 // as from a queue: what is taken and not written is lost
		p := &mtp.Pipeline[int, int]{
			Input: mtp.FromFunc(func(context.Context) (int, error) {
				time.Sleep(time.Minute) // deaf to its context
				return int(taken.Add(1)), nil
			}),
			Work: same, Output: discard, Options: mtp.Options{Stop: stop},
		}
		time.AfterFunc(90*time.Second, func() { close(stop) })
		stats, err := p.Run(t.Context())
		totals(t, stats, mtp.Totals{Read: 2, Written: 2})
		if err != nil || taken.Load() != 2 {
			t.Errorf("%d taken, error %v; want the second item kept and no third", taken.Load(), err)
		}
	})
}
