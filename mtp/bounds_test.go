package mtp_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// gauge follows a quantity that two sides change, and its highest value.
type gauge struct{ now, high atomic.Int64 }

func (g *gauge) add(n int64) {
	now := g.now.Add(n)
	for high := g.high.Load(); now > high && !g.high.CompareAndSwap(high, now); high = g.high.Load() {
	}
}

// watched counts into g what src gives.
func watched(src mtp.Source[int], g *gauge) mtp.Source[int] {
	return mtp.FromSeq(func(yield func(int) bool) {
		for n := range src(context.Background()) {
			g.add(1)
			if !yield(n) {
				return
			}
		}
	})
}

func jitter(ctx context.Context, n int) (int, error) {
	time.Sleep(rand.N(50 * time.Millisecond))
	return n, nil
}

func TestContract5ItemsInFlightNeverExceedAheadAndBatch(t *testing.T) {
	for _, ordered := range []bool{false, true} {
		for _, ahead := range []int{1, 2, 7, 64} {
			for _, size := range []int{1, 5} {
				name := fmt.Sprint("ordered ", ordered, " ahead ", ahead, " batch ", size)
				synctest.Test(t, func(t *testing.T) {
					var g gauge
					p := &mtp.Pipeline[int, int]{
						Input: watched(ints(500), &g), Work: jitter, BatchSize: size,
						Output: func(_ context.Context, b []int) error {
							time.Sleep(30 * time.Millisecond)
							g.add(-int64(len(b)))
							return nil
						},
						Options: mtp.Options{Workers: 4, Ahead: ahead, Ordered: ordered},
					}
					stats, err := p.Run(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					totals(t, stats, mtp.Totals{Read: 500, Written: 500})
					if high := g.high.Load(); high > int64(ahead+size) {
						t.Errorf("%s: %d items read and not written", name, high)
					}
				})
			}
		}
	}
}

func TestContract5TheBoundIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{n: -1}
		hang := func(ctx context.Context, n int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }
		p := &mtp.Pipeline[int, int]{Input: c.source, Work: hang, Output: discard, BatchSize: 3, Options: mtp.Options{Workers: 2, Ahead: 10}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _ = p.Run(ctx)
		if n := c.given.Load(); n != 13 {
			t.Errorf("%d items read, want Ahead + BatchSize = 13", n)
		}
	})
}

func TestContract5MapAndBatchHoldNoMoreThanTheySay(t *testing.T) {
	for name, stage := range map[string]struct {
		over  func(mtp.Source[int]) mtp.Source[[]int]
		bound int64
	}{
		"map":   {func(s mtp.Source[int]) mtp.Source[[]int] { return mtp.Map(s, wrap, mtp.Options{Ahead: 4}) }, 5},
		"batch": {func(s mtp.Source[int]) mtp.Source[[]int] { return mtp.Batch(s, 6, 0) }, 6},
		"map batch": {func(s mtp.Source[int]) mtp.Source[[]int] {
			return mtp.Batch(mtp.Map(s, same, mtp.Options{Ahead: 4}), 6, 0)
		}, 10},
	} {
		synctest.Test(t, func(t *testing.T) {
			var g gauge
			n := 0
			for b := range stage.over(watched(ints(200), &g))(t.Context()) {
				n += len(b)
				synctest.Wait() // whatever will be read meanwhile has been
				g.add(-int64(len(b)))
			}
			if high := g.high.Load(); high > stage.bound+0 || n != 200 {
				t.Errorf("%s: %d items of 200, up to %d at once, want at most %d", name, n, high, stage.bound)
			}
		})
	}
}

func wrap(_ context.Context, n int) ([]int, error) { return []int{n}, nil }

