//go:build unix

package mtp_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// cpu is the time that this process has used.
func cpu(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Whoever waits for weight waits: spinning took 10 ms of a processor for each batch, 4 s
// in all, where a millisecond will do.
func TestNobodySpinsWhereWeightRunsOut(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	p := &mtp.Pipeline[int, int]{
		Input: ints(400), Work: same, Output: discard, BatchSize: 100,
		Options: mtp.Options{Workers: 2, Ahead: 50, MaxWeight: 10, Weight: func(any) int64 { return 4 }},
	}
	start := cpu(t)
	if _, err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if used := cpu(t) - start; used > time.Second {
		t.Errorf("%v of processor time for 200 small batches", used)
	}
}
