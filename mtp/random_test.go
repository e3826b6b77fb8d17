package mtp_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// plan is a random composition with a random end.
type plan struct {
	seed                     uint64
	n, ahead, workers, batch int
	upper                    int // stages above, 0..3
	ordered, weighted, timed bool
	end                      string
	at                       int // item at which the end comes
}

func newPlan(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 1))
	return plan{
		seed: seed, n: r.IntN(60), ahead: 1 + r.IntN(8), workers: 1 + r.IntN(4), batch: 1 + r.IntN(5), upper: r.IntN(4),
		ordered: r.IntN(2) == 0, weighted: r.IntN(3) == 0, timed: r.IntN(2) == 0,
		end: []string{"none", "stop", "cancel", "panic", "output", "source"}[r.IntN(6)], at: r.IntN(60),
	}
}

// attempt is one run of a plan.
type attempt struct {
	plan
	stop     chan struct{}
	cancel   context.CancelCauseFunc
	given    int
	returned bool
	written  []int
}

func (a *attempt) source(context.Context) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		defer func() { time.Sleep(time.Second); a.returned = true }()
		for i := range a.n {
			if a.end == "source" && i == a.at {
				yield(0, errBoom)
				return
			}
			time.Sleep(rand.N(3 * time.Millisecond))
			a.given++
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (a *attempt) work(ctx context.Context, n int) (int, error) {
	time.Sleep(rand.N(5 * time.Millisecond))
	if n == a.at {
		switch a.end {
		case "panic":
			panic(errBoom)
		case "stop":
			close(a.stop)
		case "cancel":
			a.cancel(errBoom)
		}
	}
	return oddFails(ctx, n)
}

func (a *attempt) output(_ context.Context, b []int) error {
	time.Sleep(rand.N(5 * time.Millisecond))
	if a.end == "output" && slices.Max(b) >= a.at {
		return errBoom
	}
	a.written = append(a.written, b...)
	return nil
}

func (a *attempt) pipeline() *mtp.Pipeline[int, int] {
	opt := mtp.Options{Name: "own", Workers: a.workers, Ahead: a.ahead, Ordered: a.ordered, Stop: a.stop}
	if a.weighted {
		opt.MaxWeight, opt.Weight = 20, func(v any) int64 { return int64(v.(int)) % 25 }
	}
	input := mtp.Source[int](a.source)
	for i := range a.upper {
		o := mtp.Options{Name: fmt.Sprint("upper", i), Ordered: a.ordered, Ahead: 1 + i, Workers: 2}
		if i == 1 {
			input = once(mtp.Batch(input, 3, time.Millisecond))
		} else {
			input = mtp.Map(input, same, o)
		}
	}
	p := &mtp.Pipeline[int, int]{Input: input, Work: a.work, Output: a.output, BatchSize: a.batch, Options: opt}
	if a.timed {
		p.BatchWait = 2 * time.Millisecond
	}
	return p
}

func (a *attempt) check(t *testing.T, stats mtp.Stats, err error) {
	balanced(t, stats)
	if !a.returned && a.given > 0 {
		t.Error("the source outlived Run")
	}
	if stats.Stages[0].Read != int64(a.given) || stats.Written != int64(len(a.written)) {
		t.Errorf("%+v; the source gave %d, Output took %d", stats.Totals, a.given, len(a.written))
	}
	drained := a.end == "none" || a.end == "stop" || a.end == "source"
	if drained && (stats.Aborted != 0 || stats.Read != int64(a.given)) {
		t.Errorf("%d items aborted, %d read of %d", stats.Aborted, stats.Read, a.given)
	}
	if (a.end == "none" || a.end == "stop" || a.at >= a.n) && err != nil {
		t.Errorf("error %v", err)
	}
	if a.ordered && !slices.IsSorted(a.written) {
		t.Errorf("out of order: %v", a.written)
	}
	slices.Sort(a.written)
	if len(slices.Compact(a.written)) != int(stats.Written) {
		t.Error("an item was written twice")
	}
	if drained {
		for i := range a.given {
			if _, fails := oddFails(context.Background(), i); (fails == nil) != slices.Contains(a.written, i) {
				t.Errorf("item %d: written %v, want the opposite", i, fails != nil)
			}
		}
	}
}

func TestRandomRunsKeepTheContract(t *testing.T) {
	runs := 2000
	if testing.Short() {
		runs = 200
	}
	for range runs {
		seed := rand.Uint64()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			a := &attempt{plan: newPlan(seed), stop: make(chan struct{}), cancel: cancel}
			stats, err := a.pipeline().Run(ctx)
			a.check(t, stats, err)
			if t.Failed() {
				t.Logf("%+v", a.plan)
			}
		})
		if t.Failed() {
			return
		}
	}
}
