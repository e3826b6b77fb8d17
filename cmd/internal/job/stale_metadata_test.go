package job

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestRunAgainFindsNothingDue(t *testing.T) {
	l := newFinishedLab(t, small)
	if n := len(itemsOf(t, l.pool, "default")); n != len(everyEvent)*len(everyInstrument) {
		t.Fatalf("%d items", n)
	}
	l.wantRecomputed(nil, 0)
}

func TestLoadingTheSameAgainMakesNothingDue(t *testing.T) {
	l := newFinishedLab(t, small)
	if sum := l.loadStations(); sum.Changed != 0 || sum.Found != 12 {
		t.Errorf("stations: %+v", sum)
	}
	if sum := l.loadEvents(); sum.Changed != 0 || sum.Found != 3 {
		t.Errorf("events: %+v", sum)
	}
	if sum := l.loadWaveforms(); sum.Loaded != 0 || sum.Unchanged != 12 {
		t.Errorf("waveforms: %+v", sum)
	}
	l.wantRecomputed(nil, 0)
}

func TestAChangedOriginIsDueAtEveryInstrument(t *testing.T) {
	for name, change := range map[string]func(*waveform.Origin){
		"time":      func(o *waveform.Origin) { o.Time = o.Time.Add(700 * time.Millisecond) },
		"latitude":  func(o *waveform.Origin) { o.Latitude += 0.01 },
		"longitude": func(o *waveform.Origin) { o.Longitude += 0.01 },
		"depth":     func(o *waveform.Origin) { o.Depth += 500 },
	} {
		t.Run(name, func(t *testing.T) {
			l := newFinishedLab(t, small)
			change(&l.events[1].Origins[0])
			if sum := l.loadEvents(); sum.Changed != 1 {
				t.Errorf("%+v", sum)
			}
			l.wantRecomputed(itemNames([]int{2}, everyInstrument...), 0)
		})
	}
}

func TestAnEventMovedByHoursIsReadFromItsNewWindow(t *testing.T) {
	l := newFinishedLab(t, small)
	o := &l.events[0].Origins[0]
	o.Time = o.Time.Add(-24 * time.Hour) // where there are no data
	l.loadEvents()
	if r := l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 0); r.Skipped != 4 {
		t.Errorf("%+v", r)
	}
	o.Time = o.Time.Add(24 * time.Hour)
	l.loadEvents()
	if r := l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 0); r.Done != 4 {
		t.Errorf("%+v", r)
	}
}

func TestWhatNoComputationReadsIsVerifiedOnly(t *testing.T) {
	l := newFinishedLab(t, small)
	l.events[2].Description = "another name"
	l.events[2].Origins[0].Latitude += 1 // the automatic origin, which is not preferred
	if sum := l.loadEvents(); sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	l.channel("ST02.HN1").Sensor = "described in other words"
	l.channel("ST02.HN1").Elevation += 3
	if sum := l.loadStations(); sum.Changed != 1 {
		t.Errorf("%+v", sum)
	}
	// Four of event 3; and ST02 of the others.
	l.wantRecomputed(nil, 6)
}

func TestAChangedMagnitudeIsDueAtEveryInstrument(t *testing.T) {
	l := newFinishedLab(t, small)
	l.events[0].Magnitudes[1].Value += 0.1 // the preferred one
	l.loadEvents()
	l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 0)
}

