package main

import (
	"context"
	"runtime"
	"testing"

	"github.com/seisbatch/seisbatch/mtp"
)

const batchSize = 100

func same(_ context.Context, item int64) (int64, error) { return item, nil }

// drain takes all of what a source gives.
func drain[T any](tb testing.TB, src mtp.Source[T]) {
	for _, err := range src(context.Background()) {
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// uses are what is looked at for allocations, each with n items and empty work.
var uses = []struct {
	name string
	run  func(tb testing.TB, n int64)
	// most is the allocations that an item may have. The thousandth where none is
	// meant is for the runtime's own, which come now and then.
	most float64
}{
	{"MapUnordered", func(tb testing.TB, n int64) {
		drain(tb, mtp.Map(mtp.FromSeq(count(n)), same, mtp.Options{}))
	}, 0.001},
	{"MapOrdered", func(tb testing.TB, n int64) {
		drain(tb, mtp.Map(mtp.FromSeq(count(n)), same, mtp.Options{Ordered: true}))
	}, 0.001},
	{"Pipeline", func(tb testing.TB, n int64) {
		p := &mtp.Pipeline[int64, int64]{
			Input: mtp.FromSeq(count(n)), Work: same, BatchSize: batchSize,
			Output: func(context.Context, []int64) error { return nil },
		}
		if _, err := p.Run(context.Background()); err != nil {
			tb.Fatal(err)
		}
	}, 0.001},
	{"Batch", func(tb testing.TB, n int64) { // one array a batch, which its taker may keep
		drain(tb, mtp.Batch(mtp.FromSeq(count(n)), batchSize, 0))
	}, 2. / batchSize},
}

func TestAllocations(t *testing.T) {
	for _, use := range uses {
		t.Run(use.name, func(t *testing.T) {
			const few, many = 100_000, 300_000 // the difference is without start and end
			start := mallocs(func() { use.run(t, few) })
			all := mallocs(func() { use.run(t, many) })
			if got := (float64(all) - float64(start)) / (many - few); got >= use.most {
				t.Errorf("%.5f allocations an item, want less than %.5f", got, use.most)
			}
		})
	}
}

// mallocs counts the allocations of the whole program while f runs.
func mallocs(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

func BenchmarkMapUnordered(b *testing.B) { benchmark(b, 0) }

func BenchmarkMapOrdered(b *testing.B) { benchmark(b, 1) }

func BenchmarkPipeline(b *testing.B) { benchmark(b, 2) }

func BenchmarkBatch(b *testing.B) { benchmark(b, 3) }

func benchmark(b *testing.B, use int) {
	b.ReportAllocs()
	uses[use].run(b, int64(b.N))
}
