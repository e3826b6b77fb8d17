package job

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Exported is the waveforms of one event at one instrument.
type Exported struct {
	EventID   string
	Magnitude *float64         // of the event, nil if it has none
	Input     *recipe.Input    // its data are used up
	Traces    []waveform.Trace // in order of channel and time; valid during the call
}

// ExportWaveforms computes the waveforms of a selection up to a step of the label's recipe, as
// [recipe.Processor.Until] names it, and hands them to write, item by item. What cannot be
// computed goes to failed; what is expected to be absent is passed over.
func ExportWaveforms(ctx context.Context, pool *sqlx.DB, a Again, step string, write func(Exported) error, failed func(*recipe.Input, *recipe.Failure)) error {
	return a.each(ctx, pool, func(w *worker, it *item) error {
		err := w.take(ctx, it)
		var traces []waveform.Trace
		if err == nil {
			traces, err = w.processor.Until(&it.input, step)
		}
		var why *recipe.Failure
		switch {
		case err == nil:
			return write(Exported{it.key.EventID, it.magnitude, &it.input, traces})
		case !errors.As(err, &why):
			return err
		case !why.Code.IsSkip():
			failed(&it.input, why)
		}
		return nil
	})
}
