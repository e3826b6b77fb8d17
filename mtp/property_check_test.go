package mtp_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// check is of what the run left.
func (a *attempt) check() {
	a.checkError()
	a.checkEnd()
	a.checkKept()
	if a.isComplete() {
		a.checkComplete()
	}
	if a.shape == "pipeline" {
		a.checkTotals()
		a.checkStages()
	}
	a.classify()
}

// isComplete reports that all that was read had to be finished.
func (a *attempt) isComplete() bool {
	return !a.fired || a.event.kind == "drain" || a.event.kind == "source error"
}

func (a *attempt) checkError() {
	if !a.isExpected(a.err) {
		a.wrong("ended with error %v", a.err)
	}
}

func (a *attempt) isExpected(err error) bool {
	if !a.fired {
		return err == nil
	}
	kind := a.event.kind
	switch {
	case kind == "abort":
		return err == errCancel || err == nil && a.atEnd && a.settled == a.owed // too late to abort
	case kind == "output error":
		return errors.Is(err, errOutput)
	case kind == "max errors":
		return errors.Is(err, mtp.ErrTooManyErrors)
	case kind == "source error":
		return err == errSource
	case kind == "factory failure" && !a.event.panics:
		return errors.Is(err, errFactory) && a.steps == 0
	case kind == "factory failure" || strings.HasPrefix(kind, "panic"):
		return a.isPanic(err)
	}
	return err == nil // drain, early break
}

// isPanic wants the stage, the value and the stack.
func (a *attempt) isPanic(err error) bool {
	var e *mtp.PanicError
	if !errors.As(err, &e) || e.Value != errPanic || !bytes.Contains(e.Stack, []byte("strike")) {
		return false
	}
	switch a.event.place {
	case inSource:
		return e.Stage == a.stations[0].inputName()
	case inSink, inObserver:
		return e.Stage == "own output"
	}
	return e.Stage == a.stages[a.event.stage].name
}

// inputName is what a panic of the stage's source names; Expand has no reader apart.
func (st *station) inputName() string {
	switch st.kind {
	case "fan":
		return "fan"
	case "batch":
		return "batch input"
	}
	return st.name + " input"
}

// checkKept is of batches that stages below might still hold.
func (a *attempt) checkKept() {
	for _, st := range a.stations {
		for _, b := range st.kept {
			if !slices.Equal(b[0], b[1]) {
				a.wrong("batch %v of %s became %v later", b[1], st.name, b[0])
			}
		}
	}
}

// checkEnd is of what the event must have stopped, and when.
func (a *attempt) checkEnd() {
	if !a.fired {
		return
	}
	latest := a.firedAt
	if a.lingers {
		latest = latest.Add(time.Second)
	}
	if a.attentive && a.endsAtOnce() && a.endedAt.After(latest) {
		a.wrong("ended %v after the event", a.endedAt.Sub(a.firedAt))
	}
	if a.event.kind != "drain" {
		return
	}
	if more := a.steps - a.stepsAtStop; more > 1 || more > 0 && a.event.place == beforeRun {
		a.wrong("%d items were read after the stop", more)
	}
	if a.attentive && a.steps > 0 && a.gaveAt.After(a.firedAt) {
		a.wrong("an item was read %v after the stop", a.gaveAt.Sub(a.firedAt))
	}
}

// endsAtOnce reports that all functions were cancelled by the event.
func (a *attempt) endsAtOnce() bool {
	switch a.event.kind {
	case "abort", "early break", "output error", "max errors", "panic in output", "panic in observer":
		return true
	case "panic in work", "factory failure":
		return a.shape == "pipeline" && a.event.stage == a.last().at // a loop's body knows nothing of it
	}
	return false
}

