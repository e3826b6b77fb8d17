package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

const statusHelp = `Show the coverage of a selection: of each station in each month, how many items are
expected (an event at an instrument that the recipe takes), and how many of them are done,
skipped, failed or were never done. The month is that of the origin time, UTC. No file is
read, and nothing is written.

Due are, at most, the items that the next run would compute: those that were never done, that
another recipe or version would compute otherwise, that failed with a code that may pass by
itself, and those of which something has changed that may matter. 'seisbatch plan' looks at
the latter, and tells reasons.

--by month, station or network adds the items up. The column measured is the share of the
done items among those that were not skipped.
`

// statusGroups are what coverage may be added up by.
var statusGroups = []string{"month", "station", "network"}

func (a *app) statusCommand() *cobra.Command {
	var f runFlags
	var selection selectionFlags
	var by string
	cmd := &cobra.Command{Use: "status", Short: "Show how much is done, by station and month", Long: statusHelp + selectionHelp, Args: arguments(cobra.NoArgs)}
	flags := cmd.Flags()
	flags.StringVar(&by, "by", "", "add up by `WHAT`: month, station or network")
	flags.String(keyRecipe, "", "recipe `FILE` (default: the label's own)")
	registerLabel(cmd)
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		if by != "" && !slices.Contains(statusGroups, by) {
			return usagef("--by %q: want %s", by, strings.Join(statusGroups, ", "))
		}
		o, err := a.runOptions(f, selection)
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error { return a.status(ctx, pool, o, by) })
	})
	return cmd
}

func (a *app) status(ctx context.Context, pool *database, o job.RunOptions, by string) error {
	if err := checkEvents(ctx, pool, o.Selection.Events); err != nil {
		return err
	}
	all, err := job.CoverageOf(ctx, pool, o)
	switch {
	case err != nil:
		return err
	case len(all) == 0 && !a.json:
		return a.explainNothing(ctx, pool, o.Selection)
	}
	return a.printCoverage(addedUp(all, by), by)
}

// addedUp adds up the coverage of the stations and months that one group holds.
func addedUp(all []job.Coverage, by string) []job.Coverage {
	if by == "" {
		return all
	}
	sums := map[job.Coverage]*job.Coverage{}
	var out []*job.Coverage
	for _, c := range all {
		var key job.Coverage
		switch by {
		case "month":
			key.Month = c.Month
		case "station":
			key.Network, key.Station = c.Network, c.Station
		default:
			key.Network = c.Network
		}
		sum := sums[key]
		if sum == nil {
			sum = &job.Coverage{Network: key.Network, Station: key.Station, Month: key.Month}
			sums[key] = sum
			out = append(out, sum)
		}
		sum.Add(c)
	}
	rows := make([]job.Coverage, len(out))
	for i := range out {
		rows[i] = *out[i]
	}
	slices.SortFunc(rows, job.Coverage.Compare)
	return rows
}

// printCoverage prints a line each, and on a screen the sum of several below them.
func (a *app) printCoverage(rows []job.Coverage, by string) error {
	var names func(c job.Coverage) []string
	var t table
	switch by {
	case "month":
		t.header, names = []string{"month"}, func(c job.Coverage) []string { return []string{c.Month} }
	case "network":
		t.header, names = []string{"network"}, func(c job.Coverage) []string { return []string{c.Network} }
	case "station":
		t.header, names = []string{"station"}, func(c job.Coverage) []string { return []string{stationName(c)} }
	default:
		t.header, names = []string{"station", "month"}, func(c job.Coverage) []string { return []string{stationName(c), c.Month} }
	}
	named := len(t.header)
	t.header = append(t.header, ">expected", ">done", ">skipped", ">failed", ">never", ">due", ">measured")
	var total job.Coverage
	for _, c := range rows {
		total.Add(c)
		if a.json {
			if err := a.printJSON(c); err != nil {
				return err
			}
			continue
		}
		t.add(append(names(c), coverageCells(c)...)...)
	}
	if a.json {
		return nil
	}
	if len(rows) > 1 {
		t.add(append(append([]string{"total"}, make([]string, named-1)...), coverageCells(total)...)...)
	}
	if err := t.write(a.out); err != nil {
		return err
	}
	if looked := total.Due - total.Never; looked > 0 {
		fmt.Fprintf(a.out, "\ndue are %d at most: %s tried or compared again, which 'seisbatch plan' does without writing\n", total.Due, countedAre(looked, "item"))
	}
	return nil
}

func coverageCells(c job.Coverage) []string {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	measured := ""
	if wanted := c.Expected - c.Skipped; wanted > 0 {
		measured = fmt.Sprintf("%.1f%%", 100*float64(c.Done)/float64(wanted))
	}
	return []string{n(c.Expected), n(c.Done), n(c.Skipped), n(c.Failed), n(c.Never), n(c.Due), measured}
}

func stationName(c job.Coverage) string {
	if c.Station == "" {
		return ""
	}
	return c.Network + "." + c.Station
}

// countedAre writes a number of things with its verb: 1 item is, 2 items are.
func countedAre(n int64, thing string) string {
	if n == 1 {
		return counted(n, thing) + " is"
	}
	return counted(n, thing) + " are"
}
