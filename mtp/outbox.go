package mtp

import "sync/atomic"

// outbox takes the results of one worker, or what the reader sends around the
// workers, to the goroutine that ranges over the sequence. A result can be taken as soon as
// it is put.
type outbox[T any] struct {
	cells []result[T] // ring
	_     pad
	limit int64        // the producer's: it may put up to here
	count int64        // the producer's: cells put
	tail  atomic.Int64 // the same for all to see
	_     pad
	next  int64        // the taker's: the cell to take
	head  atomic.Int64 // what the producer knows of it
	_     pad
	full  atomic.Bool // the producer waits for freed
	freed chan struct{}
}

// maxOutbox is where a worker waits for the taker although more might be ahead.
const maxOutbox = 1 << 16

func newOutbox[T any](size int) *outbox[T] {
	size = ringSize(size)
	return &outbox[T]{cells: make([]result[T], size), limit: int64(size), freed: make(chan struct{}, 1)}
}

// room says that a cell is known to be free.
func (o *outbox[T]) room() bool { return o.count < o.limit }

// await waits for a free cell; false if there was none and done was closed.
func (o *outbox[T]) await(done <-chan struct{}) bool {
	o.full.Store(true)
	defer o.full.Store(false)
	for {
		o.limit = o.head.Load() + int64(len(o.cells))
		if o.room() {
			return true
		}
		select {
		case <-o.freed:
		case <-done:
			return false
		}
	}
}

// cell is the next one to fill, by put.
func (o *outbox[T]) cell() *result[T] { return &o.cells[o.count&int64(len(o.cells)-1)] }

func (o *outbox[T]) put() {
	o.count++
	o.tail.Store(o.count)
}

func (o *outbox[T]) empty() bool { return o.next == o.tail.Load() }

// waiting gives results that are there, perhaps not all, for take.
func (o *outbox[T]) waiting() []result[T] {
	tail := o.tail.Load()
	at := o.next & int64(len(o.cells)-1)
	return o.cells[at:min(at+tail-o.next, int64(len(o.cells)))]
}

// take gives the cells of run, what waiting gave and the taker has emptied, to the
// producer to fill.
func (o *outbox[T]) take(run []result[T]) {
	o.next += int64(len(run))
	o.head.Store(o.next)
	if o.full.Load() {
		tell(o.freed)
	}
}
