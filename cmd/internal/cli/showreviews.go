package cli

import (
	"context"
	"fmt"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// showReviews prints the reviews of an event below its table, or below a title, and says how many.
func (a *app) showReviews(ctx context.Context, pool *database, eventID string, s job.Selection, title string) (n int, err error) {
	all, err := db.Reviews(ctx, pool, []string{eventID})
	if err != nil {
		return 0, err
	}
	for i := range all {
		r := &all[i]
		if !holdsReview(s, r) {
			continue
		}
		if n == 0 {
			fmt.Fprint(a.out, title)
		}
		n++
		if _, err := fmt.Fprintf(a.out, "review of %s: %s\n", reviewedCodes(r), settledText(r)); err != nil {
			return n, err
		}
	}
	return n, nil
}

// verdicts are those of the reviews of events, by event and codes.
type verdicts map[db.ItemKey]*string

func readVerdicts(ctx context.Context, pool *database, eventIDs []string) (verdicts, error) {
	all, err := db.Reviews(ctx, pool, eventIDs)
	v := verdicts{}
	for i := range all {
		v[reviewKey(all[i].EventID, all[i].Codes())] = all[i].Verdict
	}
	return v, err
}

func reviewKey(event string, c db.ChannelCodes) db.ItemKey {
	return db.ItemKey{EventID: event, Network: c.Network, Station: c.Station, Location: c.Location, Instrument: c.Channel}
}

// of is the verdict on a row: that on its channel, else that on its instrument; nil if there is none.
func (v verdicts) of(m *db.Measurement) *string {
	channel := m.ItemKey
	channel.Instrument += m.Component
	if verdict := v[channel]; verdict != nil {
		return verdict
	}
	return v[m.ItemKey]
}
