package mtp_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// Each fault that the ancestor, SeisPy's MultiThreadProcess, was known for has a test
// here. A hang is found by synctest: a bubble where all goroutines wait for one
// another fails.

func TestAncestorFaultSettingsAreNotReplacedByDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers, ahead, size = 3, 11, 5 // none is a default
		var g gauge
		var sizes []int
		c := &counter{n: 32}
		p := &mtp.Pipeline[int, int]{
			Input: c.source,
			Work: func(_ context.Context, n int) (int, error) {
				g.add(1)
				time.Sleep(time.Second)
				g.add(-1)
				if n == 31 {
					return 0, errBoom
				}
				return n, nil
			},
			Output:    func(_ context.Context, b []int) error { sizes = append(sizes, len(b)); return nil },
			BatchSize: size,
			Options:   mtp.Options{Name: "mine", Workers: workers, Ahead: ahead},
		}
		time.AfterFunc(time.Second/2, func() {
			if n := c.given.Load(); n != ahead+size {
				t.Errorf("%d items read ahead, want Ahead + BatchSize = %d", n, ahead+size)
			}
		})
		stats, err := p.Run(t.Context())
		if err != nil || g.high.Load() != workers || stats.Stages[0].Workers != workers {
			t.Errorf("%v; up to %d at work, %d workers counted; want %d", err, g.high.Load(), stats.Stages[0].Workers, workers)
		}
		if want := []int{5, 5, 5, 5, 5, 5, 1}; !slices.Equal(sizes, want) {
			t.Errorf("batches of %v, want %v", sizes, want)
		}
		if e := stats.Errors[0]; e.Stage != "mine" || stats.Stages[0].Name != "mine" {
			t.Errorf("named %q in errors and %q in counts, want mine", e.Stage, stats.Stages[0].Name)
		}
	})
}

type argument struct{}

func TestAncestorFaultArgumentsReachEveryPart(t *testing.T) {
	ctx := context.WithValue(t.Context(), argument{}, "given")
	var seen sync.Map
	look := func(part string, ctx context.Context) { seen.Store(part, ctx.Value(argument{})) }
	var workers []int
	src := func(ctx context.Context) iter.Seq2[int, error] {
		look("source", ctx)
		return ints(3)(ctx)
	}
	open := func(ctx context.Context, n int) iter.Seq2[int, error] {
		look("open", ctx)
		return ints(1)(ctx)
	}
	p := &mtp.Pipeline[int, int]{
		Input: mtp.Expand(src, "open", open),
		NewWork: func(worker int) (mtp.Work[int, int], error) {
			workers = append(workers, worker)
			return func(ctx context.Context, n int) (int, error) { look("work", ctx); return n, nil }, nil
		},
		Output:  func(ctx context.Context, _ []int) error { look("output", ctx); return nil },
		Options: mtp.Options{Workers: 3},
	}
	_, err := p.Run(ctx)
	for _, part := range []string{"source", "open", "work", "output"} {
		if v, _ := seen.Load(part); v != "given" {
			t.Errorf("%s saw %v, want the argument", part, v)
		}
	}
	if err != nil || !slices.Equal(workers, []int{0, 1, 2}) {
		t.Errorf("%v, workers %v", err, workers)
	}
}

func TestAncestorFaultAFailedItemIsToldAndLosesNoOther(t *testing.T) {
	var written []int
	var told []int64
	p := &mtp.Pipeline[int, int]{
		Input: ints(40), Work: oddFails, Output: collect(&written), BatchSize: 3,
		OnError: func(e *mtp.ItemError) { told = append(told, e.Index) },
		Options: mtp.Options{Workers: 4, Ordered: true},
	}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{Read: 40, Written: 16, Failed: 20, Skipped: 4})
	if err != nil || len(told) != 20 || told[0] != 1 || told[19] != 39 || !errors.Is(stats.Errors[19], errBoom) {
		t.Errorf("%v; told of items %v", err, told)
	}
	if len(written) != 16 || written[0] != 2 || written[15] != 38 {
		t.Errorf("written %v", written)
	}
}

// together is a Work that is ended by end where all workers are in it.
func together(end func()) mtp.Work[int, int] {
	return func(context.Context, int) (int, error) {
		time.Sleep(time.Second) // all begin in the same instant of the bubble
		end()
		return 0, nil
	}
}

