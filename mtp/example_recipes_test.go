package mtp_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// An error of one item takes its place, and the loop goes on; any other error ends the
// sequence. Work says which item it was, and says so around the wrappers.
func ExampleItemError() {
	fetch := func(_ context.Context, station string) (int, error) {
		if station == "???" {
			return 0, errors.New("no such station")
		}
		return len(station), nil
	}
	named := func(ctx context.Context, station string) (int, error) {
		n, err := mtp.Timeout(fetch, time.Minute)(ctx, station)
		if err != nil {
			err = fmt.Errorf("station %s: %w", station, err)
		}
		return n, err
	}
	stations := mtp.FromSlice([]string{"CRH", "???", "BUL"})
	for n, err := range mtp.Map(stations, named, mtp.Options{Ordered: true})(context.Background()) {
		var failed *mtp.ItemError
		switch {
		case errors.As(err, &failed):
			fmt.Println("left out:", failed.Err)
		case err != nil:
			fmt.Println("the end:", err)
			return
		default:
			fmt.Println(n)
		}
	}
	// Output:
	// 3
	// left out: station ???: no such station
	// 3
}

// A source written by hand: it watches its context, stops where yield says so, and
// gives an *ItemError for an item that is bad.
func ExampleSource() {
	countdown := func(from int) mtp.Source[int] {
		return func(ctx context.Context) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				for n := from; n > 0; n-- {
					if ctx.Err() != nil {
						yield(0, context.Cause(ctx))
						return
					}
					var bad error
					if n == 2 {
						bad = &mtp.ItemError{Stage: "countdown", Index: int64(from - n), Err: errors.New("two is missing")}
					}
					if !yield(n, bad) {
						return
					}
				}
			}
		}
	}
	p := &mtp.Pipeline[int, int]{
		Input: countdown(3), Work: same,
		Output: func(_ context.Context, batch []int) error {
			_, err := fmt.Println(batch)
			return err
		},
		OnError: func(e *mtp.ItemError) { fmt.Println(e) },
		Options: mtp.Options{Ordered: true},
	}
	stats, err := p.Run(context.Background())
	fmt.Println(stats.Read, "read,", stats.SourceErrors, "bad,", err)
	// Output:
	// [3]
	// stage "countdown": item 1: two is missing
	// [1]
	// 2 read, 1 bad, <nil>
}

// Each worker has scratch memory of its own; the turns are shared, as the limiter was
// made outside. A turn is taken for each attempt, and waiting for one is not counted
// as time of the attempt.
func ExampleLimiter() {
	turns := mtp.NewLimiter(time.Millisecond, 10)
	newWork := func(int) (mtp.Work[int, string], error) {
		scratch := make([]byte, 0, 64)
		format := func(_ context.Context, n int) (string, error) {
			scratch = fmt.Appendf(scratch[:0], "%03d", n)
			return string(scratch), nil
		}
		return mtp.Retry(mtp.Limit(mtp.Timeout(format, time.Second), turns), mtp.Backoff{}), nil
	}
	p := &mtp.Pipeline[int, string]{
		Input: ints(6), NewWork: newWork, BatchSize: 3,
		Output: func(_ context.Context, batch []string) error {
			_, err := fmt.Println(batch)
			return err
		},
		Options: mtp.Options{Workers: 4, Ordered: true},
	}
	_, err := p.Run(context.Background())
	fmt.Println(err)
	// Output:
	// [000 001 002]
	// [003 004 005]
	// <nil>
}

// No more than a megabyte is read and not yet written, whatever the size of an item.
func ExampleOptions_maxWeight() {
	type record struct{ samples []byte }
	records := mtp.FromSlice([]record{{make([]byte, 600_000)}, {make([]byte, 600_000)}, {make([]byte, 300_000)}})
	size := func(_ context.Context, r record) (int, error) { return len(r.samples), nil }
	p := &mtp.Pipeline[record, int]{
		Input: records, Work: size, BatchSize: 10,
		Output: func(_ context.Context, batch []int) error {
			_, err := fmt.Println(batch)
			return err
		},
		Options: mtp.Options{
			Ordered:   true,
			MaxWeight: 1_000_000,
			Weight:    func(item any) int64 { return int64(len(item.(record).samples)) },
		},
	}
	_, err := p.Run(context.Background())
	fmt.Println(err)
	// Output:
	// [600000]
	// [600000 300000]
	// <nil>
}
