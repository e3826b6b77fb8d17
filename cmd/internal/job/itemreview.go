package job

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// reviewsOf are the reviews of events, by the items that each may be about: a channel's is of the item of
// its instrument.
func reviewsOf(ctx context.Context, q sqlx.QueryerContext, eventIDs []string) (map[db.ItemKey][]db.Review, error) {
	all, err := db.Reviews(ctx, q, eventIDs)
	of := map[db.ItemKey][]db.Review{}
	for _, r := range all {
		asInstrument := keyOf(r.EventID, waveform.InstrumentID{Network: r.Network, Station: r.Station, Location: r.Location, Instrument: r.Channel})
		of[asInstrument] = append(of[asInstrument], r)
		asChannel := keyOf(r.EventID, sourceIDOf(&r).Instrument())
		of[asChannel] = append(of[asChannel], r)
	}
	return of, err
}

// review gives the components what an analyst has settled: that of the channel before that of the instrument.
// Windows may make the item read more, or less; what cannot be, or is rejected, ends it here.
func (it *item) review(r *recipe.Recipe, instrument *instrument, reviews []db.Review) {
	if len(reviews) == 0 {
		return
	}
	in := &it.input
	var failure *recipe.Failure
	rejected := 0
	var extent waveform.Window
	for i := range in.Components {
		c := &in.Components[i]
		c.Review = reviewAt(c.Channel.ID, reviews)
		if c.Review.IsRejected() {
			rejected++
			continue
		}
		if err := c.Review.Check(in.Origin.Time); err != nil {
			if failure == nil {
				failure = &recipe.Failure{Code: recipe.BadReview, Stage: "plan", Message: c.Channel.ID.String() + ": " + err.Error() + ": correct the review, or clear it"}
			}
			continue // nothing is read, however far the windows
		}
		windows := r.Windows.For(c.Review)
		c.EpochChange = instrument.changes(it.channels[i], windows.Measured(in.Onsets))
		extent = hull(extent, windows.Extent(in.Onsets))
	}
	it.reviewHash = recipe.ReviewHash(in.Components)
	it.metadata = recipe.MetadataHash(in.Components)
	if !extent.From.IsZero() {
		it.extent = extent
	}
	if rejected == len(in.Components) {
		failure = &recipe.Failure{Code: recipe.Rejected, Stage: "plan", Message: "rejected by a review: 'seisbatch review list' has it, 'seisbatch review clear' takes it back"}
	}
	if it.failure == nil {
		it.failure = failure
	}
}

// reviewAt is what holds for a channel.
func reviewAt(id waveform.SourceID, reviews []db.Review) recipe.Review {
	var channel, instrument recipe.Review
	for i := range reviews {
		switch reviews[i].Channel {
		case id.Channel:
			channel = reviewOf(&reviews[i])
		case id.Instrument().Instrument:
			instrument = reviewOf(&reviews[i])
		}
	}
	return channel.Over(instrument)
}

// hull holds both windows; the zero window holds nothing.
func hull(a, b waveform.Window) waveform.Window {
	if a.From.IsZero() || b.From.Before(a.From) {
		a.From = b.From
	}
	if b.Until.After(a.Until) {
		a.Until = b.Until
	}
	return a
}

// isSettled reports whether the plan knows what becomes of the item, and no data are read.
func (it *item) isSettled() bool {
	if it.obsolete || it.failure == nil {
		return it.obsolete
	}
	switch it.failure.Code {
	case recipe.TooFar, recipe.Rejected, recipe.BadReview:
		return true
	}
	return len(it.channels) == 0
}

// reviewOf is the value of a row.
func reviewOf(r *db.Review) recipe.Review {
	v := recipe.Review{Noise: windowOf(r.NoiseFrom, r.NoiseUntil), Signal: windowOf(r.SignalFrom, r.SignalUntil)}
	if r.Verdict != nil {
		v.Verdict = recipe.Verdict(*r.Verdict)
	}
	if r.Highpass != nil {
		v.Highpass = *r.Highpass
	}
	if r.Lowpass != nil {
		v.Lowpass = *r.Lowpass
	}
	return v
}
