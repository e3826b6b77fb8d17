package job

import (
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Turns are the items whose state a run turned: what a person wants to read first.
type Turns struct {
	NewFailures   int64  `json:"new_failures"` // did not fail before, or were not there
	Recovered     int64  `json:"recovered"`    // failed before
	FailedAgain   int64  `json:"failed_again"`
	Lost          int64  `json:"lost"`                     // had results, and have none now: their data are gone, as a rule
	FirstFailures []Turn `json:"first_failures,omitempty"` // the first of them
	FirstLost     []Turn `json:"first_lost,omitempty"`
	FirstRecovery []Turn `json:"first_recoveries,omitempty"`
}

// Turn is an item that has begun to fail, or does so no more.
type Turn struct {
	db.ItemKey
	Code    string `json:"code"` // of the failure, or of the one before
	Message string `json:"message"`
}

// turnsKept is how many turns are kept of each kind; the counts are full.
const turnsKept = 20

// note compares a computed item with what it was before.
func (t *Turns) note(before *db.WorkItem, now *db.WorkItem) {
	if before != nil && before.Status == db.ItemDone && now.Status == db.ItemSkipped && now.Code != nil && *now.Code == string(recipe.NoData) {
		t.Lost++
		t.FirstLost = keep(t.FirstLost, now)
	}
	failed := before != nil && before.Status == db.ItemFailed
	switch fails := now.Status == db.ItemFailed; {
	case fails && failed:
		t.FailedAgain++
	case fails:
		t.NewFailures++
		t.FirstFailures = keep(t.FirstFailures, now)
	case failed:
		t.recovered(before)
	}
}

// recovered counts an item that failed, and does so no more, or is none any more.
func (t *Turns) recovered(before *db.WorkItem) {
	t.Recovered++
	t.FirstRecovery = keep(t.FirstRecovery, before)
}

func keep(kept []Turn, w *db.WorkItem) []Turn {
	if len(kept) == turnsKept {
		return kept
	}
	t := Turn{ItemKey: w.ItemKey}
	if w.Code != nil {
		t.Code = *w.Code
	}
	if w.Message != nil {
		t.Message = *w.Message
	}
	return append(kept, t)
}
