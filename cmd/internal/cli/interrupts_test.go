package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// watched starts interrupts as Execute does.
func watched(t *testing.T) (context.Context, *interrupts, chan<- os.Signal, *bytes.Buffer) {
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	var said bytes.Buffer
	i := &interrupts{stop: make(chan struct{}), cancel: cancel, to: &said}
	signals := make(chan os.Signal, 2)
	go i.watch(ctx, signals)
	return ctx, i, signals, &said
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestFirstInterruptDrainsSecondCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, i, signals, said := watched(t)
		stop := i.drain("the items")
		if i.check() != nil || isClosed(stop) {
			t.Fatal("interrupted from the start")
		}
		signals <- os.Interrupt
		synctest.Wait()
		if !isClosed(stop) || ctx.Err() != nil || !errors.Is(i.check(), errInterrupted) {
			t.Error("the first did not drain")
		}
		if !strings.Contains(said.String(), "waiting for the items") {
			t.Errorf("said %q", said)
		}
		signals <- syscall.SIGTERM
		synctest.Wait()
		if !errors.Is(context.Cause(ctx), errInterrupted) {
			t.Error("the second did not cancel")
		}
	})
}

func TestInterruptCancelsWhatCannotBeDrained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, i, signals, _ := watched(t)
		signals <- os.Interrupt
		synctest.Wait()
		if !errors.Is(context.Cause(ctx), errInterrupted) || isClosed(i.stop) {
			t.Error(context.Cause(ctx))
		}
	})
}

func TestInterruptSaysHowMuchIsInWork(t *testing.T) {
	for n, want := range map[int64]string{8: "waiting for the items (8 items);", 1: "waiting for the items (1 item);", 0: "waiting for the items;"} {
		synctest.Test(t, func(t *testing.T) {
			_, i, signals, said := watched(t)
			i.drain("the items")
			i.count("item")(func() int64 { return n })
			signals <- os.Interrupt
			synctest.Wait()
			if !strings.Contains(said.String(), want) {
				t.Errorf("said %q, want %q", said, want)
			}
		})
	}
}
