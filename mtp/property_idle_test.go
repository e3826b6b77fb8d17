package mtp_test

import (
	"context"
	"iter"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// Workers take several small items at once; that must not leave a worker idle when
// the items turn big.
func TestPropertyNoWorkerIsIdleWhileItemsWait(t *testing.T) {
	for seed := range uint64(2000) {
		finished := false
		func() {
			defer func() {
				if !finished {
					t.Errorf("violation: deadlock or panic of seed %d", seed)
				}
			}()
			synctest.Test(t, func(t *testing.T) { bigAfterSmall(t, seed) })
			finished = true
		}()
		if t.Failed() {
			return
		}
	}
}

func bigAfterSmall(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	workers, small, big := 1+r.IntN(8), r.IntN(4000), r.IntN(20)
	ahead := workers + r.IntN(100)
	burst := r.IntN(2) == 1
	src := func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range small + big {
				if burst && i == small {
					time.Sleep(time.Millisecond) // every worker waits for the big ones
				}
				if !yield(i, nil) {
					return
				}
			}
		}
	}
	var busy atomic.Int64
	work := func(_ context.Context, i int) (int, error) {
		if i >= small {
			busy.Add(1)
			time.Sleep(time.Hour)
			busy.Add(-1)
		}
		return i, nil
	}
	go func() {
		time.Sleep(time.Minute)
		if got, want := busy.Load(), int64(min(workers, big)); got != want {
			t.Errorf("violation: %d of %d workers are busy with %d big items after %d small ones, seed %d",
				got, workers, big, small, seed)
		}
	}()
	n := 0
	for _, err := range mtp.Map(src, work, mtp.Options{Workers: workers, Ahead: ahead, Ordered: r.IntN(2) == 1})(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != small+big {
		t.Errorf("violation: %d of %d items, seed %d", n, small+big, seed)
	}
	time.Sleep(2 * time.Minute)
}
