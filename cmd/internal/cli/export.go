package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/recipe"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

func (a *app) exportCommand() *cobra.Command {
	return a.group("export", "Write results and waveforms to files", a.exportWaveformsCommand(), a.exportResultsCommand())
}

const exportWaveformsHelp = `Compute the waveforms of a selection again, by the recipe of the label, up to a step
of its chain, and write them to files: what a number was made from. Nothing in the
database changes.

--after names the step after which the data are taken: raw (the counts of the read
window, also where the recipe would refuse them), or a step as the recipe has it, such
as detrend, remove_response, bandpass; of several of one name the last, and with #1 the
first. By default it is the last step of the chain.

The files are FOLDER/EVENT/NET.STA.LOC.CHA.STEP.mseed or .sac; those that are there
are replaced. Data are in SI units. miniSEED has integers as STEIM2 and others as
FLOAT64, all pieces in one file, and the least timing quality of the records they
were made from, where it is known; SAC has float32, a file for each piece, and the event's name (KEVNM, the
end of its id), magnitude and place, the station's place, the origin time (O), P (A)
and S (T0).
`

// wanted says which waveforms to write, and how.
type wanted struct {
	folder, step, format string
	again                job.Again
}

func (a *app) exportWaveformsCommand() *cobra.Command {
	var selection selectionFlags
	var w wanted
	cmd := &cobra.Command{Use: "waveforms", Short: "Write the waveforms of events after a step of their processing", Args: arguments(cobra.NoArgs),
		Long: exportWaveformsHelp + selectionHelp}
	flags := cmd.Flags()
	flags.StringVarP(&w.folder, "output", "o", "waveforms", "`FOLDER` to write to")
	flags.StringVar(&w.step, "after", "", "the `STEP` after which the data are taken (default: the last)")
	flags.StringVar(&w.format, "format", "mseed", "`FORMAT` of the files: mseed, mseed3 or sac")
	registerLabel(cmd)
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		s, err := selection.parse()
		if err != nil {
			return err
		}
		if w.format != "mseed" && w.format != "mseed3" && w.format != "sac" {
			return usagef("--format %q: want mseed, mseed3 or sac", w.format)
		}
		w.again = job.Again{Words: a.words, Label: a.settings.text(keyLabel), Selection: s}
		return a.withDatabase(ctx, func(pool *database) error {
			if err := checkEvents(ctx, pool, s.Events); err != nil {
				return err
			}
			return a.exportWaveforms(ctx, pool, w)
		})
	})
	return cmd
}

// exportWaveforms writes the files and prints their paths.
func (a *app) exportWaveforms(ctx context.Context, pool *database, w wanted) error {
	files, failures := 0, 0
	err := job.ExportWaveforms(ctx, pool, w.again, w.step, func(x job.Exported) error {
		event, err := eventFile(ctx, pool, x.EventID)
		if err != nil {
			return err
		}
		n, err := a.writeWaveforms(w, filepath.Join(w.folder, event), x)
		files += n
		return err
	}, func(in *recipe.Input, why *recipe.Failure) {
		failures++
		a.log.Error("not exported", "instrument", in.Instrument, "origin", in.Origin.Time.Format(time.RFC3339), "code", why.Code, "message", why.Message)
	})
	var step *process.StepError
	switch {
	case errors.As(err, &step):
		return usagef("--after: %w", err)
	case err != nil:
		return err
	case failures > 0:
		return someFailed("%s could not be computed: --after raw writes what there is of them", counted(failures, "item"))
	case files == 0:
		return a.say("no waveforms of the selection")
	}
	return nil
}

// writeWaveforms writes the files of one event at one instrument to its folder, and says how many.
func (a *app) writeWaveforms(w wanted, folder string, x job.Exported) (files int, err error) {
	step := w.step
	if step == "" {
		step = "processed"
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return 0, err
	}
	for _, traces := range byChannel(x.Traces) {
		if !w.again.Selection.HoldsChannel(traces[0].ID) {
			continue
		}
		name := filepath.Join(folder, fileName(fmt.Sprintf("%v.%s", traces[0].ID, step)))
		written, err := w.write(name, x, traces)
		files += len(written)
		for _, path := range written {
			if err := a.printPath(path); err != nil {
				return files, err
			}
		}
		if err != nil {
			return files, err
		}
	}
	return files, nil
}

