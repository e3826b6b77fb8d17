package job

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// writeEvents writes a file of events, and loads nothing.
func (l *lab) writeEvents(name string, events []waveform.Event) {
	l.Helper()
	name = filepath.Join(l.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		l.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		l.Fatal(err)
	}
	if err := cmp.Or(quakeml.Write(f, events, "smi:local/test"), f.Close()); err != nil {
		l.Fatal(err)
	}
}

// changeEvent changes what a database has of an event, as a user's verb does.
func (l *lab) changeEvent(change func(ctx context.Context, tx *sqlx.Tx, revision int64) error) {
	l.Helper()
	err := changing(l.Context(), l.pool, func(tx *sqlx.Tx, revision int64) error { return change(l.Context(), tx, revision) })
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lab) eventID(n int) string { return l.plan.Events[n-1].PublicID }

// wantRetired runs the default label, and requires that so many items are removed, besides what
// wantRecomputed requires; and that a database of its own comes to the same from the files as they
// are now, after the given words of a user.
func (l *lab) wantRetired(removed int64, computed []string, verified int64, words ...func(context.Context, *sqlx.Tx, int64) error) {
	l.Helper()
	if r := mustRun(l.T, l.pool, RunOptions{DryRun: true}); r.Removed != removed || r.Plan.Obsolete != removed {
		l.Errorf("the plan removes %d, want %d", r.Removed, removed)
	}
	before := len(itemsOf(l.T, l.pool, "default"))
	l.wantRecomputed(computed, verified)
	after := itemsOf(l.T, l.pool, "default")
	added := 0
	for _, it := range after {
		if it.Attempts == 1 && slices.Contains(computed, itemName(it.ItemKey)) {
			added++
		}
	}
	if before-int(removed)+added != len(after) {
		l.Errorf("%d items, %d removed, %d new: %d items", before, removed, added, len(after))
	}
	if r := mustRun(l.T, l.pool, RunOptions{DryRun: true}); r.Removed != 0 || r.Due != 0 {
		l.Errorf("once more: %+v", r)
	}
	l.wantAsScratch(words...)
}

// wantAsScratch compares the default label with that of a new database.
func (l *lab) wantAsScratch(words ...func(context.Context, *sqlx.Tx, int64) error) {
	l.Helper()
	other := *l
	other.pool = dbtest.New(l.T)
	mustLoad(l.T, other.pool, LoadStations, l.dir)
	mustLoad(l.T, other.pool, LoadEvents, l.dir)
	other.loadWaveforms()
	for _, w := range words {
		other.changeEvent(w)
	}
	mustRun(l.T, other.pool, RunOptions{RecipeText: l.recipe})
	if diff := gocmp.Diff(outcomesOf(l.T, other.pool, "default"), outcomesOf(l.T, l.pool, "default")); diff != "" {
		l.Errorf("outcomes differ from those of a new database (-new +kept):\n%s", diff)
	}
	if diff := gocmp.Diff(measurementsOf(l.T, other.pool, "default"), measurementsOf(l.T, l.pool, "default")); diff != "" {
		l.Errorf("measurements differ from those of a new database (-new +kept):\n%s", diff)
	}
}

// called are the events that a name finds.
func (l *lab) called(name string) string {
	l.Helper()
	ids, err := db.FindEvents(l.Context(), l.pool, []string{name})
	if err != nil || len(ids) != 1 {
		l.Fatalf("%s: %q, %v", name, ids, err)
	}
	return ids[0]
}

func TestAnEventThatDoesNotExistIsRetiredAndComesBack(t *testing.T) {
	l := newFinishedLab(t, small)
	l.events[1].Type = db.NotExisting
	if sum := l.loadEvents(); sum.Deleted != 1 || sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(4, nil, 0)
	if sum := l.loadEvents(); sum.Changed+sum.Deleted+sum.Merged+sum.Restored != 0 {
		t.Errorf("the next night: %+v", sum)
	}
	l.wantRetired(0, nil, 0)
	l.events[1].Type = "earthquake"
	if sum := l.loadEvents(); sum.Restored != 1 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(0, itemNames([]int{2}, everyInstrument...), 0)
	l.events[1].Type = "Not Existing" // and back again before any run
	l.loadEvents()
	l.events[1].Type = "earthquake"
	l.loadEvents()
	l.wantRetired(0, nil, 4)
}

