package recipe

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// text is a row with every bit of its numbers; NaN equals NaN.
func text(m Measurement) string { return fmt.Sprintf("%+v", m) }

func fingerprinted() []Component {
	in := item("HNE", "HNZ")
	in.Components[0].cut(0, 1, 2, 3)
	in.Components[1].cut(0, 1)
	return in.Components
}

func TestDataHashChangesWithWhatWasReadOnly(t *testing.T) {
	want := DataHash(fingerprinted())
	seen := map[[32]byte]string{want: "nothing"}
	for _, c := range []struct {
		name  string
		edit  func(c []Component) []Component
		other bool
	}{
		{"a sample", func(c []Component) []Component { c[1].Traces[0].Data[99]++; return c }, true},
		{"a sample's sign of zero", func(c []Component) []Component { c[1].Traces[0].Data[98] = math.Copysign(0, -1); return c }, true},
		{"a start", func(c []Component) []Component { c[0].Traces[1].Start = c[0].Traces[1].Start.Add(1); return c }, true},
		{"a rate", func(c []Component) []Component { c[0].Traces[1].SampleRate = 100.01; return c }, true},
		{"a sample less", func(c []Component) []Component { c[0].Traces[0].Data = c[0].Traces[0].Data[:99]; return c }, true},
		{"a piece less", func(c []Component) []Component { c[0].Traces = c[0].Traces[:1]; return c }, true},
		{"a component less", func(c []Component) []Component { return c[:1] }, true},
		{"a component without data", func(c []Component) []Component { c[1].Traces = nil; return c }, true},
		{"another channel", func(c []Component) []Component { c[1].Channel.ID.Channel = "HN3"; return c }, true},
		{"another location", func(c []Component) []Component { c[1].Channel.ID.Location = "00"; return c }, true},
		{"an overlap", func(c []Component) []Component { c[0].OverlapDiffers = true; return c }, true},
		{"an overlap of the other", func(c []Component) []Component { c[1].OverlapDiffers = true; return c }, true},
		{"damage", func(c []Component) []Component { c[0].Damage = &Damage{"f", 1, "x"}; return c }, true},
		{"damage elsewhere", func(c []Component) []Component { c[0].Damage = &Damage{"f", 2, "x"}; return c }, true},
		{"damage of another file", func(c []Component) []Component { c[0].Damage = &Damage{"g", 1, "x"}; return c }, true},
		{"other damage", func(c []Component) []Component { c[0].Damage = &Damage{"f", 1, "y"}; return c }, true},
		{"a failure", func(c []Component) []Component { c[0].Failure = failf(FileMissing, "read", "x"); return c }, true},
		{"another failure", func(c []Component) []Component { c[0].Failure = failf(UnreadableFile, "read", "x"); return c }, true},
		{"coordinates", func(c []Component) []Component { c[0].Channel.Latitude++; return c }, false},
		{"a response", func(c []Component) []Component { c[0].ResponseHash[0]++; return c }, false},
		{"spare memory", func(c []Component) []Component {
			c[0].Traces[0].Data = append(c[0].Traces[0].Data, 1)[:100]
			return c
		}, false},
		{"another zone", func(c []Component) []Component {
			c[0].Traces[0].Start = c[0].Traces[0].Start.In(time.FixedZone("x", 3600))
			return c
		}, false},
	} {
		check(t, seen, c.name, DataHash(c.edit(fingerprinted())), want, c.other)
	}
}

// check requires a hash that nothing else had, or the one wanted.
func check(t *testing.T, seen map[[32]byte]string, name string, got, want [32]byte, other bool) {
	t.Helper()
	if !other && got != want {
		t.Errorf("%s changes the hash", name)
	}
	if before, ok := seen[got]; other && ok {
		t.Errorf("%s gives the same hash as %s", name, before)
	}
	if other {
		seen[got] = name
	}
}

func TestMetadataHashChangesWithWhatIsUsedOnly(t *testing.T) {
	want := MetadataHash(fingerprinted())
	seen := map[[32]byte]string{want: "nothing"}
	for _, c := range []struct {
		name  string
		edit  func(c *waveform.Channel)
		other bool
	}{
		{"latitude", func(c *waveform.Channel) { c.Latitude = math.Nextafter(c.Latitude, 1) }, true},
		{"longitude", func(c *waveform.Channel) { c.Longitude++ }, true},
		{"azimuth", func(c *waveform.Channel) { c.Azimuth = math.NaN() }, true},
		{"dip", func(c *waveform.Channel) { c.Dip = 1 }, true},
		{"channel", func(c *waveform.Channel) { c.ID.Channel = "HN1" }, true},
		{"elevation", func(c *waveform.Channel) { c.Elevation++ }, false},
		{"depth", func(c *waveform.Channel) { c.Depth++ }, false},
		{"sensor", func(c *waveform.Channel) { c.Sensor = "x" }, false},
		{"validity", func(c *waveform.Channel) { c.Until = moment(1e6) }, false},
		{"rate", func(c *waveform.Channel) { c.SampleRate = 7 }, false},
	} {
		all := fingerprinted()
		c.edit(&all[0].Channel)
		check(t, seen, c.name, MetadataHash(all), want, c.other)
	}
	all := fingerprinted()
	all[1].ResponseHash[31]++
	check(t, seen, "a response", MetadataHash(all), want, true)
	check(t, seen, "a component less", MetadataHash(all[:1]), want, true)
	all = fingerprinted()
	all[0].Traces = nil
	check(t, seen, "data", MetadataHash(all), want, false)
}

func TestEventHashChangesWithWhatIsUsedOnly(t *testing.T) {
	five := 5.0
	origin := waveform.Origin{PublicID: "o", Time: made.Origin, Latitude: 1, Longitude: 2, Depth: 3000}
	want := EventHash(origin, &five, made)
	seen := map[[32]byte]string{want: "nothing"}
	for _, c := range []struct {
		name  string
		edit  func(o *waveform.Origin, m **float64, on *Onsets)
		other bool
	}{
		{"time", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.Time = o.Time.Add(1) }, true},
		{"latitude", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.Latitude++ }, true},
		{"longitude", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.Longitude++ }, true},
		{"depth", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.Depth = math.NaN() }, true},
		{"magnitude", func(_ *waveform.Origin, m **float64, _ *Onsets) { *m = new(float64) }, true},
		{"no magnitude", func(_ *waveform.Origin, m **float64, _ *Onsets) { *m = nil }, true},
		{"P", func(_ *waveform.Origin, _ **float64, on *Onsets) { on.P = on.P.Add(1) }, true},
		{"S", func(_ *waveform.Origin, _ **float64, on *Onsets) { on.S = on.S.Add(1) }, true},
		{"no P", func(_ *waveform.Origin, _ **float64, on *Onsets) { on.P = time.Time{} }, true},
		{"id", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.PublicID = "x" }, false},
		{"agency", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.Agency = "x" }, false},
		{"zone", func(o *waveform.Origin, _ **float64, _ *Onsets) { o.Time = o.Time.In(time.FixedZone("x", 3600)) }, false},
	} {
		o, m, on := origin, &five, made
		c.edit(&o, &m, &on)
		check(t, seen, c.name, EventHash(o, m, on), want, c.other)
		picksOnly := c.name == "P" || c.name == "S" || c.name == "no P"
		if differs := OriginHash(o, m) != OriginHash(origin, &five); differs != (c.other && !picksOnly) {
			t.Errorf("%s changes the hash of the origin: %v", c.name, differs)
		}
	}
}
