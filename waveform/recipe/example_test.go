package recipe_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/recipe"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
	"github.com/seisbatch/seisbatch/waveform/synth"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// Measuring one event at one instrument from files, without a database: read the
// event, the station and the archive's index, cut the windows, and carry out the
// default recipe.
func Example() {
	dir, err := os.MkdirTemp("", "seisbatch")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	_, err = synth.Write(context.Background(), dir, synth.Config{Seed: 1, Stations: 1, Events: 1, Duration: 10 * time.Minute}, nil)
	if err != nil {
		log.Fatal(err)
	}

	r := recipe.Default()
	origin := readOrigin(filepath.Join(dir, synth.EventFile))
	channels := readChannels(filepath.Join(dir, synth.StationFile), origin.Time)
	sources := readIndex(filepath.Join(dir, synth.ArchiveDir))

	in := &recipe.Input{Instrument: channels[0].ID.Instrument(), Origin: origin}
	in.Distance, in.Azimuth = traveltime.Distance(origin.Latitude, origin.Longitude, channels[0].Latitude, channels[0].Longitude)
	in.Onsets, in.TimeSource = r.Times.Onsets(origin.Time, in.Distance, origin.Depth)
	var reader archive.Reader
	for _, c := range channels {
		if c.ID.Instrument() != in.Instrument {
			continue
		}
		window := r.Windows.Wanted(in.Onsets, c.SampleRate).Read
		var cut archive.Cut
		if err := reader.Read(context.Background(), &cut, c.ID, window, sources); err != nil {
			log.Fatal(err)
		}
		in.Components = append(in.Components, recipe.Component{Channel: c, ResponseHash: response.Hash(c.Response), Traces: cut.Traces})
	}

	shared, err := recipe.NewShared(r, 64<<20) // for all workers
	if err != nil {
		log.Fatal(err)
	}
	processor, err := recipe.NewProcessor(shared)
	if err != nil {
		log.Fatal(err)
	}
	rows, err := processor.Process(in)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range rows {
		fmt.Printf("%s %-7s PGA %.3g m/s^2, PGV %.3g m/s, PSA(1 s) %.3g m/s^2\n", in.Instrument, m.Component, m.PGA, m.PGV, m.PSA[13])
	}
	// Output:
	// SY.ST01..HN E       PGA 0.0617 m/s^2, PGV 0.00362 m/s, PSA(1 s) 0.0501 m/s^2
	// SY.ST01..HN N       PGA 0.0587 m/s^2, PGV 0.00589 m/s, PSA(1 s) 0.0561 m/s^2
	// SY.ST01..HN Z       PGA 0.0321 m/s^2, PGV 0.00193 m/s, PSA(1 s) 0.023 m/s^2
	// SY.ST01..HN RotD50  PGA 0.0585 m/s^2, PGV 0.00437 m/s, PSA(1 s) 0.054 m/s^2
	// SY.ST01..HN RotD100 PGA 0.0618 m/s^2, PGV 0.00607 m/s, PSA(1 s) 0.0728 m/s^2
}

func readOrigin(name string) waveform.Origin {
	f, err := os.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	events, _, err := quakeml.Read(f)
	if err != nil {
		log.Fatal(err)
	}
	origin, _ := events[0].PreferredOrigin()
	return origin
}

func readChannels(name string, at time.Time) []waveform.Channel {
	f, err := os.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	stations, _, err := stationxml.Read(f)
	if err != nil {
		log.Fatal(err)
	}
	var channels []waveform.Channel
	for _, c := range stations[0].Channels {
		if (waveform.Window{From: c.From, Until: c.Until}).Contains(at) {
			channels = append(channels, c)
		}
	}
	return channels
}

func readIndex(root string) []archive.Source {
	var sources []archive.Source
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		index, err := archive.Scan(f)
		for _, s := range index.Segments {
			sources = append(sources, archive.Source{Path: path, Segment: s})
		}
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	return sources
}