func TestADeletedEventKeepsWhereItWas(t *testing.T) {
	l := newFinishedLab(t, small)
	l.writeEvents("deleted.xml", []waveform.Event{{PublicID: l.eventID(2), Type: db.NotExisting}})
	mustLoad(t, l.pool, LoadEvents, filepath.Join(l.dir, "deleted.xml"))
	o, _ := l.events[1].PreferredOrigin()
	s := Selection{Selection: db.Selection{From: o.Time.Add(-time.Second), Until: o.Time.Add(time.Second)}}
	s.Center, s.Radius = &Point{o.Latitude, o.Longitude}, 1000
	if r := mustRun(t, l.pool, RunOptions{Selection: s}); r.Removed != 4 {
		t.Errorf("%+v", r)
	}
	l.wantRetired(0, nil, 0)
}

// Files of old and new versions lie in one folder, in either order.
func TestOldFilesDoNotBringADeletedEventBack(t *testing.T) {
	for _, name := range []string{"a/deleted.xml", "z/deleted.xml"} {
		t.Run(name, func(t *testing.T) {
			l := newFinishedLab(t, small)
			gone := l.events[1]
			gone.Type = db.NotExisting
			l.writeEvents(name, []waveform.Event{gone})
			for night := range 3 {
				mustLoad(t, l.pool, LoadEvents, l.dir)
				want := int64(0)
				if night == 0 {
					want = 4
				}
				l.wantRetired(want, nil, 0)
			}
		})
	}
}

func TestAnEventWhoseOriginAnotherHasIsMergedIntoIt(t *testing.T) {
	l := newFinishedLab(t, small)
	old := l.events
	into := old[0]
	into.Origins = append(slices.Clone(into.Origins), old[1].Origins...)
	l.events = []waveform.Event{into, old[2]}
	if sum := l.loadEvents(); sum.Merged != 1 || sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(4, nil, 4) // what is new of event 1 nobody reads
	if id := l.called("002"); id != l.eventID(1) {
		t.Errorf("event 2 is %s", id)
	}
	// The old file is still there.
	l.writeEvents("old.xml", []waveform.Event{old[1]})
	for range 2 {
		if sum := mustLoad(t, l.pool, LoadEvents, l.dir); sum.Changed+sum.Merged+sum.Restored != 0 {
			t.Errorf("a night later: %+v", sum)
		}
		l.wantRetired(0, nil, 0)
	}
	l.removeFile("old.xml")
	// The agency takes them apart again.
	l.events = old
	if sum := l.loadEvents(); sum.Restored != 1 || sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	if id := l.called("002"); id != l.eventID(2) {
		t.Errorf("event 2 is %s", id)
	}
	l.wantRetired(0, itemNames([]int{2}, everyInstrument...), 4)
}

// removeFile removes a file of events, or another of the lab.
func (l *lab) removeFile(name string) {
	l.Helper()
	if err := os.Remove(filepath.Join(l.dir, name)); err != nil {
		l.Fatal(err)
	}
}

// An id of an origin that two events use for different places says nothing.
func TestOriginsOfOneIDAndOtherPlacesMergeNothing(t *testing.T) {
	l := newLab(t, small)
	for i := range l.events {
		for k := range l.events[i].Origins {
			l.events[i].Origins[k].PublicID = "smi:local/origin/1"
		}
		l.events[i].PreferredOriginID = "smi:local/origin/1"
	}
	if sum := l.loadEvents(); sum.Found != 3 || sum.Merged != 0 {
		t.Errorf("%+v", sum)
	}
}

func TestAnEventWithANewIDTakesThePlaceOfTheOldOne(t *testing.T) {
	l := newFinishedLab(t, small)
	old := l.events[1]
	l.events = slices.Clone(l.events)
	l.events[1].PublicID = "smi:local/synth/1/event/900"
	if sum := l.loadEvents(); sum.Merged != 1 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(4, itemNames([]int{900}, everyInstrument...), 0)
	l.writeEvents("a/old.xml", []waveform.Event{old})
	l.writeEvents("z/old.xml", []waveform.Event{old})
	for range 3 {
		if sum := mustLoad(t, l.pool, LoadEvents, l.dir); sum.Changed+sum.Merged+sum.Restored != 0 {
			t.Errorf("a night later: %+v", sum)
		}
	}
	l.removeFile("z/old.xml") // of two that a new database has never seen, the last one counts
	l.wantRetired(0, nil, 0)
	if id := l.called("002"); id != l.events[1].PublicID {
		t.Errorf("event 2 is %s", id)
	}
}

