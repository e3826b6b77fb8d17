package mtp_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

func TestRunWaitsForASourceThatIsSlowToNoticeItsEnd(t *testing.T) {
	for name, end := range map[string]func(p *mtp.Pipeline[int, int], cancel context.CancelCauseFunc) (want error){
		"cancelled": func(_ *mtp.Pipeline[int, int], cancel context.CancelCauseFunc) error {
			time.AfterFunc(time.Minute, func() { cancel(errBoom) })
			return errBoom
		},
		"drained": func(p *mtp.Pipeline[int, int], _ context.CancelCauseFunc) error {
			stop := make(chan struct{})
			p.Stop = stop
			time.AfterFunc(time.Minute, func() { close(stop) })
			return nil
		},
		"output failed": func(p *mtp.Pipeline[int, int], _ context.CancelCauseFunc) error {
			p.Output = func(context.Context, []int) error { time.Sleep(time.Minute); return errBoom }
			return errBoom
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &counter{}
				p := &mtp.Pipeline[int, int]{Input: mtp.Map(c.slowToLeave, jitter, mtp.Options{Name: "upper"}), Work: jitter, Output: discard}
				ctx, cancel := context.WithCancelCause(t.Context())
				want := end(p, cancel)
				stats, err := p.Run(ctx)
				balanced(t, stats)
				if !errors.Is(err, want) || !c.ended.Load() || stats.Elapsed < time.Hour+time.Minute {
					t.Errorf("error %v after %v, want %v and the source to have returned", err, stats.Elapsed, want)
				}
			})
		})
	}
}

func TestAnOutputSlowerThanTheWorkersSetsThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		p := &mtp.Pipeline[int, int]{
			Input: watched(ints(100), &g), Work: same, BatchSize: 5,
			Output: func(_ context.Context, b []int) error {
				time.Sleep(time.Second)
				g.add(-int64(len(b)))
				return nil
			},
			Options: mtp.Options{Workers: 8, Ahead: 16},
		}
		stats, err := p.Run(t.Context())
		totals(t, stats, mtp.Totals{Read: 100, Written: 100})
		if err != nil || stats.Elapsed != 20*time.Second || stats.OutputBusy != stats.Elapsed {
			t.Errorf("%v; took %v, of which writing %v; want both 20 s", err, stats.Elapsed, stats.OutputBusy)
		}
		if high := g.high.Load(); high != 21 {
			t.Errorf("up to %d items read and not written, want Ahead + BatchSize = 21", high)
		}
	})
}

// Output, observer and factory are called by Run's own goroutine, which Goexit ends.
func TestGoexitOfRunsOwnGoroutineLeavesNobodyBehind(t *testing.T) {
	for _, part := range []string{"output", "observer", "factory"} {
		t.Run(part, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
				var returned atomic.Bool
				gone := make(chan struct{})
				go func() {
					defer close(gone)
					_, _ = panics(runtime.Goexit)[part].Run(t.Context())
					returned.Store(true)
				}()
				<-gone
				if returned.Load() {
					t.Error("Run returned from a goroutine that was told to exit")
				}
			})
		})
	}
}

func TestAPanicInAnUpperStagesWeightOrFactoryEndsTheRun(t *testing.T) {
	heavy := mtp.Options{Name: "upper", MaxWeight: 1, Weight: func(any) int64 { panicHere(); return 0 }}
	factory := func(int) (mtp.Work[int, int], error) { panicHere(); return nil, nil }
	for name, upper := range map[string]mtp.Source[int]{
		"weight":  mtp.Map(ints(-1), same, heavy),
		"factory": mtp.MapLocal(ints(-1), factory, mtp.Options{Name: "upper"}),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mtp.Pipeline[int, int]{Input: upper, Work: same, Output: discard}
				stats, err := p.Run(t.Context())
				balanced(t, stats)
				var pe *mtp.PanicError
				if !errors.As(err, &pe) || !strings.HasPrefix(pe.Stage, "upper") || !strings.Contains(string(pe.Stack), "panicHere") {
					t.Errorf("error %v, want a PanicError of the upper stage", err)
				}
			})
		})
	}
}

// A source that goes on after its yield was false breaks the rules of range: the Go
// runtime panics.
func TestASourceThatDoesNotHeedItsYieldIsNoHang(t *testing.T) {
	deaf := func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for n := 0; ; n++ {
				yield(n, nil)
			}
		}
	}
	synctest.Test(t, func(t *testing.T) {
		p := &mtp.Pipeline[int, int]{Input: deaf, Work: same, Output: func(context.Context, []int) error { return errBoom }}
		stats, err := p.Run(t.Context())
		balanced(t, stats)
		var pe *mtp.PanicError
		if !errors.Is(err, errBoom) || !errors.As(err, &pe) || pe.Stage != "work input" {
			t.Errorf("error %v, want that of the output and the panic", err)
		}
	})
}
