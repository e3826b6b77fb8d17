package job

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
)

func TestSelectionOfARunIsToldInWords(t *testing.T) {
	m, n := 3.5, 6.0
	from, until := time.Date(2019, 10, 15, 0, 0, 0, 0, time.UTC), time.Date(2019, 10, 16, 5, 33, 42, 5e8, time.UTC)
	for want, s := range map[string]Selection{
		"everything": {},
		"events from 2019-10-15T00:00:00Z until 2019-10-16T05:33:42.5Z; magnitudes 3.5 to 6": {Selection: db.Selection{From: from, Until: until, MinMagnitude: &m, MaxMagnitude: &n}},
		"events from 2019-10-15T00:00:00Z; magnitude 3.5 or more":                            {Selection: db.Selection{From: from, MinMagnitude: &m}},
		"events a, b; events until 2019-10-15T00:00:00Z; magnitude 6 or less":                {Selection: db.Selection{Events: []string{"a", "b"}, Until: from, MaxMagnitude: &n}},
		"events in the box S 37, W -123, N 39, E -121.5":                                     {Selection: db.Selection{Box: &db.Box{South: 37, West: -123, North: 39, East: -121.5}}},
		"events within 50 km of 37.9,-122.1; stations within 0.5 km of the epicentre":        {Center: &Point{37.9, -122.1}, Radius: 50e3, MaxDistance: 500},
		"networks NC, B?; stations CRH; locations --; channels HN?":                          {Networks: []string{"NC", "B?"}, Stations: []string{"CRH"}, Locations: []string{"--"}, Channels: []string{"HN?"}},
	} {
		s.Shard = db.Shard{Index: 2, Count: 3} // has a column of its own
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := SelectionText(text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{`{"moon":"full"}`, `{"shard":"4/3"}`, `nonsense`} {
		if got := SelectionText([]byte(text)); got != text {
			t.Errorf("%s, which is not understood, is %q", text, got)
		}
	}
}
