package job

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// Finding is something that is wrong with the metadata of a channel epoch or, where Channel has
// two letters, between the channels of an instrument from From on.
type Finding struct {
	Code     response.Code `json:"code"`
	Network  string        `json:"network"`
	Station  string        `json:"station"`
	Location string        `json:"location"`
	Channel  string        `json:"channel"`
	From     *time.Time    `json:"from"`  // nil if open
	Until    *time.Time    `json:"until"` // nil if open
	Message  string        `json:"message"`
}

// CheckSummary is what a check came to.
type CheckSummary struct {
	Epochs, Findings int
}

// Check looks for contradictions in the metadata of the channel epochs of a selection, and
// between them and the sample rate of the data, and hands them to each in order of instrument. Of the selection, the
// codes count, and From and Until: an epoch that holds at no time between them is left out. The
// error is one of the database, or of each.
func Check(ctx context.Context, pool *sqlx.DB, s Selection, each func(Finding) error) (CheckSummary, error) {
	var sum CheckSummary
	rows, err := db.Channels(ctx, pool)
	if err != nil {
		return sum, err
	}
	rates, err := db.DataRates(ctx, pool, s.From, s.Until)
	if err != nil {
		return sum, err
	}
	c := checking{responses: newResponses(pool), rates: rates, selection: s, each: func(f Finding) error {
		sum.Findings++
		return each(f)
	}}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && idOf(&rows[n]).Instrument() == idOf(&rows[0]).Instrument() {
			n++
		}
		checked, err := c.instrument(ctx, rows[:n])
		sum.Epochs += checked
		if err != nil {
			return sum, err
		}
		rows = rows[n:]
	}
	return sum, nil
}

func idOf(c *db.Channel) waveform.SourceID {
	return waveform.SourceID{Network: c.Network, Station: c.Station, Location: c.Location, Channel: c.Channel}
}

// checking is one check.
type checking struct {
	responses *responses
	rates     map[int64]float64 // of data, by epoch
	selection Selection
	each      func(Finding) error
}

// instrument checks the selected epochs of an instrument, each alone and those that hold together.
func (c *checking) instrument(ctx context.Context, rows []db.Channel) (int, error) {
	in := instrument{id: idOf(&rows[0]).Instrument()}
	for i := range rows {
		if c.selection.HoldsChannel(idOf(&rows[i])) && c.holds(&rows[i]) {
			in.channels = append(in.channels, rows[i])
		}
	}
	byID := make(map[int64]waveform.Channel, len(in.channels))
	for i := range in.channels {
		row := &in.channels[i]
		ch, err := c.channel(ctx, row)
		if err != nil {
			return 0, err
		}
		byID[row.ID] = ch
		for _, p := range response.Check(ch, c.rates[row.ID]) {
			if err := c.each(finding(p, ch)); err != nil {
				return 0, err
			}
		}
	}
	return len(in.channels), c.together(&in, byID)
}

// together checks the epochs that hold at the start of each, and says the same thing once.
func (c *checking) together(in *instrument, byID map[int64]waveform.Channel) error {
	said := map[response.Problem]bool{}
	for i := range in.channels {
		var now []waveform.Channel
		from := in.channels[i].From.Time()
		for _, row := range in.at(c.within(from)) {
			now = append(now, byID[row.ID])
		}
		for _, p := range response.CheckInstrument(now) {
			if said[p] {
				continue
			}
			said[p] = true
			whole := waveform.Channel{From: from, ID: waveform.SourceID{Network: in.id.Network, Station: in.id.Station,
				Location: in.id.Location, Channel: in.id.Instrument}}
			if err := c.each(finding(p, whole)); err != nil {
				return err
			}
		}
	}
	return nil
}

// within is the start of an epoch, or that of the selection if it is later.
func (c *checking) within(from time.Time) time.Time {
	switch {
	case from.Before(c.selection.From):
		return c.selection.From
	case from.IsZero(): // open: before all that is not
		return time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return from
}

// holds reports whether an epoch holds at a time of the selection.
func (c *checking) holds(row *db.Channel) bool {
	from, until := row.From.Time(), row.Until.Time()
	return (c.selection.Until.IsZero() || from.Before(c.selection.Until)) &&
		(c.selection.From.IsZero() || until.IsZero() || until.After(c.selection.From))
}

// channel is the whole of a row.
func (c *checking) channel(ctx context.Context, row *db.Channel) (waveform.Channel, error) {
	ch := channelOf(row)
	if row.SampleRate != nil {
		ch.SampleRate = *row.SampleRate
	}
	var err error
	ch.Response, _, err = c.responses.of(ctx, row)
	return ch, err
}

func finding(p response.Problem, ch waveform.Channel) Finding {
	return Finding{Code: p.Code, Network: ch.ID.Network, Station: ch.ID.Station, Location: ch.ID.Location, Channel: ch.ID.Channel,
		From: nullTime(ch.From), Until: nullTime(ch.Until), Message: p.Message}
}
