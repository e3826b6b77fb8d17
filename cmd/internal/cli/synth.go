package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

const synthHelp = `Make a synthetic archive in a folder: stations.xml, events.xml, and miniSEED in SDS
structure below archive. Nothing in it was measured, but the numbers hang together:
onsets by distance, amplitudes by magnitude and distance, counts through the
response that stations.xml tells. The same flags give the same bytes. What was
interrupted is continued; a folder with anything else in it is refused.`

func (a *app) synthCommand() *cobra.Command {
	var c synth.Config
	var start, center string
	var radius float64
	cmd := &cobra.Command{Use: "synth FOLDER", Short: "Make a synthetic archive", Long: synthHelp, Args: arguments(cobra.ExactArgs(1))}
	flags := cmd.Flags()
	flags.Uint64Var(&c.Seed, "seed", 1, "`NUMBER` that everything random hangs on")
	flags.IntVar(&c.Stations, "stations", 5, "`NUMBER` of stations")
	flags.IntVar(&c.Events, "events", 3, "`NUMBER` of earthquakes, of magnitude 3 to 6; -1 is none")
	flags.StringVar(&start, "start", "2024-03-01", "`TIME` of the first sample, UTC")
	flags.DurationVar(&c.Duration, "duration", 24*time.Hour, "`LENGTH` of the archive")
	flags.Float64Var(&c.SampleRate, "sample-rate", 100, "sample rate, `HZ`")
	flags.StringSliceVar(&c.Instruments, "instruments", nil, "`CODES` at every station: HN, HH (default HN, and HH at every third)")
	flags.IntVar(&c.Gaps, "gaps", 0, "`NUMBER` of gaps")
	flags.BoolVar(&c.Arrivals, "arrivals", false, "give the events P and S arrivals")
	flags.StringVar(&center, "center", "40,20", "`LAT,LON` of the network, degrees")
	flags.Float64Var(&radius, "radius", 60, "`KM` around the centre for stations and epicentres")
	flags.IntVar(&c.RecordLength, "record-length", 512, "`BYTES` of a record, 512 or 4096")
	flags.BoolVar(&c.Continuous, "continuous", false, "write the whole time, not only around events")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		var p flagParser
		c.Start, c.Radius = p.time("start", start), radius*1e3
		if point := p.point(center); point != nil {
			c.Latitude, c.Longitude = point.Latitude, point.Longitude
		}
		if p.err != nil {
			return p.err
		}
		return a.synth(ctx, args[0], c)
	})
	return cmd
}

func (a *app) synth(ctx context.Context, dir string, c synth.Config) error {
	if _, err := synth.Plan(c); err != nil {
		return usagef("%w", err)
	}
	s, err := a.makeArchive(ctx, dir, c)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(synthLine{dir, s.Stations, s.Channels, s.Events, s.Gaps, s.Files, s.Bytes, s.Samples, s.Existing})
	}
	verb := "made"
	if s.Existing {
		verb = "is already there"
	}
	fmt.Fprintf(a.out, "%s %s: %s, %s, %s, %s, %s, %s, %s\n",
		dir, verb, counted(s.Stations, "station"), counted(s.Channels, "channel"), counted(s.Events, "event"), counted(s.Gaps, "gap"),
		counted(s.Files, "file"), bytesText(s.Bytes), counted(s.Samples, "sample"))
	return nil
}

// synthLine is what synth --json prints.
type synthLine struct {
	Dir      string `json:"dir"`
	Stations int    `json:"stations"`
	Channels int    `json:"channels"`
	Events   int    `json:"events"`
	Gaps     int    `json:"gaps"`
	Files    int    `json:"files"`
	Bytes    int64  `json:"bytes"`
	Samples  int64  `json:"samples"`
	Existing bool   `json:"existing"`
}

// makeArchive writes a synthetic archive under a progress bar.
func (a *app) makeArchive(ctx context.Context, dir string, c synth.Config) (synth.Summary, error) {
	p := a.newProgress("making the archive", "files")
	defer p.finish()
	return synth.Write(ctx, dir, c, func(done, total int) { p.update(job.Progress{Done: int64(done), Total: int64(total)}) })
}
