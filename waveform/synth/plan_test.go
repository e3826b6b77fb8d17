package synth

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

func mustPlan(t *testing.T, cfg Config) *Archive {
	t.Helper()
	a, err := Plan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPlanOfTheZeroConfigIsUsable(t *testing.T) {
	a := mustPlan(t, Config{})
	if len(a.Stations) != 5 || len(a.Events) != 3 || a.Config.SampleRate != 100 || a.Config.Duration != 24*time.Hour {
		t.Errorf("%d stations, %d events, %v Hz, %v", len(a.Stations), len(a.Events), a.Config.SampleRate, a.Config.Duration)
	}
	if n := len(a.refs()); n != 5*3+2*3 { // HN everywhere, HH at the first and fourth
		t.Errorf("%d channels, want 21", n)
	}
}

func TestPlanOfAPlannedConfigIsTheSame(t *testing.T) {
	for _, cfg := range []Config{{}, {Events: -5}, {Seed: 3, Gaps: 2, Continuous: true, Instruments: []string{}}} {
		a := mustPlan(t, cfg)
		if d := cmp.Diff(a, mustPlan(t, a.Config)); d != "" {
			t.Errorf("%+v: %s", cfg, d)
		}
	}
}

func TestPlanIsTheSameTwiceAndDiffersBySeed(t *testing.T) {
	cfg := Config{Seed: 7, Stations: 4, Events: 5, Gaps: 6, Arrivals: true}
	a, b := mustPlan(t, cfg), mustPlan(t, cfg)
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("two plans of one configuration differ:\n%s", d)
	}
	cfg.Seed = 8
	if c := mustPlan(t, cfg); cmp.Equal(a.Events, c.Events) || cmp.Equal(a.Gaps, c.Gaps) {
		t.Error("another seed gave the same events or gaps")
	}
}

func TestPlanRefusesWhatItCannotMake(t *testing.T) {
	for want, cfg := range map[string]Config{
		"stations":      {Stations: 1000},
		"sample rate":   {SampleRate: 99.5},
		"radius":        {Radius: 1e7},
		"centre":        {Latitude: 89},
		"record length": {RecordLength: 1024},
		"gaps":          {Gaps: -1},
		"too short":     {Duration: 5 * time.Minute},
		"a minute":      {Duration: 5 * time.Second, Events: -1},
		"HX":            {Instruments: []string{"HN", "HX"}},
		"twice":         {Instruments: []string{"HN", "HN"}},
		"years":         {Start: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)},
		"no room":       {Stations: 1, Gaps: 500, Instruments: []string{"HN"}},
	} {
		if _, err := Plan(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Plan(%+v) gave error %v, want one about %q", cfg, err, want)
		}
	}
}

func TestEventsLieInsideTheNetworkAndTheArchive(t *testing.T) {
	a := mustPlan(t, Config{Seed: 3, Stations: 12, Events: 40, Radius: 100e3})
	for i, e := range a.Events {
		q := a.quake(i)
		if d, _ := traveltime.Distance(a.Config.Latitude, a.Config.Longitude, q.latitude, q.longitude); d > a.Config.Radius {
			t.Errorf("event %d is %.0f m from the centre", i, d)
		}
		if q.magnitude < 3 || q.magnitude > 6 || q.depth < 4e3 || q.depth > 20e3 {
			t.Errorf("event %d: magnitude %v, depth %v", i, q.magnitude, q.depth)
		}
		if i > 0 && !q.time.After(a.quake(i-1).time) {
			t.Errorf("event %d is not after the one before", i)
		}
		for s := range a.Stations {
			p, sOnset := a.Onsets(i, s)
			if p.Add(-beforeP).Before(a.Config.Start) || sOnset.Add(afterS).After(a.Config.Start.Add(a.Config.Duration)) {
				t.Errorf("%s at %s: data would begin or end outside of the archive", e.PublicID, a.Stations[s].Code)
			}
		}
	}
}

