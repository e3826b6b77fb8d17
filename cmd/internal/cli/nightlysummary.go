package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// nightText is the summary of a night for an e-mail: what a person has to look at comes first.
func nightText(r *job.NightlyResult, o job.NightlyOptions, err error) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("seisbatch nightly, label %s: %s", r.Label, nightTitle(r, err))
	line("run %d, %s to %s (%v)", r.RunID, clock(r.StartedAt), clock(r.FinishedAt), r.FinishedAt.Sub(r.StartedAt).Round(time.Second))
	for _, text := range nightEnd(r, o, err) {
		line("%s", text)
	}
	turns(&b, "New failures", r.NewFailures, r.FirstFailures)
	turns(&b, "Had results and have none now", r.Lost, r.FirstLost)
	turns(&b, "Recovered", r.Recovered, r.FirstRecovery)
	if len(r.Files) > 0 {
		line("\nFiles with faults, loaded this night:")
		for i := range r.Files {
			line("  %s: %s: %s", r.Files[i].File, r.Files[i].Code, oneLine(r.Files[i].Message))
		}
	}
	line("\nLoaded:")
	for _, l := range r.Loads {
		line("  %-10s %s: %d read (%s), %d unchanged, %d gone, %d with errors", l.What, counted(l.Files, "file"), l.Loaded, bytesText(l.Bytes), l.Unchanged, l.Removed, l.LoadSummary.Failed)
		if l.Merged+l.Deleted+l.Restored > 0 {
			line("             %s merged, %d deleted, %d restored", counted(l.Merged, "event"), l.Deleted, l.Restored)
		}
	}
	if len(r.Loads) == 0 {
		line("  nothing")
	}
	line("\nProcessed:")
	if r.Planned {
		line("  %s, of %d: %s%s", computedOf(r), r.Considered, outcome(r.RunResult), verified(r.RunResult))
	} else {
		line("  nothing: what is due was not looked at")
	}
	for _, reason := range job.Reasons {
		if n := r.Reasons[reason]; n > 0 {
			line("  %8d %s", n, reason)
		}
	}
	if chronic := r.Failing - r.NewFailures; chronic > 0 {
		line("  %s failing as before: 'seisbatch failures%s'", counted(chronic, "item"), labelOption(r.Label))
	}
	if r.Removed > 0 {
		line("  %s removed, that are none any more: of merged or deleted events, or replaced epochs", counted(r.Removed, "item"))
	}
	if r.Younger > 0 {
		line("  %s younger than %v left for later", counted(r.Younger, "event"), o.MinAge)
	}
	if r.Pruned > 0 {
		line("  %s forgotten", counted(r.Pruned, "old run"))
	}
	return b.String()
}

// nightTitle is the night in a line.
func nightTitle(r *job.NightlyResult, err error) string {
	parts := []string{counted(r.NewFailures, "new failure")}
	if err != nil {
		parts = append([]string{"FAILED"}, parts...)
	}
	if n := len(r.Files); n > 0 {
		parts = append(parts, counted(n, "file")+" with faults")
	}
	if r.Lost > 0 {
		parts = append(parts, fmt.Sprintf("%d lost", r.Lost))
	}
	return strings.Join(append(parts, fmt.Sprintf("%d recovered", r.Recovered)), ", ")
}

// computedOf tells how many of the due items were computed, where that was not all.
func computedOf(r *job.NightlyResult) string {
	if r.Left > 0 {
		return fmt.Sprintf("%d of %s computed", r.Due, counted(r.Due+r.Left, "due item"))
	}
	return counted(r.Due, "item") + " due"
}

// nightEnd says how a night ended, if not as it should.
func nightEnd(r *job.NightlyResult, o job.NightlyOptions, err error) []string {
	switch {
	case err != nil:
		return []string{"FAILED: " + err.Error(), "What was written is whole; the next night goes on from there."}
	case r.Budget == job.FailureBudget:
		return []string{fmt.Sprintf("STOPPED: more than %v of the items failed; %d left for tomorrow", o.MaxFailures, r.Left)}
	case r.Budget == job.TimeBudget:
		return []string{fmt.Sprintf("Stopped after %v: %d left for tomorrow", o.StopAfter, r.Left)}
	case r.Interrupted:
		return []string{fmt.Sprintf("Interrupted: %d left for the next run", r.Left)}
	}
	return nil
}

// turns lists items that have begun to fail, or do so no more.
func turns(b *strings.Builder, title string, n int64, first []job.Turn) {
	if n == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d):\n", title, n)
	for _, t := range first {
		where := t.EventID
		if t.Instrument != "" {
			where += " at " + strings.Join([]string{t.Network, t.Station, blank(t.Location), t.Instrument}, ".")
		}
		fmt.Fprintf(b, "  %s: %s: %s\n", where, t.Code, oneLine(t.Message))
	}
	if more := n - int64(len(first)); more > 0 {
		fmt.Fprintf(b, "  and %d more\n", more)
	}
}

// oneLine is the first line of a message.
func oneLine(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first
}