func TestAChangedResponseIsDueAtItsInstrument(t *testing.T) {
	l := newFinishedLab(t, small)
	cloneResponse(l.channel("ST01.HNE")).Stages[0].Gain *= 1.01
	if sum := l.loadStations(); sum.Changed != 1 || sum.Found != 12 {
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(itemNames(everyEvent, "ST01..HN"), 0)
}

func TestAChangedPositionOrOrientationIsDueAtItsInstrument(t *testing.T) {
	for name, change := range map[string]func(*waveform.Channel){
		"latitude":  func(c *waveform.Channel) { c.Latitude += 0.001 },
		"longitude": func(c *waveform.Channel) { c.Longitude += 0.001 },
		"azimuth":   func(c *waveform.Channel) { c.Azimuth += 5 },
		"dip":       func(c *waveform.Channel) { c.Dip += 5 },
	} {
		t.Run(name, func(t *testing.T) {
			l := newFinishedLab(t, small)
			change(l.channel("ST01.HHN"))
			l.loadStations()
			l.wantRecomputed(itemNames(everyEvent, "ST01.00.HH"), 0)
		})
	}
}

// betweenEvents is a time after the windows of one event and before those of the next.
func (l *lab) betweenEvents(first int) time.Time {
	a, b := l.events[first-1], l.events[first]
	before, _ := a.PreferredOrigin()
	after, _ := b.PreferredOrigin()
	return before.Time.Add(after.Time.Sub(before.Time) / 2).Truncate(time.Second)
}

// split ends the epoch of a station's channels at a time and begins another, with
// the same values.
func (l *lab) split(station int, at time.Time) {
	s := &l.stations[station-1]
	for _, c := range s.Channels {
		if c.Until.IsZero() {
			next := c
			next.From = at
			s.Channels = append(s.Channels, next)
		}
	}
	for i := range s.Channels {
		if c := &s.Channels[i]; c.From.Before(at) {
			c.Until = at
		}
	}
}

func TestANewEpochWithTheSameValuesIsVerifiedOnly(t *testing.T) {
	l := newFinishedLab(t, small)
	l.split(3, l.betweenEvents(1))
	if sum := l.loadStations(); sum.Changed != 6 { // three ended, three new
		t.Errorf("%+v", sum)
	}
	l.wantRecomputed(nil, 3)
}

func TestAResponseChangedInOneEpochIsDueWithinItsValidity(t *testing.T) {
	l := newLab(t, small)
	l.split(3, l.betweenEvents(1))
	l.loadAll()
	mustRun(t, l.pool, RunOptions{})
	s := &l.stations[2]
	cloneResponse(&s.Channels[len(s.Channels)-1]).Stages[0].Gain *= 1.01 // the epoch that holds for events 2 and 3
	l.loadStations()
	l.wantRecomputed(itemNames([]int{2, 3}, "ST03..HN"), 0)
	cloneResponse(&s.Channels[0]).Stages[0].Gain *= 1.02
	l.loadStations()
	l.wantRecomputed(itemNames([]int{1}, "ST03..HN"), 0)
}

func TestWhereEpochsOverlapTheOneThatStartsLatestCounts(t *testing.T) {
	pga := func(l *lab, event string) (v float64) {
		err := l.pool.Get(&v, `SELECT pga FROM measurement WHERE label = 'default' AND station = 'ST03' AND component = 'E' AND event_id LIKE $1`, "%"+event)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	l := newFinishedLab(t, small)
	one, two := pga(l, "001"), pga(l, "002")
	later := *l.channel("ST03.HNE")
	later.From = l.betweenEvents(1)
	cloneResponse(&later).Stages[0].Gain *= 2
	l.stations[2].Channels = append([]waveform.Channel{later}, l.stations[2].Channels...)
	l.loadStations()
	l.wantRecomputed(itemNames([]int{2, 3}, "ST03..HN"), 0)
	if a, b := pga(l, "001")/one, pga(l, "002")/two; a != 1 || math.Abs(b-0.5) > 1e-9 {
		t.Errorf("accelerations changed by %v before and %v after the later epoch begins", a, b)
	}
}

func TestAnEpochThatEndsEarlierTakesItsItemsAway(t *testing.T) {
	l := newFinishedLab(t, small)
	for i := range l.stations[1].Channels {
		l.stations[1].Channels[i].Until = l.betweenEvents(2)
	}
	l.loadStations()
	// The data are still there, without metadata now.
	r := l.wantRecomputed(itemNames([]int{3}, "ST02..HN"), 2)
	if r.Failed != 1 {
		t.Errorf("%+v", r)
	}
	for _, c := range []string{"ST02.HN1", "ST02.HN2", "ST02.HNZ"} {
		l.remove(c)
	}
	l.loadWaveforms()
	// Events 1 and 2 are skipped for want of data; event 3 is no item any more.
	l.wantRecomputed(itemNames([]int{1, 2}, "ST02..HN"), 0)
	if n := len(itemsOf(t, l.pool, "default")); n != 11 {
		t.Errorf("%d items", n)
	}
}

func TestANewStationAndANewEventAreDue(t *testing.T) {
	l := newLab(t, small)
	all, events := l.stations, l.events
	l.stations, l.events = all[:2], events[:2]
	l.loadAll()
	mustRun(t, l.pool, RunOptions{})
	l.stations = all
	l.loadStations()
	// ST03 was known by its data without metadata: two items that fail.
	l.wantRecomputed(itemNames([]int{1, 2}, "ST03..HN"), 0)
	l.events = events
	l.loadEvents()
	l.wantRecomputed(itemNames([]int{3}, everyInstrument...), 0)
}

func TestAnArrivalIsDueAtItsStation(t *testing.T) {
	l := newFinishedLab(t, small)
	e := &l.events[1]
	pick := waveform.Pick{PublicID: "smi:local/test/pick", ID: waveform.SourceID{Network: "SY", Station: "ST01", Channel: "HNZ"},
		Time: l.p(2, 1).Add(300 * time.Millisecond), PhaseHint: "P"}
	e.Picks = append(e.Picks, pick)
	e.Origins[0].Arrivals = append(e.Origins[0].Arrivals, waveform.Arrival{PublicID: "smi:local/test/arrival", PickID: pick.PublicID, Phase: "P"})
	l.loadEvents()
	l.wantRecomputed(itemNames([]int{2}, "ST01..HN", "ST01.00.HH"), 2)
	var sources []string
	if err := l.pool.Select(&sources, `SELECT DISTINCT event_id || station || time_source FROM measurement
		WHERE label = 'default' AND time_source = 'arrival'`); err != nil || len(sources) != 1 {
		t.Errorf("rows by arrival: %v, %v", sources, err)
	}
	e.Picks[0].Time = e.Picks[0].Time.Add(time.Millisecond) // the windows hold the same samples
	l.loadEvents()
	l.wantRecomputed(itemNames([]int{2}, "ST01..HN", "ST01.00.HH"), 2)
}

func TestAnotherRecipeMakesEverythingDue(t *testing.T) {
	l := newFinishedLab(t, small)
	l.recipe = []byte("measure: {periods: [0.5, 1]}\n")
	l.wantRecomputed(itemNames(everyEvent, everyInstrument...), 0)
	l.recipe = []byte("# the same in other words\nmeasure:\n  periods: [0.50, 1.0]\n")
	l.wantRecomputed(nil, 0)
}

func TestARecipeThatLeavesAnInstrumentOutTakesItsItemsAway(t *testing.T) {
	l := newFinishedLab(t, small)
	l.recipe = []byte("eligible: {instruments: [HN]}\n")
	l.wantRecomputed(itemNames(everyEvent, "ST01..HN", "ST02..HN", "ST03..HN"), 0)
	if n := len(itemsOf(t, l.pool, "default")); n != 9 {
		t.Errorf("%d items", n)
	}
}

func TestADryRunCountsAndChangesNothing(t *testing.T) {
	l := newFinishedLab(t, small)
	items, rows := itemsOf(t, l.pool, "default"), measurementsOf(t, l.pool, "default")
	r := mustRun(t, l.pool, RunOptions{DryRun: true, RecipeText: []byte("measure: {periods: [1]}\n")})
	if r.Due != 12 || r.RunID != 0 {
		t.Errorf("another recipe: %+v", r)
	}
	l.wantNothingDue() // the label's recipe is what it was
	l.events[0].Origins[0].Depth += 100
	l.events[2].Description = "another name"
	l.loadEvents()
	if r := mustRun(t, l.pool, RunOptions{DryRun: true}); r.Due != 4 || r.Verified != 4 || r.RunID != 0 {
		t.Errorf("a moved event: %+v", r)
	}
	if got := measurementsOf(t, l.pool, "default"); fmt.Sprint(got) != fmt.Sprint(rows) {
		t.Error("measurements changed")
	}
	for k, it := range itemsOf(t, l.pool, "default") {
		if it.RunID != items[k].RunID || it.Status != items[k].Status || it.Revision != items[k].Revision {
			t.Errorf("%s changed", itemName(k))
		}
	}
	l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 4)
	if r := mustRun(t, l.pool, RunOptions{DryRun: true, Label: "never"}); r.Due != 12 {
		t.Errorf("a label that does not exist: %+v", r)
	}
	var labels int
	if err := l.pool.Get(&labels, `SELECT count(*) FROM label WHERE name = 'never'`); err != nil || labels != 0 {
		t.Errorf("a dry run made a label, %v", err)
	}
}

// The epoch that holds at the origin counts for all of an item; that others hold in a part of
// the windows is told, and is due when it becomes so.
func TestAnEpochThatChangesInsideTheWindowsIsFlagged(t *testing.T) {
	l := newFinishedLab(t, small)
	flagged := func() (rows []string) {
		if err := l.pool.Select(&rows, `SELECT station || ' ' || component || ' ' || right(event_id, 3) FROM measurement
			WHERE label = 'default' AND 'epoch_change' = ANY(flags) ORDER BY component COLLATE "C"`); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	l.split(3, l.p(1, 3).Add(3*time.Second)) // after P of event 1
	l.loadStations()
	if l.wantRecomputed(nil, 3); len(flagged()) != 0 {
		t.Errorf("%q are flagged though the epochs say the same", flagged())
	}
	for i := range l.stations[2].Channels {
		if c := &l.stations[2].Channels[i]; c.ID.Channel == "HNE" && !c.From.Before(l.p(1, 3)) {
			cloneResponse(c).Stages[0].Gain *= 1.01
		}
	}
	l.loadStations()
	l.wantRecomputed(itemNames([]int{1, 2, 3}, "ST03..HN"), 0)
	if diff := cmp.Diff([]string{"ST03 E 001", "ST03 RotD100 001", "ST03 RotD50 001"}, flagged()); diff != "" {
		t.Errorf("flagged rows (-want +got):\n%s", diff)
	}
}
