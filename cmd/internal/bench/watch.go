package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
)

// sampleEvery is how often the heap is collected and measured.
const sampleEvery = 50 * time.Millisecond

// peak is the most memory that was seen, in bytes.
type peak struct {
	live     uint64 // heap that the last collection found in use
	resident uint64 // of the process; 0 where the system does not say
}

func (p peak) residentText() string {
	if p.resident == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MiB", float64(p.resident)/mib)
}

// watch is a goroutine that measures memory until stop.
type watch struct {
	quit, done chan struct{}
	profile    string
	profiled   uint64 // peak of the last profile
	peak       peak
	err        error
}

// startWatch begins to measure. A profile of the heap is written to the file named,
// unless that is "", whenever the peak has grown by a MiB.
func startWatch(profile string) *watch {
	w := &watch{quit: make(chan struct{}), done: make(chan struct{}), profile: profile}
	runtime.GC() // what was before is not this peak's
	go w.run()
	return w
}

// stop ends the measuring.
func (w *watch) stop() (peak, error) {
	close(w.quit)
	<-w.done
	return w.peak, w.err
}

func (w *watch) run() {
	defer close(w.done)
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	for {
		w.sample()
		select {
		case <-w.quit:
			w.sample()
			return
		case <-ticker.C:
		}
	}
}

// sample collects garbage, so that what counts as live is.
func (w *watch) sample() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	runtime.GC()
	metrics.Read(live)
	w.peak.live = max(w.peak.live, live[0].Value.Uint64())
	w.peak.resident = max(w.peak.resident, resident())
	if w.profile != "" && w.peak.live > w.profiled+mib && w.err == nil {
		w.profiled = w.peak.live
		w.err = writeHeap(w.profile)
	}
}

func writeHeap(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return pprof.Lookup("heap").WriteTo(f, 0)
}

// resident is the resident memory of this process in bytes, 0 where there is no
// /proc.
func resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseUint(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}
