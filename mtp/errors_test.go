package mtp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seisbatch/seisbatch/mtp"
)

// oddFails fails 1, 3, 5, ... and skips multiples of 10.
func oddFails(_ context.Context, n int) (int, error) {
	switch {
	case n%10 == 0:
		return 0, fmt.Errorf("not today: %w", mtp.ErrSkip)
	case n%2 == 1:
		return 99, errBoom
	}
	return n, nil
}

func TestContract3ItemErrorsFlowOnAndSkipsVanish(t *testing.T) {
	src := mtp.Map(ints(12), oddFails, mtp.Options{Name: "odd", Ordered: true})
	src = mtp.Map(src, same, mtp.Options{Name: "next", Ordered: true})
	var got []string
	for n, err := range src(t.Context()) {
		var e *mtp.ItemError
		switch {
		case err == nil:
			got = append(got, fmt.Sprint(n))
		case errors.As(err, &e) && errors.Is(err, errBoom) && n == 0 && e.Stage == "odd":
			got = append(got, fmt.Sprint("e", e.Index))
		default:
			t.Fatalf("%d, %v", n, err)
		}
	}
	if want := "e1 2 e3 4 e5 6 e7 8 e9 e11"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestContract3AnyOtherErrorIsTerminalAndLast(t *testing.T) {
	n := 0
	src := mtp.FromFunc(func(context.Context) (int, error) {
		n++
		if n == 4 {
			return 0, errBoom
		}
		return n, nil
	})
	stages := map[string]mtp.Source[int]{
		"FromFunc": src,
		"Map":      mtp.Map(src, same, mtp.Options{Ordered: true}),
		"composed": mtp.Map(mtp.Map(src, same, mtp.Options{Ordered: true}), same, mtp.Options{Ordered: true}),
		"expanded": once(batchesOf(src, 2)),
	}
	for name, s := range stages {
		n = 0
		var items []int
		var errs []error
		for item, err := range s(t.Context()) {
			if len(errs) > 0 {
				t.Errorf("%s: something came after the terminal error", name)
			}
			if err != nil {
				errs = append(errs, err)
			} else {
				items = append(items, item)
			}
		}
		if !slices.Equal(items, []int{1, 2, 3}) || len(errs) != 1 || errs[0] != errBoom {
			t.Errorf("%s: %v, %v; want what was read before the error, then the error", name, items, errs)
		}
	}
}

func once(src mtp.Source[[]int]) mtp.Source[int] {
	return mtp.Expand(src, "once", func(_ context.Context, b []int) iter.Seq2[int, error] { return mtp.FromSlice(b)(context.Background()) })
}

func TestContract3ExpandFailsPartsAndSkipsTheEmpty(t *testing.T) {
	open := func(_ context.Context, n int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range n {
				_, err := oddFails(context.Background(), i)
				if !yield(i, err) {
					return
				}
			}
		}
	}
	var written []int
	p := &mtp.Pipeline[int, int]{Input: mtp.Expand(ints(4), "open", open), Work: same, Output: collect(&written)}
	stats, err := p.Run(t.Context())
	// 0 opens to nothing, 1 to {skip}, 2 to {skip, fail}, 3 to {skip, fail, 2}.
	totals(t, stats, mtp.Totals{Read: 7, Written: 1, Failed: 2, Skipped: 4})
	if err != nil || !slices.Equal(written, []int{2}) || stats.Errors[1].Index != 3 || stats.Errors[1].Stage != "open" {
		t.Errorf("%v, %v, %v", written, stats.Errors, err)
	}
}

func TestContract7KeptErrorsAreCappedAndCountsFull(t *testing.T) {
	told := 0
	p := &mtp.Pipeline[int, int]{
		Input: ints(1000), Output: discard,
		Work:    func(context.Context, int) (int, error) { return 0, errBoom },
		OnError: func(*mtp.ItemError) { told++ },
	}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{Read: 1000, Failed: 1000})
	if err != nil || len(stats.Errors) != 100 || told != 1000 {
		t.Errorf("kept %d, told %d, error %v; want 100, 1000, nil", len(stats.Errors), told, err)
	}
}

func TestMaxErrorsAbortsTheRun(t *testing.T) {
	p := &mtp.Pipeline[int, int]{
		Input: ints(-1), Work: oddFails, Output: discard, MaxErrors: 3,
		Options: mtp.Options{Ordered: true},
	}
	stats, err := p.Run(t.Context())
	balanced(t, stats)
	if !errors.Is(err, mtp.ErrTooManyErrors) || !errors.Is(err, errBoom) || len(stats.Errors) != 3 || stats.Failed != 3 {
		t.Errorf("%+v, %v, kept %d", stats.Totals, err, len(stats.Errors))
	}
}

// panics are pipelines with a panic (or a Goexit) in each part.
func panics(boom func()) map[string]*mtp.Pipeline[int, int] {
	src := func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			ints(20)(ctx)(func(n int, err error) bool {
				if n == 10 {
					boom()
				}
				return yield(n, err)
			})
		}
	}
	work := func(_ context.Context, n int) (int, error) {
		if n == 10 {
			boom()
		}
		return n, nil
	}
	output := func(context.Context, []int) error { boom(); return nil }
	fails := func(context.Context, int) (int, error) { return 0, errBoom }
	open := func(_ context.Context, b []int) iter.Seq2[int, error] { boom(); return nil }
	factory := func(int) (mtp.Work[int, int], error) { boom(); return nil, nil }
	return map[string]*mtp.Pipeline[int, int]{
		"source":       {Input: src, Work: same, Output: discard},
		"upper source": {Input: mtp.Map(src, same, mtp.Options{}), Work: same, Output: discard},
		"work":         {Input: ints(20), Work: work, Output: discard},
		"upper work":   {Input: mtp.Map(ints(20), work, mtp.Options{}), Work: same, Output: discard},
		"expand":       {Input: mtp.Expand(batchesOf(ints(20), 5), "open", open), Work: same, Output: discard},
		"output":       {Input: ints(20), Work: same, Output: output},
		"observer":     {Input: ints(20), Work: fails, Output: discard, OnError: func(*mtp.ItemError) { boom() }},
		"factory":      {Input: ints(20), NewWork: factory, Output: discard},
		"weight": {Input: ints(20), Work: same, Output: discard,
			Options: mtp.Options{MaxWeight: 1, Weight: func(any) int64 { boom(); return 0 }}},
	}
}

