package mtp_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

func TestContract4NothingIsLostInComposedStages(t *testing.T) {
	bad := func(_ context.Context, n int) (int, error) {
		if n%7 == 0 {
			return 0, errBoom
		}
		return n, nil
	}
	sourceFails := 0
	src := func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			ints(100)(ctx)(func(n int, err error) bool {
				if n%25 == 24 {
					sourceFails++
					if !yield(0, &mtp.ItemError{Stage: "src", Index: int64(n), Err: errBoom}) {
						return false
					}
				}
				return yield(n, err)
			})
		}
	}
	upper := mtp.Map(src, oddFails, mtp.Options{Name: "upper"}) // 40 of 100
	p := &mtp.Pipeline[int, int]{
		Input: twice(mtp.Batch(upper, 8, 0)), // 5 batches, 80 items
		Work:  bad, Output: discard, BatchSize: 3, Options: mtp.Options{Name: "own"},
	}
	stats, err := p.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// 14, 28, 42, 56, 84, 98 twice; 70 was skipped above.
	totals(t, stats, mtp.Totals{Read: 140, Written: 68, Failed: 62, Skipped: 10, SourceErrors: 4})
	var names []string
	for _, s := range stats.Stages {
		names = append(names, s.Name)
	}
	if want := []string{"upper", "batch", "twice", "own"}; !slices.Equal(names, want) {
		t.Errorf("stages %v, want %v", names, want)
	}
	if s := stats.Stages[0]; s.Read != 100 || s.Done != 40 || s.SourceErrors != 4 {
		t.Errorf("upper: %+v", s)
	}
	if len(stats.Errors) != 66 {
		t.Errorf("%d errors kept, want 62 failed and 4 of the source", len(stats.Errors))
	}
}

func TestContract4AnAbortAccountsForEveryItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{n: -1}
		written := int64(0)
		p := &mtp.Pipeline[int, int]{
			Input: twice(batchesOf(mtp.Map(c.source, jitter, mtp.Options{Name: "upper"}), 3)), Work: jitter,
			Output: func(_ context.Context, b []int) error {
				if written >= 100 {
					return errBoom
				}
				written += int64(len(b))
				return nil
			},
			BatchSize: 4, Options: mtp.Options{Ordered: true},
		}
		stats, err := p.Run(t.Context())
		balanced(t, stats)
		if !errors.Is(err, errBoom) || stats.Written != written || stats.Stages[0].Read != c.given.Load() || stats.Aborted < 4 {
			t.Errorf("%v; %+v; Output took %d, the source gave %d", err, stats, written, c.given.Load())
		}
	})
}

func TestContract6OutputIsCalledByOneGoroutine(t *testing.T) {
	var inside atomic.Int32
	first := map[*int]bool{}
	p := &mtp.Pipeline[int, int]{
		Input: ints(2000), Work: same, BatchSize: 7,
		Output: func(_ context.Context, b []int) error {
			if inside.Add(1) != 1 {
				t.Error("Output called by two goroutines at a time")
			}
			runtime.Gosched()
			first[&b[0]] = true // -race would see a second goroutine as well
			inside.Add(-1)
			return nil
		},
		Options: mtp.Options{Workers: 8},
	}
	if _, err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(first) > 4 {
		t.Errorf("%d arrays for batches; want one, grown", len(first))
	}
}

func TestBatchesOfASourceMayBeHeldTogether(t *testing.T) {
	var all [][]int
	for b := range mtp.Batch(ints(10), 3, 0)(t.Context()) {
		all = append(all, b)
	}
	if got := slices.Concat(all...); len(all) != 4 || !slices.Equal(got, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("batches %v", all)
	}
}

func TestContract8WrappersComposeAroundWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := map[int]int{}
		flaky := func(ctx context.Context, n int) (int, error) {
			tries[n]++
			if n == 4 {
				<-ctx.Done() // hangs until its own time-out
				return 0, ctx.Err()
			}
			if tries[n] < 3 {
				return 0, errBoom
			}
			return n, nil
		}
		got, err := drainSeq(mtp.Map(ints(5), retried(timed(flaky)), mtp.Options{Workers: 1})(t.Context()))
		var e *mtp.ItemError
		if !slices.Equal(got, []int{0, 1, 2, 3}) || !errors.As(err, &e) || !errors.Is(err, context.DeadlineExceeded) || tries[4] != 3 {
			t.Errorf("%v, %v after %d tries; want item 4 failed by its own time-out", got, err, tries[4])
		}
	})
}

