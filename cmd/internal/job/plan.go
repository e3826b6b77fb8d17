package job

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// planner finds the items of a selection that are due, event by event. It keeps no
// transaction open: what changes meanwhile has a later revision and is for the next run.
type planner struct {
	pool       *sqlx.DB
	label      string
	recipe     recipe.Recipe
	recipeHash [32]byte
	selection  Selection
	force      bool
	retry      []string // codes: only what failed or was skipped with one of them is due
	inventory  *inventory
	watch      *Watch
	considered int64

	patience    *patience // nil: none
	now         time.Time // by which a failure that may pass is tried again
	maxAttempts int       // of that; 0 is no limit
	unmarked    bool      // changes are not marked on the items: what they touch is looked up
}

// eventsAtOnce is the length of a keyset page.
const eventsAtOnce = 100

// orphanSpan is how long after its origin data without metadata are taken as those
// of an event.
const orphanSpan = 2 * time.Minute

// items gives the due items. With sources false the waveform segments are left out,
// which is enough to count.
func (p *planner) items(sources bool) func(ctx context.Context) iter.Seq2[*item, error] {
	return func(ctx context.Context) iter.Seq2[*item, error] {
		return func(yield func(*item, error) bool) {
			more := true
			emit := func(it *item) bool { more = more && yield(it, nil); return more }
			err := p.withoutOrigin(ctx, emit)
			if more && err == nil {
				err = p.retired(ctx, emit)
			}
			var last db.EventRow
			for more && err == nil {
				var page []db.EventRow
				if page, err = p.events(ctx, last); err != nil || len(page) == 0 {
					break
				}
				last = page[len(page)-1]
				err = p.page(ctx, page, sources, emit)
			}
			if err != nil && more {
				yield(nil, err)
			}
		}
	}
}

