package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// seed makes every bench process the same samples.
const seed = 20240301

// eventEvery spaces the events, so that the data of two seldom overlap.
const eventEvery = 10 * time.Minute

// speedArchive is continuous, with accelerometers at all stations and broadband
// sensors at every third. It has no picks, since the ObsPy script uses none.
func speedArchive(stations, events int) synth.Config {
	return synth.Config{Seed: seed, Stations: stations, Events: events, Duration: time.Duration(events+1) * eventEvery, Continuous: true}
}

const memoryStations = 5

// memoryArchive is triggered; items is a multiple of its stations.
func memoryArchive(items int) synth.Config {
	events := items / memoryStations
	return synth.Config{Seed: seed, Stations: memoryStations, Instruments: []string{"HN"}, Events: events,
		Duration: time.Duration(events+1) * eventEvery}
}

// load makes the archive in dir and loads it.
func load(ctx context.Context, pool *sqlx.DB, dir string, c synth.Config) (synth.Summary, error) {
	made, err := synth.Write(ctx, dir, c, nil)
	if err != nil {
		return made, err
	}
	for _, part := range []struct {
		path string
		load func(context.Context, *sqlx.DB, []string, job.LoadOptions) (job.LoadSummary, error)
	}{{synth.StationFile, job.LoadStations}, {synth.EventFile, job.LoadEvents}, {synth.ArchiveDir, job.LoadWaveforms}} {
		sum, err := part.load(ctx, pool, []string{filepath.Join(dir, part.path)}, job.LoadOptions{})
		if err != nil {
			return made, err
		}
		if sum.Failed > 0 || sum.Loaded == 0 {
			return made, fmt.Errorf("loading %s: %+v", part.path, sum)
		}
	}
	return made, nil
}

// recipeText is the default recipe with the travel times that the script has.
const recipeText = "times: {model: constant}"

// run processes everything, due or not, with so many workers (0: GOMAXPROCS). Nothing
// may fail.
func run(ctx context.Context, pool *sqlx.DB, workers int) (job.RunResult, time.Duration, error) {
	began := time.Now()
	r, err := job.Run(ctx, pool, job.RunOptions{Kind: "bench", RecipeName: "bench", RecipeText: []byte(recipeText), Force: true, Workers: workers})
	took := time.Since(began)
	if err == nil && (r.Done == 0 || r.Done != r.Due) {
		err = fmt.Errorf("a run came to %+v: all should be done", r)
	}
	return r, took, err
}
