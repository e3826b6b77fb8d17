package mtp_test

import (
	"errors"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// station is what the ledger sees of one stage. An item is held from when it is
// given to the stage until what came of it was handed on: never longer than the
// stage holds it, so that a bound broken here is broken.
type station struct {
	*stage
	plan *plan

	order   map[item]int // place among what came in, item errors included
	held    load
	begun   load // of these, those that came to work
	gone    map[item]bool
	lastOut [2]int // place of the last that went out: results, and errors where these pass by
	lastEnd int    // highest place that was finished
	atWork  int
	readyAt map[item]time.Time // finished, or came in where there are no workers

	read, done, batches, failed, skipped, worked int

	kept [][2][]item // batches that are the receiver's for good, and what was in them

	batchAt, errorAt time.Time // when the last batch and the last error had been handed on
}

func newStation(p *plan, s *stage) *station {
	return &station{
		stage: s, plan: p, order: map[item]int{}, gone: map[item]bool{}, lastOut: [2]int{-1, -1}, lastEnd: -1,
		held: load{items: map[item]int64{}}, begun: load{items: map[item]int64{}}, readyAt: map[item]time.Time{},
	}
}

// load is a set of items with its weight.
type load struct {
	items  map[item]int64
	weight int64
	heavy  int // items of any weight
}

func (o *load) add(it item, weight int64) {
	o.items[it] = weight
	o.weight += weight
	if weight > 0 {
		o.heavy++
	}
}

func (o *load) remove(it item) {
	if weight := o.items[it]; weight > 0 {
		o.weight -= weight
		o.heavy--
	}
	delete(o.items, it)
}

// exceeds allows for an overweight item that travels alone.
func (o *load) exceeds(limit int64) bool { return o.weight > limit && o.heavy > 1 }

// bound is how many items the stage may hold, the loop's body included.
func (st *station) bound() int {
	switch st.kind {
	case "map":
		return st.ahead + 1
	case "own":
		return st.ahead + st.size
	}
	return st.size
}

// weightOf is 0 where weight is not bounded.
func (st *station) weightOf(it item) int64 {
	if st.maxWeight == 0 || st.kind != "map" && st.kind != "own" {
		return 0
	}
	return max(0, st.plan.weight(it))
}

// cross books that up hands an item or an error on to down. Either may be nil. The
// key is what it is about; up holds it until leave if held.
func (l *ledger) cross(up, down *station, it item, err error) (key item, held bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key = it
	f := l.faultOf(err)
	switch {
	case err == nil:
		held = up != nil
	case f == nil:
		l.checkTerminal(err)
		return item{}, false
	default:
		key, held = f.item, up != nil && f.stage == up.name
		l.checkIndex(err, f)
	}
	if up != nil {
		switch {
		case err == nil:
			up.done++
		case held:
			up.failed++
		}
		l.out(up, key, err)
	}
	if down != nil {
		l.in(down, key, err)
	}
	return key, held
}

// checkTerminal finds item errors that the plan did not make.
func (l *ledger) checkTerminal(err error) {
	var e *mtp.ItemError
	if errors.As(err, &e) && l.faultOf(err) == nil && !errors.Is(err, mtp.ErrTooManyErrors) {
		l.note("an item error of nobody's: %v", err)
	}
}

// checkIndex compares what the error says of itself.
func (l *ledger) checkIndex(err error, f *fault) {
	var e *mtp.ItemError
	errors.As(err, &e)
	want := f.id // as the plan's source says it
	for _, st := range l.stations {
		if st.name != f.stage {
			continue
		}
		read := f.item
		if st.kind == "fan" {
			read.part = 0
		}
		want = st.order[read]
	}
	if e.Stage != f.stage || e.Index != int64(want) {
		l.note("error of item %d of stage %q says %q", want, f.stage, e)
	}
}

func (l *ledger) in(st *station, key item, err error) {
	if _, twice := st.order[key]; twice {
		l.note("%v came to %s twice", key, st.name)
	}
	st.order[key] = len(st.order)
	if err != nil || st.kind == "batch" {
		st.readyAt[key] = time.Now()
	}
	if err != nil {
		return
	}
	st.read++
	if st.kind != "fan" { // holds nothing of its own
		l.hold(st, key)
	}
}

// hold checks the bounds. All that is held but key was let in, while key may still
// wait for room.
func (l *ledger) hold(st *station, key item) {
	weight := st.weightOf(key)
	if st.held.exceeds(st.maxWeight) && st.maxWeight > 0 {
		l.note("%s holds weight %d of %d", st.name, st.held.weight, st.maxWeight)
	}
	if st.maxWeight > 0 && st.held.heavy > 0 && st.held.weight+weight > st.maxWeight {
		l.classes["weighted"] = true
	}
	st.held.add(key, weight)
	if n := len(st.held.items); n > st.bound() {
		l.note("%s holds %d items, more than %d", st.name, n, st.bound())
	}
}

// out checks that what goes out came in, once, and in its order where there is one.
func (l *ledger) out(st *station, key item, err error) {
	if st.kind == "fan" || st.kind == "unbatch" {
		return
	}
	place, known := st.order[key]
	if !known || st.gone[key] {
		l.note("%s hands on %v, which it never read or handed on before (read: %v)", st.name, key, known)
	}
	st.gone[key] = true
	line := 0
	if err != nil && st.kind != "map" {
		line = 1 // errors go ahead of the batch that is being filled
	}
	if (st.ordered || st.kind == "batch") && place < st.lastOut[line] {
		l.note("%s hands on %v after a later one", st.name, key)
	}
	st.lastOut[line] = place
}

func (l *ledger) leave(st *station, keys ...item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		st.held.remove(key)
		st.begun.remove(key)
	}
}

// emerge is cross for a batch.
func (l *ledger) emerge(st *station, batch []item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.batches++
	if st.kind == "batch" {
		st.kept = append(st.kept, [2][]item{batch, slices.Clone(batch)})
	}
	for _, it := range batch {
		st.done++
		l.out(st, it, nil)
	}
}
