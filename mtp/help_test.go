package mtp_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

var errBoom = errors.New("boom")

// counter gives 0, 1, ... up to n (without end if negative) and counts what it gave.
type counter struct {
	n     int
	given atomic.Int64
	ended atomic.Bool // the sequence has returned
}

func (c *counter) source(context.Context) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		defer c.ended.Store(true)
		for i := 0; i != c.n; i++ {
			c.given.Add(1)
			if !yield(i, nil) {
				return
			}
		}
	}
}

// slowToLeave is without end, then takes an hour to return.
func (c *counter) slowToLeave(ctx context.Context) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		(&counter{n: -1}).source(ctx)(yield)
		time.Sleep(time.Hour)
		c.ended.Store(true)
	}
}

func ints(n int) mtp.Source[int] { return (&counter{n: n}).source }

func same(_ context.Context, n int) (int, error) { return n, nil }

func discard(context.Context, []int) error { return nil }

// collect appends what a Pipeline writes to *to.
func collect(to *[]int) func(context.Context, []int) error {
	return func(_ context.Context, batch []int) error {
		*to = append(*to, batch...)
		return nil
	}
}

// blocked waits as a source does that has nothing to give until its context is done.
func blocked(ctx context.Context) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		<-ctx.Done()
		yield(0, ctx.Err())
	}
}

// balanced checks the accounting of the totals and of every stage.
func balanced(t *testing.T, s mtp.Stats) {
	t.Helper()
	if s.Read != s.Written+s.Failed+s.Skipped+s.Aborted || min(s.Read, s.Aborted) < 0 {
		t.Errorf("unbalanced totals %+v", s.Totals)
	}
	for _, st := range s.Stages {
		if st.Read+st.Added != st.Done+st.Failed+st.Skipped+st.Aborted || st.Aborted < 0 {
			t.Errorf("unbalanced stage %+v", st)
		}
		if st.Queued != 0 || st.InFlight != 0 || st.Ready != 0 {
			t.Errorf("ended stage still holds items: %+v", st)
		}
	}
}

func totals(t *testing.T, s mtp.Stats, want mtp.Totals) {
	t.Helper()
	balanced(t, s)
	if s.Totals != want {
		t.Errorf("totals %+v, want %+v", s.Totals, want)
	}
}

// batchesOf and twice change the number of items: n -> n/size -> 2n.
func batchesOf(src mtp.Source[int], size int) mtp.Source[[]int] {
	return mtp.Batch(src, size, time.Minute)
}

func twice(src mtp.Source[[]int]) mtp.Source[int] {
	return mtp.Expand(src, "twice", func(_ context.Context, batch []int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for _, n := range batch {
				for range 2 {
					if !yield(n, nil) {
						return
					}
				}
			}
		}
	})
}

// drainSeq gives the items, and the terminal error or the last item error.
func drainSeq[T any](seq iter.Seq2[T, error]) (items []T, last error) {
	for item, err := range seq {
		if err != nil {
			last = err
			continue
		}
		items = append(items, item)
	}
	return items, last
}