func TestAMergeByAUserOutlivesEveryLoad(t *testing.T) {
	l := newFinishedLab(t, small)
	merge := func(ctx context.Context, tx *sqlx.Tx, revision int64) error {
		return db.MergeEvent(ctx, tx, revision, l.eventID(2), l.eventID(1))
	}
	l.changeEvent(merge)
	l.wantRetired(4, nil, 0, merge)
	if sum := l.loadEvents(); sum.Changed != 0 {
		t.Errorf("the next night: %+v", sum)
	}
	l.events[1].Origins[0].Depth += 500 // of the merged one
	l.loadEvents()
	l.wantRetired(0, nil, 0, merge)
	if r := mustRun(t, l.pool, RunOptions{Force: true, DryRun: true, Selection: Selection{Selection: db.Selection{Events: []string{"002"}}}}); r.Due != 4 {
		t.Errorf("by its old id: %+v", r)
	}
	l.changeEvent(func(ctx context.Context, tx *sqlx.Tx, revision int64) error {
		_, err := db.RestoreEvent(ctx, tx, revision, l.eventID(2))
		return err
	})
	l.wantRetired(0, itemNames([]int{2}, everyInstrument...), 0)
}

func TestADeletionByAUserOutlivesEveryLoad(t *testing.T) {
	l := newFinishedLab(t, small)
	gone := func(ctx context.Context, tx *sqlx.Tx, revision int64) error {
		return db.DeleteEvent(ctx, tx, revision, l.eventID(3))
	}
	l.changeEvent(gone)
	l.events[2].Magnitudes[1].Value += 0.1
	l.loadEvents()
	l.wantRetired(4, nil, 0, gone)
}

func TestOnlyRunsThatHoldARetiredEventRemoveItsItems(t *testing.T) {
	l := newFinishedLab(t, small)
	l.events[1].Type = db.NotExisting
	l.loadEvents()
	for name, s := range map[string]Selection{
		"a station":     {Stations: []string{"ST01"}},
		"a distance":    {MaxDistance: 1e6},
		"another event": {Selection: db.Selection{Events: []string{"001"}}},
		"another time":  {Selection: db.Selection{From: l.betweenEvents(2)}},
		"a magnitude":   {Selection: db.Selection{MinMagnitude: new(9.5)}},
		"a place":       {Center: &Point{-80, 0}, Radius: 1000},
	} {
		if r := mustRun(t, l.pool, RunOptions{Selection: s}); r.Removed != 0 {
			t.Errorf("a run of %s: %+v", name, r)
		}
	}
	if r := mustRun(t, l.pool, RunOptions{Retry: []string{"gap"}}); r.Removed != 0 {
		t.Errorf("a retry: %+v", r)
	}
	if r := mustRun(t, l.pool, RunOptions{Selection: Selection{Selection: db.Selection{Events: []string{"002"}}}}); r.Removed != 4 || r.Considered != 0 {
		t.Errorf("a run of the event: %+v", r)
	}
	l.wantRetired(0, nil, 0)
}

func TestPartsRetireTheirOwnEvents(t *testing.T) {
	l := newLab(t, many)
	l.loadAll()
	l.inParts(RunOptions{})
	for i := range l.events {
		if i%2 == 0 {
			l.events[i].Type = db.NotExisting
		}
	}
	l.loadEvents()
	var removed []int64
	for i := 1; i <= 3; i++ {
		removed = append(removed, mustRun(t, l.pool, part(i, 3, RunOptions{})).Removed)
	}
	if removed[0]+removed[1]+removed[2] != 12 || slices.Max(removed) == 12 {
		t.Errorf("removed: %v", removed)
	}
	l.wantAsScratch()
}

