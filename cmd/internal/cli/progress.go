package cli

import (
	"io"
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
	summarised bool // how it ended is logged by others

	bar            *progressbar.ProgressBar // nil without a terminal
	started, lined time.Time
	last           job.Progress
}

func (a *app) newProgress(what, unit string) *progress {
	now := time.Now()
	p := &progress{what: what, unit: unit, screen: a.screen, log: a.log, quiet: a.quiet, started: now, lined: now}
	if a.isReadByPeople() && !a.quiet {
		p.bar = newBar(a.screen.to, what, unit)
		a.screen.show(p.bar)
	}
	return p
}

// newBar makes a bar that is shown from the first update on, but counts time from
// now. Its length is not known yet.
func newBar(to io.Writer, what, unit string) *progressbar.ProgressBar {
	bar := progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(to),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetItsString(unit),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(30),
		progressbar.OptionSetSpinnerChangeInterval(0), // or a goroutine draws on, also after Clear
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish())
	bar.StartWithoutRender()
	return bar
}

// update takes the newest state.
func (p *progress) update(now job.Progress) {
	p.last = now
	switch {
	case p.quiet:
	case p.bar != nil:
		if now.Total > 0 && now.Total != p.bar.GetMax64() {
			p.bar.ChangeMax64(now.Total)
		}
		_ = p.bar.Set64(now.Done) // what is wrong with stderr cannot be said there
	case time.Since(p.lined) >= logEvery:
		p.lined = time.Now()
		p.log.Info(p.what, p.attributes()...)
	}
}

// finish takes the bar away, or writes a last line if there was anything to do.
func (p *progress) finish() {
	switch {
	case p.bar != nil:
		p.screen.show(nil)
		_ = p.bar.Clear() // as in update
	case p.quiet || p.summarised || p.last.Done == 0:
	case p.last.Done < p.last.Total:
		p.log.Info(p.what+": stopped", p.attributes()...)
	default:
		p.log.Info(p.what+": finished", p.attributes()...)
	}
}

// roundingOf is to how much a duration is rounded, so that a short one is not shown as none.
func roundingOf(d time.Duration) time.Duration {
	switch {
	case d < time.Second:
		return time.Millisecond
	case d < 10*time.Second:
		return 100 * time.Millisecond
	}
	return time.Second
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
	out = append(out, "per_second", float64(int(rate*10))/10, "elapsed", elapsed.Round(roundingOf(elapsed)))
	if left := p.last.Total - p.last.Done; left > 0 && rate > 0 {
		out = append(out, "left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return out
}
