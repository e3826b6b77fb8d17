package mtp_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// seconds is a short way to write times.
func seconds(all ...float64) []time.Duration {
	var out []time.Duration
	for _, s := range all {
		out = append(out, time.Duration(s*float64(time.Second)))
	}
	return out
}

func TestLimitSpacesTheCallsOfAllWorkers(t *testing.T) {
	for burst, want := range map[int][]time.Duration{
		0:           seconds(0, 1, 2, 3, 4, 5),
		1:           seconds(0, 1, 2, 3, 4, 5),
		3:           seconds(0, 0, 0, 1, 2, 3),
		math.MaxInt: seconds(0, 0, 0, 0, 0, 0),
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{errs: []error{nil}}
			_, err := drainSeq(mtp.Map(ints(6), mtp.Limit(s.work, mtp.NewLimiter(time.Second, burst)), mtp.Options{Workers: 4})(t.Context()))
			if at := s.after(); err != nil || !slices.Equal(at, want) {
				t.Errorf("burst %d: calls at %v, %v; want %v", burst, at, err, want)
			}
		})
	}
}

func TestLimitSavesUpNoMoreThanABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{nil}}
		work := mtp.Limit(s.work, mtp.NewLimiter(time.Second, 2))
		for n := range 8 {
			if n == 4 {
				time.Sleep(time.Hour)
			}
			_, _ = work(t.Context(), n)
		}
		if at, want := s.after(), seconds(0, 0, 1, 2, 3602, 3602, 3603, 3604); !slices.Equal(at, want) {
			t.Errorf("calls at %v, want %v", at, want)
		}
	})
}

// Short quiet times save up a part of a turn.
func TestLimitHoldsOnAverageForCallsAtAnyTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every, burst = time.Second, 3
		s := &script{errs: []error{nil}}
		late := func(_ context.Context, n int) (int, error) { time.Sleep(rand.N(4 * time.Second)); return n, nil }
		spread := mtp.Map(ints(500), late, mtp.Options{Workers: 3})
		if _, err := drainSeq(mtp.Map(spread, mtp.Limit(s.work, mtp.NewLimiter(every, burst)), mtp.Options{Workers: 5})(t.Context())); err != nil {
			t.Fatal(err)
		}
		at := s.after()
		for i := range at {
			for j := i + burst; j < len(at); j++ { // n calls fit into (n-burst) turns at the least
				if least := time.Duration(j-i+1-burst) * every; at[j]-at[i] < least {
					t.Fatalf("%d calls within %v, want at least %v", j-i+1, at[j]-at[i], least)
				}
			}
		}
	})
}

func TestLimitWaitsNoLongerThanTheContextAndGivesTheTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{nil}}
		work := mtp.Limit(s.work, mtp.NewLimiter(10*time.Second, 1))
		_, _ = work(t.Context(), 0)
		start := time.Now()
		ended := make(chan error, 2)
		for _, after := range seconds(5, 3) { // the first waits for the next turn, the second behind it
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(after, func() { cancel(errBoom) })
			go func() {
				_, err := work(ctx, 1)
				if time.Since(start) != after {
					t.Errorf("a call that was cancelled after %v returned after %v", after, time.Since(start))
				}
				ended <- err
			}()
			synctest.Wait()
		}
		_, _ = work(t.Context(), 2)
		_, _ = work(t.Context(), 3)
		for range 2 {
			if err := <-ended; err != errBoom {
				t.Errorf("error %v, want the cause itself", err)
			}
		}
		if at, want := s.after(), seconds(0, 10, 20); !slices.Equal(at, want) {
			t.Errorf("calls at %v, want %v", at, want)
		}
	})
}

func TestLimitGivesADoneContextNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{nil}}
		work := mtp.Limit(s.work, mtp.NewLimiter(time.Second, 1))
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errBoom)
		for range 20 { // of two ready channels, select takes any
			if _, err := work(ctx, 0); err != errBoom {
				t.Errorf("error %v", err)
			}
		}
		start := time.Now()
		_, _ = work(t.Context(), 1)
		if time.Since(start) != 0 || len(s.calls) != 1 {
			t.Errorf("%d calls, the first after %v", len(s.calls), time.Since(start))
		}
	})
}

