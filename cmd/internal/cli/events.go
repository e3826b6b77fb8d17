package cli

import (
	"context"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// checkEvents returns a usageError that names the first event that is not known.
func checkEvents(ctx context.Context, pool *database, names []string) error {
	for _, name := range names {
		ids, err := db.FindEvents(ctx, pool, []string{name})
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return usagef("no event %q: give a public id or the last part of one", name)
		}
	}
	return nil
}

// eventPage is how many events are read at once.
const eventPage = 500

// selectedEvents hands over the events of a selection in order of time, until
// each says that it is enough.
func selectedEvents(ctx context.Context, pool *database, s job.Selection, each func(db.EventRow) (more bool)) error {
	var after db.EventRow
	for {
		page, err := db.EventPage(ctx, pool, s.Selection, after, eventPage)
		if err != nil {
			return err
		}
		for _, e := range page {
			if holdsPlace(s, e) && !each(e) {
				return nil
			}
		}
		if len(page) < eventPage {
			return nil
		}
		after = page[len(page)-1]
	}
}

func holdsPlace(s job.Selection, e db.EventRow) bool {
	if s.Center == nil {
		return true
	}
	d, _ := traveltime.Distance(s.Center.Latitude, s.Center.Longitude, e.Latitude, e.Longitude)
	return d <= s.Radius
}

// anyEvent reports whether a selection holds an event at all, be it one without
// an origin.
func anyEvent(ctx context.Context, pool *database, s job.Selection) (bool, error) {
	found := false
	err := selectedEvents(ctx, pool, s, func(db.EventRow) bool {
		found = true
		return false
	})
	if err != nil || found || s.Center != nil {
		return found, err
	}
	ids, err := db.EventsWithoutOrigin(ctx, pool, s.Selection)
	return len(ids) > 0, err
}

// oneEvent is the full id of the event called name.
func oneEvent(ctx context.Context, pool *database, name string) (string, error) {
	ids, err := db.FindEvents(ctx, pool, []string{name})
	return only(ids, name, err)
}

// only is the id of the one event that a name was found to be of.
func only(ids []string, name string, err error) (string, error) {
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", usagef("no event %q: give a public id or the last part of one", name)
	case len(ids) > 1:
		return "", usagef("%q is the last part of %d events, among them %s and %s: give a whole id", name, len(ids), ids[0], ids[1])
	}
	return ids[0], nil
}