// checkComplete compares all that was given with what the plan says of it.
func (a *attempt) checkComplete() {
	if !a.fired && a.steps != a.n {
		a.wrong("the source gave %d of %d items", a.steps, a.n)
	}
	written, rejected, skipped := 0, 0, 0
	for id := 1; id <= a.steps; id++ {
		for _, leaf := range a.leaves(id) {
			switch leaf.fate {
			case passes:
				written++
				if !a.written[leaf.item] {
					a.wrong("%v was not written", leaf.item)
				}
			case fails:
				rejected++
				if a.rejected[leaf.item] != leaf.stage {
					a.wrong("%v failed in %q, want %q", leaf.item, a.rejected[leaf.item], leaf.stage)
				}
			case skips:
				skipped++
			}
		}
	}
	if len(a.written) != written || len(a.rejected) != rejected || a.settled != written+rejected+skipped {
		a.wrong("%d written and %d failed of %d, want %d and %d", len(a.written), len(a.rejected), a.settled, written, rejected)
	}
	for _, st := range a.stations {
		if n := len(st.held.items); n != 0 {
			a.wrong("%s keeps %d items", st.name, n)
		}
	}
}

func (a *attempt) checkTotals() {
	s := a.stats
	if s.Read != s.Written+s.Failed+s.Skipped+s.Aborted || min(s.Read, s.Written, s.Failed, s.Skipped, s.Aborted) < 0 {
		a.wrong("unbalanced totals %+v", s.Totals)
	}
	if s.Written != int64(len(a.written)) || s.SourceErrors != int64(a.steps-a.given) {
		a.wrong("%+v; %d written, %d errors of the source", s.Totals, len(a.written), a.steps-a.given)
	}
	if len(s.Errors) != len(a.rejected) { // there are fewer than are kept
		a.wrong("%d errors kept of %d", len(s.Errors), len(a.rejected))
	}
	if a.isComplete() && (s.Aborted != 0 || s.Failed+s.SourceErrors != int64(len(a.rejected))) {
		a.wrong("%+v; %d errors", s.Totals, len(a.rejected))
	}
}

// checkStages compares the counts of each stage with what was seen of it.
func (a *attempt) checkStages() {
	seen := 0
	for _, s := range a.stats.Stages {
		if s.Read+s.Added != s.Done+s.Failed+s.Skipped+s.Aborted || s.Aborted < 0 || s.Queued != 0 || s.InFlight != 0 || s.Ready != 0 {
			a.wrong("unbalanced stage %+v", s)
		}
		for seen < len(a.stations) && a.stations[seen].name != s.Name {
			seen++
		}
		if seen == len(a.stations) {
			a.wrong("stage %q is none, or not in its place", s.Name)
			return
		}
		a.checkStage(a.stations[seen], s)
	}
	if a.given > 0 && len(a.stats.Stages) != len(a.stations) {
		a.wrong("%d stages counted of %d", len(a.stats.Stages), len(a.stations))
	}
}

func (a *attempt) checkStage(st *station, s mtp.StageStats) {
	read, done := st.read, st.done
	switch st.kind {
	case "batch":
		done = st.batches
	case "unbatch":
		read = a.stations[st.at-1].batches
	}
	if s.Read != int64(read) || s.Done != int64(done) || s.Failed != int64(st.failed) {
		a.wrong("%+v; seen: %d read, %d done, %d failed", s, read, done, st.failed)
	}
	if s.Skipped > int64(st.skipped) || a.isComplete() && s.Skipped != int64(st.skipped) {
		a.wrong("%+v; seen: %d skipped", s, st.skipped)
	}
	if st.at == 0 && s.SourceErrors != int64(a.steps-a.given) || st.at > 0 && s.SourceErrors != 0 {
		a.wrong("%+v; the source gave %d errors", s, a.steps-a.given)
	}
}

// classify notes the classes that are not of a moment.
func (a *attempt) classify() {
	one := len(a.written)+len(a.rejected) > 0
	for class, is := range map[string]bool{
		"no item":            a.n == 0 && a.atEnd,
		"one item":           a.n == 1 && a.atEnd && a.settled > 0,
		"composed":           len(a.stages) > 1 && len(a.written) > 0,
		"source item errors": a.steps > a.given && one,
	} {
		if is {
			a.classes[class] = true
		}
	}
}
