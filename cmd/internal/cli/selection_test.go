package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// parseSelection parses flags as a verb does.
func parseSelection(args ...string) (job.Selection, error) {
	var f selectionFlags
	cmd := &cobra.Command{}
	f.register(cmd)
	if err := cmd.ParseFlags(args); err != nil {
		return job.Selection{}, err
	}
	return f.parse()
}

func TestSelectionFlagsGiveTheSelectionInSI(t *testing.T) {
	got, err := parseSelection("--from", "2019-10-15", "--until", "2019-10-15T07:33:42.5+02:00", "--event", "a,b", "--event", "c",
		"--min-magnitude", "-0.5", "--max-magnitude", "6", "--bbox", "-10,170,10,-170", "--center", "37.9,-122.1", "--radius", "50",
		"--network", "NC,B?", "--station", "C*", "--location=--", "--channel", "HN?", "--max-distance", "0.5")
	if err != nil {
		t.Fatal(err)
	}
	least, most := -0.5, 6.0
	want := job.Selection{
		Selection: db.Selection{
			From: time.Date(2019, 10, 15, 0, 0, 0, 0, time.UTC), Until: time.Date(2019, 10, 15, 5, 33, 42, 5e8, time.UTC),
			Events: []string{"a", "b", "c"}, MinMagnitude: &least, MaxMagnitude: &most,
			Box: &db.Box{South: -10, West: 170, North: 10, East: -170},
		},
		Center: &job.Point{Latitude: 37.9, Longitude: -122.1}, Radius: 50e3, MaxDistance: 500,
		Networks: []string{"NC", "B?"}, Stations: []string{"C*"}, Locations: []string{"--"}, Channels: []string{"HN?"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestNoSelectionFlagsSelectEverything(t *testing.T) {
	got, err := parseSelection()
	if d := cmp.Diff(job.Selection{}, got); err != nil || d != "" {
		t.Error(err, d)
	}
}

func TestTwoLettersOfAChannelAreItsInstrument(t *testing.T) {
	got, err := parseSelection("--channel", "HN,H*,??Z,H?,HNZ,*")
	if d := cmp.Diff([]string{"HN?", "H*", "??Z", "H??", "HNZ", "*"}, got.Channels); err != nil || d != "" {
		t.Error(err, d)
	}
}

func TestTimesWithoutOffsetAreUTC(t *testing.T) {
	want := time.Date(2019, 10, 15, 5, 33, 0, 0, time.UTC)
	for _, text := range []string{"2019-10-15T05:33:00Z", "2019-10-15T05:33:00", "2019-10-15T05:33", "2019-10-15 05:33:00", "2019-10-14T22:33:00-07:00"} {
		got, err := parseSelection("--from", text)
		if err != nil || !got.From.Equal(want) || got.From.Location() != time.UTC {
			t.Errorf("%s is %v, %v", text, got.From, err)
		}
	}
}

func TestBadSelectionIsAUsageErrorThatNamesTheFlag(t *testing.T) {
	for _, args := range [][]string{
		{"--from", "yesterday"},
		{"--until", "2019-13-01"},
		{"--until", "2019-01-01", "--from", "2019-01-01"},
		{"--min-magnitude", "big"},
		{"--max-magnitude", "NaN"},
		{"--min-magnitude", "5", "--max-magnitude", "4"},
		{"--bbox", "1,2,3"},
		{"--bbox", "1,2,3,x"},
		{"--bbox", "-91,0,0,0"},
		{"--bbox", "0,0,0,181"},
		{"--bbox", "10,0,0,10"},
		{"--center", "1"},
		{"--center", "1,inf", "--radius", "3"},
		{"--center", "91,0", "--radius", "3"},
		{"--center", "1,2"},
		{"--radius", "3"},
		{"--radius", "-3", "--center", "1,2"},
		{"--radius", "0", "--center", "1,2"},
		{"--max-distance", "far"},
		{"--max-distance", "0"},
		{"--network", "N[C]"},
		{"--station", "A B"},
		{"--location", "_"},
		{"--channel", "HN/Z"},
		{"--channel", "Z"},
		{"--channel", "HNZ1"},
		{"--event", " "},
	} {
		_, err := parseSelection(args...)
		var usage *usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), args[0]) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestMeasurementsAreSelectedByStation(t *testing.T) {
	near, far := 10e3, 90e3
	row := func(location, instrument, component string, distance *float64) *db.Measurement {
		return &db.Measurement{ItemKey: db.ItemKey{Network: "NC", Station: "CRH", Location: location, Instrument: instrument},
			Component: component, Distance: distance}
	}
	for _, c := range []struct {
		s    job.Selection
		m    *db.Measurement
		want bool
	}{
		{job.Selection{}, row("", "HN", "Z", nil), true},
		{job.Selection{Networks: []string{"BK", "N?"}}, row("", "HN", "Z", nil), true},
		{job.Selection{Networks: []string{"BK"}}, row("", "HN", "Z", nil), false},
		{job.Selection{Stations: []string{"C*"}}, row("", "HN", "Z", nil), true},
		{job.Selection{Stations: []string{"C"}}, row("", "HN", "Z", nil), false},
		{job.Selection{Locations: []string{"--"}}, row("", "HN", "Z", nil), true},
		{job.Selection{Locations: []string{"--"}}, row("00", "HN", "Z", nil), false},
		{job.Selection{Locations: []string{"0*"}}, row("00", "HN", "Z", nil), true},
		{job.Selection{Channels: []string{"HNZ"}}, row("", "HN", "Z", nil), true},
		{job.Selection{Channels: []string{"HN?"}}, row("", "HN", "RotD50", nil), true},
		{job.Selection{Channels: []string{"HH?"}}, row("", "HN", "RotD50", nil), false},
		{job.Selection{Channels: []string{"HNZ", "??R"}}, row("", "HN", "RotD50", nil), false},
		{job.Selection{Channels: []string{"HN*"}}, row("", "HN", "RotD50", nil), true},
		{job.Selection{MaxDistance: 50e3}, row("", "HN", "Z", &near), true},
		{job.Selection{MaxDistance: 50e3}, row("", "HN", "Z", &far), false},
		{job.Selection{MaxDistance: 50e3}, row("", "HN", "Z", nil), false},
	} {
		if got := holdsRow(c.s, c.m); got != c.want {
			t.Errorf("%+v holds %s.%s.%s: %v", c.s, c.m.Location, c.m.Instrument, c.m.Component, got)
		}
	}
}
