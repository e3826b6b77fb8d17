package mtp_test

import (
	"fmt"
	"time"
)

// item is what runs are made of: the id-th of the source, from 1, or a part of it, from 1.
type item struct{ id, part int }

// fault is why an item failed, and where.
type fault struct {
	stage string
	item
}

func (f *fault) Error() string { return fmt.Sprintf("%s fails item %d part %d", f.stage, f.id, f.part) }

type fate int

const (
	passes fate = iota
	fails
	skips
)

// place is a kind of function that the caller gives to the package.
type place string

const (
	inSource   place = "source"
	inWork     place = "work" // or Expand's open
	inSink     place = "sink" // Output, or the loop's body
	inObserver place = "observer"
	inFactory  place = "factory"
	beforeRun  place = "before"
	atTime     place = "timer"
)

// event is what comes to a run: at the nth call of a place, or at a time.
type event struct {
	kind   string
	place  place
	stage  int // of inWork and inFactory
	nth    int
	after  time.Duration
	panics bool // of a factory
}

// stage is one of a composition. Kind is map, fan (Expand to parts), batch, unbatch
// (Expand back to items) or own (of a Pipeline).
type stage struct {
	at                int
	kind, name        string
	workers, ahead    int
	ordered, local    bool
	maxWeight         int64
	failing, skipping int // percent
	delay             time.Duration
	tries             int
	size              int
	wait              time.Duration
}

// plan is a random composition with random delays and what comes to it, a pure
// function of its seed.
type plan struct {
	seed      uint64
	n         int
	shape     string // pipeline, map or batch: who takes the results
	stages    []stage
	event     event
	stopAt    int           // stage whose Stop the event closes
	pause     time.Duration // longest between items
	hourly    bool          // an hour between items instead
	attentive bool          // every function returns as soon as its context is done
	lingers   bool          // the source takes a second to return
	failing   int           // percent of the source's items
	sinkDelay time.Duration
}

func (p *plan) String() string { return fmt.Sprintf("%+v", *p) }

// mix is the finalizer of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Topics keep the draws of a plan apart.
const (
	ofPlan = iota
	ofFate
	ofParts
	ofWeight
	ofTries
	ofSleep
	ofSource
)

// draw gives a number below n for a topic and whatever it is about.
func (p *plan) draw(n int, about ...int) int {
	x := p.seed
	for _, v := range about {
		x = mix(x ^ uint64(v))
	}
	return int(mix(x) % uint64(n))
}

func (p *plan) sleep(limit time.Duration, about ...int) time.Duration {
	if limit <= 0 {
		return 0
	}
	return time.Duration(p.draw(int(limit/time.Microsecond), about...)) * time.Microsecond
}

func (p *plan) fate(s *stage, it item) fate {
	switch d := p.draw(100, ofFate, s.at, it.id, it.part); {
	case d < s.failing:
		return fails
	case d < s.failing+s.skipping:
		return skips
	}
	return passes
}

func (p *plan) sourceFails(id int) bool { return p.draw(100, ofFate, -1, id) < p.failing }

func (p *plan) parts(it item) int { return p.draw(4, ofParts, it.id) }

// weight is more than the bound for some, and nothing or less for others.
func (p *plan) weight(it item) int64 {
	switch w := p.draw(100, ofWeight, it.id, it.part); {
	case w < 7:
		return 25
	case w < 15:
		return int64(w - 11)
	default:
		return int64(w % 10)
	}
}

func (p *plan) tries(s *stage, it item) int {
	return 1 + p.draw(s.tries, ofTries, s.at, it.id, it.part)
}

// leaf is what becomes of an item, or of one of its parts, if nothing intervenes.
type leaf struct {
	item
	fate  fate
	stage string // that fails or skips it
}

func (p *plan) leaves(id int) []leaf {
	it := item{id: id}
	if p.sourceFails(id) {
		return []leaf{{it, fails, "source"}}
	}
	return p.below(it, 0)
}

// below follows an item from a stage on.
func (p *plan) below(it item, from int) []leaf {
	for i := from; i < len(p.stages); i++ {
		s := &p.stages[i]
		if s.kind == "batch" || s.kind == "unbatch" {
			continue
		}
		if s.kind == "fan" {
			return p.fanned(it, s)
		}
		if f := p.fate(s, it); f != passes {
			return []leaf{{it, f, s.name}}
		}
	}
	return []leaf{{item: it}}
}

func (p *plan) fanned(it item, s *stage) (all []leaf) {
	n := p.parts(it)
	if n == 0 {
		return []leaf{{it, skips, s.name}}
	}
	for k := range n {
		part := item{it.id, k + 1}
		if f := p.fate(s, part); f != passes {
			all = append(all, leaf{part, f, s.name})
		} else {
			all = append(all, p.below(part, s.at+1)...)
		}
	}
	return all
}

func (p *plan) own() *stage { return &p.stages[len(p.stages)-1] }
