package job

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Budget is why a run ended before its end. The texts are promised to scripts.
type Budget string

// The budgets of a run.
const (
	FailureBudget Budget = "failures"
	TimeBudget    Budget = "time"
)

// MaxFailures is how many items of a run may fail: a count, or percent of those that are
// looked at.
type MaxFailures struct {
	Count   int64
	Percent float64 // counts if it is not 0
}

func (m *MaxFailures) exceeded(failed, total int64) bool {
	switch {
	case m == nil:
		return false
	case m.Percent > 0:
		return float64(failed)*100 > m.Percent*float64(total)
	}
	return failed > m.Count
}

func (m *MaxFailures) String() string {
	if m.Percent > 0 {
		return fmt.Sprintf("%g %%", m.Percent)
	}
	return fmt.Sprint(m.Count)
}

// ending ends a run early: what is begun is finished, the rest stays due. It may be asked
// by several goroutines; the first counts.
type ending struct {
	asked chan struct{} // closed when it is asked
	once  sync.Once
	by    Budget // "" if it was the caller; to be read when it was asked
}

// newEnding listens to the caller's stop, and to the clock, until ctx is done.
func newEnding(ctx context.Context, stop <-chan struct{}, after time.Duration) *ending {
	e := &ending{asked: make(chan struct{})}
	if stopped(stop) {
		e.ask("")
		return e
	}
	var clock <-chan time.Time
	if after > 0 {
		clock = time.After(after)
	}
	go func() {
		select {
		case <-stop:
			e.ask("")
		case <-clock:
			e.ask(TimeBudget)
		case <-ctx.Done():
		}
	}()
	return e
}

func (e *ending) ask(by Budget) {
	e.once.Do(func() { e.by = by; close(e.asked) })
}
