package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

const retryHelp = `Compute again the items of a selection that failed, or were skipped, with one of the
codes, whether something they read has changed or not; and nothing else.

A failed item is due by itself when its data, metadata or event change, and what may pass
by itself (file_missing, unreadable_file, crash) is tried again more and more seldom, until it
is given up: this is for what was mended outside of what seisbatch sees. 'seisbatch failures'
lists the codes there are, and what was given up.
`

func (a *app) retryCommand() *cobra.Command {
	var f runFlags
	var selection selectionFlags
	var codes []string
	cmd := &cobra.Command{Use: "retry", Short: "Compute failed items again, by code", Long: retryHelp + selectionHelp, Args: arguments(cobra.NoArgs)}
	flags := cmd.Flags()
	flags.StringSliceVar(&codes, "code", nil, "items that ended with this `CODE`, such as no_response")
	flags.BoolVarP(&f.dryRun, "dry-run", "n", false, "count them, and write nothing")
	f.registerRun(cmd)
	selection.register(cmd)
	registerMetrics(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		if len(codes) == 0 {
			return usagef("--code: say which, such as --code no_response ('seisbatch failures' lists them)")
		}
		for _, c := range codes {
			if strings.Trim(c, "abcdefghijklmnopqrstuvwxyz_") != "" || c == "" {
				return usagef("--code %q: want a code, such as no_response", c)
			}
		}
		for _, c := range codes {
			if !slices.ContainsFunc(job.Explanations(), func(x job.Explanation) bool { return x.Code == c }) {
				return usagef("--code %q is no code: 'seisbatch failures --explain all' lists them", c)
			}
		}
		o, err := a.runOptions(f, selection)
		if err != nil {
			return err
		}
		o.Kind, o.Retry = "retry", codes
		return a.withDatabase(ctx, func(pool *database) error { return a.run(ctx, pool, o) })
	})
	return cmd
}
