package mtp_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// Each worker has a buffer of its own, without a lock. What has to be closed is noted
// as it is made, by one goroutine, and closed when the range or Run has returned, as no
// worker is left then.
func ExampleMapLocal() {
	var buffers []*bytes.Buffer
	newWork := func(int) (mtp.Work[string, int], error) {
		buffer := new(bytes.Buffer) // a file, a connection, a plan
		buffers = append(buffers, buffer)
		return func(_ context.Context, word string) (int, error) {
			buffer.WriteString(word)
			return len(word), nil
		}, nil
	}
	words := mtp.FromSlice([]string{"a", "bc", "def"})
	for n, err := range mtp.MapLocal(words, newWork, mtp.Options{Workers: 2, Ordered: true})(context.Background()) {
		fmt.Println(n, err)
	}
	held := 0
	for _, buffer := range buffers {
		held += buffer.Len()
		buffer.Reset() // Close
	}
	fmt.Println(len(buffers), "buffers held", held, "bytes")
	// Output:
	// 1 <nil>
	// 2 <nil>
	// 3 <nil>
	// 2 buffers held 6 bytes
}

func ExampleExpand() {
	lines := func(_ context.Context, text string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for line := range strings.Lines(text) {
				if !yield(strings.TrimSpace(line), nil) {
					return
				}
			}
		}
	}
	files := mtp.FromSlice([]string{"one\ntwo\n", "", "three\n"})
	for line, err := range mtp.Expand(files, "lines", lines)(context.Background()) {
		fmt.Println(line, err)
	}
	// Output:
	// one <nil>
	// two <nil>
	// three <nil>
}

// A function that gives one record after another and io.EOF at the end is nearly a
// source. What it calls a bad record is made an *ItemError, and the next is read.
func ExampleFromFunc() {
	r := csv.NewReader(strings.NewReader("CRH,38.1\nBUL\nDAL,37.9\n"))
	rows := mtp.FromFunc(func(context.Context) ([]string, error) {
		row, err := r.Read()
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := r.FieldPos(0)
			err = &mtp.ItemError{Stage: "csv", Index: int64(line - 1), Err: err}
		}
		return row, err
	})
	for row, err := range rows(context.Background()) {
		fmt.Println(row, err)
	}
	// Output:
	// [CRH 38.1] <nil>
	// [] stage "csv": item 1: record on line 2: wrong number of fields
	// [DAL 37.9] <nil>
}

// Each attempt has a second; a time-out and a server that is busy are tried again, an
// unknown station is not.
func ExampleRetry() {
	busy := map[string]int{"CRH": 1, "BUL": 9} // answers of that kind still to come
	fetch := func(_ context.Context, station string) (string, error) {
		switch {
		case station == "???":
			return "", errors.New("no such station")
		case busy[station] > 0:
			busy[station]--
			return "", mtp.Transient(errors.New("server busy"))
		}
		return "data of " + station, nil
	}
	patient := mtp.Retry(mtp.Timeout(fetch, time.Second), mtp.Backoff{Attempts: 3, First: time.Microsecond})
	stations := mtp.FromSlice([]string{"CRH", "BUL", "???"})
	for data, err := range mtp.Map(stations, patient, mtp.Options{Workers: 1})(context.Background()) {
		fmt.Printf("%q %v\n", data, err)
	}
	// Output:
	// "data of CRH" <nil>
	// "" stage "map": item 1: attempt 3 of 3: server busy
	// "" stage "map": item 2: no such station
}

// both gives every batch to one sink after another.
func both[T any](sinks ...func(context.Context, []T) error) func(context.Context, []T) error {
	return func(ctx context.Context, batch []T) error {
		for _, sink := range sinks {
			if err := sink(ctx, batch); err != nil {
				return err
			}
		}
		return nil
	}
}

// patient has a sink try again what it says is transient.
func patient[T any](sink func(context.Context, []T) error) func(context.Context, []T) error {
	work := mtp.Retry(func(ctx context.Context, batch []T) (struct{}, error) {
		return struct{}{}, sink(ctx, batch)
	}, mtp.Backoff{First: time.Millisecond})
	return func(ctx context.Context, batch []T) error {
		_, err := work(ctx, batch)
		return err
	}
}

// An Output is a function, so a second sink is a function of two. Each is tried again by
// itself: around both, the first would be written twice.
func ExamplePipeline_twoSinks() {
	sum, calls := 0, 0
	add := func(_ context.Context, batch []int) error {
		if calls++; calls == 1 {
			return mtp.Transient(errors.New("busy"))
		}
		for _, n := range batch {
			sum += n
		}
		return nil
	}
	show := func(_ context.Context, batch []int) error {
		_, err := fmt.Println(batch)
		return err
	}
	p := &mtp.Pipeline[int, int]{
		Input: ints(6), Work: same, Output: both(show, patient(add)), BatchSize: 3, Options: mtp.Options{Ordered: true},
	}
	_, err := p.Run(context.Background())
	fmt.Println("sum", sum, err)
	// Output:
	// [0 1 2]
	// [3 4 5]
	// sum 15 <nil>
}

// metrics writes a snapshot in the text format that Prometheus reads: the body of an
// http.HandlerFunc that calls Snapshot at every request.
func metrics(w io.Writer, s mtp.Snapshot) {
	for _, stage := range s.Stages {
		fmt.Fprintf(w, "items_done{stage=%q} %d\n", stage.Name, stage.Done)
		fmt.Fprintf(w, "items_failed{stage=%q} %d\n", stage.Name, stage.Failed)
		fmt.Fprintf(w, "items_queued{stage=%q} %d\n", stage.Name, stage.Queued)
	}
}

// A progress line while the pipeline runs, and metrics. Both may be asked for by any
// goroutine at any time; here Output does.
func ExamplePipeline_Snapshot() {
	p := &mtp.Pipeline[int, int]{
		Input: mtp.Map(ints(9), same, mtp.Options{Name: "read"}), Work: same,
		BatchSize: 3, Options: mtp.Options{Name: "measure"},
	}
	p.Output = func(context.Context, []int) error {
		fmt.Println("before this batch:", p.Snapshot().Written, "written")
		return nil
	}
	if _, err := p.Run(context.Background()); err != nil {
		fmt.Println(err)
	}
	metrics(os.Stdout, p.Snapshot())
	// Output:
	// before this batch: 0 written
	// before this batch: 3 written
	// before this batch: 6 written
	// items_done{stage="read"} 9
	// items_failed{stage="read"} 0
	// items_queued{stage="read"} 0
	// items_done{stage="measure"} 9
	// items_failed{stage="measure"} 0
	// items_queued{stage="measure"} 0
}

// The first interrupt drains: nothing more is read, what was read is written. The
// second one aborts.
func ExampleOptions_Stop() {
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	ctx, cancel := context.WithCancelCause(context.Background())
	stop := make(chan struct{})
	go func() {
		for n := 1; ; n++ {
			select {
			case <-interrupts:
			case <-ctx.Done():
				return
			}
			if n == 1 {
				close(stop)
			} else {
				cancel(errors.New("interrupted"))
			}
		}
	}()
	p := &mtp.Pipeline[int, int]{
		Input: ints(-1), // without end
		Work: func(_ context.Context, n int) (int, error) {
			if n == 1000 {
				interrupts <- os.Interrupt // as Ctrl-C does
			}
			return n, nil
		},
		Output:  discard,
		Options: mtp.Options{Stop: stop},
	}
	stats, err := p.Run(ctx)
	cancel(nil)
	fmt.Println(stats.Read > 1000, stats.Written == stats.Read, err)
	// Output: true true <nil>
}
