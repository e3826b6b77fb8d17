package mtp

import "runtime"

// startReader reads src until it ends, the stage drains or is aborted, and gives items
// to q, or where that is nil to direct until it is false.
func startReader[In, T any](f *flow[T], src Source[In], q *queue[In], direct func(In, int64) bool) {
	f.wg.Go(func() {
		defer f.leave()
		if q != nil {
			defer q.close()
		}
		finished := false
		defer catch(f.name+" input", &finished, func(err error) { f.readErr = err })
		f.readErr = read(f, src, q, direct)
		finished = true
	})
}

// read gives the terminal error of src; nil if that came of cancelling src.
func read[In, T any](f *flow[T], src Source[In], q *queue[In], direct func(In, int64) bool) error {
	if !f.reserve() {
		return nil
	}
	var index int64
	for item, err := range src(f.in.ctx) {
		switch {
		case err != nil:
			if f.pass(err, index) {
				break
			}
			if f.in.ctx.Err() != nil {
				return nil
			}
			return err
		case q == nil:
			if !direct(item, index) {
				return nil
			}
		case f.budget != nil && !f.admit(item, index):
			return nil
		default:
			q.put(item, index)
		}
		index++
		if !f.reserve() {
			return nil
		}
	}
	return nil
}

// admit waits for room for the item's weight; false if the stage was aborted.
func (f *flow[T]) admit(item any, index int64) bool {
	if f.budget.admit(f.ctx, item, index, f.slots.reserved) {
		return true
	}
	f.meter.read.Add(1) // it never gets into the queue
	return false
}

// pass sends an item error around the workers; false if err is terminal.
func (f *flow[T]) pass(err error, index int64) bool {
	e, isNew := itemError(err)
	if e == nil {
		return false
	}
	if isNew {
		f.meter.sourceErrors.Add(1)
	}
	f.send(result[T]{err: e, mark: marked(index, passed)}) // or the stage was aborted, as reserve will find
	return true
}

// send puts the reader's own result where the taker finds it; false if the stage was
// aborted.
func (f *flow[T]) send(r result[T]) bool {
	out := f.outs[len(f.outs)-1]
	if !out.room() && !out.await(f.ctx.Done()) {
		return false
	}
	*out.cell() = r
	out.put()
	f.wake()
	return true
}

// reserve waits for a slot; false if nothing more is to be read.
func (f *flow[T]) reserve() bool {
	if !f.slots.reserve() && !f.waitSlot() {
		return false
	}
	return f.ctx.Err() == nil && !f.in.drained()
}

func (f *flow[T]) waitSlot() bool {
	runtime.Gosched() // cheaper than to sleep and be woken where items are small
	drain := f.in.drain
	for !f.slots.reserve() {
		if !f.slots.await() {
			continue
		}
		select {
		case <-f.slots.room:
		case <-f.ctx.Done():
			return false
		case <-drain:
			if f.in.drained() {
				return false
			}
			drain = nil // stages above go on until they are empty
		}
	}
	return true
}
