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
	blocked atomic.Bool // admit is waiting
	// reserved is the slots that the reader had taken when admit began to wait.
	reserved atomic.Int64
	hungry   chan struct{} // told when admit begins to wait
	freed    chan struct{} // told when weight was released

	mu      sync.Mutex
	used    int64
	weights map[int64]int64 // of the items in flight, by index: most flows have none to carry about
}

// newBudget gives nil, which bounds nothing, where no limit is set.
func newBudget(opt Options) *budget {
	if opt.MaxWeight <= 0 {
		return nil
	}
	return &budget{
		weigh: opt.Weight, limit: opt.MaxWeight,
		hungry: make(chan struct{}, 1), freed: make(chan struct{}, 1),
		weights: make(map[int64]int64),
	}
}

// admit waits for room for the item at index; false if ctx ended first.
func (b *budget) admit(ctx context.Context, item any, index, reserved int64) bool {
	weight := max(0, b.weigh(item))
	for !b.take(index, weight) {
		b.reserved.Store(reserved)
		b.blocked.Store(true)
		tell(b.hungry)
		select {
		case <-b.freed:
		case <-ctx.Done():
			return false
		}
	}
	b.blocked.Store(false)
	return true
}

// take lets an overweight item in when nothing else is, so that it travels alone.
func (b *budget) take(index, weight int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used > 0 && weight > b.limit-b.used {
		return false
	}
	b.used += weight
	b.weights[index] = weight
	return true
}

// weight gives the weight of the item at index, once; 0 for a source's item error.
func (b *budget) weight(index int64) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	weight := b.weights[index]
	delete(b.weights, index)
	return weight
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
