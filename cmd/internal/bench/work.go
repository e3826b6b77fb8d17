package main

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// work is what one run of everything comes to.
type work struct {
	items   int
	windows int   // channel records processed
	bytes   int64 // of miniSEED that are read for them
}

// workDone adds up what the results in the database were made from: of each
// record's window, the stretches of files that the archive reader reads.
func workDone(ctx context.Context, pool *sqlx.DB) (work, error) {
	segments, err := allSegments(ctx, pool)
	if err != nil {
		return work{}, err
	}
	var w work
	items := map[db.ItemKey]bool{}
	windows := recipe.Default().Windows
	err = db.Measurements(ctx, pool, "default", nil, func(m *db.Measurement) error {
		if m.Component == recipe.RotD50 || m.Component == recipe.RotD100 {
			return nil
		}
		w.windows++
		items[m.ItemKey] = true
		read := windows.Wanted(recipe.Onsets{P: *m.PAt, S: *m.SAt}, *m.SampleRate).Read
		id := waveform.SourceID{Network: m.Network, Station: m.Station, Location: m.Location, Channel: m.Instrument + m.Component}
		for _, s := range segments[id] {
			w.bytes += bytesIn(s.Extents, read)
		}
		return nil
	})
	w.items = len(items)
	return w, err
}

// allSegments reads the segments of all stations.
func allSegments(ctx context.Context, pool *sqlx.DB) (map[waveform.SourceID][]db.LocatedSegment, error) {
	channels, err := db.Channels(ctx, pool)
	if err != nil {
		return nil, err
	}
	var stations []string
	for _, c := range channels {
		stations = append(stations, c.Network+"."+c.Station)
	}
	located, err := db.Segments(ctx, pool, time.Unix(0, 0), time.Now(), stations)
	if err != nil {
		return nil, err
	}
	segments := map[waveform.SourceID][]db.LocatedSegment{}
	for _, s := range located {
		id := waveform.SourceID{Network: s.Network, Station: s.Station, Location: s.Location, Channel: s.Channel}
		segments[id] = append(segments[id], s)
	}
	return segments, nil
}

// bytesIn adds up the extents (offset, length, first and last sample in ns) that
// overlap a window.
func bytesIn(extents db.Ints, w waveform.Window) (n int64) {
	from, until := w.From.UnixNano(), w.Until.UnixNano()
	for ; len(extents) >= 4; extents = extents[4:] {
		if extents[2] < until && extents[3] >= from {
			n += extents[1]
		}
	}
	return n
}
