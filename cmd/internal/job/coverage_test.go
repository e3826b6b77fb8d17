package job

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
)

// coverage is that of a selection, as a sum.
func (l *lab) coverage(o RunOptions) (sum Coverage) {
	l.Helper()
	all, err := CoverageOf(l.Context(), l.pool, o)
	if err != nil {
		l.Fatal(err)
	}
	for _, c := range all {
		if c.Done+c.Skipped+c.Failed+c.Never != c.Expected || c.Due < c.Never || c.Due > c.Expected {
			l.Errorf("the counts do not add up: %+v", c)
		}
		sum.Add(c)
	}
	if !slices.IsSortedFunc(all, Coverage.Compare) {
		l.Errorf("not in order: %+v", all)
	}
	return sum
}

// wantForeseen requires what was due to be what a plan then looked at, and no more.
func (l *lab) wantForeseen(c Coverage, planned RunResult) {
	l.Helper()
	if c.Expected != planned.Considered || c.Due != planned.Due+planned.Verified || c.Never != planned.Reasons[NeverDone] {
		l.Errorf("the coverage was %+v, and the plan %+v", c, planned)
	}
}

// cells writes coverage in short: station, month: expected, done, skipped, failed, never, due.
func cells(all []Coverage) string {
	var b strings.Builder
	for _, c := range all {
		fmt.Fprintf(&b, "%s %s: %d %d %d %d %d %d\n", c.Station, c.Month, c.Expected, c.Done, c.Skipped, c.Failed, c.Never, c.Due)
	}
	return b.String()
}

func TestCoverageIsByStationAndMonth(t *testing.T) {
	l := newLab(t, small)
	l.events[1].Origins[0].Time = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC) // without data
	l.events[2].Origins = nil
	l.channel("ST03.HNN").Response = nil
	l.loadAll()
	want := func(when string, o RunOptions, want string) {
		t.Helper()
		all, err := CoverageOf(t.Context(), l.pool, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := cells(all); got != want {
			t.Errorf("%s:\n%swant\n%s", when, got, want)
		}
	}
	const none = " : 1 0 0 0 1 1\n" // the event without an origin, of no station
	want("at first", RunOptions{}, none+"ST01 2024-02: 2 0 0 0 2 2\nST01 2024-03: 2 0 0 0 2 2\nST02 2024-02: 1 0 0 0 1 1\nST02 2024-03: 1 0 0 0 1 1\nST03 2024-02: 1 0 0 0 1 1\nST03 2024-03: 1 0 0 0 1 1\n")
	mustRun(t, l.pool, RunOptions{})
	done := " : 1 0 0 1 0 0\nST01 2024-02: 2 0 2 0 0 0\nST01 2024-03: 2 2 0 0 0 0\nST02 2024-02: 1 0 1 0 0 0\nST02 2024-03: 1 1 0 0 0 0\nST03 2024-02: 1 0 1 0 0 0\nST03 2024-03: 1 0 0 1 0 0\n"
	want("after a run", RunOptions{}, done)
	want("of another label", RunOptions{Label: "other", Selection: Selection{Stations: []string{"ST02"}}}, none+"ST02 2024-02: 1 0 0 0 1 1\nST02 2024-03: 1 0 0 0 1 1\n")
	want("by another recipe", RunOptions{RecipeText: []byte("measure: {damping: 0.2}"), Selection: Selection{Channels: []string{"HH?"}}}, " : 1 0 0 1 0 1\nST01 2024-02: 1 0 1 0 0 1\nST01 2024-03: 1 1 0 0 0 1\n")

	l.bump("ST02.HN1", l.p(1, 2).Add(time.Second))
	l.loadWaveforms()
	want("after a load", RunOptions{}, strings.Replace(done, "ST02 2024-03: 1 1 0 0 0 0", "ST02 2024-03: 1 1 0 0 0 1", 1))
	if err := os.Remove(l.file("ST01.HHZ")); err != nil {
		t.Fatal(err)
	}
	mustRun(t, l.pool, RunOptions{Force: true})
	want("of a failure that may pass", RunOptions{Selection: Selection{Locations: []string{"00"}}}, " : 1 0 0 1 0 0\nST01 2024-02: 1 0 1 0 0 0\nST01 2024-03: 1 0 0 1 0 1\n")
}

// Whatever the selection, coverage is of the items that a run considers.
func TestCoverageIsOfWhatARunConsiders(t *testing.T) {
	l := newLab(t, many)
	l.stations[1].Channels[0].Until = l.plan.Events[6].Origins[0].Time // data without metadata
	l.stations[1].Channels = l.stations[1].Channels[:1]
	l.loadAll()
	mustRun(t, l.pool, RunOptions{Selection: Selection{Selection: db.Selection{Shard: db.Shard{Index: 1, Count: 2}}}})
	first, m := l.plan.Events[0].Origins[0], 4.5
	for name, s := range map[string]Selection{
		"all":           {},
		"a part":        {Selection: db.Selection{Shard: db.Shard{Index: 2, Count: 3}}},
		"times":         {Selection: db.Selection{From: l.plan.Events[3].Origins[0].Time, Until: l.plan.Events[9].Origins[0].Time}},
		"magnitudes":    {Selection: db.Selection{MinMagnitude: &m}},
		"one event":     {Selection: db.Selection{Events: []string{"001"}}},
		"around":        {Center: &Point{first.Latitude, first.Longitude}, Radius: 40e3},
		"near stations": {MaxDistance: 45e3},
		"a channel":     {Channels: []string{"HNZ"}, Stations: []string{"ST01"}},
		"no station":    {Stations: []string{"X"}},
	} {
		c := l.coverage(RunOptions{Selection: s})
		planned := mustRun(t, l.pool, RunOptions{Selection: s, DryRun: true})
		l.wantForeseen(c, planned)
		if (c.Expected == 0) != (name == "no station") || c.Expected == 24 && name != "all" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestCoverageNeedsNoRightToWrite(t *testing.T) {
	l := newFinishedLab(t, small)
	l.bump("ST02.HN1", l.p(1, 2).Add(time.Second))
	l.loadWaveforms()
	l.pool.SetMaxOpenConns(1)
	l.pool.MustExec(`SET default_transaction_read_only = on`)
	if c := l.coverage(RunOptions{}); c.Due != 3 || // of all events: the data are one segment
		c.Expected != 12 {
		t.Errorf("%+v", c)
	}
}
