package mtp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

var errBusy = mtp.Transient(errors.New("busy"))

// script is a Work that fails with one error after another, and with the last of
// them from then on; a nil is a success. It notes when it was called.
type script struct {
	errs []error

	mu    sync.Mutex
	calls []time.Time
}

func (s *script) work(_ context.Context, n int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.errs[min(len(s.calls), len(s.errs)-1)]
	s.calls = append(s.calls, time.Now())
	return n, err
}

// after gives the calls as times since the first.
func (s *script) after() []time.Duration {
	var all []time.Duration
	for _, at := range s.calls {
		all = append(all, at.Sub(s.calls[0]))
	}
	return all
}

func TestRetryTriesATransientErrorAgainUntilItPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{errBusy, errBusy, nil}}
		out, err := mtp.Retry(s.work, mtp.Backoff{Attempts: 5})(t.Context(), 7)
		if out != 7 || err != nil || len(s.calls) != 3 {
			t.Errorf("%d, %v after %d calls; want 7 from the third", out, err, len(s.calls))
		}
	})
}

// opinion is an error that says itself whether it is transient.
type opinion struct {
	error
	transient bool
}

func (v opinion) Transient() bool { return v.transient }
func (v opinion) Unwrap() error   { return v.error }

func TestRetryTriesOnlyTransientErrorsAgain(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		calls int
	}{
		"plain":                   {errBoom, 1},
		"says no":                 {opinion{errBoom, false}, 1},
		"deadline":                {context.DeadlineExceeded, 1},
		"skip":                    {mtp.ErrSkip, 1},
		"skip, wrapped":           {fmt.Errorf("not here: %w", mtp.ErrSkip), 1},
		"skip, marked":            {mtp.Transient(mtp.ErrSkip), 1},
		"marked":                  {errBusy, 3},
		"says yes":                {opinion{errBoom, true}, 3},
		"wrapped":                 {fmt.Errorf("reading: %w", errBusy), 3},
		"joined":                  {errors.Join(errBoom, errBusy), 3},
		"one no among the joined": {errors.Join(opinion{errBoom, false}, errBusy), 3},
		"yes below a no":          {opinion{opinion{errBoom, true}, false}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{errs: []error{c.err}}
				_, err := mtp.Retry(s.work, mtp.Backoff{})(t.Context(), 0)
				if len(s.calls) != c.calls || !errors.Is(err, c.err) {
					t.Errorf("%d calls, error %v; want %d and %v", len(s.calls), err, c.calls, c.err)
				}
				if c.calls == 1 && err != c.err {
					t.Errorf("error %v, want it as it was", err)
				}
			})
		})
	}
}

func TestTransientMarksAndChangesNothingElse(t *testing.T) {
	if mtp.Transient(nil) != nil {
		t.Error("no error was made one")
	}
	err := mtp.Transient(errBoom)
	var mark interface{ Transient() bool }
	if err.Error() != "boom" || !errors.Is(err, errBoom) || !errors.As(err, &mark) || !mark.Transient() {
		t.Errorf("%v: want boom, with the mark", err)
	}
}

func TestRetrySaysHowManyAttemptsWereMade(t *testing.T) {
	for attempts, want := range map[int]string{0: "attempt 3 of 3: busy", -1: "attempt 3 of 3: busy", 1: "attempt 1 of 1: busy", 4: "attempt 4 of 4: busy"} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{errs: []error{errBusy}}
			_, err := mtp.Retry(s.work, mtp.Backoff{Attempts: attempts})(t.Context(), 0)
			if err == nil || err.Error() != want || !errors.Is(err, errBusy) {
				t.Errorf("Attempts %d: error %v, want %s", attempts, err, want)
			}
			if n := len(s.calls); !strings.Contains(want, fmt.Sprint(n, " of ", n)) {
				t.Errorf("Attempts %d: %d calls", attempts, n)
			}
		})
	}
}

// Of 1000 pauses that are uniform, not one lies in the lowest tenth, or in the highest,
// with a probability of 0.9^1000, less than 1e-45.
func TestRetryPausesAreUniformBelowALimitThatDoubles(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	for _, c := range []struct {
		opt    mtp.Backoff
		limits []time.Duration
	}{
		{mtp.Backoff{Attempts: 10}, []time.Duration{100 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms, 3200 * ms, 6400 * ms, 10 * s, 10 * s}},
		{mtp.Backoff{Attempts: 6, First: 3 * s, Max: 20 * s}, []time.Duration{3 * s, 6 * s, 12 * s, 20 * s, 20 * s}},
		{mtp.Backoff{First: time.Minute, Max: s}, []time.Duration{s, s}},
	} {
		synctest.Test(t, func(t *testing.T) {
			low, high := slices.Clone(c.limits), make([]time.Duration, len(c.limits))
			for range 1000 {
				script := &script{errs: []error{errBusy}}
				_, _ = mtp.Retry(script.work, c.opt)(t.Context(), 0)
				at := script.after()
				if len(at) != len(c.limits)+1 {
					t.Fatalf("%+v: %d calls", c.opt, len(at))
				}
				for i := range c.limits {
					low[i], high[i] = min(low[i], at[i+1]-at[i]), max(high[i], at[i+1]-at[i])
				}
			}
			for i, limit := range c.limits {
				if low[i] > limit/10 || high[i] < limit-limit/10 || high[i] >= limit {
					t.Errorf("%+v: pause %d lay between %v and %v, want all of 0 to %v", c.opt, i+1, low[i], high[i], limit)
				}
			}
		})
	}
}

