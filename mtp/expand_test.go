package mtp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// failsThen gives an item error inside a wrapper, then what next gives.
func failsThen(next mtp.Source[int]) mtp.Source[int] {
	return func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			err := &mtp.ItemError{Stage: "file", Index: 7, Err: errBoom}
			if yield(0, fmt.Errorf("archive x: %w", err)) {
				next(ctx)(yield)
			}
		}
	}
}

// copies opens each item to itself.
func copies(src mtp.Source[int]) mtp.Source[int] {
	return mtp.Expand(src, "copies", func(_ context.Context, n int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) { yield(n, nil) }
	})
}

func TestASourcesItemErrorKeepsWhatItsWrapperSaid(t *testing.T) {
	for name, input := range map[string]mtp.Source[int]{
		"read by the pipeline": failsThen(ints(3)),
		"read by Expand":       copies(failsThen(ints(3))),
	} {
		p := &mtp.Pipeline[int, int]{Input: input, Work: same, Output: discard}
		stats, err := p.Run(t.Context())
		totals(t, stats, mtp.Totals{Read: 3, Written: 3, SourceErrors: 1})
		want := `stage "file": item 7: archive x: stage "file": item 7: boom`
		if err != nil || len(stats.Errors) != 1 || stats.Errors[0].Error() != want {
			t.Errorf("%s: %v, %v", name, stats.Errors, err)
		}
	}
}

func TestExpandMayBeLeftAtAnError(t *testing.T) {
	c := &counter{n: 3}
	for _, err := range copies(failsThen(c.source))(t.Context()) {
		if !errors.Is(err, errBoom) {
			t.Errorf("error %v", err)
		}
		break
	}
	if c.given.Load() != 0 {
		t.Error("the source was read on")
	}
}

func TestExpandGivesUpTheRestOfAnItemWhenCancelled(t *testing.T) {
	for _, parts := range []int{3, -1} { // cancelled at the last part, and on the way
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		open := func(ctx context.Context, _ int) iter.Seq2[int, error] { return ints(parts)(ctx) }
		var got []int
		var last error
		for n, err := range mtp.Expand(ints(2), "open", open)(ctx) {
			if last = err; err == nil {
				got = append(got, n)
			}
			if n == 2 {
				cancel(errBoom)
			}
		}
		if len(got) != 3 || last != errBoom {
			t.Errorf("%v, %v; want three parts and the cause", got, last)
		}
	}
}

func TestExpandEndsWithTheCauseWhereItsSourceSaysLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errBoom) })
		if _, err := drainSeq(copies(blocked)(ctx)); err != errBoom {
			t.Errorf("ended with %v, want the cause", err)
		}
	})
}

func TestFromFuncEndsAtEOFAndMayBeLeft(t *testing.T) {
	n := 0
	src := mtp.FromFunc(func(context.Context) (int, error) {
		if n++; n > 3 {
			return 0, io.EOF
		}
		return n, nil
	})
	if got, err := drainSeq(src(t.Context())); len(got) != 3 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	n = 0
	for range src(t.Context()) {
		break
	}
	if n != 1 {
		t.Errorf("%d calls for one item", n)
	}
}

func TestAnIdleWorkerIsNotBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := mtp.FromFunc(func(context.Context) (int, error) {
			time.Sleep(10 * time.Second)
			return 1, nil
		})
		stop := make(chan struct{})
		work := func(context.Context, int) (int, error) { time.Sleep(time.Second); return 0, nil }
		p := &mtp.Pipeline[int, int]{Input: slow, Work: work, Output: discard, Options: mtp.Options{Workers: 2, Stop: stop}}
		time.AfterFunc(35*time.Second, func() { close(stop) })
		stats, err := p.Run(t.Context())
		if s := stats.Stages[0]; err != nil || s.Busy != 4*time.Second || s.Done != 4 {
			t.Errorf("%+v, %v; want 4 s busy of 40", s, err)
		}
	})
}

func TestAnUpperStageOfTheSameNameIsCountedApartFromThePipelines(t *testing.T) {
	p := &mtp.Pipeline[int, int]{
		Input: mtp.Map(ints(4), oddFails, mtp.Options{Name: "x"}), Work: same, Output: discard,
		Options: mtp.Options{Name: "x"},
	}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{Read: 4, Written: 1, Failed: 2, Skipped: 1})
	if err != nil || len(stats.Stages) != 2 {
		t.Errorf("%+v, %v", stats.Stages, err)
	}
}

func TestAStopWakesASourceThatExpandReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(stop) })
		p := &mtp.Pipeline[int, int]{Input: copies(blocked), Work: same, Output: discard, Options: mtp.Options{Stop: stop}}
		if stats, err := p.Run(t.Context()); err != nil || stats.Elapsed != time.Second {
			t.Errorf("error %v after %v; want the drain to end it at once", err, stats.Elapsed)
		}
	})
}
