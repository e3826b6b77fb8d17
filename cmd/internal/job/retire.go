package job

import (
	"context"
	"slices"

	"github.com/seisbatch/seisbatch/db"
)

// retired gives what is left of events that were merged into others or deleted, as obsolete.
// Like all that is obsolete, only a run over all stations takes it away.
func (p *planner) retired(ctx context.Context, emit func(*item) bool) error {
	if p.selection.ofStations() {
		return nil
	}
	events, err := patiently(ctx, p.patience, func() ([]db.EventRow, error) {
		return db.RetiredEvents(ctx, p.pool, p.label, p.selection.Selection)
	})
	if err != nil {
		return err
	}
	events = slices.DeleteFunc(events, func(e db.EventRow) bool {
		return p.selection.Center != nil && (e.OriginID == "" || !p.selection.holdsEvent(e))
	})
	for page := range slices.Chunk(events, eventsAtOnce) {
		ids := make([]string, len(page))
		for i := range page {
			ids[i] = page[i].ID
		}
		known, err := patiently(ctx, p.patience, func() (db.Known, error) {
			return db.Items(ctx, p.pool, p.label, ids, db.Current{}) // none is clean
		})
		if err != nil {
			return err
		}
		var due []*item
		for key, k := range known.Others {
			due = append(due, &item{key: key, known: &k, obsolete: true})
		}
		slices.SortFunc(due, func(a, b *item) int { return a.key.Compare(b.key) })
		for _, it := range p.toRetry(due) {
			if !emit(it) {
				return nil
			}
		}
	}
	return nil
}
