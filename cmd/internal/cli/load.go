package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// loader is one of the load functions of package job.
type loader func(context.Context, *database, []string, job.LoadOptions) (job.LoadSummary, error)

func (a *app) loadCommand() *cobra.Command {
	return a.group("load", "Load stations, events or waveforms into the database",
		a.loadOf(loadStations(), "Load StationXML: files, or whatever StationXML lies below folders."),
		a.loadOf(loadEvents(), "Load QuakeML: files, or whatever QuakeML lies below folders."),
		a.loadOf(loadWaveforms(), "Note where the waveforms are: miniSEED files, or folders of any layout (SDS or\n"+
			"not). The files stay where they are and are read again by run. Each new or\n"+
			"changed file is read once; files that are gone are forgotten."))
}

// loading is a kind of load.
type loading struct {
	what   string // the verb
	found  string // what is counted
	format string // a load that finds no file of it is a mistake; "" for one that may, as of files that are gone
	load   loader
}

func loadStations() loading {
	return loading{"stations", "channel epoch", "StationXML", job.LoadStations}
}
func loadEvents() loading    { return loading{"events", "event", "QuakeML", job.LoadEvents} }
func loadWaveforms() loading { return loading{"waveforms", "segment", "", job.LoadWaveforms} }

func (a *app) loadOf(l loading, long string) *cobra.Command {
	var forget bool
	cmd := &cobra.Command{
		Use: l.what + " PATH...", Short: "Load " + l.what, Args: arguments(cobra.MinimumNArgs(1)), ValidArgsFunction: l.complete,
		Long: long + "\n\nA file that cannot be read, or not whole, is noted with the reason ('seisbatch\nfailures') and " +
			"does not keep others from being loaded; the exit status is then 3.",
		RunE: a.verb(func(ctx context.Context, _ *cobra.Command, paths []string) error {
			if err := checkPaths(paths); err != nil {
				return err
			}
			return a.withDatabase(ctx, func(pool *database) error {
				sum, err := a.load(ctx, pool, l, forget, paths)
				if err != nil {
					return err
				}
				return a.endLoad(l, sum, paths)
			})
		}),
	}
	if l.format == "" {
		cmd.Flags().BoolVar(&forget, "forget", false, "believe that a folder without any file is no missing disk, and forget its files")
	}
	return cmd
}

// endLoad says what a load came to.
func (a *app) endLoad(l loading, sum job.LoadSummary, paths []string) error {
	interrupted := a.interrupts.check()
	if sum.Files+sum.Removed == 0 && l.format != "" && interrupted == nil {
		return usagef("no %s below %s: in folders, files are taken whose names end in .xml, .stationxml, .quakeml or .qml",
			l.format, strings.Join(paths, ", "))
	}
	if !a.quiet || a.json || interrupted != nil || sum.Failed > 0 {
		if err := a.printLoad(sum, l.found); err != nil {
			return err
		}
	}
	if interrupted == nil && sum.Failed > 0 {
		return someFailed("%s with something wrong: see 'seisbatch failures'", counted(sum.Failed, "file"))
	}
	return interrupted
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
func (a *app) load(ctx context.Context, pool *database, l loading, forget bool, paths []string) (job.LoadSummary, error) {
	p := a.newProgress("loading "+l.what, "files")
	defer p.finish()
	sum, err := l.load(ctx, pool, paths, job.LoadOptions{Forget: forget,
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