func TestAncestorFaultTheProducerDoesNotHangWhenAllWorkersAreDead(t *testing.T) {
	for name, end := range map[string]func(){"panic": panicHere, "goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &counter{n: -1}
				start := time.Now()
				p := &mtp.Pipeline[int, int]{Input: c.source, Work: together(end), Output: discard, Options: mtp.Options{Workers: 4, Ahead: 8}}
				stats, err := p.Run(t.Context())
				var pe *mtp.PanicError
				if !errors.As(err, &pe) || !c.ended.Load() || time.Since(start) != time.Second {
					t.Errorf("error %v after %v, source ended: %v", err, time.Since(start), c.ended.Load())
				}
				totals(t, stats, mtp.Totals{Read: c.given.Load(), Aborted: c.given.Load()})

				upper := &counter{n: -1}
				stage := mtp.Map(upper.source, together(end), mtp.Options{Workers: 4})
				if got, err := drainSeq(mtp.Map(stage, same, mtp.Options{})(t.Context())); !errors.As(err, &pe) || len(got) != 0 || !upper.ended.Load() {
					t.Errorf("as an upper stage: %v, %v", got, err)
				}
			})
		})
	}
	t.Run("none was made", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := &counter{n: -1}
			none := func(int) (mtp.Work[int, int], error) { return nil, errBoom }
			p := &mtp.Pipeline[int, int]{Input: mtp.Map(c.source, same, mtp.Options{}), NewWork: none, Output: discard}
			if _, err := p.Run(t.Context()); !errors.Is(err, errBoom) || c.given.Load() != 0 {
				t.Errorf("error %v after %d items", err, c.given.Load())
			}
		})
	})
}

func TestAncestorFaultWorkersDoNotHangWhenTheOutputIsDead(t *testing.T) {
	for name, end := range map[string]func() error{
		"error":  func() error { return errBoom },
		"panic":  func() error { panic(errBoom) },
		"goexit": func() error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &counter{n: -1}
				p := &mtp.Pipeline[int, int]{
					Input: mtp.Map(c.source, jitter, mtp.Options{Name: "upper"}), Work: jitter,
					Output: func(context.Context, []int) error {
						time.Sleep(time.Hour) // everything above is full
						return end()
					},
					BatchSize: 2, Options: mtp.Options{Workers: 4},
				}
				start := time.Now()
				ended := make(chan error, 1)
				go func() {
					defer close(ended)
					_, err := p.Run(t.Context())
					ended <- err
				}()
				if err, returned := <-ended; returned && !errors.Is(err, errBoom) || returned == (name == "goexit") {
					t.Errorf("Run returned: %v, with %v", returned, err)
				}
				if late := time.Since(start) - time.Hour; late > time.Second || !c.ended.Load() {
					t.Errorf("ended %v after its output; source ended: %v", late, c.ended.Load())
				}
				synctest.Wait()
				s := p.Snapshot()
				if s.Written != 0 || s.Read != s.Aborted || s.Read != c.given.Load() {
					t.Errorf("%+v, the source gave %d", s.Totals, c.given.Load())
				}
			})
		})
	}
}

// bursts gives 0, 1, 2 ... in bursts of 0 to 23 items, with hours of silence before
// each.
func bursts(context.Context) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		n := 0
		for size := range 24 {
			time.Sleep(3 * time.Hour)
			for range size {
				if !yield(n, nil) {
					return
				}
				n++
			}
		}
	}
}

func TestAncestorFaultAnEmptyQueueIsNotTheEnd(t *testing.T) {
	for name, run := range map[string]struct {
		opt  mtp.Options
		wait time.Duration
	}{
		"any order":  {mtp.Options{Workers: 4}, time.Second},
		"ordered":    {mtp.Options{Workers: 4, Ordered: true}, time.Second},
		"one of all": {mtp.Options{Workers: 1, Ahead: 1}, time.Nanosecond},
		"no wait":    {mtp.Options{Workers: 2, Ordered: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 23 * 24 / 2
				var written []int
				p := &mtp.Pipeline[int, int]{
					Input: twice(mtp.Batch(mtp.Map(bursts, jitter, run.opt), 4, run.wait)),
					Work:  jitter, Output: collect(&written), BatchSize: 7, BatchWait: run.wait, Options: run.opt,
				}
				stats, err := p.Run(t.Context())
				totals(t, stats, mtp.Totals{Read: 2 * n, Written: 2 * n})
				slices.Sort(written)
				for i, v := range written {
					if v != i/2 {
						t.Fatalf("%v: written[%d] = %d: an item was lost or doubled", err, i, v)
					}
				}
				if err != nil || stats.Elapsed < 72*time.Hour {
					t.Errorf("%v after %v", err, stats.Elapsed)
				}
			})
		})
	}
}

