package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/metrics"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

const configHelp = `Print every setting, its value and where that came from: a flag, the environment,
a file or the default. Passwords are hidden.

The file seisbatch.yaml holds the same keys, for example:

  db: postgres://ana@db.example.org/seisbatch
  label: routine
  workers: 4

Relative paths in it are relative to its folder. Keys that are not known are an
error. With --recipe the default recipe is printed, explained line by line: keep
what you change in a file of your own, and name it with run --recipe. With --recipe
and --label NAME it is the recipe that the label's results were computed by. With
--dashboard it is a dashboard for Grafana, to be imported there.`

func (a *app) configCommand() *cobra.Command {
	var printRecipe, printDashboard bool
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings in force and where they come from, the default recipe, or a dashboard",
		Long: configHelp, Args: arguments(cobra.NoArgs),
	}
	cmd.Flags().BoolVar(&printRecipe, keyRecipe, false, "print the default recipe or, with --label, that of a label")
	cmd.Flags().BoolVar(&printDashboard, "dashboard", false, "print a Grafana dashboard of the metrics that --metrics-listen and --metrics-file give")
	registerLabel(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, cmd *cobra.Command, _ []string) error {
		switch {
		case printDashboard:
			fmt.Fprint(a.out, metrics.Dashboard())
			return nil
		case printRecipe && cmd.Flags().Changed(keyLabel):
			return a.withDatabase(ctx, func(pool *database) error { return a.printRecipe(ctx, pool, a.settings.text(keyLabel)) })
		case printRecipe:
			fmt.Fprint(a.out, recipe.DefaultText())
			return nil
		}
		return a.printSettings()
	})
	return cmd
}

// printRecipe prints the recipe of a label, as it was given to run.
func (a *app) printRecipe(ctx context.Context, pool *database, label string) error {
	l, err := db.FindLabel(ctx, pool, label)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return usagef("there is no label %q, so it has no recipe: 'seisbatch run%s' makes it, with the default one", label, labelOption(label))
	case err != nil:
		return fmt.Errorf("label %s: %w", label, err)
	}
	fmt.Fprintln(a.out, strings.TrimSuffix(l.Recipe, "\n"))
	return nil
}

func (a *app) printSettings() error {
	t := table{header: []string{"setting", "value", "from"}}
	for _, v := range a.settings.values {
		if v.Key == keyDB {
			v.Value = db.RedactDSN(v.Value)
		}
		if a.json {
			if err := a.printJSON(v); err != nil {
				return err
			}
			continue
		}
		shown := v.Value
		switch {
		case v.Key == keyDB && shown == "":
			shown = "(the private server)"
		case v.Key == keyRecipe && shown == "":
			shown = "(the label's own, or the default recipe)"
		case v.Key == keyWorkers && shown == "0":
			shown = "(one per processor)"
		case (v.Key == keyMetricsListen || v.Key == keyMetricsFile) && shown == "":
			shown = "(no metrics)"
		}
		t.add(v.Key, shown, v.Source)
	}
	if a.json {
		return nil
	}
	return t.write(a.out)
}