func TestContract5WeightInFlightIsBounded(t *testing.T) {
	weights := []int{3, 4, 5, 1, 1, 1, 2, 30, 1, 9, 10, 11, 0, 5, 5, 5, 40, 40, 2}
	for _, ordered := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var g gauge
			var largest atomic.Int64
			work := func(_ context.Context, w int) (int, error) {
				g.add(int64(w))
				largest.Store(max(largest.Load(), int64(w)))
				if now := g.now.Load(); now > 10 && now != int64(w) {
					t.Errorf("weight %d in flight as an item of %d came", now, w)
				}
				time.Sleep(rand.N(time.Second))
				return w, nil
			}
			var written []int
			p := &mtp.Pipeline[int, int]{
				Input: mtp.FromSlice(weights), Work: work, BatchSize: 4,
				Output: func(_ context.Context, b []int) error {
					time.Sleep(time.Second)
					for _, w := range b {
						g.add(-int64(w))
					}
					written = append(written, b...)
					return nil
				},
				Options: mtp.Options{Workers: 4, Ahead: 8, Ordered: ordered, MaxWeight: 10, Weight: func(v any) int64 { return int64(v.(int)) }},
			}
			if _, err := p.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if ordered && !slices.Equal(written, weights) || len(written) != len(weights) {
				t.Errorf("written %v", written)
			}
			if largest.Load() != 40 || g.high.Load() != 40 {
				t.Errorf("heaviest item %d, most in flight %d; want the overweight ones to have come alone", largest.Load(), g.high.Load())
			}
		})
	}
}

func TestContract5MapBoundsWeightToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		work := func(_ context.Context, n int) (int, error) { g.add(4); time.Sleep(time.Second); return n, nil }
		opt := mtp.Options{Workers: 8, MaxWeight: 10, Weight: func(any) int64 { return 4 }}
		for range mtp.Map(ints(50), work, opt)(t.Context()) {
			synctest.Wait()
			g.add(-4)
		}
		if high := g.high.Load(); high != 8 {
			t.Errorf("weight in flight up to %d, want 8 of 10", high)
		}
	})
}

func TestOrderedKeepsOrderUnderRandomDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := mtp.Map(ints(500), jitter, mtp.Options{Workers: 8, Ahead: 20, Ordered: true})
		got, err := drainSeq(mtp.Map(src, jitter, mtp.Options{Workers: 3, Ordered: true})(t.Context()))
		if err != nil || len(got) != 500 || !slices.IsSorted(got) {
			t.Errorf("%d items, sorted %v, error %v", len(got), slices.IsSorted(got), err)
		}
	})
}

func TestUnorderedDoesNotWaitForASlowItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		work := func(_ context.Context, n int) (int, error) {
			if n == 0 {
				time.Sleep(time.Hour)
			}
			return n, nil
		}
		got, err := drainSeq(mtp.Map(ints(100), work, mtp.Options{Workers: 2})(t.Context()))
		if err != nil || len(got) != 100 || got[99] != 0 {
			t.Errorf("last of %d is %d, error %v; want the slow item last", len(got), got[len(got)-1], err)
		}
	})
}

// live is the memory that is still reachable.
func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestContract5MemoryDoesNotDependOnTheNumberOfItems(t *testing.T) {
	const items, size = 60_000, 4 << 10 // 240 MB if all were kept
	src := mtp.FromSeq(func(yield func([]byte) bool) {
		for range items {
			if !yield(make([]byte, size)) {
				return
			}
		}
	})
	keep := func(_ context.Context, b []byte) ([]byte, error) { return b, nil }
	upper := mtp.Map(src, keep, mtp.Options{Workers: 2, Ahead: 64, Ordered: true})
	open := func(_ context.Context, batch [][]byte) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for _, b := range batch {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
	written, early, late := 0, uint64(0), uint64(0)
	p := &mtp.Pipeline[[]byte, []byte]{
		Input: mtp.Expand(mtp.Batch(upper, 16, 0), "open", open),
		Work:  keep,
		Output: func(_ context.Context, batch [][]byte) error {
			written += len(batch)
			switch {
			case early == 0 && written >= items/10:
				early = live()
			case late == 0 && written >= items-items/10:
				late = live()
			}
			return nil
		},
		BatchSize: 32,
		Options:   mtp.Options{MaxWeight: 1 << 20, Weight: func(item any) int64 { return int64(len(item.([]byte))) }},
	}
	if _, err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	// What is in flight differs from moment to moment, by less than all of it.
	if early == 0 || late > early+2<<20 {
		t.Errorf("%d bytes are live after a tenth of the items, %d after nine tenths", early, late)
	}
}
