package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// fortnightWorld is two weeks of twenty stations, with two events a day or so.
var fortnightWorld = synth.Config{Seed: 14, Stations: 20, Events: 28, Duration: 14 * 24 * time.Hour, SampleRate: 20, Instruments: []string{"HN"}, Arrivals: true}

// fortnight is a network as its nightly job meets it: the archive fills day by day, and what
// is known of stations and events changes. It knows by itself which items must be due.
type fortnight struct {
	machine  // its folder has the configuration, the catalogue and the archive
	dsn      string
	store    string // the whole archive, from which files come
	plan     *synth.Archive
	stations []waveform.Station
	events   []waveform.Event
	recipe   string           // file; "" is the default
	withheld map[string]bool  // "ST07 3": the station's files of day 3 have not come
	known    map[[2]int]input // of the items that are done, by event and station
	cut      map[[2]int]bool  // of an event at a station, that the files do not have yet
	metadata map[[2]int]int   // version, by event and station
	origin   map[int]int      // version, by event
	picks    map[[2]int]int   // version, by event and station
	recipes  int              // version
	gone     map[int]bool     // events that were merged or deleted
}

// everywhere measures all events at all stations.
const everywhere = "eligible: {max_distance: [{km: 500}]}\n"

// input is what an item is computed from.
type input struct {
	data                             bool
	metadata, origin, picks, recipes int
}

func newFortnight(t *testing.T) *fortnight {
	t.Helper()
	f := &fortnight{machine: machine{t, t.TempDir()}, dsn: dbtest.DSN(t), store: t.TempDir(), withheld: map[string]bool{}, known: map[[2]int]input{},
		cut: map[[2]int]bool{}, metadata: map[[2]int]int{}, origin: map[int]int{}, picks: map[[2]int]int{}, gone: map[int]bool{}}
	if _, err := synth.Write(t.Context(), f.store, fortnightWorld, nil); err != nil {
		t.Fatal(err)
	}
	var err error
	if f.plan, err = synth.Plan(fortnightWorld); err != nil {
		t.Fatal(err)
	}
	f.stations, f.events = f.plan.Stations, f.plan.Events
	for _, folder := range []string{"archive", "catalogue", "metadata"} {
		f.check(os.Mkdir(filepath.Join(f.dir, folder), 0o755))
	}
	f.write("base.yaml", []byte(everywhere))
	f.write("other.yaml", []byte(everywhere+"measure: {damping: 0.03}\n"))
	f.recipe = "base.yaml"
	f.write("seisbatch.yaml", []byte("archive: archive\nstations: metadata\nevents: catalogue\nmin-age: 1h\nwindow: 3d\n"))
	return f
}

func (f *fortnight) write(name string, content []byte) {
	f.Helper()
	f.check(os.WriteFile(filepath.Join(f.dir, name), content, 0o644))
}

// day is that of an event, from 1.
func (f *fortnight) day(event int) int {
	o, _ := f.plan.Events[event].PreferredOrigin()
	return 1 + int(o.Time.Sub(f.plan.Config.Start)/(24*time.Hour))
}

// morning is when the night after a day runs.
func (f *fortnight) morning(day int) time.Time {
	return f.plan.Config.Start.AddDate(0, 0, day).Add(3 * time.Hour)
}

