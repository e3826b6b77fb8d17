package cli

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// errReaderGone says that nobody reads the results any more, as after | head -1: a
// quiet end.
var errReaderGone = errors.New("the reader of the results is gone")

// results is stdout. A pipe without a reader gives errReaderGone, which a broken
// connection to the database does not.
type results struct{ to io.Writer }

func (r results) Write(p []byte) (int, error) {
	n, err := r.to.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		err = errReaderGone
	}
	return n, err
}

// surviveBrokenPipes makes a write to a pipe without a reader an error: the signal
// would end the program before it has given back what it holds. The signal is caught,
// not ignored, for processes that are started would inherit that.
func surviveBrokenPipes() (undo func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGPIPE)
	return func() { signal.Stop(c) }
}

// isReaderGone reports whether err is errReaderGone and nothing else: beside it, a
// server that would not stop is still a failure.
func isReaderGone(err error) bool {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(e.Unwrap(), func(err error) bool { return !isReaderGone(err) })
	case interface{ Unwrap() error }:
		return isReaderGone(e.Unwrap())
	}
	return err == errReaderGone
}
