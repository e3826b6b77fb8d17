package cli

import (
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// screen is stderr, shared by log lines and a progress bar: the bar is taken away
// before a line is written, and comes back by itself. It may be used concurrently.
type screen struct {
	to       io.Writer
	terminal bool

	mu  sync.Mutex
	bar interface{ Clear() error } // nil if none is shown
}

func newScreen(w io.Writer) *screen {
	f, isFile := w.(*os.File)
	return &screen{to: w, terminal: isFile && term.IsTerminal(int(f.Fd()))}
}

// Write writes a whole line.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar != nil {
		_ = s.bar.Clear() // of the same stream: the write below will tell
	}
	return s.to.Write(p)
}

// show makes bar the one that lines have to clear; nil is none.
func (s *screen) show(bar interface{ Clear() error }) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bar = bar
}
