package cli

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

const runShowHelp = `Show everything that is known of a run: what it was asked for, by whom it was done, how
it ended, and its items counted by the reason for which they were due and by the code with
which they failed or were skipped. N is the run's number, as 'seisbatch runs' has it, or
last for the newest. Runs from before these counts were kept do not have them.`

// runShowCommand is a verb of run and of runs.
func (a *app) runShowCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "show N|last", Short: "Show everything of a run", Args: arguments(cobra.ExactArgs(1)), Long: runShowHelp}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		id, err := strconv.ParseInt(args[0], 10, 64)
		if isLast := args[0] == "last"; !isLast && (err != nil || id < 1) {
			return usagef("%q is no run: want its number, as 'seisbatch runs' has it, or last", args[0])
		}
		return a.withDatabase(ctx, func(pool *database) error {
			d, err := findRun(ctx, pool, id)
			switch {
			case err != nil:
				return err
			case a.json:
				return a.printJSON(struct {
					db.RunDetail
					SelectionText string `json:"selection_text"`
				}{d, job.SelectionText(d.Selection)})
			}
			return a.printRunDetail(d)
		})
	})
	return cmd
}

// findRun reads a run; 0 is the last one.
func findRun(ctx context.Context, pool *database, id int64) (db.RunDetail, error) {
	first, last, err := db.RunRange(ctx, pool)
	switch {
	case err != nil:
		return db.RunDetail{}, err
	case last == 0:
		return db.RunDetail{}, errors.New("no runs yet: 'seisbatch run' makes one")
	}
	d, err := db.FindRun(ctx, pool, cmp.Or(id, last))
	if errors.Is(err, sql.ErrNoRows) {
		return d, fmt.Errorf("there is no run %d: the runs are from %d to %d, 'seisbatch runs --limit 0' lists them", id, first, last)
	}
	return d, err
}

func (a *app) printRunDetail(d db.RunDetail) error {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	finished, took := "", ""
	if d.FinishedAt != nil {
		finished, took = clock(*d.FinishedAt), d.FinishedAt.Sub(d.StartedAt).Round(100*time.Millisecond).String()
	}
	part := ""
	if d.Shard != (db.Shard{}) {
		part = d.Shard.String()
	}
	t := table{header: []string{"run", n(d.ID)}}
	for _, line := range [][]string{
		{"kind", d.Kind}, {"label", d.Label}, {"status", d.Status}, {"message", d.Message}, {"selection", job.SelectionText(d.Selection)}, {"shard", part},
		{"version", d.Version}, {"host", d.Host}, {"pid", strconv.Itoa(d.PID)}, {"started", clock(d.StartedAt)}, {"finished", finished}, {"took", took},
		{"due", n(d.Due)}, {"done", n(d.Done)}, {"failed", n(d.Failed)}, {"skipped", n(d.Skipped)}, {"verified", n(d.Verified)},
		{"events", n(d.Events)}, {"stations", n(d.Stations)}, {"current", n(d.Current)},
	} {
		t.add(line...)
	}
	if err := t.write(a.out); err != nil {
		return err
	}
	outcome := func(code string) string {
		if recipe.Code(code).IsSkip() {
			return "skipped"
		}
		return "failed"
	}
	return errors.Join(a.printTally("reason", d.Reasons, nil), a.printTally("code", d.Codes, outcome))
}

// printTally prints counts, the greatest first, and what else is said of each name.
func (a *app) printTally(title string, counts db.Tally, more func(name string) string) error {
	if len(counts) == 0 {
		return nil
	}
	t := table{header: []string{title, ">items"}}
	if more != nil {
		t.header = append(t.header, "status")
	}
	for _, name := range slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y)) }) {
		cells := []string{name, strconv.FormatInt(counts[name], 10)}
		if more != nil {
			cells = append(cells, more(name))
		}
		t.add(cells...)
	}
	fmt.Fprintln(a.out)
	return t.write(a.out)
}
