package job

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// ResetOptions of [Reset].
type ResetOptions struct {
	Label     string
	Selection Selection
	DryRun    bool            // count, and change nothing
	Stop      <-chan struct{} // closed: finish the batch that is begun
	Progress  func(Progress)

	last  func(*sqlx.Tx) error // in a transaction, when all items are gone
	batch int                  // items forgotten in one transaction, default 2000
}

// ResetResult counts what was forgotten or, in a dry run, would be.
type ResetResult struct {
	Label        string `json:"label"`
	Items        int64  `json:"items"`
	Done         int64  `json:"done"`
	Failed       int64  `json:"failed"`
	Skipped      int64  `json:"skipped"`
	Measurements int64  `json:"measurements"`
	Events       int64  `json:"events"`   // that have any of the items
	Stations     int64  `json:"stations"` // likewise
	Changed      bool   `json:"changed"`  // false: nothing was done
	Interrupted  bool   `json:"interrupted"`
}

// Reset forgets the work items of a selection and their measurements, so that they are as if
// never done. Each batch is one transaction: whatever ends it early, the items counted
// are forgotten and the others as they were. It holds the label's lock: if a run does, the error
// matches db.ErrLocked. A dry run needs no lock.
func Reset(ctx context.Context, pool *sqlx.DB, o ResetOptions) (ResetResult, error) {
	r := ResetResult{Label: o.Label}
	if o.batch <= 0 {
		o.batch = 2000
	}
	f, err := newItemFilter(ctx, pool, o.Selection)
	if err != nil {
		return r, err
	}
	forget := func([]db.ItemKey) error { return nil }
	if !o.DryRun {
		lock, err := db.TryLock(ctx, pool, o.Label, db.Shard{})
		if err != nil {
			return r, err
		}
		defer lock.Release()
		forget = func(keys []db.ItemKey) error {
			if err := lock.Held(ctx); err != nil {
				return err
			}
			return inTx(ctx, pool, func(tx *sqlx.Tx) error { return db.ForgetItems(ctx, tx, o.Label, keys) })
		}
	}
	if err := r.pages(ctx, pool, o, f, forget); err != nil {
		if r.Changed {
			err = fmt.Errorf("%d items were forgotten before this, the others are as they were: %w", r.Items, err)
		}
		return r, err
	}
	if o.last != nil && !r.Interrupted {
		r.Changed = true
		return r, inTx(ctx, pool, o.last)
	}
	return r, nil
}

// pages counts the items of a selection, page by page, once they are forgotten.
func (r *ResetResult) pages(ctx context.Context, pool *sqlx.DB, o ResetOptions, f *itemFilter, forget func([]db.ItemKey) error) error {
	stations := map[[2]string]bool{}
	var after, last db.ItemKey // last is the last counted
	for {
		if r.Interrupted = stopped(o.Stop); r.Interrupted {
			return nil
		}
		page, err := db.SelectedItems(ctx, pool, o.Label, o.Selection.Selection, after, o.batch)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].ItemKey
		held := page[:0]
		var keys []db.ItemKey
		for i := range page {
			if f.holds(&page[i]) {
				held, keys = append(held, page[i]), append(keys, page[i].ItemKey)
			}
		}
		if err := forget(keys); err != nil {
			return err
		}
		for i := range held {
			it := &held[i]
			r.count(it)
			if it.EventID != last.EventID {
				r.Events++
			}
			if it.Station != "" {
				stations[[2]string{it.Network, it.Station}] = true
			}
			last = it.ItemKey
		}
		r.Stations, r.Changed = int64(len(stations)), r.Changed || !o.DryRun && len(keys) > 0
		if o.Progress != nil {
			o.Progress(Progress{Done: r.Items, Note: last.EventID})
		}
	}
}

func (r *ResetResult) count(it *db.SelectedItem) {
	r.Items++
	r.Measurements += it.Rows
	switch it.Status {
	case db.ItemDone:
		r.Done++
	case db.ItemSkipped:
		r.Skipped++
	default:
		r.Failed++
	}
}

// itemFilter checks work items against the part of a selection that the database was not asked for.
type itemFilter struct {
	selection Selection
	places    map[waveform.InstrumentID]*instrument // nil unless distances are asked for
}

func newItemFilter(ctx context.Context, pool *sqlx.DB, s Selection) (*itemFilter, error) {
	f := &itemFilter{selection: s}
	if s.MaxDistance == 0 {
		return f, nil
	}
	channels, err := db.Channels(ctx, pool)
	if err != nil {
		return nil, err
	}
	f.places = map[waveform.InstrumentID]*instrument{}
	for i := range channels {
		c := &channels[i]
		id := waveform.SourceID{Network: c.Network, Station: c.Station, Location: c.Location, Channel: c.Channel}.Instrument()
		if f.places[id] == nil {
			f.places[id] = &instrument{id: id}
		}
		f.places[id].channels = append(f.places[id].channels, *c)
	}
	return f, nil
}

// holds reports whether an item is of the selection. One without a place is within no distance.
func (f *itemFilter) holds(it *db.SelectedItem) bool {
	s := &f.selection
	id := waveform.InstrumentID{Network: it.Network, Station: it.Station, Location: it.Location, Instrument: it.Instrument}
	if it.Time == nil {
		return s.Center == nil && s.MaxDistance == 0 && s.holdsInstrument(id)
	}
	if !s.holdsEvent(db.EventRow{Latitude: *it.Latitude, Longitude: *it.Longitude}) || !s.holdsInstrument(id) {
		return false
	}
	if s.MaxDistance == 0 {
		return true
	}
	in := f.places[id]
	if in == nil {
		return false
	}
	epochs := in.at(*it.Time)
	if len(epochs) == 0 {
		return false
	}
	d, _ := traveltime.Distance(*it.Latitude, *it.Longitude, epochs[0].Latitude, epochs[0].Longitude)
	return d <= s.MaxDistance
}

// holdsInstrument reports whether the selection is about any channel that an instrument can have.
func (s Selection) holdsInstrument(id waveform.InstrumentID) bool {
	for _, letter := range "ZNE123ABCDFGHIJKLMOPQRSTUVWXY4567890" {
		if s.HoldsChannel(waveform.SourceID{Network: id.Network, Station: id.Station, Location: id.Location, Channel: id.Instrument + string(letter)}) {
			return true
		}
	}
	return false
}
