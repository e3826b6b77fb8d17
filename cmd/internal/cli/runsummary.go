package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// printRun says what a run came to; with --quiet only if it did not end well.
func (a *app) printRun(r job.RunResult, o job.RunOptions) error {
	switch {
	case a.json:
		return a.printJSON(r)
	case a.quiet && !o.DryRun && !r.Interrupted && r.Budget == "" && r.Failed == 0:
		return nil
	}
	if o.DryRun && !r.Interrupted {
		return a.printPlan(r, o)
	}
	fmt.Fprintln(a.out, runSummary(r, o))
	return nil
}

// runSummary is a run in one line.
func runSummary(r job.RunResult, o job.RunOptions) string {
	switch {
	case o.DryRun && r.Interrupted && r.Left > 0:
		return fmt.Sprintf("%s due so far, %d not looked at; nothing was written", counted(r.Due, "item"), r.Left)
	case r.Interrupted && r.RunID == 0 && !o.DryRun:
		return "nothing was begun"
	case (r.Interrupted || r.Budget != "") && r.Left > 0:
		return fmt.Sprintf("run %d: %d of %s computed: %s; %s", r.RunID, r.Due, counted(r.Due+r.Left, "due item"), outcome(r), goingOn(r, o))
	case r.Due == 0 && r.Verified == 0:
		return fmt.Sprintf("0 items due of %d%s", r.Considered, removed(r, o))
	case o.DryRun:
		return fmt.Sprintf("%s due of %d%s; nothing was written", counted(r.Due, "item"), r.Considered, verified(r)+removed(r, o))
	}
	return fmt.Sprintf("run %d: %s due of %d: %s%s", r.RunID, counted(r.Due, "item"), r.Considered, outcome(r), verified(r)+removed(r, o))
}

// outcome counts the computed items by state and code.
func outcome(r job.RunResult) string {
	isSkip := func(code string) bool { return recipe.Code(code).IsSkip() }
	isFailure := func(code string) bool { return !isSkip(code) }
	return fmt.Sprintf("%d done, %d failed%s, %d skipped%s", r.Done, r.Failed, codes(r.Codes, isFailure), r.Skipped, codes(r.Codes, isSkip))
}

// codes lists those codes that are wanted, the most frequent first: " (20 too_far, 4
// no_data)", or nothing.
func codes(counts map[string]int64, wanted func(string) bool) string {
	names := slices.DeleteFunc(slices.Collect(maps.Keys(counts)), func(code string) bool { return !wanted(code) || counts[code] == 0 })
	if len(names) == 0 {
		return ""
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	for i, code := range names {
		names[i] = fmt.Sprintf("%d %s", counts[code], code)
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// verified tells of items that something touched but nothing changed.
func verified(r job.RunResult) string {
	if r.Verified == 0 {
		return ""
	}
	return fmt.Sprintf("; %d more looked at and still right", r.Verified)
}

// removed tells of items that are none any more.
func removed(r job.RunResult, o job.RunOptions) string {
	switch {
	case r.Removed == 0:
		return ""
	case o.DryRun:
		return fmt.Sprintf("; %s to remove, of what is no item any more", counted(r.Removed, "row"))
	}
	return fmt.Sprintf("; %s removed, of what is no item any more", counted(r.Removed, "row"))
}

// goingOn says how to get what a run that was ended early has left.
func goingOn(r job.RunResult, o job.RunOptions) string {
	if o.Force {
		return fmt.Sprintf("%d left: those that were not due need --force again, which begins with the first item", r.Left)
	}
	return fmt.Sprintf("%d left: 'seisbatch run%s' goes on", r.Left, labelOption(o.Label))
}