// come brings what there is after a day: files of waveforms, metadata and catalogue.
func (f *fortnight) come(day int) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join(f.store, synth.ArchiveDir, "*", "*", "*", "*", "*"))
	f.check(err)
	for _, from := range files {
		name, err := filepath.Rel(filepath.Join(f.store, synth.ArchiveDir), from)
		f.check(err)
		parts := strings.Split(filepath.Base(name), ".")
		date, err := time.Parse("2006.002", parts[len(parts)-2]+"."+parts[len(parts)-1])
		f.check(err)
		of := 1 + int(date.Sub(f.plan.Config.Start)/(24*time.Hour))
		if of > day || f.withheld[fmt.Sprint(parts[1], " ", of)] {
			continue
		}
		to := filepath.Join(f.dir, "archive", name)
		f.check(os.MkdirAll(filepath.Dir(to), 0o755))
		content, err := os.ReadFile(from)
		f.check(err)
		if known, err := os.ReadFile(to); err == nil && string(known) == string(content) {
			continue
		}
		f.check(os.WriteFile(to, content, 0o644))
	}
	var stations, events strings.Builder
	f.check(stationxml.Write(&stations, f.stations, "test", f.plan.Config.Start))
	f.write("metadata/stations.xml", []byte(stations.String()))
	var catalogue []waveform.Event
	for i := range f.events {
		if f.day(i) <= day && !f.gone[i] {
			catalogue = append(catalogue, f.events[i])
		}
	}
	f.check(quakeml.Write(&events, catalogue, "smi:local/test"))
	f.write("catalogue/events.xml", []byte(events.String()))
}

// due is what a night after a day must compute, by reason; it is known then.
func (f *fortnight) due(day int) map[job.Reason]int64 {
	want := map[job.Reason]int64{}
	for e := range f.events {
		if f.day(e) > day || f.gone[e] {
			continue
		}
		for s := range f.stations {
			key := [2]int{e, s}
			has := !f.withheld[fmt.Sprint(f.stations[s].Code, " ", f.day(e))] && !f.cut[key]
			now := input{has, f.metadata[key], f.origin[e], f.picks[key], f.recipes}
			was, done := f.known[key]
			switch {
			case !done:
				want[job.NeverDone]++
			case was.recipes != now.recipes:
				want[job.RecipeChanged]++
			case was.metadata != now.metadata:
				want[job.MetadataChanged]++
			case was.origin != now.origin:
				want[job.OriginChanged]++
			case was.picks != now.picks:
				want[job.PicksChanged]++
			case was.data != now.data:
				want[job.DataChanged]++
			}
			f.known[key] = now
		}
	}
	return want
}

func (f *fortnight) nightly(day int) []string {
	args := []string{"nightly", "--json", "--now", f.morning(day).Format(time.RFC3339)}
	if f.recipe != "" {
		args = append(args, "--recipe", f.recipe)
	}
	return args
}

// night runs the night after a day and wants it to compute exactly what is due.
func (f *fortnight) night(day int) job.NightlyResult {
	f.Helper()
	status, out, errors := f.status(f.program(f.dsn, f.nightly(day)...))
	var r job.NightlyResult
	if err := json.Unmarshal([]byte(out), &r); err != nil || status != 0 {
		f.Fatalf("night %d: status %d, %v: %s%s", day, status, err, out, errors)
	}
	f.wantDue(day, r)
	f.wantAsFromScratch(day)
	return r
}

func (f *fortnight) wantDue(day int, r job.NightlyResult) {
	f.Helper()
	if diff := cmp.Diff(f.due(day), maps.Clone(r.Reasons)); diff != "" {
		f.Errorf("night %d: due (-want +got):\n%s", day, diff)
	}
	f.Logf("night %2d: %d due of %d, %d verified: %v", day, r.Due, r.Considered, r.Verified, r.Reasons)
}

// wantAsFromScratch compares results and items with those of a new database.
func (f *fortnight) wantAsFromScratch(day int) {
	f.Helper()
	scratch := dbtest.DSN(f.T)
	steps := [][]string{{"load", "stations", "metadata"}, {"load", "events", "catalogue"}, {"load", "waveforms", "archive"}, {"run"}}
	if f.recipe != "" {
		steps[len(steps)-1] = append(steps[len(steps)-1], "--recipe", f.recipe)
	}
	for _, args := range steps {
		if status, out, errors := f.status(f.program(scratch, args...)); status != 0 {
			f.Fatalf("%v: status %d: %s%s", args, status, out, errors)
		}
	}
	if diff := cmp.Diff(resultsOf(f.T, scratch), resultsOf(f.T, f.dsn)); diff != "" {
		f.Fatalf("after night %d, the tables are not as from scratch (-scratch +night):\n%.3000s", day, diff)
	}
}

