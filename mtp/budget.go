package mtp

import (
	"context"
	"sync"
	"sync/atomic"
)

// budget bounds the weight in flight. One goroutine admits, any release.
type budget struct {
	weigh   func(any) int64
	limit   int64
	blocked atomic.Bool   // admit is waiting
	hungry  chan struct{} // told when admit begins to wait
	freed   chan struct{} // told when weight was released

	mu   sync.Mutex
	used int64
}

// newBudget gives nil, which bounds nothing, where no limit is set.
func newBudget(opt Options) *budget {
	if opt.MaxWeight <= 0 {
		return nil
	}
	return &budget{
		weigh: opt.Weight, limit: opt.MaxWeight,
		hungry: make(chan struct{}, 1), freed: make(chan struct{}, 1),
	}
}

// admit waits for room for item and gives its weight; false if ctx ended first.
func (b *budget) admit(ctx context.Context, item any) (weight int64, ok bool) {
	weight = max(0, b.weigh(item))
	for !b.take(weight) {
		b.blocked.Store(true)
		tell(b.hungry)
		select {
		case <-b.freed:
		case <-ctx.Done():
			return 0, false
		}
	}
	b.blocked.Store(false)
	return weight, true
}

// take lets an overweight item in when nothing else is, so that it travels alone.
func (b *budget) take(weight int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used > 0 && weight > b.limit-b.used {
		return false
	}
	b.used += weight
	return true
}

func (b *budget) release(weight int64) {
	b.mu.Lock()
	b.used -= weight
	b.mu.Unlock()
	tell(b.freed)
}

// tell leaves one message that is not lost if nobody listens yet.
func tell(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
