package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func TestExitStatusTellsWhatHappened(t *testing.T) {
	wrap := func(err error) error { return errors.Join(fmt.Errorf("doing: %w", err), nil) }
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("disk on fire"), 1},
		{wrap(fs.ErrNotExist), 1},
		{wrap(&db.ConnectError{Err: errors.New("refused")}), 1},
		{wrap(context.DeadlineExceeded), 1},
		{wrap(usagef("--from: no")), 2},
		{syntaxError(errors.New("unknown flag")), 2},
		{wrap(&recipe.Error{File: "r.yaml", Line: 3, Err: errors.New("no")}), 2},
		{wrap(&db.SchemaError{Database: 1, Program: 3}), 2},
		{wrap(&db.SchemaError{Database: 4, Program: 3}), 2},
		{wrap(someFailed("3 of 4")), 3},
		{wrap(&db.LockedError{Label: "default"}), 4},
		{wrap(errInterrupted), 130},
		{wrap(errReaderGone), 0},
		{errors.Join(errReaderGone, errors.New("the server does not stop")), 1},
		{wrap(syscall.EPIPE), 1}, // of the connection to the database
	} {
		if got := exitStatus(t.Context(), c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

func TestEveryErrorAfterAnInterruptIsTheInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	if got := exitStatus(ctx, errors.New("canceling statement due to user request")); got != exitInterrupted {
		t.Error(got)
	}
	if got := exitStatus(ctx, nil); got != exitDone {
		t.Error("what was done before the interrupt came is done:", got)
	}
	if !errors.Is(errInterrupted, context.Canceled) {
		t.Error("others cannot tell an interrupt from a failure")
	}
}