// killed starts the night after a day and kills it while it writes.
func (f *fortnight) killed(day int) {
	f.Helper()
	release, waits := f.holdUp(f.dsn)
	cmd := f.program(f.dsn, f.nightly(day)...)
	f.check(cmd.Start())
	waits()
	f.check(cmd.Process.Kill())
	_ = cmd.Wait() // killed
	release()
	pool, err := db.Open(f.Context(), f.dsn, db.Options{MaxConns: 1, ApplicationName: "test"})
	f.check(err)
	defer pool.Close()
	f.waitFor(pool, `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`)
}

// grow leaves of a day's files of a station what was recorded before a time: the
// day is not over.
func (f *fortnight) grow(station, day int, before time.Time) {
	f.Helper()
	date := f.plan.Config.Start.AddDate(0, 0, day-1)
	files, err := filepath.Glob(filepath.Join(f.dir, "archive", "*", "*", f.stations[station].Code, "*", "*."+date.Format("2006.002")))
	f.check(err)
	if len(files) == 0 {
		f.Fatalf("no files of day %d", day)
	}
	for _, name := range files {
		in, err := os.Open(name)
		f.check(err)
		segments, _, err := mseed.Segments(in)
		f.check(errors.Join(err, in.Close()))
		var out strings.Builder
		w, err := mseed.NewWriter(&out, mseed.WriteOptions{Encoding: mseed.Steim2, TimingQuality: 100})
		f.check(err)
		for i := range segments {
			if tr := segments[i].Trace(); tr.Start.Before(before) {
				f.check(w.Write(tr))
			}
		}
		f.check(os.WriteFile(name, []byte(out.String()), 0o644))
	}
}

// wantDueFor wants a night to have had something due for a reason.
func wantDueFor(t *testing.T, r job.NightlyResult, reason job.Reason, items int64) {
	t.Helper()
	if r.Reasons[reason] != items {
		t.Errorf("%d items due for %s, want %d", r.Reasons[reason], reason, items)
	}
}

// A fortnight as networks have it. Every night must compute what is due, and nothing else, and
// leave the tables as a computation from scratch would.
func TestAFortnight(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	f.withheld["ST07 2"], f.withheld["ST12 2"], f.withheld["ST09 3"] = true, true, true
	for day := 1; day <= 3; day++ {
		f.come(day)
		wantDueFor(t, f.night(day), job.NeverDone, 40)
	}

	delete(f.withheld, "ST07 2") // late data
	f.come(4)
	wantDueFor(t, f.night(4), job.DataChanged, 2)

	f.come(5) // a day file that grows
	const station, eveningEvent = 2, 9
	evening, _ := f.events[eveningEvent].PreferredOrigin()
	f.grow(station, 5, evening.Time.Add(-time.Hour))
	f.cut[[2]int{eveningEvent, station}] = true
	wantDueFor(t, f.night(5), job.DataChanged, 0)
	delete(f.cut, [2]int{eveningEvent, station})

	f.come(6) // killed
	before := resultsOf(t, f.dsn, "suspect")
	f.killed(6)
	if diff := cmp.Diff(before, resultsOf(t, f.dsn, "suspect")); diff != "" {
		t.Errorf("the killed night has left (-before +after):\n%s", diff)
	}
	f.come(7)
	r := f.night(7)
	wantDueFor(t, r, job.NeverDone, 80)
	wantDueFor(t, r, job.DataChanged, 1)

	f.correctResponse(4, 4) // with a start in the past
	f.come(8)
	wantDueFor(t, f.night(8), job.MetadataChanged, 8)

	f.moveOrigin(5)
	f.movePick(7, 0)
	f.come(9)
	r = f.night(9)
	wantDueFor(t, r, job.OriginChanged, 20)
	wantDueFor(t, r, job.PicksChanged, 1)

	delete(f.withheld, "ST09 3") // backfilled
	delete(f.withheld, "ST12 2")
	f.come(10)
	wantDueFor(t, f.night(10), job.DataChanged, 4)

	f.merge(18, 19)
	f.come(11)
	if r := f.night(11); r.Removed != 20 || r.Verified != 20 { // of the merged event; of the other, whose results stay true
		t.Errorf("after a merger: %d items removed, %d verified", r.Removed, r.Verified)
	}

	f.come(12)
	if status, _, errors := f.status(f.program("host=127.0.0.1 port=1 dbname=away", f.nightly(12)...)); status != 1 || !strings.Contains(errors, "refused") {
		t.Errorf("without a database: status %d: %s", status, errors)
	}

	f.recipe, f.recipes = "other.yaml", 1
	f.come(13)
	r = f.night(13)
	wantDueFor(t, r, job.NeverDone, 80)

	f.come(14)
	f.twoAtOnce(14)
	f.wantRuns()
}

