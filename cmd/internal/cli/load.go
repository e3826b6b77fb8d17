package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// loader is one of the load functions of package job.
type loader func(context.Context, *database, []string, job.LoadOptions) (job.LoadSummary, error)

const loadStationsHelp = `Load StationXML, responses as SEED RESP, and the site tables of databases in the
schema CSS 3.0, with what belongs to them (sitechan, snetsta, affiliation, schanloc,
sensor, instrument, wfdisc). What a file is, its content says. In folders, files are
taken whose names end in .xml, .stationxml, .resp or .txt or begin with RESP., and
databases by their site table or descriptor. A database may also be given by any of
its tables, or by what these have before the dot.

RESP has no coordinates. It gives its responses to the channel epochs that are known, and
is read after all else: an epoch takes the response that begins with it or, of those that
hold at its time, the one that does for longest. A response for which there is no epoch is
a fault of its file: load the StationXML or the tables, then the file again. Epochs that
are loaded again without a response, as channel-level StationXML has them, keep theirs.

Epochs that a file leaves out stay, with one exception: an epoch that the file had when it was
loaded before, in place of which it now has another one of the same network, station and channel,
with another location code or an earlier start, is removed.`

const loadEventsHelp = `Load QuakeML, the text of FDSN event services (format=text), ComCat's CSV, and the origin
tables of databases in the schema CSS 3.0, with what belongs to them (event, assoc,
arrival, netmag). What a file is, its content says. In folders, files are taken whose names
end in .xml, .quakeml, .qml, .txt or .csv, and databases by their origin table or
descriptor. A database may also be given by any of its tables, or by what these have
before the dot.

Events of text and CSV have the service's id behind smi:local/, those of a database the
number of the row behind smi:local/NAME/event/, or what --id-prefix has in place of
smi:local/ or smi:local/NAME. Give services and databases whose ids are the same prefixes of
their own. An event that is loaded as QuakeML too, by another id, is there twice. By the same
id, text and CSV do not replace an event of which more is known: arrivals, origins,
magnitudes or a depth that they do not have; the log says how many were kept so.

An event of the type "not existing", or of the status deleted in CSV, is deleted; by any other
type it is there again, but not while another file of the load says that it does not exist. An
event whose preferred origin, by id, time and place, another event of the agency has among its own
is merged into that one, until the two come apart again; where each has that of the other, the one
that is loaded last counts. (The agency is what the ids have before the first slash.) Such events keep their rows, are never due, and the next run removes their items.
What 'seisbatch event' was told counts more than any load.`

const loadWaveformsHelp = `Note where the waveforms are: miniSEED or SAC files, or folders of any layout (SDS or
not). The files stay where they are and are read again by run. Each new or
changed file is read once; files that are gone are forgotten. Metadata among the
waveforms are passed over.

Databases in the schema CSS 3.0, in the folders or named as for 'load stations', list files in
their wfdisc table: these are taken wherever they lie. miniSEED and SAC among them say
themselves what they hold; plain samples (datatypes s2 s3 s4 i2 i3 i4 t4 t8 f4 f8) are what
the table says. Other datatypes are noted as failures.`

func (a *app) loadCommand() *cobra.Command {
	return a.group("load", "Load stations, events or waveforms into the database",
		a.loadOf(loadStations(), loadStationsHelp), a.loadOf(loadEvents(), loadEventsHelp), a.loadOf(loadWaveforms(), loadWaveformsHelp))
}

// loading is a kind of load.
type loading struct {
	what  string // the verb
	found string // what is counted
	// names are those of the files that are taken in folders, for messages. A load that finds no file is a mistake; ""
	// for one that may find none, as of files that are gone.
	names string
	load  loader
}

func loadStations() loading {
	return loading{"stations", "channel epoch",
		"names end in .xml, .stationxml, .resp or .txt or begin with RESP., and databases of CSS 3.0 by their site table", job.LoadStations}
}
func loadEvents() loading {
	return loading{"events", "event",
		"names end in .xml, .quakeml, .qml, .txt or .csv, and databases of CSS 3.0 by their origin table", job.LoadEvents}
}
func loadWaveforms() loading { return loading{"waveforms", "segment", "", job.LoadWaveforms} }