func TestRetryOfTimeoutGivesEachAttemptItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		work := func(ctx context.Context, n int) (int, error) {
			if calls++; calls < 3 {
				<-ctx.Done()
				return 0, errBoom // as of a driver that knows no context
			}
			time.Sleep(9 * time.Second)
			return n, ctx.Err()
		}
		start := time.Now()
		out, err := mtp.Retry(mtp.Timeout(work, 10*time.Second), mtp.Backoff{First: 1, Max: 1})(t.Context(), 7) // pauses of 0
		if out != 7 || err != nil || calls != 3 || time.Since(start) != 29*time.Second {
			t.Errorf("%d, %v after %d calls and %v; want 7 after 10 s + 10 s + 9 s", out, err, calls, time.Since(start))
		}
	})
}

func TestTimeoutOfRetryIsForAllAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &script{errs: []error{errBusy}}
		retried := mtp.Retry(s.work, mtp.Backoff{Attempts: 1000, First: time.Second, Max: time.Second})
		_, err := mtp.Timeout(retried, 10*time.Second)(t.Context(), 0)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errBusy) || time.Since(start) != 10*time.Second {
			t.Errorf("error %v after %v, want both after 10 s", err, time.Since(start))
		}
		// An inner time-out that the outer one cut short is none, and not tried again.
		calls := 0
		hang := hanging(func(ctx context.Context) error { calls++; return ctx.Err() })
		_, err = mtp.Timeout(mtp.Retry(mtp.Timeout(hang, 8*time.Second), mtp.Backoff{Attempts: 9, First: 1, Max: 1}), 15*time.Second)(t.Context(), 0)
		if calls != 2 || err == nil || err.Error() != "no result within 15s: context deadline exceeded" {
			t.Errorf("error %v after %d calls", err, calls)
		}
	})
}

func TestLimitInsideRetryCountsAttemptsAndOutsideItems(t *testing.T) {
	const every = time.Minute
	quick := mtp.Backoff{Attempts: 3, First: time.Millisecond, Max: time.Millisecond}
	run := func(t *testing.T, work mtp.Work[int, int]) {
		got, err := drainSeq(mtp.Map(ints(4), work, mtp.Options{Workers: 4})(t.Context()))
		if len(got) != 0 || !errors.Is(err, errBusy) {
			t.Errorf("%v, %v", got, err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{errBusy}}
		run(t, mtp.Retry(mtp.Limit(s.work, mtp.NewLimiter(every, 1)), quick))
		at := s.after()
		for i := range at {
			if at[i] != time.Duration(i)*every {
				t.Fatalf("inside: attempts at %v, want one a minute", at)
			}
		}
		if len(at) != 12 {
			t.Errorf("inside: %d attempts", len(at))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{errBusy}}
		run(t, mtp.Limit(mtp.Retry(s.work, quick), mtp.NewLimiter(every, 1)))
		at := s.after()
		for i := range at {
			if since := at[i] - time.Duration(i/3)*every; since < 0 || since > 2*time.Millisecond || i%3 == 0 && since != 0 {
				t.Fatalf("outside: attempts at %v, want one item a minute", at)
			}
		}
		if len(at) != 12 {
			t.Errorf("outside: %d attempts", len(at))
		}
	})
}

func TestAnOrderedRunKeepsItsOrderThroughRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flaky := func(_ context.Context, n int) (int, error) {
			if n%50 == 49 {
				return 0, errBoom
			}
			if rand.N(3) > 0 {
				return 0, errBusy
			}
			return n, nil
		}
		var written []int
		p := &mtp.Pipeline[int, int]{
			Input: ints(500), Work: mtp.Retry(flaky, mtp.Backoff{Attempts: 1000}), Output: collect(&written),
			BatchSize: 7, Options: mtp.Options{Workers: 6, Ahead: 20, Ordered: true},
		}
		stats, err := p.Run(t.Context())
		totals(t, stats, mtp.Totals{Read: 500, Written: 490, Failed: 10})
		if err != nil || !slices.IsSorted(written) {
			t.Errorf("%v, sorted %v", err, slices.IsSorted(written))
		}
		if e := stats.Errors[0]; e.Index != 49 || e.Err != errBoom {
			t.Errorf("first error %v, want the work's own of item 49", e)
		}
	})
}
