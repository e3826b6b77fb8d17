package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

const diffHelp = `Compare the measurements of two result sets, value by value: of every measurement, how
many are equal, how far the others are apart, and how many are in one label only; the
stations with differences; and the worst values. So an upgrade, or a change of recipe, can
be rehearsed under a label of its own.

Differences are relative: |a-b| over the greater of the two, or over the natural scale of
what may be about zero: the rms for the mean, 1 for skewness and kurtosis, the peak for
min and max. Up to --tolerance they do not count. With --json each line is an object with
a "kind": measurement, station or outlier.

The exit status is 0 if all values are within the tolerance and both labels have the same
ones, else 3.
`

func (a *app) diffCommand() *cobra.Command {
	var tolerance float64
	var outliers int
	cmd := &cobra.Command{Use: "diff LABEL LABEL", Short: "Compare the results of two labels", Long: diffHelp, Args: arguments(cobra.ExactArgs(2)),
		ValidArgsFunction: cobra.NoFileCompletions}
	cmd.Flags().Float64Var(&tolerance, "tolerance", 0, "greatest relative `DIFFERENCE` that does not count, such as 1e-9")
	cmd.Flags().IntVar(&outliers, "outliers", 10, "show the worst `NUMBER` of values")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, labels []string) error {
		if !(tolerance >= 0) || math.IsInf(tolerance, 1) {
			return usagef("--tolerance %g: want 0 or more", tolerance)
		}
		if outliers < 0 {
			return usagef("--outliers %d: want 0 or more", outliers)
		}
		return a.withDatabase(ctx, func(pool *database) error {
			for _, name := range labels {
				if _, err := db.FindLabel(ctx, pool, name); errors.Is(err, sql.ErrNoRows) {
					return usagef("there is no label %q: 'seisbatch labels' lists them", name)
				} else if err != nil {
					return fmt.Errorf("label %s: %w", name, err)
				}
			}
			d, err := db.Compare(ctx, pool, labels[0], labels[1], tolerance, outliers)
			if err != nil {
				return err
			}
			return a.printDiff(&d, labels[0], labels[1], tolerance)
		})
	})
	return cmd
}

func (a *app) printDiff(d *db.Diff, first, second string, tolerance float64) error {
	print := a.printDiffTables
	if a.json {
		print = a.printDiffLines
	}
	if err := print(d, first, second); err != nil {
		return err
	}
	var compared, differ, alone int64
	for _, m := range d.Measurements {
		compared += m.Compared
		differ += m.Beyond
		alone += m.OnlyA + m.OnlyB
	}
	if differ+alone > 0 {
		return someFailed("%d of %d values that both %s and %s have differ, and %d are in one of them alone", differ, compared, first, second, alone)
	}
	if a.json {
		return nil
	}
	return a.say("%d values of %s and %s, none farther apart than %g", compared, first, second, tolerance)
}

// printDiffLines prints one object a line, which says what it is.
func (a *app) printDiffLines(d *db.Diff, _, _ string) error {
	for i := range d.Measurements {
		if err := a.printJSON(struct {
			Kind string `json:"kind"`
			*db.MeasurementDiff
		}{"measurement", &d.Measurements[i]}); err != nil {
			return err
		}
	}
	for i := range d.Stations {
		if err := a.printJSON(struct {
			Kind string `json:"kind"`
			*db.StationDiff
		}{"station", &d.Stations[i]}); err != nil {
			return err
		}
	}
	for i := range d.Outliers {
		if err := a.printJSON(struct {
			Kind string `json:"kind"`
			*db.Outlier
		}{"outlier", &d.Outliers[i]}); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printDiffTables(d *db.Diff, first, second string) error {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	of := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'g', 3, 64)
	}
	only := []string{">only " + first, ">only " + second}
	t := table{header: append([]string{"measurement", ">compared", ">equal", ">beyond"}, append(only, ">median", ">95 %", ">worst")...)}
	for _, m := range d.Measurements {
		t.add(m.Name, n(m.Compared), n(m.Equal), n(m.Beyond), n(m.OnlyA), n(m.OnlyB), of(m.Median), of(m.P95), of(m.Worst))
	}
	stations := table{header: append([]string{"station", ">compared", ">beyond"}, append(only, ">worst")...)}
	for _, s := range d.Stations {
		if s.Beyond+s.OnlyA+s.OnlyB > 0 {
			stations.add(s.Network+"."+s.Station, n(s.Compared), n(s.Beyond), n(s.OnlyA), n(s.OnlyB), of(s.Worst))
		}
	}
	worst := table{header: []string{"event", "instrument", "comp", "measurement", ">" + first, ">" + second, ">difference"}}
	for _, o := range d.Outliers {
		name := o.Name
		if o.At != "" {
			name += " at " + o.At
		}
		worst.add(o.EventID, fmt.Sprintf("%s.%s.%s.%s", o.Network, o.Station, blank(o.Location), o.Instrument), o.Component, name, of(o.A), of(o.B), of(o.Difference))
	}
	for i, part := range []*table{&t, &stations, &worst} {
		if len(part.rows) == 0 {
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		if err := part.write(a.out); err != nil {
			return err
		}
	}
	return nil
}
