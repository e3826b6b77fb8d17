package mtp_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/seisbatch/seisbatch/mtp"
)

func TestBoundsThatAreAsGoodAsNoneLoseNothing(t *testing.T) {
	for name, p := range map[string]*mtp.Pipeline[int, int]{
		"batch":       {BatchSize: math.MaxInt},
		"nearly":      {BatchSize: math.MaxInt - 100},
		"ahead":       {Options: mtp.Options{Ahead: math.MaxInt}},
		"ordered":     {Options: mtp.Options{Ahead: math.MaxInt, Ordered: true}},
		"everything":  {BatchSize: math.MaxInt, BatchWait: time.Hour, Options: mtp.Options{Ahead: math.MaxInt, Ordered: true}},
		"many at all": {BatchSize: 1 << 31, Options: mtp.Options{Ahead: 1 << 31}},
	} {
		t.Run(name, func(t *testing.T) {
			const n = 5000
			var got []int
			p.Input, p.Work, p.Output = ints(n), same, collect(&got)
			stats, err := p.Run(t.Context())
			seen := map[int]bool{}
			for _, i := range got {
				seen[i] = true
			}
			if err != nil || stats.Written != n || len(seen) != n {
				t.Errorf("%d written, %d different of %d, %v", stats.Written, len(seen), n, err)
			}
		})
	}
	batches, err := drainSeq(mtp.Batch(ints(5000), math.MaxInt, 0)(t.Context()))
	if len(batches) != 1 || len(batches[0]) != 5000 || err != nil {
		t.Errorf("%d batches, %v", len(batches), err)
	}
}

// Memory is for what is in flight, not for what might be.
func TestALargeBatchSizeIsNoMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := &mtp.Pipeline[int, int]{
		Input: ints(1000), Work: same, Output: discard, BatchSize: 1e9,
		Options: mtp.Options{Workers: 8, Ordered: true},
	}
	if _, err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if made := after.TotalAlloc - before.TotalAlloc; made > 1<<20 {
		t.Errorf("%d bytes were allocated for 1000 integers", made)
	}
}

// A source written by hand may give the ones it reads a context with less time.
func TestFromSeqHeedsTheContextItWasGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hasty := func(ctx context.Context) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				ctx, cancel := context.WithCancel(ctx)
				for n, err := range mtp.FromSeq(func(yield func(int) bool) {
					for n := 0; yield(n); n++ {
						if n == 10 {
							cancel() // one more is under way
						}
					}
				})(ctx) {
					if err != nil || n > 100 || !yield(n, nil) {
						cancel()
						return
					}
				}
			}
		}
		got, err := drainSeq(mtp.Map(hasty, same, mtp.Options{})(t.Context()))
		if len(got) != 12 || err != nil {
			t.Errorf("%d items, %v; want 12", len(got), err)
		}
	})
}

type block [1 << 12]byte

func TestWhatWasHandedOnIsNotKeptAlive(t *testing.T) {
	for _, ordered := range []bool{false, true} {
		made := make([]weak.Pointer[block], 1000)
		work := func(_ context.Context, n int) (*block, error) {
			b := new(block)
			made[n] = weak.Make(b)
			return b, nil
		}
		n := 0
		opt := mtp.Options{Workers: 1, Ahead: 64, Ordered: ordered}
		for b, err := range mtp.Map(ints(1000), work, opt)(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 500 {
				for range 3 {
					runtime.GC()
				}
				kept := 0
				for _, w := range made[:n-2] {
					if w.Value() != nil {
						kept++
					}
				}
				if kept > 1 {
					t.Errorf("ordered %v: %d results are alive that were handed on before", ordered, kept)
				}
			}
			runtime.KeepAlive(b)
		}
	}
}

