package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

const rootHelp = `seisbatch measures the waveforms of earthquakes: it reads stations, channels and
events from PostgreSQL, cuts the waveforms of every event out of an archive of
miniSEED or SAC, processes them by a recipe, and writes ground motion and waveform
statistics back, once, and again only where something changed.

  seisbatch demo                            the two-minute tour, on synthetic data

  seisbatch load stations stations.xml      then the same with your own:
  seisbatch load events events.xml
  seisbatch load waveforms /data/archive
  seisbatch run --min-magnitude 3
  seisbatch show nc73291880

The database is --db, else SEISBATCH_DB, else db in seisbatch.yaml, else a private
PostgreSQL server that seisbatch starts in the data folder while it is needed. The
schema of the private one, and of an empty database, is made by itself; an older
schema wants 'seisbatch migrate', a newer one a newer seisbatch.

Settings come from a flag, else the environment (SEISBATCH_*), else the file
seisbatch.yaml (in the current folder, else in seisbatch below the user's
configuration folder), else a default: 'seisbatch config' shows them.

Results go to stdout, logs and progress to stderr. --json prints results as one
object a line. The first interrupt finishes what was begun, the second ends at once.`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "seisbatch",
		Short:         "waveform measurements of earthquakes, from and to PostgreSQL",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.noSuchVerb,
	}
	printVersion := root.Flags().Bool("version", false, "print the version of the program")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *printVersion {
			return a.printVersion()
		}
		return cmd.Help()
	}
	root.SuggestionsMinimumDistance = 2
	root.SetHelpTemplate(root.HelpTemplate() + exitHelp)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return syntaxError(err) })
	flags := root.PersistentFlags()
	flags.String(keyDB, "", "database `DSN`: postgres://... or key=value pairs (default: a private server)")
	flags.String(keyDBRetry, "", "`TIME` that a load or run waits for a database that goes away (default 2m, 0: none)")
	flags.String(keyStatementTimeout, "", "`TIME` that a statement of the database may take (default 10m, 0: any)")
	flags.String(keyDataDir, "", "data `FOLDER`: the private server and the demo")
	flags.String(keyConfig, "", "configuration `FILE` (default: seisbatch.yaml)")
	flags.String(keyLogLevel, "", "least `LEVEL` of log lines: debug, info, warn or error (default info)")
	flags.String(keyLogFormat, "", "`FORMAT` of log lines: auto, text or json (default auto: text on a terminal, else json)")
	flags.BoolVar(&a.json, "json", false, "print results as JSON, one object a line")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "no progress, no summary of a load or run that went well, and only warnings and errors in the log")
	root.AddCommand(a.demoCommand(), a.loadCommand(), a.planCommand(), a.runCommand(), a.nightlyCommand(), a.showCommand(), a.plotCommand(), a.exportCommand(),
		a.runsCommand(), a.statusCommand(), a.labelsCommand(), a.labelCommand(), a.eventCommand(), a.reviewCommand(), a.resetCommand(), a.diffCommand(),
		a.failuresCommand(), a.retryCommand(),
		a.inspectCommand(), a.checkCommand(), a.doctorCommand(), a.configCommand(),
		a.migrateCommand(), a.serverCommand(), a.synthCommand(), a.versionCommand())
	completeFlags(root)
	return root
}

// verb wraps the work of a command: settings and log are ready when it starts.
func (a *app) verb(work func(ctx context.Context, cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		var err error
		if a.settings, err = resolve(cmd); err != nil {
			return err
		}
		a.name = cmd.CommandPath()
		a.log = newLogger(a.screen, a.settings.text(keyLogFormat), a.settings.level(), a.quiet)
		a.speakJSON()
		a.warnOfVariables(os.Environ())
		return a.measured(cmd, func() error { return work(cmd.Context(), cmd, args) })
	}
}

// noSuchVerb complains about the arguments of a command that has only verbs.
func (a *app) noSuchVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("%s has no command %q", cmd.CommandPath(), args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return syntaxError(errors.New(text))
}

// group makes a command that only holds others.
func (a *app) group(use, short string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: a.noSuchVerb, RunE: func(cmd *cobra.Command, _ []string) error {
		var names []string
		for _, v := range verbs {
			names = append(names, v.Name())
		}
		return syntaxError(fmt.Errorf("%s: say which: %s", cmd.CommandPath(), strings.Join(names, ", ")))
	}}
	cmd.AddCommand(verbs...)
	return cmd
}

// arguments makes the errors of an argument check usage errors.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return syntaxError(fmt.Errorf("%w: the form is %s", err, cmd.UseLine()))
		}
		return nil
	}
}
