package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
)

// interrupts turns signals into the end of a verb: the first closes stop, if the
// verb can be drained, and any other cancels the context.
type interrupts struct {
	stop   chan struct{}
	cancel context.CancelCauseFunc
	to     io.Writer // where the user is told

	mu       sync.Mutex
	draining string       // what is finished after the first signal; "" cannot be drained
	unit     string       // of it
	inWork   func() int64 // counts it; nil: not known
	stopped  bool
}

// watch takes signals until ctx ends.
func (i *interrupts) watch(ctx context.Context, signals <-chan os.Signal) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
			i.take()
		}
	}
}

func (i *interrupts) take() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.draining == "" || i.stopped {
		i.cancel(errInterrupted)
		return
	}
	i.stopped = true
	close(i.stop)
	left := ""
	if i.inWork != nil {
		if n := i.inWork(); n > 0 {
			left = fmt.Sprintf(" (%s)", counted(n, i.unit))
		}
	}
	fmt.Fprintf(i.to, "seisbatch: interrupted: waiting for %s%s; interrupt again to end at once\n", i.draining, left)
}

// drain says what a signal waits for from now on, and returns the channel that
// the signal closes.
func (i *interrupts) drain(what string) <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.draining, i.inWork = what, nil
	return i.stop
}

// speakTo makes w what the user is told by.
func (i *interrupts) speakTo(w io.Writer) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.to = w
}

// count gives what takes the counter of the units that a signal waits for.
func (i *interrupts) count(unit string) func(inWork func() int64) {
	return func(inWork func() int64) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.unit, i.inWork = unit, inWork
	}
}

// check returns an error once a signal has come, so that a verb of several parts
// does not begin the next one.
func (i *interrupts) check() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.stopped {
		return errInterrupted
	}
	return nil
}
