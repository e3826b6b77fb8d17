package job

import (
	"context"
	"log/slog"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
)

// measure notes in res, when what it returns is called, how long a worker took for it and how
// much it has read.
func (w *worker) measure(res *result) (done func()) {
	began, before := time.Now(), w.reader.BytesRead
	return func() {
		res.took = time.Since(began)
		if !w.dryRun {
			res.bytes = w.reader.BytesRead - before
		}
	}
}

// outcome says what became of an item.
func (r *result) outcome() Outcome {
	o := Outcome{Event: r.key.EventID, Instrument: r.instrument(), Status: db.ItemDone, Rows: len(r.rows), Bytes: r.bytes, Took: r.took}
	switch {
	case r.obsolete:
		o.Status = Removed
		return o
	case r.verified:
		o.Status = Verified
		return o
	}
	o.Reason = r.reason
	if f := r.failure; f != nil {
		o.Status, o.Code, o.Message = db.ItemFailed, string(f.Code), f.Message
		if f.Code.IsSkip() {
			o.Status = db.ItemSkipped
		}
	}
	return o
}

// instrument names the instrument of an item; "" of an event without an origin, which has none.
func (it *item) instrument() string {
	k := it.key
	if k.Station == "" {
		return ""
	}
	return waveform.InstrumentID{Network: k.Network, Station: k.Station, Location: k.Location, Instrument: k.Instrument}.String()
}

// tell says what became of the items of a batch that was written: each a line at level debug.
func (r *run) tell(results []result) {
	debug := r.o.Log.Enabled(context.Background(), slog.LevelDebug)
	if !debug && !r.o.Watch.watchesItems() {
		return
	}
	for i := range results {
		o := results[i].outcome()
		r.o.Watch.item(&o)
		if debug {
			r.o.Log.LogAttrs(context.Background(), slog.LevelDebug, "item", o.attributes()...)
		}
	}
}

func (o *Outcome) attributes() []slog.Attr {
	out := []slog.Attr{slog.String("event", o.Event), slog.String("instrument", o.Instrument), slog.String("status", o.Status)}
	if o.Code != "" {
		out = append(out, slog.String("code", o.Code), slog.String("message", o.Message))
	}
	if o.Reason != "" {
		out = append(out, slog.String("reason", string(o.Reason)))
	}
	return append(out, slog.Int("rows", o.Rows), slog.Int64("bytes", o.Bytes), slog.Float64("seconds", seconds(o.Took)))
}

// seconds is a duration to the microsecond.
func seconds(d time.Duration) float64 { return d.Round(time.Microsecond).Seconds() }

// fileOutcome says what became of a file that a load has read, or could not.
func fileOutcome(row *db.File) FileOutcome {
	f := FileOutcome{Path: row.Path, Format: row.Format, Status: Loaded, Bytes: row.Size}
	if row.ErrorCode != nil {
		f.Status, f.Code = Faulty, *row.ErrorCode
	}
	return f
}

// tell says what became of a file. What has a fault gets a line of its own, a warning.
func (o *LoadOptions) tell(f FileOutcome) {
	o.Watch.file(f)
	if f.Status != Faulty && o.Log.Enabled(context.Background(), slog.LevelDebug) {
		o.Log.Debug("file", "file", f.Path, "format", f.Format, "status", f.Status, "bytes", f.Bytes)
	}
}
