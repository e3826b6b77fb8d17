package cli

import (
	"context"
	"log/slog"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// summariseRun logs a run that has ended, in one line. Of a dry run there is the result alone.
func (a *app) summariseRun(r job.RunResult, o job.RunOptions, took time.Duration, err error) {
	if o.DryRun || r.RunID == 0 {
		return
	}
	status := db.Done
	switch {
	case r.Interrupted:
		status = db.Interrupted
	case err != nil:
		status = db.Failed
	}
	attributes := []slog.Attr{slog.Int64("run", r.RunID), slog.String("kind", o.Kind), slog.String("label", o.Label), slog.String("status", status),
		slog.Int64("considered", r.Considered), slog.Int64("due", r.Due), slog.Int64("done", r.Done), slog.Int64("failed", r.Failed),
		slog.Int64("skipped", r.Skipped), slog.Int64("verified", r.Verified), slog.Int64("left", r.Left),
		slog.Any("codes", r.Codes), slog.Any("reasons", r.Reasons)}
	if shard := o.Selection.Shard; shard != (db.Shard{}) {
		attributes = append(attributes, slog.String("shard", shard.String()))
	}
	a.summarise("run ended", attributes, took, err)
}

// summariseLoad logs a load that has ended, in one line.
func (a *app) summariseLoad(l loading, s job.LoadSummary, took time.Duration, err error) {
	status := db.Done
	switch {
	case a.interrupts.check() != nil:
		status = db.Interrupted
	case err != nil:
		status = db.Failed
	}
	a.summarise("load ended", []slog.Attr{slog.String("what", l.what), slog.String("status", status), slog.Int("files", s.Files),
		slog.Int("loaded", s.Loaded), slog.Int("unchanged", s.Unchanged), slog.Int("removed", s.Removed), slog.Int("failed", s.Failed),
		slog.Int("found", s.Found), slog.Int("changed", s.Changed), slog.Int64("bytes", s.Bytes)}, took, err)
}

// summarise logs at info; where people read the log, at debug, because they have the result
// in words, which says the same.
func (a *app) summarise(what string, attributes []slog.Attr, took time.Duration, err error) {
	level := slog.LevelInfo
	if a.isReadByPeople() {
		level = slog.LevelDebug
	}
	attributes = append(attributes, slog.Float64("seconds", took.Round(time.Microsecond).Seconds()))
	if err != nil {
		attributes = append(attributes, slog.String("error", err.Error()))
	}
	a.log.LogAttrs(context.Background(), level, what, attributes...)
}
