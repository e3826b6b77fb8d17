package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

func (a *app) serverCommand() *cobra.Command {
	return a.group("server", "Start, stop or look at the private PostgreSQL server",
		&cobra.Command{
			Use: "start", Short: "Start the private server and leave it running", Args: arguments(cobra.NoArgs),
			Long: "Start the private server of the data folder and leave it running until server stop.\n" +
				"Without this, it runs while a command needs it. Prints the DSN, for psql and others.",
			RunE: a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
				dsn, err := pgserver.StartKept(ctx, a.serverConfig())
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(struct {
						DSN string `json:"dsn"`
					}{dsn})
				}
				fmt.Fprintln(a.out, dsn)
				return nil
			}),
		},
		&cobra.Command{
			Use: "stop", Short: "Stop the private server", Args: arguments(cobra.NoArgs),
			Long: "Stop the private server of the data folder. While a command uses it, it is not\n" +
				"stopped but will be when that command ends. One that does not run is no error.",
			RunE: a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
				err := pgserver.Stop(ctx, a.serverConfig())
				if errors.Is(err, pgserver.ErrNotRunning) {
					return a.say("the private server of %s is not running", a.settings.text(keyDataDir))
				}
				return err
			}),
		},
		&cobra.Command{
			Use: "status", Short: "Tell whether the private server runs", Args: arguments(cobra.NoArgs),
			Long: "Tell the state of the private server of the data folder. It is neither started nor made.",
			RunE: a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error { return a.serverStatus(ctx) }),
		})
}

// serverState is what server status --json prints.
type serverState struct {
	Dir     string     `json:"dir"`
	State   string     `json:"state"`
	Version int        `json:"version"` // of PostgreSQL, major; 0 without a cluster
	Kept    bool       `json:"kept"`
	InUse   bool       `json:"in_use"`
	PID     int        `json:"pid"`
	Since   *time.Time `json:"since"`
	DSN     string     `json:"dsn"`
	LogFile string     `json:"log_file"`
}

func (a *app) serverStatus(ctx context.Context) error {
	s, err := pgserver.Examine(ctx, a.serverConfig())
	if err != nil {
		return err
	}
	out := serverState{Dir: s.Dir, State: stateOf(s), Version: s.Major, Kept: s.Kept, InUse: s.InUse, PID: s.PID, DSN: s.DSN, LogFile: s.LogFile}
	if !s.Since.IsZero() {
		out.Since = &s.Since
	}
	if a.json {
		return a.printJSON(out)
	}
	t := table{header: []string{"folder", s.Dir}}
	t.add("state", out.State)
	if s.Major > 0 {
		t.add("PostgreSQL", fmt.Sprint(s.Major))
	}
	if s.Running {
		t.add("process", fmt.Sprint(s.PID))
		t.add("since", clock(s.Since))
		t.add("stops", map[bool]string{true: "with 'seisbatch server stop'", false: "with the last command that uses it"}[s.Kept])
		t.add("in use", map[bool]string{true: "yes", false: "no"}[s.InUse])
		t.add("DSN", s.DSN)
	}
	t.add("log", s.LogFile)
	return t.write(a.out)
}

func stateOf(s pgserver.Status) string {
	switch {
	case s.Running && s.Ready:
		return "running"
	case s.Running:
		return "starting, recovering or stopping"
	case s.Busy:
		return "being started or stopped by another command"
	case s.Major == 0:
		return "no cluster yet"
	}
	return "stopped"
}
