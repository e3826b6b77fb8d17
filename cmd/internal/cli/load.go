package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// loader is one of the load functions of package job.
type loader func(context.Context, *database, []string, job.LoadOptions) (job.LoadSummary, error)

func (a *app) loadCommand() *cobra.Command {
	return a.group("load", "Load stations, events or waveforms into the database",
		a.loadOf("stations", "channel epoch", job.LoadStations,
			"Load StationXML: files, or whatever StationXML lies below folders."),
		a.loadOf("events", "event", job.LoadEvents,
			"Load QuakeML: files, or whatever QuakeML lies below folders."),
		a.loadOf("waveforms", "segment", job.LoadWaveforms,
			"Note where the waveforms are: miniSEED files, or folders of any layout (SDS or\n"+
				"not). The files stay where they are and are read again by run. Each new or\n"+
				"changed file is read once; files that are gone are forgotten."))
}

func (a *app) loadOf(what, found string, load loader, long string) *cobra.Command {
	return &cobra.Command{
		Use: what + " PATH...", Short: "Load " + what, Args: arguments(cobra.MinimumNArgs(1)),
		Long: long + "\n\nA file that cannot be read, or not whole, is noted with the reason ('seisbatch\nfailures') and " +
			"does not keep others from being loaded; the exit status is then 3.",
		RunE: a.verb(func(ctx context.Context, _ *cobra.Command, paths []string) error {
			if err := checkPaths(paths); err != nil {
				return err
			}
			return a.withDatabase(ctx, func(pool *database) error {
				sum, err := a.load(ctx, pool, what, load, paths)
				if err != nil {
					return err
				}
				if err := a.printLoad(sum, found); err != nil {
					return err
				}
				if err := a.interrupts.check(); err != nil {
					return err
				}
				if sum.Failed > 0 {
					return someFailed("%s with something wrong: see 'seisbatch failures'", counted(sum.Failed, "file"))
				}
				return nil
			})
		}),
	}
}

// checkPaths wants every path to exist before anything is begun.
func checkPaths(paths []string) error {
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return usagef("%w: give a file or folder that exists", err)
		}
	}
	return nil
}

// load runs a loader under a progress bar.
func (a *app) load(ctx context.Context, pool *database, what string, load loader, paths []string) (job.LoadSummary, error) {
	p := a.newProgress("loading "+what, "files")
	defer p.finish()
	sum, err := load(ctx, pool, paths, job.LoadOptions{
		Workers: a.settings.workers(), Stop: a.interrupts.drain("the files that are being read"), Progress: p.update, Log: a.log})
	if errors.Is(err, fs.ErrNotExist) {
		err = usagef("%w", err)
	}
	return sum, err
}

func (a *app) printLoad(s job.LoadSummary, found string) error {
	if a.json {
		return a.printJSON(s)
	}
	changed := ""
	if s.Changed > 0 {
		changed = fmt.Sprintf(", %d of them new or changed", s.Changed)
	}
	fmt.Fprintf(a.out, "%s: %d read (%s), %d unchanged, %d gone, %d with errors; %s%s\n", counted(s.Files, "file"),
		s.Loaded, bytesText(s.Bytes), s.Unchanged, s.Removed, s.Failed, counted(s.Found, found), changed)
	return nil
}