func TestAnotherPreferredOriginIsDueAtEveryInstrument(t *testing.T) {
	l := newFinishedLab(t, small)
	e := &l.events[2]
	e.PreferredOriginID = e.Origins[0].PublicID
	l.loadEvents()
	l.wantRetired(0, itemNames([]int{3}, everyInstrument...), 0)
	e.PreferredOriginID = e.Origins[1].PublicID
	l.loadEvents()
	l.wantRetired(0, itemNames([]int{3}, everyInstrument...), 0)
}

// relocate gives the channels and files of a station another location code.
func (l *lab) relocate(station int, location string) {
	l.Helper()
	for i := range l.stations[station-1].Channels {
		c := &l.stations[station-1].Channels[i]
		c.ID.Location = location
		l.rewrite(c.ID.Station+"."+c.ID.Channel, func(traces []waveform.Trace) []waveform.Trace {
			for k := range traces {
				traces[k].ID.Location = location
			}
			return traces
		})
	}
}

func TestAnotherLocationCodeMovesTheItems(t *testing.T) {
	l := newFinishedLab(t, small)
	l.relocate(2, "00")
	l.loadWaveforms()
	if sum := l.loadStations(); sum.Replaced != 3 || sum.Changed != 3 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(3, itemNames(everyEvent, "ST02.00.HN"), 0)
	if sum := l.loadStations(); sum.Replaced+sum.Changed != 0 {
		t.Errorf("the next night: %+v", sum)
	}
	l.wantRetired(0, nil, 0)
}

// A file that still has the old epochs too says that both are there: the old one has no data.
func TestALocationCodeBesideTheOldOneLeavesItsItemsSkipped(t *testing.T) {
	l := newFinishedLab(t, small)
	old := slices.Clone(l.stations[1].Channels)
	l.relocate(2, "00")
	l.loadWaveforms()
	l.stations[1].Channels = append(old, l.stations[1].Channels...)
	l.loadStations()
	r := l.wantRecomputed(itemNames(everyEvent, "ST02..HN", "ST02.00.HN"), 0)
	if r.Done != 3 || r.Skipped != 3 {
		t.Errorf("%+v", r)
	}
	l.wantAsScratch()
}

func TestAnEpochThatBeginsEarlierTakesThePlaceOfTheOldOne(t *testing.T) {
	l := newFinishedLab(t, small)
	s := &l.stations[2]
	for i := range s.Channels {
		s.Channels[i].From = s.Channels[i].From.AddDate(0, -1, 0)
	}
	cloneResponse(&s.Channels[0]).Stages[0].Gain *= 1.01
	if sum := l.loadStations(); sum.Replaced != 3 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(0, itemNames(everyEvent, "ST03..HN"), 0)
}

// A data centre asked for what is open today leaves out what has ended, and a closed channel may
// have been known as open.
func TestEpochsThatAFileLeavesOutStay(t *testing.T) {
	l := newFinishedLab(t, small)
	now := l.betweenEvents(2)
	later := slices.Clone(l.stations[2].Channels)
	for i := range later {
		later[i].ID.Location, later[i].From = "10", now
	}
	l.stations = []waveform.Station{l.stations[0], l.stations[2]}
	l.stations[1].Channels = later
	if sum := l.loadStations(); sum.Replaced != 0 || sum.Changed != 3 {
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(itemNames([]int{3}, "ST03.10.HN"), 0)
}

// An epoch that two files give goes when neither gives it any more.
func TestAnEpochOfTwoFilesGoesWithTheSecond(t *testing.T) {
	l := newFinishedLab(t, small)
	text, err := os.ReadFile(filepath.Join(l.dir, synth.StationFile))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(l.dir, "other.xml")
	l.write(other, text)
	mustLoad(t, l.pool, LoadStations, other)
	l.relocate(2, "00")
	l.loadWaveforms()
	if sum := l.loadStations(); sum.Replaced != 0 {
		t.Errorf("%+v", sum)
	}
	if text, err = os.ReadFile(filepath.Join(l.dir, synth.StationFile)); err != nil {
		t.Fatal(err)
	}
	l.write(other, text)
	if sum := mustLoad(t, l.pool, LoadStations, l.dir); sum.Replaced != 3 {
		t.Errorf("%+v", sum)
	}
	l.wantRetired(3, itemNames(everyEvent, "ST02.00.HN"), 0)
}