// The pauses of 1000 attempts are some 500 h in all: the tenth hour falls into one.
func TestRetryEndsItsPauseWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		start := time.Now()
		time.AfterFunc(10*time.Hour, func() { cancel(errBoom) })
		s := &script{errs: []error{errBusy}}
		_, err := mtp.Retry(s.work, mtp.Backoff{Attempts: 1000, First: time.Hour, Max: time.Hour})(ctx, 0)
		if !errors.Is(err, errBusy) || !errors.Is(err, errBoom) || time.Since(start) != 10*time.Hour {
			t.Errorf("error %v after %v; want the work's and the cause, after 10 h", err, time.Since(start))
		}
		if want := fmt.Sprintf("attempt %d of 1000: busy; not tried again: boom", len(s.calls)); err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
	})
}

func TestRetryCallsNoMoreOnceTheContextIsDone(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	calls := 0
	work := func(context.Context, int) (int, error) {
		calls++
		cancel(errBoom)
		return 0, errBusy
	}
	_, err := mtp.Retry(work, mtp.Backoff{First: time.Nanosecond})(ctx, 0) // no pause that could end
	if calls != 1 || !errors.Is(err, errBusy) || !errors.Is(err, errBoom) {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

func TestRetryLetsAPanicThrough(t *testing.T) {
	calls := 0
	work := func(context.Context, int) (int, error) {
		calls++
		panic(errBusy)
	}
	p := &mtp.Pipeline[int, int]{Input: ints(1), Work: mtp.Retry(work, mtp.Backoff{}), Output: discard}
	_, err := p.Run(t.Context())
	var pe *mtp.PanicError
	if !errors.As(err, &pe) || calls != 1 {
		t.Errorf("error %v after %d calls; want the panic of the first", err, calls)
	}
}

// hanging waits for its context and returns what end makes of it.
func hanging(end func(context.Context) error) mtp.Work[int, int] {
	return func(ctx context.Context, n int) (int, error) {
		<-ctx.Done()
		return n, end(ctx)
	}
}

func TestTimeoutSaysThatNoResultCame(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(context.Context) error
		want string
	}{
		"context's error": {func(ctx context.Context) error { return ctx.Err() }, "no result within 10s: context deadline exceeded"},
		"cause":           {context.Cause, "no result within 10s"},
		"cause, wrapped":  {func(ctx context.Context) error { return fmt.Errorf("get: %w", context.Cause(ctx)) }, "get: no result within 10s"},
		"a driver's own":  {func(context.Context) error { return errBoom }, "no result within 10s: boom"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var seen, ended error
				work := hanging(func(ctx context.Context) error { seen, ended = context.Cause(ctx), c.end(ctx); return ended })
				_, err := mtp.Timeout(work, 10*time.Second)(t.Context(), 0)
				if err == nil || err.Error() != c.want || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ended) {
					t.Errorf("error %v, want %s, matching DeadlineExceeded and %v", err, c.want, ended)
				}
				if after := time.Since(start); after != 10*time.Second || seen.Error() != "no result within 10s" {
					t.Errorf("work ended after %v and saw %v", after, seen)
				}
			})
		})
	}
}

func TestTimeoutLeavesOtherEndsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := func(context.Context, int) (int, error) { time.Sleep(time.Minute); return 7, nil }
		if out, err := mtp.Timeout(late, time.Second)(t.Context(), 0); out != 7 || err != nil {
			t.Errorf("a late result: %d, %v", out, err)
		}
		failing := func(context.Context, int) (int, error) { time.Sleep(time.Second); return 0, errBoom }
		if _, err := mtp.Timeout(failing, time.Minute)(t.Context(), 0); err != errBoom {
			t.Errorf("an error in time: %v", err)
		}
		work := hanging(func(ctx context.Context) error { return ctx.Err() })
		aborted, abort := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { abort(errBoom) })
		if _, err := mtp.Timeout(work, 10*time.Second)(aborted, 0); err != context.Canceled {
			t.Errorf("the run's own abort: %v", err)
		}
		above, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := mtp.Timeout(work, 10*time.Second)(above, 0); err != context.DeadlineExceeded {
			t.Errorf("a deadline above: %v", err)
		}
	})
}

func TestTimeoutIsForEachCallAndLeavesNoTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen context.Context
		work := mtp.Timeout(func(ctx context.Context, n int) (int, error) {
			seen = ctx
			time.Sleep(9 * time.Second)
			return n, ctx.Err()
		}, 10*time.Second)
		for n := range 3 {
			if out, err := work(t.Context(), n); out != n || err != nil || seen.Err() == nil {
				t.Errorf("call %d: %d, %v; its context after it: %v", n, out, err, seen.Err())
			}
		}
	})
}

func TestZeroTimeoutAndLimitAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		work := func(ctx context.Context, n int) (int, error) {
			_, has := ctx.Deadline()
			if has {
				t.Error("the context has a deadline")
			}
			return n, nil
		}
		got, err := drainSeq(mtp.Map(ints(100), mtp.Timeout(mtp.Limit(work, mtp.NewLimiter(0, 0)), 0), mtp.Options{})(context.Background()))
		if len(got) != 100 || err != nil || time.Since(start) != 0 {
			t.Errorf("%d items, %v, after %v", len(got), err, time.Since(start))
		}
	})
}