func TestContract7APanicAnywhereEndsTheRunWithItsStack(t *testing.T) {
	for name, p := range panics(func() { panicHere() }) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stats, err := p.Run(t.Context())
				var pe *mtp.PanicError
				if !errors.As(err, &pe) || !errors.Is(err, errBoom) || !strings.Contains(string(pe.Stack), "panicHere") {
					t.Errorf("error %v; want a PanicError with the stack of panicHere", err)
				}
				balanced(t, stats)
			})
		})
	}
}

func panicHere() { panic(errBoom) }

func TestContract7GoexitInAGoroutineOfTheRunIsNoHang(t *testing.T) {
	for name, p := range panics(runtime.Goexit) {
		switch name {
		case "output", "observer", "factory":
			continue // these run in the caller's goroutine, which is then gone
		}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stats, err := p.Run(t.Context())
				var pe *mtp.PanicError
				if !errors.As(err, &pe) || !strings.Contains(err.Error(), "Goexit") {
					t.Errorf("error %v, want a PanicError that says Goexit", err)
				}
				balanced(t, stats)
			})
		})
	}
}

func TestSourceErrorBeforeACancelIsNotForgotten(t *testing.T) {
	src := func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) { _ = yield(1, nil) && yield(0, errBoom) }
	}
	broken := errors.New("disk full")
	p := &mtp.Pipeline[int, int]{
		Input: src, Work: same, BatchSize: 2,
		Output: func(context.Context, []int) error { return broken },
	}
	stats, err := p.Run(t.Context())
	totals(t, stats, mtp.Totals{Read: 1, Aborted: 1})
	if !errors.Is(err, broken) || !errors.Is(err, errBoom) {
		t.Errorf("error %v, want both", err)
	}
}

func TestMisconfigurationIsAnError(t *testing.T) {
	src, heavy := ints(1), mtp.Options{MaxWeight: 1}
	for want, p := range map[string]*mtp.Pipeline[int, int]{
		"no Input":                 {Work: same, Output: discard},
		"either Work or NewWork":   {Input: src, Output: discard},
		"no Output":                {Input: src, Work: same},
		"MaxWeight without Weight": {Input: src, Work: same, Output: discard, Options: heavy},
	} {
		if _, err := p.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := drainSeq(mtp.Map(src, same, heavy)(t.Context())); err == nil {
		t.Error("Map takes MaxWeight without Weight")
	}
}

func TestTheEndOfARunByMaxErrorsIsTerminalForARunThatReadsIt(t *testing.T) {
	inner := &mtp.Pipeline[int, int]{
		Input: ints(10), Work: oddFails, Output: discard, MaxErrors: 2,
	}
	_, end := inner.Run(t.Context())
	if !errors.Is(end, mtp.ErrTooManyErrors) {
		t.Fatalf("the inner run ended with %v", end)
	}
	calls := 0
	sources := map[string]mtp.Source[int]{
		"yielded": func(context.Context) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) { yield(0, end) }
		},
		"from a function": mtp.FromFunc(func(context.Context) (int, error) { calls++; return 0, end }),
	}
	for name, src := range sources {
		t.Run(name, func(t *testing.T) {
			outer := &mtp.Pipeline[int, int]{Input: src, Work: same, Output: discard}
			stats, err := outer.Run(t.Context())
			if !errors.Is(err, mtp.ErrTooManyErrors) || stats.SourceErrors != 0 {
				t.Errorf("ended with %v and %d source errors, want the inner run's end and 0", err, stats.SourceErrors)
			}
		})
	}
	if calls != 1 {
		t.Errorf("the function was called %d times, want once", calls)
	}
}

func TestAWrappedEOFIsNoEnd(t *testing.T) {
	cut := fmt.Errorf("listing: %w", io.EOF)
	_, err := drainSeq(mtp.FromFunc(func(context.Context) (int, error) { return 0, cut })(t.Context()))
	if !errors.Is(err, cut) {
		t.Errorf("ended with %v, want %v", err, cut)
	}
}

func TestAFactoryWithoutWorkIsAnError(t *testing.T) {
	src := &counter{n: 5}
	p := &mtp.Pipeline[int, int]{
		Input: src.source, Output: discard,
		NewWork: func(int) (mtp.Work[int, int], error) { return nil, nil },
	}
	_, err := p.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "no Work") {
		t.Errorf("ended with %v", err)
	}
}

func TestASecondRunAtOnceIsRefused(t *testing.T) {
	p := &mtp.Pipeline[int, int]{Input: ints(3), Output: discard}
	var second error
	p.Work = func(ctx context.Context, n int) (int, error) {
		if n == 0 {
			_, second = p.Run(ctx)
		}
		return n, nil
	}
	for range 2 { // one after the other is well
		if stats, err := p.Run(t.Context()); err != nil || stats.Written != 3 || second == nil {
			t.Fatalf("%+v, %v; the run within: %v", stats, err, second)
		}
	}
}
