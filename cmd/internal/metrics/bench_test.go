package metrics

import (
	"syscall"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// BenchmarkWatchedRun computes the same items in turns, watched and scraped, and alone: ratio is
// the processors' time of the first over that of the second, which what else the machine does disturbs
// least.
func BenchmarkWatchedRun(b *testing.B) {
	w := newWorld(b)
	w.loadMetadata(nil)
	w.loadWaveforms(nil)
	m := newMetrics()
	server := serve(b, m)
	run := func(watch *job.Watch) time.Duration {
		began := processorTime(b)
		if r := w.run(job.RunOptions{Force: true, Watch: watch}); r.Done != 12 {
			b.Fatalf("%+v", r)
		}
		return processorTime(b) - began
	}
	run(nil)
	var watched, alone time.Duration
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			alone += run(nil)
		}
		watched += run(m.Watch())
		if i%2 == 1 {
			alone += run(nil)
		}
		b.StopTimer()
		scrape(b, server)
		b.StartTimer()
	}
	b.ReportMetric(watched.Seconds()/alone.Seconds(), "ratio")
	if err := server.Close(); err != nil {
		b.Error(err)
	}
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkItem is what telling of one item costs, beside the milliseconds of computing it.
func BenchmarkItem(b *testing.B) {
	w := newMetrics().Watch()
	o := job.Outcome{Status: "done", Reason: job.NeverDone, Rows: 5, Bytes: 30000, Took: 20 * time.Millisecond}
	b.ReportAllocs()
	for b.Loop() {
		w.Item(&o)
	}
}