func (a *app) loadOf(l loading, long string) *cobra.Command {
	var o job.LoadOptions
	cmd := &cobra.Command{
		Use: l.what + " PATH...", Short: "Load " + l.what, Args: arguments(cobra.MinimumNArgs(1)), ValidArgsFunction: l.complete,
		Long: long + "\n\nA file that cannot be read, or not whole, is noted with the reason ('seisbatch\nfailures') and " +
			"does not keep others from being loaded; the exit status is then 3.",
		RunE: a.verb(func(ctx context.Context, _ *cobra.Command, paths []string) error {
			if err := checkPaths(paths); err != nil {
				return err
			}
			if err := checkOptions(o); err != nil {
				return err
			}
			return a.withDatabase(ctx, func(pool *database) error {
				sum, err := a.load(ctx, pool, l, o, paths)
				if err != nil {
					return err
				}
				return a.endLoad(l, sum, paths)
			})
		}),
	}
	cmd.Flags().StringVar(&o.Network, "network", "", "network `CODE` of stations for which no table of CSS 3.0 has one (default XX, and said)")
	registerMetrics(cmd)
	switch l.what {
	case "events":
		cmd.Flags().StringVar(&o.IDPrefix, "id-prefix", "", "start of the ids of events that come without public ids (`TEXT`, default smi:local/)")
	case "waveforms":
		cmd.Flags().BoolVar(&o.Forget, "forget", false, "believe that a folder without any file is no missing disk, and forget its files")
	}
	return cmd
}

// checkOptions looks at the values of flags.
func checkOptions(o job.LoadOptions) error {
	if o.Network != "" && !regexp.MustCompile(`^[A-Za-z0-9]{1,8}$`).MatchString(o.Network) {
		return usagef("--network %q: want the code of a network, such as AZ", o.Network)
	}
	if strings.ContainsFunc(o.IDPrefix, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }) {
		return usagef("--id-prefix %q: want text without blanks, such as smi:org.example/", o.IDPrefix)
	}
	return nil
}

// endLoad says what a load came to.
func (a *app) endLoad(l loading, sum job.LoadSummary, paths []string) error {
	interrupted := a.interrupts.check()
	if sum.Files+sum.Removed == 0 && l.names != "" && interrupted == nil {
		return usagef("no %s below %s: in folders, files are taken whose %s", l.what, strings.Join(paths, ", "), l.names)
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

// checkPaths wants every path to exist, or to name a database of CSS 3.0, before anything is begun.
func checkPaths(paths []string) error {
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			if _, noDatabase := css.Open(p, css.Options{}); noDatabase == nil {
				continue
			}
			return usagef("%w: give a file or folder that exists", err)
		}
	}
	return nil
}

// load runs a loader under a progress bar.
func (a *app) load(ctx context.Context, pool *database, l loading, o job.LoadOptions, paths []string) (job.LoadSummary, error) {
	p := a.newProgress("loading "+l.what, "files")
	defer p.finish()
	p.summarised = true
	o.Workers, o.Stop, o.Progress, o.Log = a.settings.workers(), a.interrupts.drain("the files that are being read"), p.update, a.log
	o.Watch, o.InWork, o.Reconnect = a.watch, a.interrupts.count("file"), a.reconnect()
	sum, err := l.load(ctx, pool, paths, o)
	a.summariseLoad(l, sum, time.Since(p.started), err)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, css.ErrNoTable) {
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
	fmt.Fprintf(a.out, "%s: %d read (%s), %d unchanged, %d gone, %d with errors; %s%s%s\n", counted(s.Files, "file"),
		s.Loaded, bytesText(s.Bytes), s.Unchanged, s.Removed, s.Failed, counted(s.Found, found), changed, identity(s))
	return nil
}

// identity tells what a load has made of events, and of channel epochs that others replaced.
func identity(s job.LoadSummary) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Merged, "merged into others"}, {s.Deleted, "deleted"}, {s.Restored, "active again"}, {s.Replaced, "replaced"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}
