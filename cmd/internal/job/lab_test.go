package job

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// small is three events at four instruments: HN at three stations, and HH at the
// first. Everything is recorded without an end.
var small = synth.Config{Seed: 1, Stations: 3, Events: 3, Duration: time.Hour, SampleRate: 20, Continuous: true}

// lab is a synthetic archive and a database. Tests change the nouns or the files,
// load again, and look at what that makes of the work items.
type lab struct {
	*testing.T
	pool     *sqlx.DB
	dir      string
	plan     *synth.Archive
	stations []waveform.Station
	events   []waveform.Event
	recipe   []byte // nil: the default
	clock    time.Time
	labels   int
	paths    map[string]string // of files as they were made, by channel
}

// newLab makes an archive. Nothing is loaded.
func newLab(t *testing.T, cfg synth.Config) *lab {
	t.Helper()
	l := &lab{T: t, pool: dbtest.New(t), dir: t.TempDir(), clock: time.Now().Truncate(time.Second), paths: map[string]string{}}
	if _, err := synth.Write(context.Background(), l.dir, cfg, nil); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.plan, err = synth.Plan(cfg); err != nil {
		t.Fatal(err)
	}
	l.stations, l.events = l.plan.Stations, l.plan.Events
	for _, s := range l.stations {
		for _, c := range s.Channels {
			l.paths[s.Code+"."+c.ID.Channel] = l.made(s.Code, c.ID.Channel)
		}
	}
	return l
}

// newFinishedLab makes an archive, loads it and runs it: everything is done.
func newFinishedLab(t *testing.T, cfg synth.Config) *lab {
	t.Helper()
	l := newLab(t, cfg)
	l.loadAll()
	if r := mustRun(t, l.pool, RunOptions{}); r.Done == 0 || r.Done != r.Due || r.Due != r.Considered {
		t.Fatalf("the first run: %+v", r)
	}
	return l
}

func (l *lab) loadAll() {
	l.Helper()
	l.loadStations()
	l.loadEvents()
	l.loadWaveforms()
}

func (l *lab) loadStations() LoadSummary {
	l.Helper()
	return l.loadXML(LoadStations, synth.StationFile, func(f *os.File) error {
		return stationxml.Write(f, l.stations, "test", l.clock)
	})
}

func (l *lab) loadEvents() LoadSummary {
	l.Helper()
	return l.loadXML(LoadEvents, synth.EventFile, func(f *os.File) error {
		return quakeml.Write(f, l.events, "smi:local/test")
	})
}

type loader func(context.Context, *sqlx.DB, []string, LoadOptions) (LoadSummary, error)

func (l *lab) loadXML(load loader, name string, write func(*os.File) error) LoadSummary {
	l.Helper()
	f, err := os.Create(filepath.Join(l.dir, name))
	if err != nil {
		l.Fatal(err)
	}
	if err := cmp.Or(write(f), f.Close()); err != nil {
		l.Fatal(err)
	}
	return mustLoad(l.T, l.pool, load, f.Name())
}

func (l *lab) loadWaveforms() LoadSummary {
	l.Helper()
	return mustLoad(l.T, l.pool, LoadWaveforms, filepath.Join(l.dir, synth.ArchiveDir))
}

// made finds the file of a channel. All archives here are of one day.
func (l *lab) made(station, channel string) string {
	l.Helper()
	found, err := filepath.Glob(filepath.Join(l.dir, synth.ArchiveDir, "*", "*", station, channel+".D", "*"))
	if err != nil || len(found) != 1 {
		l.Fatalf("files of %s.%s: %v, %v", station, channel, found, err)
	}
	return found[0]
}

// file is the file of a channel such as ST01.HNZ, there or not.
func (l *lab) file(channel string) string {
	l.Helper()
	if l.paths[channel] == "" {
		l.Fatalf("no file of %s", channel)
	}
	return l.paths[channel]
}

// rewrite replaces the traces of a channel's file.
func (l *lab) rewrite(channel string, edit func([]waveform.Trace) []waveform.Trace) {
	l.Helper()
	name := l.file(channel)
	f, err := os.Open(name)
	if err != nil {
		l.Fatal(err)
	}
	defer f.Close()
	segments, bad, err := mseed.Segments(f)
	if err != nil || len(bad) > 0 {
		l.Fatal(bad, err)
	}
	var traces []waveform.Trace
	for i := range segments {
		traces = append(traces, segments[i].Trace())
	}
	var out strings.Builder
	w, err := mseed.NewWriter(&out, mseed.WriteOptions{Encoding: mseed.Steim2, TimingQuality: 100}) // as package synth does
	if err != nil {
		l.Fatal(err)
	}
	for _, tr := range edit(traces) {
		if err := w.Write(tr); err != nil {
			l.Fatal(err)
		}
	}
	l.write(name, []byte(out.String()))
}

// write replaces a file. Its modification time moves on by a second, however quick
// the test.
func (l *lab) write(name string, content []byte) {
	l.Helper()
	if err := os.WriteFile(name, content, 0o644); err != nil {
		l.Fatal(err)
	}
	l.touch(name)
}

func (l *lab) touch(name string) {
	l.Helper()
	l.clock = l.clock.Add(time.Second)
	if err := os.Chtimes(name, l.clock, l.clock); err != nil {
		l.Fatal(err)
	}
}

// bump adds one count to a channel's sample at a time.
func (l *lab) bump(channel string, at time.Time) {
	l.Helper()
	l.rewrite(channel, func(traces []waveform.Trace) []waveform.Trace {
		for _, tr := range traces {
			if i := int(tr.Index(at)); i >= 0 && i < len(tr.Data) {
				tr.Data[i]++
				return traces
			}
		}
		l.Fatalf("%s has no sample at %v", channel, at)
		return nil
	})
}

// p is the time of P of an event (1, 2 ...) at a station.
func (l *lab) p(event, station int) time.Time {
	p, _ := l.plan.Onsets(event-1, station-1)
	return p
}

// channel points at the noun of a channel such as ST01.HNZ.
func (l *lab) channel(name string) *waveform.Channel {
	l.Helper()
	for s := range l.stations {
		for c := range l.stations[s].Channels {
			if ch := &l.stations[s].Channels[c]; ch.ID.Station+"."+ch.ID.Channel == name {
				return ch
			}
		}
	}
	l.Fatalf("no channel %s", name)
	return nil
}

// cloneResponse lets a channel's response be changed without a change of others.
func cloneResponse(c *waveform.Channel) *waveform.Response {
	r := *c.Response
	r.Stages = slices.Clone(r.Stages)
	c.Response = &r
	return c.Response
}

// itemName is short: 001 ST01..HN.
func itemName(k db.ItemKey) string {
	return fmt.Sprintf("%s %s.%s.%s", path.Base(k.EventID), k.Station, k.Location, k.Instrument)
}

// itemNames lists instruments (ST01..HN) of events (1, 2 ...), sorted.
func itemNames(events []int, instruments ...string) []string {
	var out []string
	for _, e := range events {
		for _, in := range instruments {
			out = append(out, fmt.Sprintf("%03d %s", e, in))
		}
	}
	slices.Sort(out)
	return out
}

// everyInstrument and everyEvent are those of the small archive.
var (
	everyInstrument = []string{"ST01..HN", "ST01.00.HH", "ST02..HN", "ST03..HN"}
	everyEvent      = []int{1, 2, 3}
)
