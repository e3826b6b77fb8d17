package mtp

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrSkip, returned by [Work] or beside a part of [Expand], bare or wrapped, drops the
// item: it is counted as skipped, not as failed, and nothing is handed on. From a source
// it is an error like others: a source that has nothing to yield does not.
var ErrSkip = errors.New("mtp: skip item")

// ErrTooManyErrors is matched by the error of a run that Pipeline.MaxErrors ended.
var ErrTooManyErrors = errors.New("mtp: too many item errors")

var (
	errReused = errors.New("mtp: a sequence is single-use: call its Source again")
	errGoexit = errors.New("runtime.Goexit called")
)

// ItemError is the failure of one item. In a sequence it takes the item's place
// and the sequence goes on; every other error is terminal and last. A source
// says the same of its own items by yielding an *ItemError. One that is wrapped is one
// too: [errors.As] tells the two kinds apart.
//
// This package does not know what an item is called. Work that does says so in its
// error, best around Retry and Timeout, so that theirs have it as well.
type ItemError struct {
	Stage string // name of the stage, as in Options.Name
	Index int64  // position in what the stage read, from 0, item errors included; parts have that of their item
	Err   error

	counted bool // a stage has it in its counts
}

func (e *ItemError) Error() string {
	return fmt.Sprintf("stage %q: item %d: %v", e.Stage, e.Index, e.Err)
}

// Unwrap gives the cause.
func (e *ItemError) Unwrap() error { return e.Err }

// PanicError is a panic (or a runtime.Goexit) in a function that the caller gave
// to this package. It ends the run.
type PanicError struct {
	// Stage is the name of the stage, with " input" for what it reads (Weight included)
	// or " output" for Output and OnError.
	Stage string
	Value any    // what was given to panic
	Stack []byte // of the goroutine that panicked
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("mtp: stage %q: panic: %v", e.Stage, e.Value)
}

// Unwrap gives the value of the panic if it was an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// catch, deferred, reports that its function ended by panic or runtime.Goexit:
// without having set *finished.
func catch(stage string, finished *bool, report func(error)) {
	if *finished {
		return
	}
	value := recover()
	if value == nil { // Go makes panic(nil) a value of its own
		value = errGoexit
	}
	report(&PanicError{Stage: stage, Value: value, Stack: debug.Stack()})
}

// tooMany wraps what went wrong with the last item.
func tooMany(n int, last *ItemError) error {
	return fmt.Errorf("%w: %d, the last of them: stage %q: item %d: %w", ErrTooManyErrors, n, last.Stage, last.Index, last.Err)
}

// isItemError tells an error that is of one item from a terminal one, also where that
// has an item error for a cause: a source may yield the end of a run of its own.
func isItemError(err error) bool {
	var e *ItemError
	return errors.As(err, &e) && !errors.Is(err, ErrTooManyErrors)
}

// itemError gives err as an item error that is in some stage's counts, and
// whether this call is what must count it; nil if err is terminal.
func itemError(err error) (e *ItemError, isNew bool) {
	if !isItemError(err) {
		return nil, false
	}
	errors.As(err, &e)
	if e.counted {
		return e, false
	}
	cause := e.Err
	if err != error(e) {
		cause = err // keep what a wrapper said
	}
	return &ItemError{Stage: e.Stage, Index: e.Index, Err: cause, counted: true}, true
}
