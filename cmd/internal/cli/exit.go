package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// The exit statuses, promised to scripts.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitSomeFailed  = 3
	exitLocked      = 4
	exitInterrupted = 130
)

// exitHelp ends every help text.
const exitHelp = `
Exit status:
  0  done
  1  failed
  2  usage or configuration: nothing was attempted
  3  finished, but some items or files failed, or check found something
  4  another run holds the lock of the label
  130  interrupted
`

// errInterrupted is the cause of a context that a signal cancelled, and the
// result of a verb that a signal drained.
var errInterrupted error = interruptedError{}

// interruptedError matches context.Canceled, so that those who see it as the cause of
// a context take it for what it is.
type interruptedError struct{}

func (interruptedError) Error() string        { return "interrupted" }
func (interruptedError) Is(target error) bool { return target == context.Canceled }

// usageError is a mistake in flags, arguments or configuration.
type usageError struct {
	err    error
	syntax bool // the help text of the verb is of use
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usagef makes a usageError about values.
func usagef(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...)}
}

// syntaxError makes a usageError about the form of the command; nil stays nil.
func syntaxError(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{err: err, syntax: true}
}

// someFailedError is a verb that finished, with failures among its items.
type someFailedError struct{ what string }

func (e *someFailedError) Error() string { return e.what }

func someFailed(format string, args ...any) error {
	return &someFailedError{fmt.Sprintf(format, args...)}
}

// exitStatus is the status for the outcome of a verb. After an interrupt that
// cancelled, every error is its consequence.
func exitStatus(ctx context.Context, err error) int {
	var (
		usage     *usageError
		badRecipe *recipe.Error
		some      *someFailedError
	)
	switch {
	case err == nil, isReaderGone(err):
		return exitDone
	case errors.Is(err, errInterrupted), errors.Is(context.Cause(ctx), errInterrupted):
		return exitInterrupted
	case errors.Is(err, db.ErrLocked):
		return exitLocked
	case errors.As(err, &usage), errors.As(err, &badRecipe):
		return exitUsage
	case errors.Is(err, db.ErrSchemaOlder), errors.Is(err, db.ErrSchemaNewer):
		return exitUsage
	case errors.As(err, &some):
		return exitSomeFailed
	}
	return exitFailed
}
