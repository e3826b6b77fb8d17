package main

import (
	"fmt"
	"io"
	"runtime"
	"time"
)

// flatItems and flatAhead are those of -flat.
const (
	flatItems = 100_000_000
	flatAhead = 64
)

// runFlat sends items through mtp.Map with empty work and writes ten times on the way
// how much memory there is, which should not grow.
func runFlat(w io.Writer, items int64, workers int) error {
	f := flat{out: w, every: max(items/10, 1), start: time.Now()}
	f.printf("mtp.Map, empty work, %d workers, ahead %d\n\n", workers, flatAhead)
	f.printf("| items | s | ns/item | heap in use, KiB | peak of it | from the system |\n|--:|--:|--:|--:|--:|--:|\n")
	mtpUnordered(task{
		items: count(items), workers: workers, ahead: flatAhead,
		work: func(item int64) int64 { return item }, take: f.take,
	})
	return f.err
}

// flat looks at the memory while results come.
type flat struct {
	out   io.Writer
	err   error // the first of out
	every int64 // results from one look to the next
	start time.Time
	taken int64
	peak  uint64 // most heap in use at any look
}

func (f *flat) take(int64) {
	f.taken++
	if f.taken%f.every == 0 {
		f.look()
	}
}

// look writes a line. What was had from the system is the true peak: the runtime
// counts it even where memory was given back.
func (f *flat) look() {
	took := time.Since(f.start)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.peak = max(f.peak, m.HeapInuse)
	f.printf("| %d | %.1f | %.1f | %d | %d | %d |\n", f.taken, took.Seconds(),
		float64(took.Nanoseconds())/float64(f.taken), m.HeapInuse>>10, f.peak>>10, m.HeapSys>>10)
}

func (f *flat) printf(format string, args ...any) {
	if f.err == nil {
		_, f.err = fmt.Fprintf(f.out, format, args...)
	}
}
