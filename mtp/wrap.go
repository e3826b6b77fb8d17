package mtp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Backoff says how often [Retry] calls and how long it pauses between calls. The
// zero value is good.
type Backoff struct {
	// Attempts is how many calls are made in all; 3 if not positive.
	Attempts int
	// First is the longest pause before the second call; it doubles from call to
	// call. 100 ms if not positive.
	First time.Duration
	// Max is the longest pause of all; 10 s if not positive.
	Max time.Duration
}

func (b Backoff) withDefaults() Backoff {
	if b.Attempts <= 0 {
		b.Attempts = 3
	}
	if b.First <= 0 {
		b.First = 100 * time.Millisecond
	}
	if b.Max <= 0 {
		b.Max = 10 * time.Second
	}
	return b
}

// Retry calls work again after a transient error: one in whose tree is an error with
// a method Transient() bool that returns true, as those of [Transient] and [Timeout]
// have. Any other error, and one that matches [ErrSkip], is returned as it is. A panic
// passes through.
//
// The pause before a call is random, uniform between zero and a limit that grows
// from First to Max (full jitter: items that failed together do not come back
// together). An item that pauses keeps its worker, its place in the order and its
// weight. A pause ends at once when the context is done; a drain waits for it.
//
// The error of an item that was given up says how many attempts were made, and wraps
// that of the last one; where the context ended a pause, its cause too.
func Retry[In, Out any](work Work[In, Out], opt Backoff) Work[In, Out] {
	opt = opt.withDefaults()
	return func(ctx context.Context, in In) (Out, error) {
		limit := min(opt.First, opt.Max)
		for attempt := 1; ; attempt++ {
			out, err := work(ctx, in)
			switch {
			case err == nil || errors.Is(err, ErrSkip) || !isTransient(err):
				return out, err
			case attempt == opt.Attempts:
				return out, fmt.Errorf("attempt %d of %d: %w", attempt, opt.Attempts, err)
			}
			if cause := pause(ctx, rand.N(limit)); cause != nil {
				return out, fmt.Errorf("attempt %d of %d: %w; not tried again: %w", attempt, opt.Attempts, err, cause)
			}
			limit += min(limit, opt.Max-limit)
		}
	}
}

// Transient marks err as one that may pass by itself, for [Retry]. It says the same
// and wraps err; nil stays nil.
func Transient(err error) error {
	if err == nil {
		return nil
	}
	return &transientError{err}
}

type transientError struct{ err error }

func (e *transientError) Error() string   { return e.err.Error() }
func (e *transientError) Unwrap() error   { return e.err }
func (e *transientError) Transient() bool { return true }

// isTransient looks at the whole tree, where errors.As would stop at the first
// error that has the method.
func isTransient(err error) bool {
	if e, ok := any(err).(interface{ Transient() bool }); ok && e.Transient() {
		return true
	}
	switch e := any(err).(type) {
	case interface{ Unwrap() error }:
		return isTransient(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), isTransient)
	}
	return false
}

// Timeout gives each call of work a context that ends after d; none if d is not
// positive. Work has to watch it: a call is never abandoned, and a result that
// comes late without an error is a result.
//
// An error that work returns after d says "no result within" d. It matches
// [context.DeadlineExceeded] and what work returned, and is transient: with
// Retry(Timeout(work)) each attempt has its d, with Timeout(Retry(work)) all of them
// together. Where the run was aborted, or a deadline above came first, the error
// is what work returned.
func Timeout[In, Out any](work Work[In, Out], d time.Duration) Work[In, Out] {
	if d <= 0 {
		return work
	}
	cause := &timeoutError{d}
	return func(ctx context.Context, in In) (Out, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, d, cause)
		defer cancel()
		out, err := work(ctx, in)
		if err == nil || context.Cause(ctx) != error(cause) || errors.Is(err, cause) {
			return out, err
		}
		return out, fmt.Errorf("%w: %w", cause, err)
	}
}

type timeoutError struct{ d time.Duration }

func (e *timeoutError) Error() string   { return fmt.Sprintf("no result within %v", e.d) }
func (e *timeoutError) Unwrap() error   { return context.DeadlineExceeded }
func (e *timeoutError) Transient() bool { return true }

// Limit has each call of work wait for a turn of l. With Retry(Limit(work, l)) each
// attempt takes a turn, with Limit(Retry(work), l) each item. Timeout goes inside:
// around Limit it counts the wait as well.
func Limit[In, Out any](work Work[In, Out], l *Limiter) Work[In, Out] {
	return func(ctx context.Context, in In) (Out, error) {
		if cause := l.Wait(ctx); cause != nil {
			var zero Out
			return zero, cause
		}
		return work(ctx, in)
	}
}

// Limiter spaces what several goroutines do: the calls of every Work that [Limit] made
// with it, and of Wait. Make one with [NewLimiter], outside of NewWork.
type Limiter struct {
	every, early time.Duration
	gate         chan struct{} // held by whoever waits for the next turn
	next         time.Time     // when that is due; the gate's holder's
}

// NewLimiter gives a turn on average once per every, and up to burst of them (1 if
// less) at once after a quiet time. Nothing is limited if every is not positive.
func NewLimiter(every time.Duration, burst int) *Limiter {
	every = max(every, 0)
	early := time.Duration(0)
	if every > 0 {
		early = time.Duration(min(max(int64(burst)-1, 0), math.MaxInt64/int64(every))) * every
	}
	return &Limiter{every: every, early: early, gate: make(chan struct{}, 1)}
}

// Wait returns nil when it is the caller's turn; turns are taken in the order in which
// callers came. When ctx is done it returns its cause at once, and no turn is used up.
func (l *Limiter) Wait(ctx context.Context) error {
	if l.every == 0 {
		return context.Cause(ctx)
	}
	select {
	case l.gate <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-l.gate }()
	if cause := pause(ctx, time.Until(l.next.Add(-l.early))); cause != nil {
		return cause
	}
	if now := time.Now(); l.next.Before(now) {
		l.next = now
	}
	l.next = l.next.Add(l.every)
	return nil
}

// pause gives the cause of ctx as soon as that is done, else nil after d.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
