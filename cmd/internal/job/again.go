package job

import (
	"context"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// pauses are how long a failure that may pass by itself is left alone after so many in a
// row; after more it is the last. The first is tried again at the next run. Those of days
// end an hour early, or a nightly run that begins as ever would come a moment too soon.
func pauses() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{0, time.Hour, 6 * time.Hour, day - time.Hour, 3*day - time.Hour, 7*day - time.Hour}
}

// schedule sets how often in a row the item has ended so, and when it is tried again.
func (r *result) schedule(row *db.WorkItem, now time.Time) {
	if k := r.known; k != nil && k.Suspect == nil && k.Status == row.Status &&
		string(k.RecipeHash) == string(row.RecipeHash) && k.Algorithm == row.Algorithm {
		row.Tries = k.Tries + 1
	}
	if row.Code == nil || !recipe.Code(*row.Code).IsTransient() {
		return
	}
	if p := pauses()[min(row.Tries, len(pauses()))-1]; p > 0 {
		row.NextTry = nullTime(now.Add(p))
	}
}

// IsPassing reports whether a failure's code is one that may pass by itself.
func IsPassing(code string) bool { return recipe.Code(code).IsTransient() }

// current is what an item must have been computed with to need no work, where nothing is forced.
func (p *planner) current() db.Current {
	return db.Current{RecipeHash: p.recipeHash[:], Algorithm: recipe.Algorithm, Retry: p.retry,
		Passing: recipe.TransientCodes(), Now: p.now, MaxTries: p.maxAttempts}
}

// events reads the next page of them.
func (p *planner) events(ctx context.Context, last db.EventRow) ([]db.EventRow, error) {
	defer p.watch.clock(opEvents)()
	return patiently(ctx, p.patience, func() ([]db.EventRow, error) {
		return db.EventPage(ctx, p.pool, p.selection.Selection, last, eventsAtOnce)
	})
}

// inWork hands out the counter of what is in work.
func (o *RunOptions) inWork(snapshot func() mtp.Snapshot)  { handOut(o.InWork, snapshot) }
func (o *LoadOptions) inWork(snapshot func() mtp.Snapshot) { handOut(o.InWork, snapshot) }

func handOut(to func(count func() int64), snapshot func() mtp.Snapshot) {
	if to != nil {
		to(func() int64 { return inWork(snapshot()) })
	}
}

// inWork counts what the pipeline's own stage has begun and not written.
func inWork(s mtp.Snapshot) int64 {
	if len(s.Stages) == 0 {
		return 0
	}
	own := s.Stages[len(s.Stages)-1]
	return own.InFlight + own.Ready
}