// Slots that were freed are known to the reader before the loop's body waits.
func TestNoWorkerIsIdleWhileTheLoopsBodyWaits(t *testing.T) {
	for _, ahead := range []int{16, 20, 32, 64} {
		for small := range 40 {
			synctest.Test(t, func(t *testing.T) {
				var busy atomic.Int64
				work := func(_ context.Context, n int) (int, error) {
					if n >= small {
						busy.Add(1)
						defer busy.Add(-1)
						time.Sleep(time.Hour)
					}
					return n, nil
				}
				n := 0
				for range mtp.Map(ints(small+100), work, mtp.Options{Workers: 16, Ahead: ahead})(t.Context()) {
					if n++; n == small {
						time.Sleep(time.Minute)
						if busy.Load() != 16 {
							t.Errorf("ahead %d, item %d: %d of 16 workers are busy", ahead, n, busy.Load())
						}
						break
					}
				}
			})
		}
	}
}

func TestWaitingForTheOutputIsNotBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mtp.Pipeline[int, int]{
			Input: ints(2000), Work: same,
			Output:  func(context.Context, []int) error { time.Sleep(time.Second); return nil },
			Options: mtp.Options{Workers: 2, Ahead: 1000},
		}
		stats, err := p.Run(t.Context())
		if busy := stats.Stages[0].Busy; err != nil || busy > time.Second {
			t.Errorf("busy for %v with work that takes no time, %v", busy, err)
		}
	})
}

func TestErrorsAreCountedBeforeTheOutputIsCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mtp.Pipeline[int, int]{
			Input: ints(24), Work: oddFails, BatchSize: 12, Options: mtp.Options{Workers: 1, Ahead: 100},
		}
		p.Output = func(context.Context, []int) error {
			synctest.Wait()
			s := p.Snapshot()
			if got := s.Failed + s.Skipped; got == 0 {
				t.Errorf("%+v", s)
			}
			return nil
		}
		if _, err := p.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// Results that come without a pause do not put off a batch whose time has come.
func TestABatchesTimeComesAlsoInAStream(t *testing.T) {
	const items = 3_000_000
	biggest := 0
	for batch, err := range mtp.Batch(ints(items), math.MaxInt, time.Millisecond)(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		biggest = max(biggest, len(batch))
	}
	if biggest == items {
		t.Error("a batch waited for the end")
	}
}

// Everybody who may wait for the taker does, as it waits itself, and then the run is
// aborted.
func TestAnAbortReachesWhoWaitsForTheTaker(t *testing.T) {
	bad := func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for n := range 1000 {
				if !yield(0, &mtp.ItemError{Stage: "bad", Index: int64(n), Err: errBoom}) {
					return
				}
			}
		}
	}
	firstBad := func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			if yield(0, &mtp.ItemError{Stage: "bad", Err: errBoom}) {
				ints(1000)(ctx)(yield)
			}
		}
	}
	halt := func(ctx context.Context) error { <-ctx.Done(); return nil }
	opt := mtp.Options{Workers: 1, Ahead: 2000}
	runs := map[string]func(context.Context) error{
		"worker": func(ctx context.Context) error {
			p := &mtp.Pipeline[int, int]{
				Input: ints(1000), Options: mtp.Options{Workers: 8, Ahead: 400},
				Work: func(ctx context.Context, n int) (int, error) {
					if n < 7 {
						return n, halt(ctx) // the eighth makes all results
					}
					return n, nil
				},
				Output: func(ctx context.Context, _ []int) error { return halt(ctx) },
			}
			_, err := p.Run(ctx)
			return err
		},
		"reader with an error": func(ctx context.Context) error {
			p := &mtp.Pipeline[int, int]{
				Input: bad, Work: same, Output: discard, Options: opt,
				OnError: func(*mtp.ItemError) { _ = halt(ctx) },
			}
			_, err := p.Run(ctx)
			return err
		},
		"reader of a batch": func(ctx context.Context) (last error) {
			for _, err := range mtp.Batch(firstBad, 2000, 0)(ctx) {
				_ = halt(ctx)
				last = err
			}
			return last
		},
	}
	for name, run := range runs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Minute, func() { cancel(errBoom) })
				if err := run(ctx); !errors.Is(err, errBoom) {
					t.Errorf("ended with %v", err)
				}
			})
		})
	}
}
