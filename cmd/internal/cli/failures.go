package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

const failuresHelp = `List the items of a label that failed, and the files that could not be read, or not
whole, each with a code, the stage, and what to do. A failed item is tried again
when something about it changes, with 'seisbatch retry', or with run --force. What may pass by
itself (file_missing, unreadable_file, crash) is tried again at the next run too, then after an
hour, 6 hours, 1, 3 and 7 days, until max-attempts (10) are made in a row.

New failures come first: those that the last run that ended well, before the newest one of
the label, did not have yet. The others are chronic. Of each the first and the last time is
told when a run, or a load, met it; in between there was no success. --new and --chronic list
one kind alone.

What may well be absent is no failure: --skipped lists the items that were skipped
because of it, with the codes too_far and no_data, and those that a review rejected
(rejected).

Of many, --by code, network, station or event counts them, the most frequent first, with
the times of the first and the last one, and the last one's message.

What a code means, where it comes from and what mends it, --explain CODE says, and --explain
all of every code there is.`

func (a *app) failuresCommand() *cobra.Command {
	var skipped bool
	var by, code string
	var age ageFlags
	cmd := &cobra.Command{
		Use: "failures", Short: "List failed items and files with errors, or skipped items", Args: arguments(cobra.NoArgs), Long: failuresHelp,
	}
	flags := cmd.Flags()
	flags.BoolVar(&skipped, "skipped", false, "list the skipped items in place of the failures")
	flags.StringVar(&by, "by", "", "count them by `WHAT`: code, network, station or event")
	flags.StringVar(&code, "explain", "", "say what a `CODE` means and what mends it; all is every code")
	age.register(cmd)
	registerLabel(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		label := a.settings.text(keyLabel)
		read, write, status := db.Failures, a.printFailures, db.ItemFailed
		if skipped {
			read, write, status = db.Skipped, a.printSkipped, db.ItemSkipped
		}
		if code != "" {
			return a.explain(code)
		}
		wanted, err := age.parse(skipped)
		if err != nil {
			return err
		}
		if by != "" && !slices.Contains(db.FailureGroups, by) {
			return usagef("--by %q: want %s", by, strings.Join(db.FailureGroups, ", "))
		}
		return a.withDatabase(ctx, func(pool *database) error {
			if a.settings.find(keyLabel).Source != "default" {
				if err := checkLabel(ctx, pool, label); err != nil {
					return err
				}
			}
			if by != "" {
				groups, err := db.GroupFailures(ctx, pool, label, status, by, wanted)
				if err != nil {
					return err
				}
				return a.printFailureGroups(groups, by, label)
			}
			all, err := read(ctx, pool, label)
			all = wanted.Of(all)
			a.markGivenUp(all)
			switch {
			case err != nil:
				return err
			case len(all) == 0 && wanted != db.AgeAny && !a.json:
				return a.say("no %s failures with label %q", wanted, label)
			case a.json:
				return a.printFailureLines(all)
			}
			return write(all, label)
		})
	})
	return cmd
}

func (a *app) printFailureLines(all []db.Failure) error {
	for i := range all {
		if err := a.printJSON(&all[i]); err != nil {
			return err
		}
	}
	return nil
}

// printFailures prints each failure on two lines or more: what and why, and the
// message below it.
func (a *app) printFailures(all []db.Failure, label string) error {
	if len(all) == 0 {
		return a.say("no failures with label %q, and no files with errors", label)
	}
	for i := range all {
		f := &all[i]
		if err := a.printAge(all, i); err != nil {
			return err
		}
		message := strings.TrimSpace(f.Message)
		if f.Instrument != "" && f.File != "" && !strings.Contains(message, f.File) {
			message = f.File + ": " + message
		}
		_, err := fmt.Fprintf(a.out, "%s: %s (%s%s)%s\n    %s\n", failedThing(f), f.Code, f.Stage, triesText(f), seenText(f), strings.ReplaceAll(message, "\n", "\n    "))
		if err != nil {
			return err
		}
	}
	return nil
}

// failedThing names the item, event or file that failed.
func failedThing(f *db.Failure) string {
	switch {
	case f.EventID == "":
		return f.File
	case f.Instrument == "":
		return f.EventID
	}
	return f.EventID + " at " + instrumentText(f)
}

func instrumentText(f *db.Failure) string {
	return strings.Join([]string{f.Network, f.Station, blank(f.Location), f.Instrument}, ".")
}

// printSkipped prints a line for each item: there may be many, and their messages are
// short.
func (a *app) printSkipped(all []db.Failure, label string) error {
	if len(all) == 0 {
		return a.say("nothing was skipped with label %q", label)
	}
	t := table{header: []string{"event", "instrument", "code", "message"}}
	for i := range all {
		t.add(all[i].EventID, instrumentText(&all[i]), all[i].Code, all[i].Message)
	}
	return t.write(a.out)
}

func (a *app) printFailureGroups(groups []db.FailureGroup, by, label string) error {
	t := table{header: []string{by, ">items", ">files", ">events", ">stations", ">new", "first seen", "last seen", "its message"}}
	for i := range groups {
		g := &groups[i]
		if a.json {
			if err := a.printJSON(g); err != nil {
				return err
			}
			continue
		}
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		t.add(g.Group, n(g.Items), n(g.Files), n(g.Events), n(g.Stations), n(g.New), clockOf(g.FirstSeen), clock(g.LastSeen), g.Message)
	}
	switch {
	case a.json:
		return nil
	case len(groups) == 0:
		return a.say("nothing to count with label %q", label)
	}
	return t.write(a.out)
}