func timed(work mtp.Work[int, int]) mtp.Work[int, int] {
	return func(ctx context.Context, n int) (int, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		return work(ctx, n)
	}
}

func retried(work mtp.Work[int, int]) mtp.Work[int, int] {
	return func(ctx context.Context, n int) (out int, err error) {
		for range 3 {
			if out, err = work(ctx, n); err == nil {
				break
			}
		}
		return out, err
	}
}

func TestContract9ALoneItemDoesNotWaitForCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		oneThenBlocked := func(ctx context.Context) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) { _ = yield(1, nil); blocked(ctx)(yield) }
		}
		var after time.Duration
		p := &mtp.Pipeline[int, int]{
			Input: mtp.Map(oneThenBlocked, same, mtp.Options{Ordered: true}), Work: same,
			Output:    func(context.Context, []int) error { after = time.Since(start); return nil },
			BatchSize: 10, BatchWait: 5 * time.Second,
			Options: mtp.Options{Workers: 4, Ahead: 100},
		}
		stats, _ := p.Run(ctx)
		if stats.Written != 1 || after != 5*time.Second {
			t.Errorf("%d written after %v; want one after BatchWait, the stages adding nothing", stats.Written, after)
		}
	})
}

func TestBatchWaitCountsFromTheFirstItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		n := 0
		every := mtp.FromFunc(func(context.Context) (int, error) { // at 3, 6, 9, ... s
			time.Sleep(3 * time.Second)
			n++
			if n == 7 {
				return 0, errBoom
			}
			return n, nil
		})
		var lens []int
		var at []time.Duration
		for b, err := range mtp.Batch(every, 3, 5*time.Second)(t.Context()) {
			if err == nil {
				lens, at = append(lens, len(b)), append(at, time.Since(start)/time.Second)
			}
		}
		if !slices.Equal(lens, []int{2, 2, 2}) || !slices.Equal(at, []time.Duration{8, 14, 20}) {
			t.Errorf("batches of %v at %v s, want 2 each at 8, 14, 20", lens, at)
		}
	})
}

func TestContract10ASnapshotShowsARunAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mtp.Pipeline[int, int]{
			Input: mtp.Map(ints(20), same, mtp.Options{Name: "upper", Workers: 1, Ahead: 1}),
			Work: func(_ context.Context, n int) (int, error) {
				time.Sleep(10 * time.Second)
				return oddFails(context.Background(), n)
			},
			Output:  func(context.Context, []int) error { time.Sleep(time.Second); return nil },
			Options: mtp.Options{Workers: 2, Ahead: 5, Ordered: true},
		}
		if s := p.Snapshot(); s.Read != 0 || s.Stages != nil {
			t.Errorf("before the run: %+v", s)
		}
		var stats mtp.Stats
		finished := make(chan struct{})
		go func() { stats, _ = p.Run(t.Context()); close(finished) }()
		time.Sleep(25 * time.Second)
		synctest.Wait()
		s := p.Snapshot()
		own := s.Stages[1]
		want := mtp.StageStats{Name: "work", Workers: 2, Read: 10, Queued: 4, InFlight: 2, Done: 1, Failed: 2, Skipped: 1, Busy: 50 * time.Second}
		if own != want {
			t.Errorf("own stage %+v, want %+v", own, want)
		}
		if s.Elapsed != 25*time.Second || s.OutputBusy != time.Second || s.Written != 1 || s.Read != 11 {
			t.Errorf("snapshot %+v", s)
		}
		<-finished
		totals(t, stats, mtp.Totals{Read: 20, Written: 8, Failed: 10, Skipped: 2})
		if stats.Stages[1].Busy != 200*time.Second || p.Snapshot().Elapsed != stats.Elapsed {
			t.Errorf("at the end %+v", stats)
		}
	})
}

func TestARunInsideWorkIsItsOwn(t *testing.T) {
	work := func(ctx context.Context, n int) (int, error) {
		got, err := drainSeq(mtp.Map(ints(10), same, mtp.Options{})(ctx))
		return len(got), err
	}
	p := &mtp.Pipeline[int, int]{Input: ints(5), Work: work, Output: discard}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{Read: 5, Written: 5})
	if err != nil || len(stats.Stages) != 1 {
		t.Errorf("%v, %+v", err, stats.Stages)
	}
}
