package mtp_test

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// kinds are the events that may come to a run, and where they may.
var kinds = []struct {
	name   string
	places []place
}{
	{"none", []place{""}},
	{"drain", []place{inSource, inWork, inSink, atTime, beforeRun}},
	{"abort", []place{inSource, inWork, inSink, atTime, beforeRun}},
	{"early break", []place{inSink}},
	{"panic in source", []place{inSource}},
	{"panic in work", []place{inWork}},
	{"panic in output", []place{inSink}},
	{"panic in observer", []place{inObserver}},
	{"factory failure", []place{inFactory}},
	{"output error", []place{inSink}},
	{"max errors", []place{inObserver}},
	{"source error", []place{inSource}},
}

func newPlan(seed uint64) *plan {
	r := rand.New(rand.NewPCG(seed, ofPlan))
	kind := kinds[r.IntN(len(kinds))]
	p := &plan{
		seed: seed, n: someItems(r), shape: shapeFor(r, kind.name),
		hourly: r.IntN(5) == 0, attentive: r.IntN(2) == 0, lingers: r.IntN(4) == 0,
		pause: oneOf(r, 0, 0, 2*time.Millisecond, 10*time.Millisecond), failing: oneOf(r, 0, 0, 15),
		sinkDelay: oneOf(r, 0, 0, 3*time.Millisecond, 30*time.Millisecond),
	}
	p.compose(r)
	p.event = event{kind: kind.name, place: kind.places[r.IntN(len(kind.places))]}
	p.aim(r)
	return p
}

func oneOf[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

func someItems(r *rand.Rand) int {
	switch d := r.IntN(100); {
	case d < 7:
		return 0
	case d < 15:
		return 1
	}
	return 2 + r.IntN(39)
}

func shapeFor(r *rand.Rand, kind string) string {
	switch kind {
	case "early break":
		return oneOf(r, "map", "batch")
	case "panic in output", "panic in observer", "output error", "max errors":
		return "pipeline"
	}
	return oneOf(r, "pipeline", "pipeline", "map", "batch")
}

// compose draws up to three stages above the one that is run or ranged over.
func (p *plan) compose(r *rand.Rand) {
	fanned, joined := false, false
	for range oneOf(r, 0, 0, 1, 2, 3) {
		switch r.IntN(4) {
		case 0:
			if !fanned {
				p.add(r, "fan", "fan")
				fanned = true
				continue
			}
		case 1:
			if !joined {
				p.add(r, "batch", "batch")
				p.add(r, "unbatch", "unbatch")
				joined = true
				continue
			}
		}
		p.add(r, "map", fmt.Sprint("map", len(p.stages)))
	}
	kind := p.shape
	if kind == "pipeline" {
		kind = "own"
	}
	p.add(r, kind, "own")
}

func (p *plan) add(r *rand.Rand, kind, name string) {
	s := stage{
		at: len(p.stages), kind: kind, name: name, workers: 1 + r.IntN(8), ahead: 1 + r.IntN(12),
		ordered: r.IntN(2) == 0, local: r.IntN(3) == 0, failing: oneOf(r, 0, 0, 10, 30), skipping: oneOf(r, 0, 0, 10, 30),
		delay: oneOf(r, 0, 5*time.Millisecond, 20*time.Millisecond), tries: 1 + r.IntN(3), size: oneOf(r, 1, 2, 3, 6),
	}
	if r.IntN(3) == 0 {
		s.maxWeight = 20
	}
	s.wait = p.someWait(r)
	p.stages = append(p.stages, s)
}

// someWait is long enough to join items that come hourly, sometimes.
func (p *plan) someWait(r *rand.Rand) time.Duration {
	if p.hourly {
		return oneOf(r, 0, 7*time.Second, 7*time.Second, 7*time.Second, 150*time.Minute)
	}
	return oneOf(r, 0, 2*time.Millisecond, 8*time.Millisecond)
}

// prompt reports that no batch may hold up a lone item until the next hour.
func (p *plan) prompt() bool {
	for _, s := range p.stages {
		joins := s.kind == "batch" || s.kind == "own"
		if joins && s.size > 1 && (s.wait == 0 || s.wait > time.Minute) {
			return false
		}
	}
	return true
}

// aim draws a point that most runs reach.
func (p *plan) aim(r *rand.Rand) {
	e := &p.event
	stages := p.stagesWhere(e.place)
	if len(stages) == 0 {
		e.place = inSource // of a batch without stages above
		if e.kind == "panic in work" || e.kind == "factory failure" {
			e.kind = "panic in source"
		}
		stages = []int{0}
	}
	e.stage = oneOf(r, stages...)
	e.nth = 1 + r.IntN(1+p.n/2)
	switch e.place {
	case inSink:
		e.nth = 1 + r.IntN(1+p.n/(2*p.own().size))
	case inObserver:
		e.nth = 1 + r.IntN(3)
		p.own().failing = max(p.own().failing, 30)
	case inFactory:
		e.nth = 1 + r.IntN(p.stages[e.stage].workers)
		p.stages[e.stage].local = true
		e.panics = r.IntN(2) == 0
	case atTime:
		e.after = time.Duration(r.Int64N(int64(p.span())))
	}
	if e.kind == "drain" {
		p.aimStop(r)
	}
}

// stagesWhere are those that have such a place.
func (p *plan) stagesWhere(where place) (at []int) {
	for i, s := range p.stages {
		works := s.kind == "map" || s.kind == "own"
		if works || s.kind == "fan" && where == inWork || where != inWork && where != inFactory {
			at = append(at, i)
		}
	}
	return at
}

// span is about as long as the run takes.
func (p *plan) span() time.Duration {
	pause := p.pause/2 + p.sinkDelay/4 + time.Millisecond
	if p.hourly {
		pause = time.Hour
	}
	return time.Duration(p.n+1) * pause
}

// aimStop picks the stage that is stopped; a plan without one is not drained.
func (p *plan) aimStop(r *rand.Rand) {
	stages := p.stagesWhere(inFactory)
	if len(stages) == 0 {
		p.event.kind = "abort"
		return
	}
	p.stopAt = oneOf(r, stages...)
}
