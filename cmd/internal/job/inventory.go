package job

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// inventory is the eligible instruments of a selection, as of the start of a run.
type inventory struct {
	instruments []instrument // in order of id
}

// instrument has all epochs of its channels, in order of channel and start.
type instrument struct {
	id       waveform.InstrumentID
	hash     int64 // as the database has it
	channels []db.Channel
}

func loadInventory(ctx context.Context, q sqlx.QueryerContext, s Selection, e recipe.Eligible) (*inventory, error) {
	rows, err := db.Channels(ctx, q)
	if err != nil {
		return nil, err
	}
	var inv inventory
	for i := range rows {
		id := waveform.SourceID{Network: rows[i].Network, Station: rows[i].Station, Location: rows[i].Location, Channel: rows[i].Channel}
		if !e.IsEligible(id.Instrument().Instrument) || !s.HoldsChannel(id) {
			continue
		}
		if n := len(inv.instruments); n == 0 || inv.instruments[n-1].id != id.Instrument() {
			inv.instruments = append(inv.instruments, instrument{id: id.Instrument()})
		}
		in := &inv.instruments[len(inv.instruments)-1]
		in.channels = append(in.channels, rows[i])
	}
	keys := make([]db.ItemKey, len(inv.instruments))
	for i := range inv.instruments {
		keys[i] = keyOf("", inv.instruments[i].id)
	}
	hashes, err := db.InstrumentHashes(ctx, q, keys)
	if err != nil {
		return nil, err
	}
	for i := range hashes {
		inv.instruments[i].hash = hashes[i]
	}
	return &inv, nil
}

// sum is that of the items of an event at a time, if all of them need no work.
func (inv *inventory) sum(t time.Time) db.ItemSum {
	var s db.ItemSum
	for i := range inv.instruments {
		if in := &inv.instruments[i]; in.holds(t) {
			s.Clean++
			s.Hash ^= in.hash
		}
	}
	return s
}

// holds reports whether any channel has an epoch at a time.
func (in *instrument) holds(t time.Time) bool {
	for i := range in.channels {
		if c := &in.channels[i]; (waveform.Window{From: c.From.Time(), Until: c.Until.Time()}).Contains(t) {
			return true
		}
	}
	return false
}

// changes reports whether, within w, another epoch of the channel than c holds that says
// something else of its instrument, or none.
func (in *instrument) changes(c *db.Channel, w waveform.Window) bool {
	differs := func(t time.Time) bool {
		then := in.at(t)
		i := slices.IndexFunc(then, func(o *db.Channel) bool { return o.Channel == c.Channel })
		return i < 0 || !then[i].SameInstrument(c)
	}
	if differs(w.From) {
		return true
	}
	for i := range in.channels {
		o := &in.channels[i]
		if o.Channel != c.Channel {
			continue
		}
		for _, t := range []time.Time{o.From.Time(), o.Until.Time()} {
			if !t.IsZero() && t.After(w.From) && t.Before(w.Until) && differs(t) {
				return true
			}
		}
	}
	return false
}

// at gives the epochs that hold at a time, one for each channel: where epochs
// overlap, the one that starts latest.
func (in *instrument) at(t time.Time) []*db.Channel {
	var out []*db.Channel
	for i := range in.channels {
		c := &in.channels[i]
		if !(waveform.Window{From: c.From.Time(), Until: c.Until.Time()}).Contains(t) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Channel == c.Channel {
			out[n-1] = c // starts later
		} else {
			out = append(out, c)
		}
	}
	return out
}
