package mtp_test

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// ledger is what source, works, taps and sink see of a run. Its methods may be
// called by any goroutine.
type ledger struct {
	mu       sync.Mutex
	plan     *plan
	stations []*station
	faults   []string
	classes  map[string]bool

	running map[string]int // calls of functions that have not returned
	sinks   int            // of these, in Output, OnError or the loop's body
	calls   int            // of the event's place

	steps       int // items and item errors that the source gave
	given       int // of these, items
	gaveAt      time.Time
	stepsAtStop int
	atEnd       bool // the source has given all
	owed        int  // leaves of what was given
	settled     int  // of these, written, failed or skipped

	written  map[item]bool
	rejected map[item]string // item errors at the end of all stages, by stage

	fired, over      bool
	firedAt, endedAt time.Time
}

func newLedger(p *plan) *ledger {
	l := &ledger{
		plan: p, classes: map[string]bool{}, running: map[string]int{},
		written: map[item]bool{}, rejected: map[item]string{},
	}
	for i := range p.stages {
		l.stations = append(l.stations, newStation(p, &p.stages[i]))
	}
	return l
}

func (l *ledger) last() *station { return l.stations[len(l.stations)-1] }

// wrong notes a violation; the first few tell enough.
func (l *ledger) wrong(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note(format, args...)
}

// note is wrong for a caller that has locked.
func (l *ledger) note(format string, args ...any) {
	if len(l.faults) < 5 {
		l.faults = append(l.faults, fmt.Sprintf(format, args...))
	}
}

// inside counts a call until the function it returns is called.
func (l *ledger) inside(what string) (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		l.note("%s was called after the end", what)
	}
	l.running[what]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.running[what]--
	}
}

// sole is inside for what one goroutine at a time may call.
func (l *ledger) sole(st *station) (leave func()) {
	out := l.inside("the sink of " + st.name)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sinks++; l.sinks != 1 {
		l.note("the sink was called by two goroutines at once")
	}
	return func() {
		l.mu.Lock()
		l.sinks--
		l.mu.Unlock()
		out()
	}
}

// isDue counts the calls of the event's place.
func (l *ledger) isDue(where place, stage int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.plan.event
	if where != e.place || (where == inWork || where == inFactory) && stage != e.stage {
		return false
	}
	l.calls++
	return l.calls == e.nth
}

// fire notes that the event happens; false after the end.
func (l *ledger) fire() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	l.fired, l.firedAt = true, time.Now()
	kind := l.plan.event.kind
	if kind != "drain" && kind != "abort" || l.steps < l.plan.n || l.settled < l.owed {
		l.classes[kind] = true
	}
	return true
}

func (l *ledger) markStop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stepsAtStop = l.steps
}

// give books the source's next item.
func (a *attempt) give(id int) (item, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.steps++
	a.owed += len(a.leaves(id))
	a.gaveAt = time.Now()
	if a.sourceFails(id) {
		return item{}, a.failedItem(id)
	}
	a.given++
	return item{id: id}, nil
}

func (l *ledger) exhausted() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.atEnd = true
}

// expectPrompt is called by the source after an hour in which it gave nothing.
func (l *ledger) expectPrompt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.plan.prompt() || l.fired && l.plan.event.kind != "drain" || l.steps == 0 {
		return
	}
	l.classes["slow source"] = true
	if l.settled != l.owed {
		l.note("an hour after item %d only %d of %d results had come", l.steps, l.settled, l.owed)
	}
}

// write books what reached the end of all stages.
func (l *ledger) write(batch []item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range batch {
		if l.written[it] {
			l.note("%v was written twice", it)
		}
		l.written[it] = true
		l.settled++
	}
	if own := l.last(); own.kind == "own" && l.plan.sinkDelay > 0 && own.worked > own.done {
		l.classes["output slower than workers"] = true
	}
}

// reject books an item error that reached the end of all stages.
func (l *ledger) reject(err error, key item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.faultOf(err)
	if f == nil {
		return // noted by cross
	}
	if l.rejected[key] != "" || l.written[key] {
		l.note("%v came after another result of that item", err)
	}
	l.rejected[key] = f.stage
	l.settled++
}

// faultOf gives nil for a terminal error; the cause of a run that MaxErrors ended
// has an item error in it.
func (*ledger) faultOf(err error) *fault {
	var e *mtp.ItemError
	var f *fault
	if errors.As(err, &e) && errors.As(err, &f) && !errors.Is(err, mtp.ErrTooManyErrors) {
		return f
	}
	return nil
}

// end is called when Run or the loop has returned.
func (l *ledger) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over, l.endedAt = true, time.Now()
	for what, n := range l.running {
		if n > 0 {
			l.note("%s still ran at the end (%d calls)", what, n)
		}
	}
}