// byChannel cuts traces, in order of channel, into those of each.
func byChannel(traces []waveform.Trace) [][]waveform.Trace {
	var groups [][]waveform.Trace
	for from := 0; from < len(traces); {
		until := from + 1
		for until < len(traces) && traces[until].ID == traces[from].ID {
			until++
		}
		groups = append(groups, traces[from:until])
		from = until
	}
	return groups
}

// write writes the pieces of a channel, and gives the paths of the files.
func (w wanted) write(name string, x job.Exported, traces []waveform.Trace) (paths []string, err error) {
	if w.format != "sac" {
		path := name + "." + w.format
		return []string{path}, writeWhole(path, func(out io.Writer) error { return writeMiniSEED(out, w.format, x.Input, traces) })
	}
	for i, tr := range traces {
		path := name + ".sac"
		if len(traces) > 1 {
			path = fmt.Sprintf("%s.%d.sac", name, i+1)
		}
		if err := writeWhole(path, func(out io.Writer) error { return writeSAC(out, x, tr) }); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// writeMiniSEED writes the traces of a channel, with the timing quality of what they were made from.
func writeMiniSEED(out io.Writer, format string, in *recipe.Input, traces []waveform.Trace) error {
	opt := mseed.WriteOptions{Version: 2, TimingQuality: timingQuality(in, traces[0].ID)}
	if format == "mseed3" {
		opt.Version = 3
	}
	for _, tr := range traces {
		if err := mseed.Write(out, tr, opt); err != nil {
			return err
		}
	}
	return nil
}

// timingQuality is that of a component in percent, rounded down; -1 if it is not known.
func timingQuality(in *recipe.Input, id waveform.SourceID) int {
	for _, c := range in.Components {
		if q := c.TimingQuality; c.Channel.ID == id && q != nil && *q >= 0 && *q <= 100 {
			return int(*q)
		}
	}
	return -1
}

// eventName is what fits into the name of an event in SAC: the end of its id.
func eventName(id string) string {
	const most = 16 // bytes of KEVNM
	name := db.ShortID(id)
	for len(name) > most || !utf8.ValidString(name) {
		name = name[1:]
	}
	if strings.TrimSpace(name) == "-12345" { // which SAC takes for none
		return ""
	}
	return name
}

// writeSAC writes a trace with what is known of its event and channel.
func writeSAC(out io.Writer, x job.Exported, tr waveform.Trace) error {
	f, err := sac.NewFile(tr, sac.Options{})
	if err != nil {
		return err
	}
	h, in := &f.Header, x.Input
	h.Event = eventName(x.EventID)
	if x.Magnitude != nil {
		h.Magnitude = *x.Magnitude
	}
	after := func(at time.Time) float64 { return at.Sub(tr.Start).Seconds() + h.Begin }
	h.EventPlace = sac.Place{Latitude: in.Origin.Latitude, Longitude: in.Origin.Longitude, Elevation: math.NaN(), Depth: in.Origin.Depth / 1e3}
	h.Origin = sac.Pick{Time: after(in.Onsets.Origin), Label: "origin"}
	h.First = sac.Pick{Time: after(in.Onsets.P), Label: "P"}
	h.Picks[0] = sac.Pick{Time: after(in.Onsets.S), Label: "S"}
	h.Distance, h.AzimuthTo = in.Distance/1e3, in.Azimuth
	for _, c := range in.Components {
		if ch := c.Channel; ch.ID == tr.ID {
			h.StationPlace = sac.Place{Latitude: ch.Latitude, Longitude: ch.Longitude, Elevation: ch.Elevation, Depth: ch.Depth}
			h.Azimuth, h.Inclination = ch.Azimuth, ch.Dip+90
		}
	}
	if d, ok := map[waveform.Unit]int{waveform.Displacement: sac.DependentDisplacement, waveform.Velocity: sac.DependentVelocity,
		waveform.Acceleration: sac.DependentAcceleration}[tr.Unit]; ok {
		h.Dependent = d
	}
	var b bytes.Buffer // what cannot be written is refused before the first byte
	if _, err := f.WriteTo(&b); err != nil {
		return err
	}
	_, err = b.WriteTo(out)
	return err
}

// fileName replaces what is no part of a file's name on every system.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("/\\:*?\x00", r) {
			return '_'
		}
		return r
	}, name)
}
