package cli

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is what the Go toolchain noted about the program when it was built.
type version struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the source; "" if not known
	Time     string `json:"time"`     // of that revision
	Modified bool   `json:"modified"` // the source was not exactly that
	Go       string `json:"go"`
}

func readVersion() version {
	v := version{Version: "(unknown)"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Go = info.GoVersion
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func (v version) String() string {
	text := "seisbatch " + v.Version
	if v.Revision != "" {
		text += fmt.Sprintf(" (revision %.12s of %s", v.Revision, v.Time)
		if v.Modified {
			text += ", modified"
		}
		text += ")"
	}
	return text + ", " + v.Go
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version of the program", Args: arguments(cobra.NoArgs),
		RunE: a.verb(func(context.Context, *cobra.Command, []string) error {
			return a.printVersion()
		}),
	}
}

func (a *app) printVersion() error {
	if a.json {
		return a.printJSON(readVersion())
	}
	fmt.Fprintln(a.out, readVersion())
	return nil
}
