package job

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
)

// checked gives code and channel of what a check finds, in order.
func (l *lab) checked(s Selection) (found []string, sum CheckSummary) {
	l.Helper()
	sum, err := Check(l.Context(), l.pool, s, func(f Finding) error {
		found = append(found, fmt.Sprintf("%s %s.%s.%s.%s", f.Code, f.Network, f.Station, f.Location, f.Channel))
		if f.Message == "" {
			l.Errorf("%+v", f)
		}
		return nil
	})
	if err != nil || sum.Findings != len(found) {
		l.Errorf("%+v, %v", sum, err)
	}
	return found, sum
}

func TestCheckFindsContradictionsInWhatWasLoaded(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	if found, sum := l.checked(Selection{}); len(found) != 0 || sum.Epochs != 3 {
		t.Errorf("%v in %+v of sound metadata", found, sum)
	}
	l.channel("ST01.HNE").SampleRate = 25 // the data have 20 Hz
	cloneResponse(l.channel("ST01.HNN")).Sensitivity.Value *= 3
	l.channel("ST01.HNZ").Response = nil
	l.pool = dbtest.New(t)
	l.loadAll()
	found, _ := l.checked(Selection{})
	for _, want := range []string{"channel_rate SY.ST01..HNE", "sensitivity SY.ST01..HNN", "no_response SY.ST01..HNZ", "sibling_rate SY.ST01..HN", "sibling_gain SY.ST01..HN"} {
		if !slices.Contains(found, want) {
			t.Errorf("%q is not among %q", want, found)
		}
	}
	if found, sum := l.checked(Selection{Channels: []string{"HNZ"}}); len(found) != 1 || sum.Epochs != 1 {
		t.Errorf("%q, %+v", found, sum)
	}
}

// The contradiction between the channels of an instrument is that of the time when they hold.
func TestCheckComparesChannelsThatHoldTogether(t *testing.T) {
	l := newLab(t, alone)
	at := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &l.stations[0]
	for i := range s.Channels {
		s.Channels[i].From = at
	}
	old := *l.channel("ST01.HNE")
	old.From, old.Until, old.Azimuth = at.AddDate(-5, 0, 0), at, 45 // alone in its time, but off its name
	s.Channels = append([]waveform.Channel{old}, s.Channels...)
	l.loadStations()
	if found, sum := l.checked(Selection{}); len(found) != 1 || found[0] != "orientation_code SY.ST01..HNE" || sum.Epochs != 4 {
		t.Errorf("%q, %+v", found, sum)
	}
	var later Selection
	later.From = at
	if found, sum := l.checked(later); len(found) != 0 || sum.Epochs != 3 {
		t.Errorf("%q, %+v", found, sum)
	}
	var before Selection
	before.Until = at
	if found, sum := l.checked(before); len(found) != 1 || sum.Epochs != 1 {
		t.Errorf("%q, %+v", found, sum)
	}
}

func TestCheckOfRealMetadata(t *testing.T) {
	l := &lab{T: t, pool: dbtest.New(t)}
	for _, e := range realEvents {
		mustLoad(t, l.pool, LoadStations, filepath.Join(sharedData(t), "events", e, "stations"))
	}
	found, sum := l.checked(Selection{})
	byCode := map[string]int{}
	for _, f := range found {
		var code, channel string
		fmt.Sscan(f, &code, &channel)
		byCode[code]++
	}
	// Corners of the sensitivity beyond Nyquist and vertical channels without an azimuth: as
	// package response finds them in the files.
	if sum.Epochs != 142 || byCode["sensitivity_frequency"] != 18 || byCode["orientation"] != 6 || byCode["orientation_code"] != 2 || len(found) != 26 {
		t.Errorf("%+v, %v", sum, byCode)
	}
}