func TestCatalogueOfFewEventsHasSmallAndLargeOnes(t *testing.T) {
	a := mustPlan(t, Config{Events: 6})
	low, high := math.Inf(1), math.Inf(-1)
	for i := range a.Events {
		low, high = min(low, a.quake(i).magnitude), max(high, a.quake(i).magnitude)
	}
	if low > 3.2 || high < 4.6 { // the bounds of the first and the last sixth of the law
		t.Errorf("magnitudes from %v to %v", low, high)
	}
}

func TestOneStationHasRotatedHorizontals(t *testing.T) {
	a := mustPlan(t, Config{Stations: 2, Instruments: []string{"HN"}})
	var got []string
	for _, c := range a.Stations[1].Channels {
		got = append(got, c.ID.Component())
	}
	if strings.Join(got, "") != "12Z" {
		t.Errorf("components %v", got)
	}
	c := a.Stations[1].Channels
	if c[0].Azimuth != 37 || c[1].Azimuth != 127 || c[2].Dip != -90 {
		t.Errorf("azimuths %v, %v and dip %v", c[0].Azimuth, c[1].Azimuth, c[2].Dip)
	}
}

func TestArrivalsAreNearTheOnsets(t *testing.T) {
	a := mustPlan(t, Config{Stations: 3, Events: 4, Arrivals: true})
	for i, e := range a.Events {
		o, _ := e.PreferredOrigin()
		if len(e.Picks) != 6 || len(o.Arrivals) != 6 {
			t.Fatalf("event %d: %d picks, %d arrivals on the preferred origin, want 6", i, len(e.Picks), len(o.Arrivals))
		}
		for k, pick := range e.Picks {
			p, s := a.Onsets(i, k/2)
			onset, limit := p, 51*time.Millisecond
			if o.Arrivals[k].Phase == "S" {
				onset, limit = s, 121*time.Millisecond
			}
			if off := pick.Time.Sub(onset).Abs(); off > limit || o.Arrivals[k].PickID != pick.PublicID {
				t.Errorf("%s is %v off its onset", pick.PublicID, off)
			}
		}
	}
}

func TestHalfOfTheGapsFallIntoEvents(t *testing.T) {
	a := mustPlan(t, Config{Seed: 1, Stations: 6, Events: 4, Gaps: 40, Continuous: true})
	if len(a.Gaps) != 40 {
		t.Fatalf("%d gaps, want 40", len(a.Gaps))
	}
	near := 0
	for _, g := range a.Gaps {
		ref, err := a.find(g.ID)
		if err != nil {
			t.Fatal(err)
		}
		if a.nearEvent(ref.station, g) {
			near++
		}
	}
	if near < 20 || near > 25 { // a minute around 4 events is 0.3 % of the day
		t.Errorf("%d of 40 gaps begin within half a minute of P", near)
	}
}

func (a *Archive) nearEvent(station int, g waveform.Gap) bool {
	for e := range a.Events {
		if p, _ := a.Onsets(e, station); g.From.Sub(p).Abs() <= 31*time.Second {
			return true
		}
	}
	return false
}

func TestSpansWithout(t *testing.T) {
	got := without([]span{{0, 10}, {20, 30}}, []span{{0, 2}, {4, 5}, {8, 22}, {30, 31}})
	want := []span{{2, 4}, {5, 8}, {22, 30}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(span{})); d != "" {
		t.Error(d)
	}
}

func TestHoleOfAGapIsExactForRatesWithoutWholeNanoseconds(t *testing.T) {
	c := Config{Start: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), SampleRate: 300, Duration: time.Hour}
	for from := int64(1); from < 1200; from++ {
		g := waveform.Gap{From: c.timeOf(from - 1), Until: c.timeOf(from + 7)}
		if got, want := c.hole(g), (span{from, from + 7}); got != want {
			t.Fatalf("hole %v, want %v", got, want)
		}
	}
}

func TestDaysAreCutAtMidnight(t *testing.T) {
	c := Config{Start: time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC), Duration: 26 * time.Hour, SampleRate: 20}
	want := []span{{0, 72000}, {72000, 72000 + 1728000}, {72000 + 1728000, 26 * 72000}}
	if d := cmp.Diff(want, c.days(), cmp.AllowUnexported(span{})); d != "" {
		t.Error(d)
	}
}
