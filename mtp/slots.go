package mtp

import (
	"math"
	"sync/atomic"
)

// pad keeps what different goroutines write out of one cache line.
type pad [64]byte

// slots bound the items in flight. The reader reserves a slot before it asks for an
// item, the taker frees it when the item was handed on. Each counts for itself, and
// they meet only where the reader runs out: a token for each item would cost more than
// all the rest.
type slots struct {
	size int64 // how many there are
	step int64 // free slots for which a waiting reader is woken

	reserved int64 // the reader's
	limit    int64 // the reader's: reserved may grow to this
	_        pad
	taken    int64        // the taker's: freed, told or not
	told     int64        // the taker's copy of freed
	freed    atomic.Int64 // what the reader knows of
	_        pad
	wanted   atomic.Int64 // the value of freed that a waiting reader wants
	room     chan struct{}
	_        pad
}

const (
	never = math.MaxInt64
	huge  = 1 << 60 // as good as no bound, and two of them can be added
)

// newSlots makes size slots. A reader that ran out waits until a good part of them is
// free, which spares both sides a switch for each item, and yet the workers always
// have something to do.
func newSlots(size int64, ahead, workers int) *slots {
	s := &slots{
		size: size, limit: size, room: make(chan struct{}, 1),
		step: int64(max(1, (ahead-workers)/2)),
	}
	s.wanted.Store(never)
	return s
}

// reserve takes a slot; false if there is none.
func (s *slots) reserve() bool {
	if s.reserved == s.limit {
		s.limit = s.freed.Load() + s.size
		if s.reserved == s.limit {
			return false
		}
	}
	s.reserved++
	return true
}

// await has the reader told through room when a step of slots is free; false if it
// is so already.
func (s *slots) await() bool {
	want := s.reserved - s.size + s.step
	s.wanted.Store(want)
	if s.freed.Load() >= want {
		s.wanted.Store(never)
		return false
	}
	return true
}

// awaited says that the reader waits for no more than is free.
func (s *slots) awaited() bool { return s.taken >= s.wanted.Load() }

// tell lets the reader know of all freed slots.
func (s *slots) tell() {
	if s.told == s.taken {
		return
	}
	s.told = s.taken
	s.freed.Store(s.taken)
	if s.awaited() {
		s.wanted.Store(never)
		tell(s.room)
	}
}
