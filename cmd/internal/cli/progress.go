package cli

import (
	"log/slog"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// logEvery is the time between two lines of progress where there is no terminal.
const logEvery = 10 * time.Second

// progress shows how far a verb is: a bar on a terminal, log lines elsewhere. Its
// methods belong to one goroutine at a time.
type progress struct {
	what, unit string // loading waveforms, files
	screen     *screen
	log        *slog.Logger
	quiet      bool

	bar            *progressbar.ProgressBar // nil until there is something to show
	started, lined time.Time
	last           job.Progress
}

func (a *app) newProgress(what, unit string) *progress {
	now := time.Now()
	return &progress{what: what, unit: unit, screen: a.screen, log: a.log, quiet: a.quiet, started: now, lined: now}
}

// update takes the newest state.
func (p *progress) update(now job.Progress) {
	p.last = now
	switch {
	case p.quiet:
	case p.screen.terminal:
		p.draw()
	case time.Since(p.lined) >= logEvery:
		p.lined = time.Now()
		p.log.Info(p.what, p.attributes()...)
	}
}

// finish takes the bar away, or writes a last line if there was anything to do.
func (p *progress) finish() {
	if p.bar != nil {
		p.screen.show(nil)
		_ = p.bar.Clear() // what is wrong with stderr cannot be said there
	}
	if !p.quiet && !p.screen.terminal && p.last.Done > 0 {
		p.log.Info(p.what+": finished", p.attributes()...)
	}
}

func (p *progress) attributes() []any {
	out := []any{p.unit, p.last.Done}
	if p.last.Total > 0 {
		out = append(out, "of", p.last.Total)
	}
	if p.last.Failed > 0 {
		out = append(out, "failed", p.last.Failed)
	}
	elapsed := time.Since(p.started)
	rate := float64(p.last.Done) / max(elapsed.Seconds(), 1e-3)
	out = append(out, "per_second", float64(int(rate*10))/10, "elapsed", elapsed.Round(time.Second))
	if left := p.last.Total - p.last.Done; left > 0 && rate > 0 {
		out = append(out, "left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return out
}

func (p *progress) draw() {
	total := p.last.Total
	if total <= 0 {
		total = -1 // a spinner
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.screen.to),
			progressbar.OptionSetDescription(p.what),
			progressbar.OptionSetItsString(p.unit),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionClearOnFinish())
		p.screen.show(p.bar)
	}
	if total != p.bar.GetMax64() && total > 0 {
		p.bar.ChangeMax64(total)
	}
	_ = p.bar.Set64(p.last.Done) // as in finish
}
