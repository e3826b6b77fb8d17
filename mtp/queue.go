package mtp

import (
	"runtime"
	"sync"
	"sync/atomic"
)

type job[In any] struct {
	in    In
	index int64
}

// queue hands the reader's items to the workers. The reader puts one item at a time
// and never waits, as slots bound what is in here. A worker takes several at once
// where they are small: see [appetite].
//
// Workers are woken one after another: who is woken and finds more than it takes
// wakes the next. So a few small items are not worth waking everybody.
type queue[In any] struct {
	jobs    []job[In] // ring; replaced by the reader under mu
	workers int64
	_       pad
	count   int64        // the reader's: items put
	limit   int64        // the reader's: it may put up to here
	tail    atomic.Int64 // count for all to see
	_       pad
	idle    atomic.Int32 // workers that sleep and are not being woken; changed under mu
	waking  atomic.Bool  // a worker was woken and has not looked yet; set under mu
	wake    chan struct{}
	_       pad

	mu     sync.Mutex
	head   int64 // items taken
	closed bool
}

func newQueue[In any](workers int) *queue[In] {
	return &queue[In]{
		jobs: make([]job[In], smallRing), limit: smallRing, workers: int64(workers), wake: make(chan struct{}, 1),
	}
}

// smallRing is the size of a ring that grows.
const smallRing = 64

// ringSize is the power of two from n on.
func ringSize(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

// put is called by the reader only.
func (q *queue[In]) put(item In, index int64) {
	if q.count == q.limit {
		q.makeRoom()
	}
	cell := &q.jobs[q.count&int64(len(q.jobs)-1)]
	cell.in, cell.index = item, index
	q.count++
	q.tail.Store(q.count)
	// A worker that falls asleep counts itself idle before it looks at tail for the
	// last time, and one being woken stops waking before it looks: no item is missed.
	if q.idle.Load() > 0 && !q.waking.Load() {
		q.mu.Lock()
		q.wakeOne()
		q.mu.Unlock()
	}
}

// makeRoom has the ring grow where it is full, up to what the slots let in.
func (q *queue[In]) makeRoom() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if size := int64(len(q.jobs)); q.count-q.head == size {
		jobs := make([]job[In], 2*size)
		for i := q.head; i < q.count; i++ {
			jobs[i&(2*size-1)] = q.jobs[i&(size-1)]
		}
		q.jobs = jobs
	}
	q.limit = q.head + int64(len(q.jobs))
}

// close is called by the reader after its last put.
func (q *queue[In]) close() {
	q.mu.Lock()
	q.closed = true
	q.wakeOne()
	q.mu.Unlock()
}

// leave is called by every worker as it ends, however it does: one wakes the next.
func (q *queue[In]) leave() {
	q.mu.Lock()
	if q.closed {
		q.wakeOne()
	}
	q.mu.Unlock()
}

// wakeOne is called under mu.
func (q *queue[In]) wakeOne() {
	if q.idle.Load() > 0 && !q.waking.Load() {
		q.idle.Add(-1)
		q.waking.Store(true)
		q.wake <- struct{}{}
	}
}

// patience is how often a worker that finds nothing looks again before it sleeps. To be
// woken takes longer than to work on a small item, and where a processor has to wake
// for it as well, much longer: with items of 1 us, 16 is 1.7 times as fast as 1.
const patience = 16

// take moves waiting items to buf, waiting for one; 0 when the queue is closed and
// empty.
func (q *queue[In]) take(buf []job[In], w *appetite, m *workerMeter) int {
	now := w.ate(m)
	for tries := patience; ; tries-- {
		q.mu.Lock()
		n, end := q.grab(buf, w.limit())
		if n > 0 || end {
			q.mu.Unlock()
			w.begin(n, now, m)
			return n
		}
		now = 0
		if tries == 0 {
			m.stop()
			q.sleep()
			tries = patience
			continue
		}
		q.mu.Unlock()
		runtime.Gosched()
	}
}

// grab takes no more than the worker's share of what waits, so that nobody else goes
// without. It is called under mu.
func (q *queue[In]) grab(buf []job[In], limit int) (n int, end bool) {
	waiting := q.tail.Load() - q.head
	if waiting == 0 {
		return 0, q.closed
	}
	n = int(max(1, min(int64(limit), waiting/q.workers)))
	for i := range n {
		j := &q.jobs[(q.head+int64(i))&int64(len(q.jobs)-1)]
		buf[i] = *j
		*j = job[In]{} // keeps nothing alive
	}
	q.head += int64(n)
	if waiting > int64(n) {
		q.wakeOne()
	}
	return n, false
}

// sleep is called under mu and unlocks it. It returns at once where there is something
// to take or to end for.
func (q *queue[In]) sleep() {
	q.idle.Add(1)
	if q.tail.Load() != q.head || q.closed {
		q.idle.Add(-1)
		q.mu.Unlock()
		return
	}
	q.mu.Unlock()
	<-q.wake
	q.waking.Store(false)
}

func (q *queue[In]) counts() (put, taken int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.tail.Load(), q.head
}
