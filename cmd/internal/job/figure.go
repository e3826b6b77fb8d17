package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/figure"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// ErrNothingToDraw says that a selection has no processable data.
var ErrNothingToDraw = errors.New("nothing to draw")

// Again says what to compute once more, by the recipe of a label, without writing anything to the
// database: for a picture or a file.
type Again struct {
	Words     recipe.Language
	Label     string
	Selection Selection
}

// FigureOf is the picture of the first instrument of the selection that has processable data.
func FigureOf(ctx context.Context, pool *sqlx.DB, a Again) (figure.Figure, error) {
	var f figure.Figure
	drawn := errors.New("drawn")
	var failure error
	err := a.each(ctx, pool, func(w *worker, it *item) error {
		var err error
		f, err = w.figure(ctx, it)
		var why *recipe.Failure
		switch {
		case err == nil:
			return drawn
		case !errors.As(err, &why):
			return err
		case failure == nil || why.Code != recipe.NoData:
			failure = fmt.Errorf("%s: %w", it.input.Instrument, err)
		}
		return nil
	})
	switch {
	case errors.Is(err, drawn):
		return f, nil
	case err != nil:
		return f, err
	case failure != nil:
		return f, fmt.Errorf("%w: %w", ErrNothingToDraw, failure)
	}
	return f, fmt.Errorf("%w: no eligible instrument of the station has metadata at the time of the event", ErrNothingToDraw)
}

// each hands the items of the selection over, one by one, with a worker for them, until do
// returns an error.
func (a Again) each(ctx context.Context, pool *sqlx.DB, do func(*worker, *item) error) error {
	o := RunOptions{Label: a.Label, Words: a.Words, Selection: a.Selection, DryRun: true, Force: true}
	o.defaults()
	r := &run{pool: pool, o: o}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	shared, err := recipe.NewShared(r.recipe, inverseBytes)
	if err != nil {
		return err
	}
	processor, err := recipe.NewProcessor(shared)
	if err != nil {
		return err
	}
	w := &worker{recipe: &r.recipe, hash: r.hash, responses: newResponses(pool), processor: processor}
	for it, err := range r.plan.items(true)(ctx) {
		if err != nil {
			return err
		}
		if err := do(w, it); err != nil {
			return err
		}
	}
	return nil
}

// take reads what an item is computed from. The error is a *recipe.Failure where it is about
// the item.
func (w *worker) take(ctx context.Context, it *item) error {
	if it.failure != nil {
		return it.failure
	}
	if err := w.read(ctx, it); err != nil {
		return err
	}
	return w.respond(ctx, it)
}

// figure processes one item for a picture. The error is a *recipe.Failure where it
// is about the item.
func (w *worker) figure(ctx context.Context, it *item) (figure.Figure, error) {
	if err := w.take(ctx, it); err != nil {
		return figure.Figure{}, err
	}
	raw := map[waveform.SourceID][]waveform.Trace{} // processing overwrites the data
	for i := range it.input.Components {
		comp := &it.input.Components[i]
		for _, tr := range comp.Traces {
			tr.Data = slices.Clone(tr.Data)
			raw[comp.Channel.ID] = append(raw[comp.Channel.ID], tr)
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
