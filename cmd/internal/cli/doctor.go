package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// The outcomes of a check.
const (
	checkOK   = "ok"
	checkWarn = "warn"
	checkFail = "fail"
)

// check is one line of doctor.
type check struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	Advice string `json:"advice"` // what to do; "" if nothing
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Check the installation and say what to do", Args: arguments(cobra.NoArgs),
		Long: "Check the program, PostgreSQL, the data folder, the database and its schema, the\n" +
			"disk, and whether the files of the archive are still there. The private server is\n" +
			"started if it is the database in force; nothing is migrated. The exit status is 1 if\n" +
			"a check fails, 0 with warnings.",
		RunE: a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error { return a.doctor(ctx) }),
	}
}

func (a *app) doctor(ctx context.Context) error {
	checks := []check{
		{Name: "program", Status: checkOK, Detail: readVersion().String()},
		a.checkBinaries(ctx),
		a.checkFolder(ctx),
	}
	checks = append(checks, a.checkDatabase(ctx)...)
	checks = append(checks, a.checkDisk())
	failed := 0
	for _, c := range checks {
		if c.Status == checkFail {
			failed++
		}
		if err := a.printCheck(c); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%s failed", counted(failed, "check"))
	}
	return nil
}

func (a *app) printCheck(c check) error {
	if a.json {
		return a.printJSON(c)
	}
	fmt.Fprintf(a.out, "%-5s %-12s %s\n", c.Status, c.Name, indented(c.Detail))
	if c.Advice != "" {
		fmt.Fprintf(a.out, "%18s -> %s\n", "", indented(c.Advice))
	}
	return nil
}

// indented moves the lines after the first under it.
func indented(text string) string {
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 19))
}

// failedCheck is a check whose error says what to do.
func failedCheck(name string, err error) check {
	return check{Name: name, Status: checkFail, Detail: err.Error()}
}

// checkDatabase connects, and looks at the schema and the archive.
func (a *app) checkDatabase(ctx context.Context) []check {
	s, err := a.connect(ctx)
	if err != nil {
		return []check{failedCheck("database", err)}
	}
	checks := []check{a.checkServerVersion(ctx, s), checkSchema(ctx, s)}
	if checks[1].Status == checkOK {
		checks = append(checks, checkArchive(ctx, s))
	}
	if err := s.close(); err != nil && !errors.Is(err, context.Canceled) {
		checks = append(checks, failedCheck("database", err))
	}
	return checks
}
