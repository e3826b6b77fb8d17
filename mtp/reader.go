package mtp

// startReader reads src until it ends, the stage drains or is aborted, gives items
// to take, and calls finish at the end.
func startReader[In, T any](f *flow[T], src Source[In], take func(job[In]), finish func()) {
	f.wg.Go(func() {
		defer f.leave()
		defer finish()
		finished := false
		defer catch(f.name+" input", &finished, func(err error) { f.readErr = err })
		f.readErr = read(f, src, take)
		finished = true
	})
}

// read gives the terminal error of src; nil if that came of cancelling src.
func read[In, T any](f *flow[T], src Source[In], take func(job[In])) error {
	if !f.reserve() {
		return nil
	}
	var index int64
	for item, err := range src(f.in.ctx) {
		j := job[In]{in: item, index: index}
		index++
		if err == nil {
			f.meter.read.Add(1)
			if !admit(f, &j) {
				return nil
			}
			take(j)
		} else if !f.pass(err, j.index) {
			if f.in.ctx.Err() != nil {
				return nil
			}
			return err
		}
		if !f.reserve() {
			return nil
		}
	}
	return nil
}

// admit waits for room for the item's weight; false if the stage was aborted.
func admit[In, T any](f *flow[T], j *job[In]) (ok bool) {
	if f.budget == nil {
		return f.ctx.Err() == nil
	}
	j.weight, ok = f.budget.admit(f.ctx, j.in)
	return ok
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
	f.results <- result[T]{kind: passed, err: e, index: index}
	return true
}

// reserve waits for a slot; false if nothing more is to be read.
func (f *flow[T]) reserve() bool {
	select {
	case f.slots <- struct{}{}:
	default:
		if !f.waitSlot() {
			return false
		}
	}
	return f.ctx.Err() == nil && !f.in.drained()
}

func (f *flow[T]) waitSlot() bool {
	drain := f.in.drain
	for {
		select {
		case f.slots <- struct{}{}:
			return true
		case <-f.ctx.Done():
			return false
		case <-drain:
			if f.in.drained() {
				return false
			}
			drain = nil // stages above go on until they are empty
		}
	}
}
