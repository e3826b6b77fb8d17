package mtp_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// required are the classes of runs that TestProperty must have seen, each in a
// fortieth of its runs: 500 of 20,000.
var required = []string{
	"early break", "drain", "abort", "panic in source", "panic in work", "panic in output", "panic in observer",
	"factory failure", "output error", "max errors", "source error", "source item errors", "skip", "ordered",
	"retries reorder", "weighted", "timed batch", "composed", "slow source", "output slower than workers", "no item", "one item",
}

const (
	propertyRuns = 20_000
	classShare   = 40
)

// TestPropertyOfRandomRuns makes random runs and checks each against its plan. The
// environment may set
//
//	MTP_RUNS  how many
//	MTP_BASE  the number that the seeds come of, or "random"
//	MTP_SEED  the one seed to run, again and again, as delays are a matter of the
//	          seed but the scheduler is not
//	MTP_TRACE to have each run named before it starts, for a crash that names none
func TestPropertyOfRandomRuns(t *testing.T) {
	if s := os.Getenv("MTP_SEED"); s != "" {
		seed := number(t, s)
		repeat(t, runsOr(t, 100), func(int) uint64 { return seed })
		return
	}
	base := baseSeed(t)
	t.Logf("base seed %d", base)
	runs := propertyRuns
	if testing.Short() {
		runs /= 10
	}
	runs = runsOr(t, runs)
	counts := repeat(t, runs, func(i int) uint64 { return mix(mix(base) + uint64(i)) })
	for _, class := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%6d runs with %s", counts[class], class)
	}
	for _, class := range required {
		if !t.Failed() && counts[class] < runs/classShare {
			t.Errorf("only %d runs of %d with %s", counts[class], runs, class)
		}
	}
}

func number(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func baseSeed(t *testing.T) uint64 {
	switch s := os.Getenv("MTP_BASE"); s {
	case "":
		return 1
	case "random":
		return rand.Uint64()
	default:
		return number(t, s)
	}
}

func runsOr(t *testing.T, n int) int {
	if s := os.Getenv("MTP_RUNS"); s != "" {
		return int(number(t, s))
	}
	return n
}

// repeat counts the classes of its runs; the first violation ends it.
func repeat(t *testing.T, runs int, seed func(i int) uint64) map[string]int {
	counts := map[string]int{}
	trace := os.Getenv("MTP_TRACE") != ""
	for i := range runs {
		a := newAttempt(newPlan(seed(i)))
		if trace {
			fmt.Fprintln(os.Stderr, a.title())
		}
		a.runInBubble(t)
		if len(a.faults) > 0 {
			t.Errorf("violation: %s\n%s", a.title(), strings.Join(a.faults, "\n"))
		}
		if t.Failed() {
			return counts
		}
		for class, is := range a.classes {
			if is {
				counts[class]++
			}
		}
	}
	return counts
}

// title says how to run it again.
func (a *attempt) title() string {
	return fmt.Sprintf("seed %d, class %s: MTP_SEED=%d go test -run TestProperty ./mtp\nplan %v", a.seed, a.event.kind, a.seed, a.plan)
}

// runInBubble says which run it was where the bubble deadlocks or never comes to rest.
func (a *attempt) runInBubble(t *testing.T) {
	watchdog := time.AfterFunc(30*time.Second, func() {
		debug.SetTraceback("all")
		panic("violation: no end of " + a.title())
	})
	defer watchdog.Stop()
	finished := false
	defer func() {
		if !finished {
			t.Errorf("violation: deadlock or panic of %s\n%s", a.title(), strings.Join(a.faults, "\n"))
		}
	}()
	synctest.Test(t, func(*testing.T) {
		before := runtime.NumGoroutine()
		a.run()
		synctest.Wait()
		if runtime.NumGoroutine() > before { // rarely, and of the runtime's own
			for _, stack := range leftBehind() {
				a.wrong("left behind: %s", stack)
			}
		}
		a.check()
	})
	finished = true
}

// leftBehind gives the stacks of this bubble's goroutines that the test did not start.
func leftBehind() (stacks []string) {
	buf := make([]byte, 1<<20)
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		head, _, _ := strings.Cut(stack, "\n")
		if strings.Contains(head, "synctest bubble") && !strings.Contains(stack, "testingSynctestTest") && !strings.Contains(stack, "synctest.Run(") {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}
