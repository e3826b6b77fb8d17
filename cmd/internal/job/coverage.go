package job

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// Coverage is what has become of the items of a station in a month that a label should
// have: Done + Skipped + Failed + Never = Expected. The JSON names are those of `status --json`.
type Coverage struct {
	Network  string `json:"network"` // "" of events without an origin, and of groups that hold several
	Station  string `json:"station"`
	Month    string `json:"month"`    // of the origin time, UTC, such as 2024-03; "" without an origin
	Expected int64  `json:"expected"` // items that a run over the selection considers
	Done     int64  `json:"done"`
	Skipped  int64  `json:"skipped"`
	Failed   int64  `json:"failed"`
	Never    int64  `json:"never_done"`
	Due      int64  `json:"due"` // the next run computes these, or finds on a look that what has changed does not matter to them
}

// Add adds the counts of another one.
func (c *Coverage) Add(o Coverage) {
	c.Expected, c.Done, c.Skipped = c.Expected+o.Expected, c.Done+o.Done, c.Skipped+o.Skipped
	c.Failed, c.Never, c.Due = c.Failed+o.Failed, c.Never+o.Never, c.Due+o.Due
}

// Compare orders by network, station and month.
func (c Coverage) Compare(o Coverage) int {
	return cmp.Or(strings.Compare(c.Network, o.Network), strings.Compare(c.Station, o.Station), strings.Compare(c.Month, o.Month))
}

// CoverageOf counts the items of a selection by station and month, in order of network,
// station and month. Of the options it takes label, recipe and selection. It opens no file,
// writes nothing and takes no lock: beside a run or a load, later months may be as of
// a later time. Memory is for the counts, whatever the number of items.
func CoverageOf(ctx context.Context, pool *sqlx.DB, o RunOptions) ([]Coverage, error) {
	o.defaults()
	o.DryRun = true
	r := &run{pool: pool, o: o}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	s := &survey{planner: r.plan, cells: map[cell]*Coverage{}}
	if err := s.withoutOrigin(ctx); err != nil {
		return nil, err
	}
	var last db.EventRow
	for {
		page, err := db.EventPage(ctx, pool, o.Selection.Selection, last, eventsAtOnce)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return s.sorted(), nil
		}
		last = page[len(page)-1]
		if err := s.page(ctx, page); err != nil {
			return nil, err
		}
	}
}

// survey counts the items that its planner would consider.
type survey struct {
	*planner
	cells map[cell]*Coverage
}

type cell struct{ network, station, month string }

func (s *survey) sorted() []Coverage {
	all := make([]Coverage, 0, len(s.cells))
	for _, c := range s.cells {
		all = append(all, *c)
	}
	slices.SortFunc(all, Coverage.Compare)
	return all
}

// count counts an expected item.
func (s *survey) count(key db.ItemKey, month string, known map[db.ItemKey]db.ItemState) {
	at := cell{key.Network, key.Station, month}
	c := s.cells[at]
	if c == nil {
		c = &Coverage{Network: key.Network, Station: key.Station, Month: month}
		s.cells[at] = c
	}
	c.Expected++
	state, ok := known[key]
	switch {
	case !ok:
		c.Never++
	case state.Status == db.ItemDone:
		c.Done++
	case state.Status == db.ItemSkipped:
		c.Skipped++
	default:
		c.Failed++
	}
	if !ok || state.Due {
		c.Due++
	}
}

func (s *survey) states(ctx context.Context, ids []string) (map[db.ItemKey]db.ItemState, error) {
	return db.ItemStates(ctx, s.pool, s.label, ids, s.current())
}

// withoutOrigin counts the events that have no origin, each of which is one item.
func (s *survey) withoutOrigin(ctx context.Context) error {
	ids, err := db.EventsWithoutOrigin(ctx, s.pool, s.selection.Selection)
	if err != nil {
		return err
	}
	for ids := range slices.Chunk(ids, eventsAtOnce) {
		known, err := s.states(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			s.count(db.ItemKey{EventID: id}, "", known)
		}
	}
	return nil
}

// page counts the items of some events.
func (s *survey) page(ctx context.Context, page []db.EventRow) error {
	page = slices.DeleteFunc(page, func(e db.EventRow) bool { return !s.selection.holdsEvent(e) })
	ids, times := make([]string, len(page)), make([]time.Time, len(page))
	for i := range page {
		ids[i], times[i] = page[i].ID, page[i].Time
	}
	known, err := s.states(ctx, ids)
	if err != nil {
		return err
	}
	orphans, err := db.ChannelsWithoutMetadata(ctx, s.pool, times, orphanSpan)
	if err != nil {
		return err
	}
	for i := range page {
		s.event(&page[i], orphans[i], known)
	}
	return nil
}

// event counts the items of one event: the same as planner.event considers.
func (s *survey) event(e *db.EventRow, orphans []db.ChannelCodes, known map[db.ItemKey]db.ItemState) {
	month := e.Time.UTC().Format("2006-01")
	met := map[db.ItemKey]bool{}
	for i := range s.inventory.instruments {
		in := &s.inventory.instruments[i]
		epochs := in.at(e.Time)
		if len(epochs) == 0 || s.isBeyond(e, epochs[0]) {
			continue
		}
		key := keyOf(e.ID, in.id)
		s.count(key, month, known)
		if len(orphans) > 0 {
			met[key] = true
		}
	}
	for _, it := range s.orphans(e, orphans) {
		if !met[it.key] {
			met[it.key] = true
			s.count(it.key, month, known)
		}
	}
}

// isBeyond reports whether a channel is farther from an event than the selection goes.
func (s *survey) isBeyond(e *db.EventRow, c *db.Channel) bool {
	if s.selection.MaxDistance == 0 {
		return false
	}
	d, _ := traveltime.Distance(e.Latitude, e.Longitude, c.Latitude, c.Longitude)
	return d > s.selection.MaxDistance
}
