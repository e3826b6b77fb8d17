package mtp

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
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
	jobs    []job[In] // ring
	workers int64
	_       pad
	count   int64        // the reader's: items put
	tail    atomic.Int64 // the same for all to see
	_       pad
	idle    atomic.Int32 // workers that sleep and are not being woken; changed under mu
	waking  atomic.Bool  // a worker was woken and has not looked yet; changed under mu
	wake    chan struct{}
	_       pad

	mu     sync.Mutex
	head   int64 // items taken
	closed bool
}

func newQueue[In any](size, workers int) *queue[In] {
	return &queue[In]{jobs: make([]job[In], ringSize(size)), workers: int64(workers), wake: make(chan struct{}, 1)}
}

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

// take moves waiting items to buf, waiting for one; 0 when the queue is closed and
// empty.
func (q *queue[In]) take(buf []job[In], w *appetite, m *workerMeter) int {
	now := w.ate(m)
	for tries := 0; ; tries++ {
		q.mu.Lock()
		n, end := q.grab(buf, w.limit())
		if n > 0 || end {
			q.mu.Unlock()
			w.begin(n, now, m)
			return n
		}
		now = 0
		if tries == patience {
			tries = 0
			m.stop()
			q.sleep()
			continue
		}
		q.mu.Unlock()
		runtime.Gosched()
	}
}

// grab takes no more than the worker's share of what waits, so that nobody else goes
// without. It is called under mu, as the rest of these.
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

// sleep unlocks mu, and returns with waking off again.
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

// appetite is how much a worker takes at once: what it expects to finish in the time
// in which another worker could be woken. One that takes more keeps items from idle
// workers. It grows slowly and is gone after one big item.
type appetite struct {
	each  time.Duration // what an item takes, rather too much than too little
	taken int           // items in hand
	since int64         // when they were taken
}

// patience is how often a worker that finds nothing looks again before it sleeps. To be
// woken takes longer than to work on a small item, and where a processor has to wake
// for it as well, much longer: with items of 1 us, 16 is twice as fast as 1.
const patience = 16

const (
	mouthful  = 4 * time.Microsecond
	maxTaken  = 32
	forgetful = 8 // one part in forgetful is forgotten at a time
)

func (a *appetite) limit() int {
	if a.each*maxTaken <= mouthful {
		return maxTaken
	}
	return max(1, int(mouthful/a.each))
}

// begin notes that n items were taken now, 0 if the clock was not read.
func (a *appetite) begin(n int, now int64, m *workerMeter) {
	a.taken = n
	if n == 0 {
		return
	}
	if now == 0 && (a.telling() || !m.running()) {
		now = m.now()
	}
	a.since = now
	m.start(now)
}

// ate learns from the items in hand, which are done, and gives the time if it looked.
func (a *appetite) ate(m *workerMeter) (now int64) {
	if a.taken == 0 || !a.telling() {
		return 0
	}
	now = m.now()
	took := time.Duration(now-a.since) / time.Duration(a.taken)
	a.each = max(took, a.each-a.each/forgetful-1)
	return now
}

// telling says that the items in hand are worth a look at the clock: few of many
// that might have been are not.
func (a *appetite) telling() bool { return a.taken >= min(8, a.limit()) }