// waiting are pipelines that wait for ever, by what they wait for. They are made in
// the bubble that runs them, as the channels in them are the bubble's.
func waiting() map[string]*mtp.Pipeline[int, int] {
	hang := hanging(func(ctx context.Context) error { return ctx.Err() })
	stuck := func(ctx context.Context, _ []int) error { <-ctx.Done(); return ctx.Err() }
	busy := &script{errs: []error{errBusy}}
	retry := mtp.Retry(busy.work, mtp.Backoff{Attempts: 1e6, First: time.Hour, Max: time.Hour})
	one := mtp.Options{MaxWeight: 1, Weight: func(any) int64 { return 1 }}
	return map[string]*mtp.Pipeline[int, int]{
		"source":    {Input: blocked, Work: same, Output: discard},
		"work":      {Input: ints(-1), Work: hang, Output: discard},
		"output":    {Input: ints(-1), Work: same, Output: stuck},
		"a batch":   {Input: ints(3), Work: hangsAt(2), Output: discard, BatchSize: 10},
		"the order": {Input: ints(-1), Work: hangsAt(0), Output: discard, Options: mtp.Options{Ordered: true}},
		"weight":    {Input: ints(-1), Work: hang, Output: discard, Options: one},
		"a retry":   {Input: ints(1), Work: retry, Output: discard},
		"a turn":    {Input: ints(-1), Work: mtp.Limit(same, mtp.NewLimiter(240*time.Hour, 1)), Output: discard},
	}
}

func TestAncestorFaultARunCanBeCancelledWhateverItWaitsFor(t *testing.T) {
	for name := range waiting() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(100*time.Hour, func() { cancel(errBoom) })
				start := time.Now()
				stats, err := waiting()[name].Run(ctx)
				balanced(t, stats)
				if !errors.Is(err, errBoom) || time.Since(start) != 100*time.Hour {
					t.Errorf("error %v after %v, want the cause at once", err, time.Since(start))
				}
			})
		})
	}
}

// hangsAt waits for its context at item n only.
func hangsAt(n int) mtp.Work[int, int] {
	return func(ctx context.Context, i int) (int, error) {
		if i == n {
			<-ctx.Done()
		}
		return i, nil
	}
}

func TestAncestorFaultEveryItemIsCounted(t *testing.T) {
	p := &mtp.Pipeline[int, int]{Input: ints(100), Work: oddFails, Output: discard, BatchSize: 6}
	if s := p.Snapshot(); s.Totals != (mtp.Totals{}) {
		t.Errorf("before the run: %+v", s.Totals)
	}
	for range 2 { // a second run counts anew
		stats, err := p.Run(t.Context())
		want := mtp.Totals{Read: 100, Written: 40, Failed: 50, Skipped: 10}
		totals(t, stats, want)
		if s := p.Snapshot(); err != nil || s.Totals != want || s.Elapsed != stats.Elapsed {
			t.Errorf("%v; after the run: %+v", err, s)
		}
	}
}

func TestAncestorFaultTheRunReturnsWhatEndedIt(t *testing.T) {
	broken := func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) { _ = yield(1, nil) && yield(0, errBoom) }
	}
	fails := func(context.Context, []int) error { return errBoom }
	none := func(int) (mtp.Work[int, int], error) { return nil, errBoom }
	failing := func(context.Context, int) (int, error) { return 0, errBoom }
	for says, p := range map[string]*mtp.Pipeline[int, int]{
		"boom":                 {Input: broken, Work: same, Output: discard},
		"output of 2 items":    {Input: ints(2), Work: same, Output: fails, BatchSize: 2},
		"making worker 0":      {Input: ints(2), NewWork: none, Output: discard},
		"panic: boom":          {Input: ints(2), Work: together(panicHere), Output: discard},
		"too many item errors": {Input: ints(2), Work: failing, Output: discard, MaxErrors: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			stats, err := p.Run(t.Context())
			balanced(t, stats)
			if !errors.Is(err, errBoom) || !strings.Contains(err.Error(), says) {
				t.Errorf("error %v, want one that says %q", err, says)
			}
		})
	}
}
