package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/figure"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// ErrNothingToDraw says that an event has no processable data at a station.
var ErrNothingToDraw = errors.New("nothing to draw")

// FigureOf computes an event at a station again, by the recipe of the label, for a
// picture. The station is a code, or NETWORK.CODE; the instrument is a band and
// instrument code, "" for the first that has data. Nothing is written.
func FigureOf(ctx context.Context, pool *sqlx.DB, label, eventID, station, instrument string) (figure.Figure, error) {
	o := RunOptions{Label: label, DryRun: true, Force: true}
	o.Selection.Events = []string{eventID}
	network, code, ok := strings.Cut(station, ".")
	if !ok {
		network, code = "*", station
	}
	o.Selection.Networks, o.Selection.Stations = []string{network}, []string{code}
	if instrument != "" {
		o.Selection.Channels = []string{instrument + "?"}
	}
	o.defaults()
	r := &run{pool: pool, o: o}
	if err := r.prepare(ctx); err != nil {
		return figure.Figure{}, err
	}
	processor, err := recipe.NewProcessor(r.recipe, process.NewShared(inverseBytes))
	if err != nil {
		return figure.Figure{}, err
	}
	w := &worker{recipe: &r.recipe, hash: r.hash, responses: newResponses(pool), processor: processor}
	var failure error
	for it, err := range r.plan.items(true)(ctx) {
		if err != nil {
			return figure.Figure{}, err
		}
		f, err := w.figure(ctx, it)
		var why *recipe.Failure
		if !errors.As(err, &why) {
			return f, err
		}
		if failure == nil || why.Code != recipe.NoData {
			failure = fmt.Errorf("%s: %w", it.input.Instrument, err)
		}
	}
	if failure != nil {
		return figure.Figure{}, fmt.Errorf("%w: %w", ErrNothingToDraw, failure)
	}
	return figure.Figure{}, fmt.Errorf("%w: no eligible instrument of station %s has metadata at the time of %s", ErrNothingToDraw, station, eventID)
}

// figure processes one item for a picture. The error is a *recipe.Failure where it
// is about the item.
func (w *worker) figure(ctx context.Context, it *item) (figure.Figure, error) {
	if it.failure != nil {
		return figure.Figure{}, it.failure
	}
	if err := w.read(ctx, it); err != nil {
		return figure.Figure{}, err
	}
	raw := map[waveform.SourceID][]waveform.Trace{} // processing overwrites the data
	for i, c := range it.channels {
		comp := &it.input.Components[i]
		for _, tr := range comp.Traces {
			tr.Data = slices.Clone(tr.Data)
			raw[comp.Channel.ID] = append(raw[comp.Channel.ID], tr)
		}
		var err error
		if comp.Channel.Response, _, err = w.responses.of(ctx, c); err != nil {
			return figure.Figure{}, err
		}
	}
	motions, rows, err := w.processor.MotionsAndRows(&it.input)
	if err != nil {
		return figure.Figure{}, err
	}
	f := figure.Figure{
		Title:  fmt.Sprintf("%s at %s", db.ShortID(it.key.EventID), it.input.Instrument),
		Onsets: it.input.Onsets,
		Subtitle: fmt.Sprintf("%s, epicentral distance %.1f km, azimuth %.0f°",
			it.input.Origin.Time.Format("2006-01-02 15:04:05 UTC"), it.input.Distance/1e3, it.input.Azimuth),
	}
	if it.magnitude != nil {
		f.Subtitle = fmt.Sprintf("magnitude %.4g, %s", *it.magnitude, f.Subtitle)
	}
	for i, m := range motions {
		f.Records = append(f.Records, figure.Record{Raw: raw[m.Channel.ID], Motion: m, Row: rows[i]})
	}
	return f, nil
}
