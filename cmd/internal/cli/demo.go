package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

const (
	demoLabel = "demo"
	demoHelp  = `The two-minute tour: make a small synthetic archive, load its stations, events and
waveforms, process them under the label demo, and print the measurements of every
event and the path of a picture. What was done is not done again the next time.

Everything is in the folder demo of the data folder, with a private server of its
own, so that nothing of it comes between your own data. Only with a database given
(--db, SEISBATCH_DB) the rows go there.`
)

// demoConfig is the world of the demo. A change of it needs a new seed, which names
// its folder: the old one may be on somebody's disk.
func demoConfig() synth.Config {
	return synth.Config{Seed: 20240301, Stations: 4, Events: 3, Start: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), Duration: 2 * time.Hour,
		Arrivals: true, Radius: 40e3}
}

func (a *app) demoCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "demo", Short: "The two-minute tour, on synthetic data", Long: demoHelp, Args: arguments(cobra.NoArgs)}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		home, err := a.demoHome()
		if err != nil {
			return err
		}
		world, err := synth.Plan(demoConfig())
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error { return a.demo(ctx, pool, home, world) })
	})
	return cmd
}

func (a *app) demo(ctx context.Context, pool *database, home string, world *synth.Archive) error {
	dir := filepath.Join(home, fmt.Sprintf("archive-%d", world.Config.Seed))
	a.step("a synthetic archive in %s", dir)
	if _, err := a.makeArchive(ctx, dir, world.Config); err != nil {
		return fmt.Errorf("%w (%s can be removed, and is made again)", err, dir)
	}
	if err := a.demoLoad(ctx, pool, dir); err != nil {
		return err
	}
	selection := job.Selection{Networks: []string{world.Stations[0].Network}}
	for _, e := range world.Events {
		selection.Events = append(selection.Events, e.PublicID)
	}
	a.step("processing with the default recipe, as 'seisbatch run --label %s' does", demoLabel)
	o := job.RunOptions{Kind: "demo", Label: demoLabel, Selection: selection,
		Workers: a.settings.workers(), Version: readVersion().Version, Log: a.log}
	result, err := a.process(ctx, pool, o)
	switch {
	case err != nil:
		return err
	case result.Interrupted:
		return errInterrupted
	}
	if err := a.printRun(result, o); err != nil {
		return err
	}
	a.step("the measurements, as 'seisbatch show --label %s' prints them", demoLabel)
	if err := a.show(ctx, pool, demoLabel, selection, false); err != nil {
		return err
	}
	if err := a.demoPicture(ctx, pool, home, selection); err != nil {
		return err
	}
	a.sayWhatNext(home, world)
	if result.Failed > 0 {
		return someFailed("%d of %d items failed: see 'seisbatch failures --label %s'", result.Failed, result.Due, demoLabel)
	}
	return nil
}

// step tells what comes next.
func (a *app) step(format string, args ...any) {
	if !a.json {
		fmt.Fprintf(a.out, "\n# "+format+"\n", args...)
		_ = a.out.Flush() // the error is kept until the end
	}
}

func (a *app) demoLoad(ctx context.Context, pool *database, dir string) error {
	for _, part := range []struct {
		loading
		path string
	}{
		{loadStations(), synth.StationFile},
		{loadEvents(), synth.EventFile},
		{loadWaveforms(), synth.ArchiveDir},
	} {
		path := filepath.Join(dir, part.path)
		a.step("seisbatch load %s %s", part.what, path)
		sum, err := a.load(ctx, pool, part.loading, job.LoadOptions{}, []string{path})
		if err == nil {
			err = a.interrupts.check()
		}
		if err != nil {
			return err
		}
		if err := a.printLoad(sum, part.found); err != nil {
			return err
		}
	}
	return nil
}

// demoPicture draws the greatest record of the demo.
func (a *app) demoPicture(ctx context.Context, pool *database, home string, s job.Selection) error {
	var best db.Measurement
	err := db.Measurements(ctx, pool, demoLabel, s.Events, func(m *db.Measurement) error {
		if m.PGA != nil && (best.PGA == nil || *m.PGA > *best.PGA) {
			best = *m
		}
		return nil
	})
	if err != nil || best.PGA == nil {
		return err
	}
	p := picture{words: a.words, file: filepath.Join(home, "picture.svg"), label: demoLabel, eventID: best.EventID,
		station: best.Network + "." + best.Station, instrument: best.Instrument}
	a.step("the greatest of them, raw and processed")
	if err := writePicture(ctx, pool, p); err != nil {
		return err
	}
	return a.printPath(p.file)
}
