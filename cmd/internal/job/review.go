package job

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
)

// ReviewError is what is wrong with reviews as they were given: nothing was written.
type ReviewError struct{ What string }

// Error says what is wrong, and what to do.
func (e *ReviewError) Error() string { return e.What }

func badReview(format string, args ...any) error { return &ReviewError{fmt.Sprintf(format, args...)} }

// ReviewSummary is what a change of reviews came to.
type ReviewSummary struct {
	Found     int `json:"found"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

// SetReview edits the review of an event, called by a public id or the last part of one, at a channel or
// an instrument; edit gets what there is, or an empty one. It gives the review, and whether it has
// changed: one that says the same is left as it is, with its author and time, and one that says nothing
// any more is removed. A *[ReviewError] is about what was given.
func SetReview(ctx context.Context, pool *sqlx.DB, event string, id waveform.SourceID, edit func(*db.Review)) (r db.Review, changed bool, err error) {
	r = db.Review{EventID: event, Network: id.Network, Station: id.Station, Location: id.Location, Channel: id.Channel}
	err = changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		about, err := lookUpReviewed(ctx, tx, []db.Review{r})
		if err != nil {
			return err
		}
		if err := about.resolve(&r); err != nil {
			return err
		}
		before, known, err := findReview(ctx, tx, r)
		if err != nil {
			return err
		}
		r = before
		edit(&r)
		switch {
		case !known && r.SaysNothing():
			return badReview("nothing to review: give a verdict, windows, corners or a comment")
		case r.SettlesAsMuchAs(&before) && r.Comment == before.Comment:
			r = before
			return nil
		}
		changed = true
		if r.SaysNothing() {
			_, err := db.DeleteReview(ctx, tx, revision, r.EventID, r.Codes())
			return err
		}
		if err := about.check(&r); err != nil {
			return err
		}
		if _, err := db.SaveReviews(ctx, tx, revision, []db.Review{r}); err != nil {
			return err
		}
		r, _, err = findReview(ctx, tx, r) // as it is kept
		return err
	})
	return r, changed, err
}

// findReview is the review of the event and codes of r, which is given back where there is none.
func findReview(ctx context.Context, q sqlx.QueryerContext, r db.Review) (db.Review, bool, error) {
	all, err := db.Reviews(ctx, q, []string{r.EventID})
	if i := slices.IndexFunc(all, func(k db.Review) bool { return k.Codes() == r.Codes() }); i >= 0 {
		return all[i], true, err
	}
	return r, false, err
}

// ClearReview takes back what is settled about an event at a channel or instrument, and gives what
// that was; nil if nothing. A *[ReviewError] is about what was given.
func ClearReview(ctx context.Context, pool *sqlx.DB, event string, id waveform.SourceID) (was *db.Review, err error) {
	r := db.Review{EventID: event, Network: id.Network, Station: id.Station, Location: id.Location, Channel: id.Channel}
	err = changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		about, err := lookUpReviewed(ctx, tx, []db.Review{r})
		if err != nil {
			return err
		}
		unknown := about.resolve(&r)
		if r.EventID == "" {
			return unknown
		}
		if was, err = db.DeleteReview(ctx, tx, revision, r.EventID, r.Codes()); err != nil || was != nil {
			return err // also where the channel is known no more
		}
		return unknown
	})
	return was, err
}

// reviewed is what the database knows of the events and channels that reviews are about.
type reviewed struct {
	events map[string][]db.NamedEvent // by the name given
	seen   map[db.ChannelCodes]bool
	origin map[string]time.Time // by id; none if there is none
}

// lookUpReviewed looks up what reviews are about.
func lookUpReviewed(ctx context.Context, q sqlx.QueryerContext, reviews []db.Review) (reviewed, error) {
	about := reviewed{events: map[string][]db.NamedEvent{}, origin: map[string]time.Time{}}
	names, codes := make([]string, len(reviews)), make([]db.ChannelCodes, len(reviews))
	for i := range reviews {
		names[i], codes[i] = reviews[i].EventID, reviews[i].Codes()
	}
	events, err := db.NamedEvents(ctx, q, names)
	if err != nil {
		return about, err
	}
	for _, e := range events {
		about.events[e.Name] = append(about.events[e.Name], e)
		if e.Origin != nil {
			about.origin[e.ID] = *e.Origin
		}
	}
	about.seen, err = db.SeenChannels(ctx, q, codes)
	return about, err
}

// resolve puts the id by which the event is kept into the review, "" where there is not one, and wants the
// channel to be known.
func (a reviewed) resolve(r *db.Review) error {
	name, events := r.EventID, a.events[r.EventID]
	if i := slices.IndexFunc(events, func(e db.NamedEvent) bool { return e.IsWhole }); i >= 0 {
		events = events[i : i+1]
	}
	r.EventID = ""
	switch {
	case len(events) == 0:
		return badReview("no event %q: give a public id or the last part of one, or load the event first", name)
	case len(events) > 1:
		return badReview("%q is the last part of %d events, among them %s and %s: give a whole id", name, len(events), events[0].ID, events[1].ID)
	}
	r.EventID = events[0].ID
	if !a.seen[r.Codes()] {
		return badReview("no channel or instrument %s: there are neither metadata nor data of it; look at its codes, or load its StationXML first", reviewedText(r))
	}
	return nil
}

// check wants windows and corners that can be.
func (a reviewed) check(r *db.Review) error {
	halves := (r.NoiseFrom == nil) != (r.NoiseUntil == nil) || (r.SignalFrom == nil) != (r.SignalUntil == nil)
	zeros := r.Highpass != nil && *r.Highpass == 0 || r.Lowpass != nil && *r.Lowpass == 0
	switch {
	case halves:
		return badReview("a window needs both its start and its end")
	case zeros:
		return badReview("want corner frequencies in Hz, above 0")
	}
	if err := reviewOf(r).Check(a.origin[r.EventID]); err != nil {
		return badReview("%v", err)
	}
	return nil
}

// reviewedText names the channel or instrument, NC.CRH.--.HNE.
func reviewedText(r *db.Review) string {
	location := r.Location
	if location == "" {
		location = "--"
	}
	return strings.Join([]string{r.Network, r.Station, location, r.Channel}, ".")
}

func sourceIDOf(r *db.Review) waveform.SourceID {
	return waveform.SourceID{Network: r.Network, Station: r.Station, Location: r.Location, Channel: r.Channel}
}

// windowOf is the zero window where there is none.
func windowOf(from, until *time.Time) (w waveform.Window) {
	if from != nil {
		w.From = from.UTC()
	}
	if until != nil {
		w.Until = until.UTC()
	}
	return w
}