// correctResponse gives a station another response from a day on.
func (f *fortnight) correctResponse(station, day int) {
	from := f.plan.Config.Start.AddDate(0, 0, day-1)
	s := &f.stations[station]
	var corrected []waveform.Channel
	for i := range s.Channels {
		c := s.Channels[i]
		response := *c.Response
		response.Stages = slices.Clone(response.Stages)
		response.Stages[0].Gain *= 1.02
		c.Response, c.From = &response, from
		s.Channels[i].Until = from
		corrected = append(corrected, c)
	}
	s.Channels = append(s.Channels, corrected...)
	for e := range f.events {
		if f.day(e) >= day {
			f.metadata[[2]int{e, station}]++
		}
	}
}

func (f *fortnight) moveOrigin(event int) {
	preferred, _ := f.events[event].PreferredOrigin()
	for i := range f.events[event].Origins {
		if o := &f.events[event].Origins[i]; o.PublicID == preferred.PublicID {
			o.Latitude += 0.05
		}
	}
	f.origin[event]++
}

// merge makes an event part of another one, as catalogues do: the second has the origin of the
// first, which is there no more.
func (f *fortnight) merge(from, into int) {
	o, _ := f.events[from].PreferredOrigin()
	f.events[into].Origins = append(f.events[into].Origins, o)
	f.gone[from] = true
}

// movePick moves the P of an event at a station.
func (f *fortnight) movePick(event, station int) {
	f.Helper()
	picks := f.events[event].Picks
	for i := range picks {
		if picks[i].ID.Station == f.stations[station].Code {
			picks[i].Time = picks[i].Time.Add(-200 * time.Millisecond)
			f.picks[[2]int{event, station}]++
			return
		}
	}
	f.Fatalf("event %d has no pick at station %d", event, station)
}

// twoAtOnce starts the night after a day twice: the second finds the first at work.
func (f *fortnight) twoAtOnce(day int) {
	f.Helper()
	release, waits := f.holdUp(f.dsn)
	first := f.program(f.dsn, f.nightly(day)...)
	var out strings.Builder
	first.Stdout = &out
	f.check(first.Start())
	waits()
	if status, _, errors := f.status(f.program(f.dsn, f.nightly(day)...)); status != 4 {
		f.Errorf("the second: status %d: %s", status, errors)
	}
	release()
	var r job.NightlyResult
	if status := exitOf(f.T, first.Wait()); status != 0 {
		f.Errorf("the first: status %d", status)
	}
	f.check(json.Unmarshal([]byte(out.String()), &r))
	f.wantDue(day, r)
	f.wantAsFromScratch(day)
}

// wantRuns wants the runs to tell how each night ended.
func (f *fortnight) wantRuns() {
	f.Helper()
	pool, err := db.Open(f.Context(), f.dsn, db.Options{MaxConns: 1})
	f.check(err)
	defer pool.Close()
	runs, err := db.Runs(f.Context(), pool, 0)
	f.check(err)
	var got []string
	for i := range runs {
		got = append(got, runs[i].Status)
	}
	slices.Reverse(got)
	want := slices.Repeat([]string{db.Done}, 13) // the night without the database left none
	want[5] = db.Lost
	if !slices.Equal(got, want) {
		f.Errorf("runs: %v, want %v", got, want)
	}
}
