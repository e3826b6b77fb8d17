package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db"
)

func (a *app) migrateCommand() *cobra.Command {
	var statusOnly bool
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the schema of the database up to date", Args: arguments(cobra.NoArgs),
		Long: "Apply the migrations that the database lacks, each in a transaction, and print them.\n" +
			"Several commands at once take turns. A schema newer than the program is refused.",
	}
	cmd.Flags().BoolVar(&statusOnly, "status", false, "print all migrations and when they were applied, and change nothing")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		s, err := a.connect(ctx)
		if err != nil {
			return err
		}
		return errors.Join(a.migrate(ctx, s.db, statusOnly), s.close())
	})
	return cmd
}

// migration is one line of migrate --json.
type migration struct {
	Version int64      `json:"version"`
	Name    string     `json:"name"`
	Applied *time.Time `json:"applied_at"` // null: pending
}

func (a *app) migrate(ctx context.Context, pool *database, statusOnly bool) error {
	before, err := db.Migrations(ctx, pool)
	if err != nil {
		return err
	}
	if statusOnly {
		return a.printMigrations(before)
	}
	if err := db.Migrate(ctx, pool, a.log); err != nil {
		return err
	}
	after, err := db.Migrations(ctx, pool)
	if err != nil {
		return err
	}
	var applied []db.Migration
	for i, m := range after {
		if i >= len(before) || before[i].Applied.IsZero() {
			applied = append(applied, m)
		}
	}
	if len(applied) == 0 {
		return a.say("the schema is up to date")
	}
	return a.printMigrations(applied)
}

func (a *app) printMigrations(list []db.Migration) error {
	t := table{header: []string{">version", "file", "applied"}}
	for _, m := range list {
		if a.json {
			line := migration{Version: m.Version, Name: m.Name}
			if !m.Applied.IsZero() {
				line.Applied = &m.Applied
			}
			if err := a.printJSON(line); err != nil {
				return err
			}
			continue
		}
		when := clock(m.Applied)
		if when == "" {
			when = "pending"
		}
		t.add(fmt.Sprint(m.Version), m.Name, when)
	}
	if a.json {
		return nil
	}
	return t.write(a.out)
}
