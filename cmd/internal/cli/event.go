package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

const eventHelp = `An event goes by any of its public ids, or by the last part of one. Nothing is deleted from the
table of events: a merged or deleted event keeps its row, is never due, and the next run that holds
it, over all stations, removes its items and measurements. What is said here counts more than any
load, until it is said otherwise; files say the same by themselves ('seisbatch load events --help').`

func (a *app) eventCommand() *cobra.Command {
	return a.group("event", "Merge, delete and restore events, and list what has become of them",
		a.eventListCommand(), a.eventMergeCommand(), a.eventDeleteCommand(), a.eventRestoreCommand())
}

func (a *app) eventMergeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "merge FROM INTO", Short: "Make an event part of another", Args: arguments(cobra.ExactArgs(2)), ValidArgsFunction: cobra.NoFileCompletions,
		Long: "Make the event FROM part of the event INTO: every id of FROM finds INTO from now on, and FROM is\n" +
			"never due. INTO stays as it is, its origin and arrivals too. 'seisbatch event restore FROM' undoes it.\n\n" + eventHelp,
	}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		return a.withDatabase(ctx, func(pool *database) error {
			from, err := ownEvent(ctx, pool, args[0])
			if err != nil {
				return err
			}
			into, err := oneEvent(ctx, pool, args[1])
			if err != nil {
				return err
			}
			target, err := db.FindEventState(ctx, pool, into)
			switch {
			case err != nil:
				return err
			case target.Status == db.EventDeleted:
				return usagef("%s is deleted: 'seisbatch event restore %s' brings it back", into, args[1])
			}
			err = job.MergeEvent(ctx, pool, from, into)
			if errors.Is(err, db.ErrSameEvent) {
				return usagef("%s is part of %s, or the same event: they cannot be merged this way round", into, from)
			}
			if err != nil {
				return err
			}
			return a.printEventState(ctx, pool, from, "")
		})
	})
	return cmd
}

func (a *app) eventDeleteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "delete EVENT...", Short: "Mark events as none", Args: arguments(cobra.MinimumNArgs(1)), ValidArgsFunction: cobra.NoFileCompletions,
		Long: "Mark events as none, such as false alarms. 'seisbatch event restore EVENT' undoes it.\n\n" + eventHelp,
	}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		return a.withDatabase(ctx, func(pool *database) error {
			ids, err := ownEvents(ctx, pool, args)
			if err != nil {
				return err
			}
			if err := job.DeleteEvents(ctx, pool, ids); err != nil {
				return err
			}
			for _, id := range ids {
				if err := a.printEventState(ctx, pool, id, ""); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return cmd
}

func (a *app) eventRestoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "restore EVENT...", Short: "Make merged or deleted events active again", Args: arguments(cobra.MinimumNArgs(1)), ValidArgsFunction: cobra.NoFileCompletions,
		Long: "Make merged or deleted events active again, with ids of their own; the next run computes what has\n" +
			"been removed. Where the catalogue as loaded says that the event is none, it stays active whatever\n" +
			"is loaded; else loads decide again.\n\n" + eventHelp,
	}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		return a.withDatabase(ctx, func(pool *database) error {
			ids, err := ownEvents(ctx, pool, args)
			if err != nil {
				return err
			}
			against, err := job.RestoreEvents(ctx, pool, ids)
			if err != nil {
				return err
			}
			for i, id := range ids {
				note := ""
				if against[i] {
					note = ", whatever the catalogue says"
				}
				if err := a.printEventState(ctx, pool, id, note); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return cmd
}

// ownEvents are the full ids of the events called so, each once; a merged one is itself.
func ownEvents(ctx context.Context, pool *database, names []string) ([]string, error) {
	var ids []string
	for _, name := range names {
		id, err := ownEvent(ctx, pool, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// ownEvent is [oneEvent] that does not follow merges.
func ownEvent(ctx context.Context, pool *database, name string) (string, error) {
	ids, err := db.FindOwnEvents(ctx, pool, []string{name})
	return only(ids, name, err)
}

// changedEvent is what became of an event. The JSON names are promised to scripts.
type changedEvent struct {
	ID         string  `json:"event_id"`
	Status     string  `json:"status"`
	MergedInto *string `json:"merged_into"`
	DecidedBy  string  `json:"decided_by"`
	Items      int64   `json:"items"`  // that it has now
	Labels     int64   `json:"labels"` // that have these
}

func (a *app) printEventState(ctx context.Context, pool *database, id, note string) error {
	e, err := db.FindEventState(ctx, pool, id)
	if err != nil {
		return err
	}
	items, labels, err := db.CountItems(ctx, pool, id)
	switch {
	case err != nil:
		return err
	case a.json:
		return a.printJSON(changedEvent{e.ID, e.Status, e.MergedInto, e.DecidedBy, items, labels})
	}
	what := e.Status + note
	if e.MergedInto != nil {
		what = "part of " + *e.MergedInto
	}
	left := ""
	switch {
	case e.Status != db.EventActive && items > 0:
		left = "; the next run removes " + counted(items, "item") + " of " + counted(labels, "label")
	case e.Status == db.EventActive:
		left = "; the next run computes what it lacks"
	}
	return a.say("%s is %s%s", e.ID, what, left)
}

func (a *app) eventListCommand() *cobra.Command {
	var f selectionFlags
	var status []string
	states := []string{db.EventActive, db.EventMerged, db.EventDeleted}
	cmd := &cobra.Command{
		Use: "list [EVENT...]", Short: "List events, and what has become of them", Args: arguments(cobra.ArbitraryArgs), ValidArgsFunction: cobra.NoFileCompletions,
		Long: "List events in order of time: their id, whether they are active, merged into another event or\n" +
			"deleted, and by whose word: that of the catalogue, which is the files loaded, or of a user.\n\n" + eventHelp,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "events at or after `TIME`")
	flags.StringVar(&f.until, "until", "", "events before `TIME`")
	flags.StringSliceVar(&status, "status", nil, "events in this `STATE`: active, merged or deleted (default: all)")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		s, err := f.parse()
		if err != nil {
			return err
		}
		for _, name := range status {
			if !slices.Contains(states, name) {
				return usagef("--status %q: want %s", name, strings.Join(states, ", "))
			}
		}
		if len(status) == 0 {
			status = states
		}
		s.Events = args
		return a.withDatabase(ctx, func(pool *database) error {
			if err := checkEvents(ctx, pool, s.Events); err != nil {
				return err
			}
			return a.listEvents(ctx, pool, s.Selection, status)
		})
	})
	return cmd
}

func (a *app) listEvents(ctx context.Context, pool *database, s db.Selection, status []string) error {
	t := table{header: []string{"event", "status", "by", "time", ">magnitude", "type", "part of"}}
	err := db.ListEvents(ctx, pool, s, status, func(e *db.ListedEvent) error {
		if a.json {
			return a.printJSON(e)
		}
		at, magnitude, into := "", "", ""
		if e.Time != nil {
			at = clock(*e.Time)
		}
		if e.Magnitude != nil {
			magnitude = magnitudeText(*e.Magnitude)
		}
		if e.MergedInto != nil {
			into = *e.MergedInto
		}
		t.add(e.ID, e.Status, e.DecidedBy, at, magnitude, e.Type, into)
		return nil
	})
	switch {
	case err != nil || a.json:
		return err
	case len(t.rows) == 0:
		return a.say("no events of this kind")
	}
	return t.write(a.out)
}