// withoutOrigin gives an item, failed from the start, for each event that has no
// origin, and those that it had while it had one, as obsolete.
func (p *planner) withoutOrigin(ctx context.Context, emit func(*item) bool) error {
	ids, err := patiently(ctx, p.patience, func() ([]string, error) {
		return db.EventsWithoutOrigin(ctx, p.pool, p.selection.Selection)
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	known, err := p.known(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		it := &item{key: db.ItemKey{EventID: id}, failure: &recipe.Failure{Code: recipe.NoOrigin, Stage: "plan",
			Message: "the event has no origin: load QuakeML that has one, or remove the event"}}
		p.considered++
		due := p.obsolete(known.of[id], map[db.ItemKey]bool{it.key: true})
		if !known.Clean[it.key] {
			due = append(due, it.knownAs(known.Others))
		}
		for _, it := range p.toRetry(due) {
			if !emit(it) {
				return nil
			}
		}
	}
	return nil
}

// page gives the due items of some events.
func (p *planner) page(ctx context.Context, page []db.EventRow, sources bool, emit func(*item) bool) error {
	page = slices.DeleteFunc(page, func(e db.EventRow) bool { return !p.selection.holdsEvent(e) })
	times := make([]time.Time, len(page))
	for i := range page {
		times[i] = page[i].Time
	}
	read := p.watch.clock(opOrphans)
	orphans, err := patiently(ctx, p.patience, func() ([][]db.ChannelCodes, error) {
		return db.ChannelsWithoutMetadata(ctx, p.pool, times, orphanSpan)
	})
	if read(); err != nil {
		return err
	}
	settled, err := p.settled(ctx, page, orphans)
	if err != nil {
		return err
	}
	var ids []string
	for i := range page {
		if !settled[i] {
			ids = append(ids, page[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	known, err := p.known(ctx, ids)
	if err != nil {
		return err
	}
	read = p.watch.clock(opArrivals)
	arrivals, err := patiently(ctx, p.patience, func() ([]db.Arrival, error) { return db.Arrivals(ctx, p.pool, ids) })
	if read(); err != nil {
		return err
	}
	of := map[string][]db.Arrival{}
	for _, a := range arrivals {
		of[a.EventID] = append(of[a.EventID], a)
	}
	for i := range page {
		if settled[i] {
			continue
		}
		e := &page[i]
		due := p.event(e, of[e.ID], orphans[i], known)
		if sources {
			if err := p.addSources(ctx, due); err != nil {
				return err
			}
		}
		for _, it := range due {
			if !emit(it) {
				return nil
			}
		}
	}
	return nil
}

// settled says of which events nothing is due, as far as sums of their items tell: most of
// them on most nights. The items of the others are looked at one by one.
func (p *planner) settled(ctx context.Context, page []db.EventRow, orphans [][]db.ChannelCodes) ([]bool, error) {
	settled := make([]bool, len(page))
	if p.force || p.selection.MaxDistance > 0 {
		return settled, nil
	}
	ids := make([]string, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	read := p.watch.clock(opItems)
	sums, err := patiently(ctx, p.patience, func() (map[string]db.ItemSum, error) {
		return db.ItemSums(ctx, p.pool, p.label, ids, p.current())
	})
	if read(); err != nil {
		return nil, err
	}
	touched, err := p.touched(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := map[string]bool{}
	for key := range touched {
		of[key.EventID] = true
	}
	for i := range page {
		if of[ids[i]] {
			continue
		}
		if want := p.inventory.sum(page[i].Time); len(orphans[i]) == 0 && sums[ids[i]] == want {
			settled[i] = true
			p.considered += want.Clean
		}
	}
	return settled, nil
}

// event lists the due items of one event, in order of instrument; what has data but
// no metadata comes last.
func (p *planner) event(e *db.EventRow, arrivals []db.Arrival, orphans []db.ChannelCodes, known knownItems) []*item {
	var due []*item
	met := map[db.ItemKey]bool{}
	for i := range p.inventory.instruments {
		in := &p.inventory.instruments[i]
		key := keyOf(e.ID, in.id)
		epochs := in.at(e.Time)
		if len(epochs) == 0 {
			continue
		}
		if p.selection.MaxDistance == 0 && known.Clean[key] {
			met[key] = true
			p.considered++
			continue
		}
		it := newItem(&p.recipe, e, arrivals, in, epochs)
		it.review(&p.recipe, in, known.reviews[key])
		if p.selection.MaxDistance > 0 && it.input.Distance > p.selection.MaxDistance {
			continue
		}
		met[key] = true
		p.considered++
		if !known.Clean[key] {
			due = append(due, it.knownAs(known.Others))
		}
	}
	for _, it := range p.orphans(e, orphans) {
		if met[it.key] {
			continue
		}
		met[it.key] = true
		p.considered++
		if !known.Clean[it.key] {
			due = append(due, it.knownAs(known.Others))
		}
	}
	return p.toRetry(append(due, p.obsolete(known.of[e.ID], met)...))
}

// toRetry leaves out of the due items, in a retry, all but those that it is for. It marks
// those whose failure may have passed.
func (p *planner) toRetry(due []*item) []*item {
	for _, it := range due {
		it.again = it.known != nil && p.current().IsAgain(it.known)
	}
	if len(p.retry) == 0 {
		return due
	}
	return slices.DeleteFunc(due, func(it *item) bool { return !it.failedWith(p.retry) })
}

// knownItems is what the database has of the items of some events.
type knownItems struct {
	db.Known
	of      map[string][]*db.WorkItem  // Others by event
	reviews map[db.ItemKey][]db.Review // of any of an item's components
}

func (p *planner) known(ctx context.Context, ids []string) (knownItems, error) {
	defer p.watch.clock(opItems)()
	current := p.current()
	if p.force {
		current = db.Current{}
	}
	touched, err := p.touched(ctx, ids)
	if err != nil {
		return knownItems{}, err
	}
	wanted := current
	if len(touched) > 0 {
		wanted = db.Current{} // all rows, to be told apart here
	}
	items, err := patiently(ctx, p.patience, func() (db.Known, error) { return db.Items(ctx, p.pool, p.label, ids, wanted) })
	if len(touched) > 0 {
		items.Touch(touched, current)
	}
	k := knownItems{Known: items, of: map[string][]*db.WorkItem{}}
	for key := range items.Others {
		it := items.Others[key]
		k.of[key.EventID] = append(k.of[key.EventID], &it)
	}
	if err == nil {
		err = p.patience.do(ctx, func() (err error) { k.reviews, err = reviewsOf(ctx, p.pool, ids); return err })
	}
	return k, err
}

// touched are the items of events that changes touch which are not marked yet, by what has changed.
func (p *planner) touched(ctx context.Context, ids []string) (map[db.ItemKey]string, error) {
	if !p.unmarked {
		return nil, nil
	}
	return patiently(ctx, p.patience, func() (map[db.ItemKey]string, error) { return db.TouchedItems(ctx, p.pool, p.label, ids) })
}

// obsolete lists the known items of an event that the plan did not meet and that
// are none any more.
func (p *planner) obsolete(known []*db.WorkItem, met map[db.ItemKey]bool) []*item {
	var out []*item
	for _, k := range known {
		if !met[k.ItemKey] && p.isObsolete(k) {
			out = append(out, &item{key: k.ItemKey, known: k, obsolete: true})
		}
	}
	return out
}

// isObsolete reports whether a known item that the plan did not meet is none any
// more: the event has got an origin, an epoch has ended, an orphan's data are gone, the
// recipe leaves the instrument out. Only a run over all stations can tell.
func (p *planner) isObsolete(k *db.WorkItem) bool {
	if k.Network == "" && k.Station == "" {
		return true // of an event that had no origin
	}
	return !p.selection.ofStations() && (k.Suspect != nil || p.force || string(k.RecipeHash) != string(p.recipeHash[:]))
}

// orphans are the eligible instruments among channels that have data at the event
// but no metadata.
func (p *planner) orphans(e *db.EventRow, ids []db.ChannelCodes) []*item {
	if p.selection.MaxDistance > 0 {
		return nil // where they are is not known
	}
	var out []*item
	for _, c := range ids {
		id := waveform.SourceID{Network: c.Network, Station: c.Station, Location: c.Location, Channel: c.Channel}
		if !p.recipe.Eligible.IsEligible(id.Instrument().Instrument) || !p.selection.HoldsChannel(id) {
			continue
		}
		out = append(out, &item{key: keyOf(e.ID, id.Instrument()),
			extent:    waveform.Window{From: e.Time, Until: e.Time.Add(orphanSpan)},
			eventHash: recipe.EventHash(originOf(e), e.Magnitude, recipe.Onsets{}), originHash: recipe.OriginHash(originOf(e), e.Magnitude),
			failure: &recipe.Failure{Code: recipe.NoMetadata, Stage: "plan",
				Message: id.String() + " has data but no channel epoch at " + e.Time.Format(time.RFC3339) + ": load its StationXML"}})
	}
	return out
}

// addSources looks up where the data of items of one event are.
func (p *planner) addSources(ctx context.Context, due []*item) error {
	var w waveform.Window
	stations := map[string]bool{}
	for _, it := range due {
		if it.failure != nil || it.obsolete {
			continue
		}
		stations[it.key.Network+"."+it.key.Station] = true
		if w.From.IsZero() || it.extent.From.Before(w.From) {
			w.From = it.extent.From
		}
		if it.extent.Until.After(w.Until) {
			w.Until = it.extent.Until
		}
	}
	if len(stations) == 0 {
		return nil
	}
	names := make([]string, 0, len(stations))
	for s := range stations {
		names = append(names, s)
	}
	read := p.watch.clock(opSegments)
	rows, err := patiently(ctx, p.patience, func() ([]db.LocatedSegment, error) {
		return db.Segments(ctx, p.pool, w.From, w.Until, names)
	})
	if read(); err != nil {
		return err
	}
	byInstrument := map[waveform.InstrumentID][]archive.Source{}
	for i := range rows {
		s := sourceOf(&rows[i])
		byInstrument[s.ID.Instrument()] = append(byInstrument[s.ID.Instrument()], s)
	}
	for _, it := range due {
		it.sources = byInstrument[it.input.Instrument]
	}
	return nil
}
