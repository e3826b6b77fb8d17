package css_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// eventsOf opens a made database; codes lists its problems.
func eventsOf(t *testing.T, tables map[string]string, o css.Options) (events []waveform.Event, codes []css.Code) {
	t.Helper()
	if _, ok := tables["snetsta"]; !ok {
		tables["snetsta"] = made("snetsta", "II", "PFO", "PFO", loaded) + made("snetsta", "AZ", "KNW", "KNW", loaded)
	}
	d, err := css.Open(database(t, tables), o)
	if err != nil {
		t.Fatal(err)
	}
	events, problems, err := d.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	return events, codes
}

var loadedAt = time.Date(2016, 4, 27, 0, 8, 47, 616820000, time.UTC)

func TestEventsHaveTheirOriginsMagnitudesAndArrivals(t *testing.T) {
	at := time.Date(2003, 1, 1, 0, 41, 56, 346620000, time.UTC)
	events, problems := eventsOf(t, map[string]string{
		"event":    made("event", 1, "Big one", 12, "IU:pavlis", -1, loaded),
		"origin":   originRow(11, 1, 33.8656, -116.2972, 17.7474, 1041381716.34662, "-  -", 4.1, -999, -999) + originRow(12, 1, 33.8651, -116.2953, -999, 1041381716.34662, "qb y", -999, 3.9, 4.2),
		"assoc":    assocRow(1, 12, "PFO", "P") + assocRow(2, 12, "KNW", "Pn") + assocRow(1, 11, "PFO", "-") + assocRow(3, 77, "PFO", "S"),
		"arrival":  arrivalRow(1, "PFO", "HHZ", 1041381722.36676, "P") + arrivalRow(2, "KNW", "-", 1041381724.17004, "-") + arrivalRow(3, "PFO", "HHE", 1041381730, "S"),
		"schanloc": made("schanloc", "PFO", "HHZ", "10", "HHZ", loaded),
	}, css.Options{})
	if len(problems) > 0 {
		t.Error(problems)
	}
	id := func(s string) string { return "smi:local/made/" + s }
	want := waveform.Event{
		PublicID: id("event/1"), Type: "quarry blast", Description: "Big one", PreferredOriginID: id("origin/12"), PreferredMagnitudeID: id("origin/12/Ms"),
		Origins: []waveform.Origin{
			{PublicID: id("origin/11"), Time: at, Latitude: 33.8656, Longitude: -116.2972, Depth: 17747.4, Agency: "BRTT:ken", Created: loadedAt,
				Arrivals: []waveform.Arrival{{PublicID: id("assoc/11/1"), PickID: id("arrival/1"), Phase: "P"}}},
			{PublicID: id("origin/12"), Time: at, Latitude: 33.8651, Longitude: -116.2953, Depth: nan(), EvaluationMode: "manual", EvaluationStatus: "reviewed", Agency: "BRTT:ken", Created: loadedAt,
				Arrivals: []waveform.Arrival{{PublicID: id("assoc/12/1"), PickID: id("arrival/1"), Phase: "P"}, {PublicID: id("assoc/12/2"), PickID: id("arrival/2"), Phase: "Pn"}}},
		},
		Magnitudes: []waveform.Magnitude{
			{PublicID: id("origin/12/Ms"), OriginID: id("origin/12"), Type: "Ms", Value: 3.9, Agency: "BRTT:ken", Created: loadedAt},
			{PublicID: id("origin/12/ML"), OriginID: id("origin/12"), Type: "ML", Value: 4.2, Agency: "BRTT:ken", Created: loadedAt},
			{PublicID: id("origin/11/mb"), OriginID: id("origin/11"), Type: "mb", Value: 4.1, Agency: "BRTT:ken", Created: loadedAt},
		},
		Picks: []waveform.Pick{
			{PublicID: id("arrival/1"), ID: waveform.SourceID{Network: "II", Station: "PFO", Location: "10", Channel: "HHZ"}, Time: time.Date(2003, 1, 1, 0, 42, 2, 366760000, time.UTC), PhaseHint: "P"},
			{PublicID: id("arrival/2"), ID: waveform.SourceID{Network: "AZ", Station: "KNW"}, Time: time.Date(2003, 1, 1, 0, 42, 4, 170040000, time.UTC)},
		},
	}
	if diff := cmp.Diff([]waveform.Event{want}, events, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestMagnitudesOfNetmagStandForThoseOfOrigin(t *testing.T) {
	events, problems := eventsOf(t, map[string]string{
		"origin": originRow(11, 1, 33, -116, 17, 1041381716, "-", 4.1, -999, 4.5), // mlid is 1011
		"netmag": made("netmag", 1011, "AZ", 11, 1, "ml", 4, 4.52, 0.1, "dbml", -1, loaded) + made("netmag", 5, "-", 11, 1, "Mw", 4, 4.6, -1.0, "mt", -1, loaded),
	}, css.Options{Prefix: "smi:org.example/db"})
	var got []string
	for _, m := range events[0].Magnitudes {
		got = append(got, m.Type, m.PublicID)
	}
	want := []string{"ml", "smi:org.example/db/netmag/1011", "Mw", "smi:org.example/db/netmag/5", "mb", "smi:org.example/db/origin/11/mb"}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 || events[0].Magnitudes[0].Value != 4.52 || events[0].PreferredMagnitudeID != want[1] {
		t.Errorf("%v %v", diff, problems)
	}
}

func TestOriginsWithoutEventAreEventsOfTheirOwn(t *testing.T) {
	events, problems := eventsOf(t, map[string]string{
		"origin": originRow(1, -1, 1, 1, 1, 5, "l", -999, -999, -999) + originRow(2, 7, 1, 1, 1, 5, "-", -999, -999, -999) + originRow(3, -1, 1, 1, 1, 5, "-", -999, -999, -999) + originRow(4, 7, 1, 1, 1, 5, "-", -999, -999, -999),
	}, css.Options{})
	var got []string
	for _, e := range events {
		s := e.PublicID + ":"
		for _, o := range e.Origins {
			s += strings.TrimPrefix(o.PublicID, "smi:local/made/origin")
		}
		got = append(got, s)
		if e.PreferredOriginID != e.Origins[0].PublicID || e.Type != "" || e.PreferredMagnitudeID != "" {
			t.Errorf("%+v", e)
		}
	}
	want := []string{"smi:local/made/origin-event/1:/1", "smi:local/made/event/7:/2/4", "smi:local/made/origin-event/3:/3"}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Errorf("%v %v", diff, problems)
	}
}

func TestReferencesToNothingAreReported(t *testing.T) {
	events, problems := eventsOf(t, map[string]string{
		"event":  made("event", 1, "-", 99, "-", -1, loaded) + made("event", 5, "-", 6, "-", -1, loaded),
		"origin": originRow(11, 1, 95, -116, 17, 1041381716, "-", 4.1, -999, -999) + originRow(11, 2, 1, 1, 1, 1, "-", 4.1, -999, -999),
		"assoc":  assocRow(4, 11, "PFO", "P"),
	}, css.Options{})
	if len(events) != 1 || len(events[0].Origins) != 1 || len(events[0].Origins[0].Arrivals) != 0 || events[0].PreferredOriginID != "smi:local/made/origin/11" {
		t.Errorf("%+v", events)
	}
	want := []css.Code{css.Implausible, css.Inconsistent, css.DanglingReference, css.DanglingReference, css.DanglingReference}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
}

func TestTypesOfEventsAreQuakeMLs(t *testing.T) {
	for etype, want := range map[string]string{"eq": "earthquake", "qb": "quarry blast", "ex": "explosion", "EX y": "explosion", "kn": "nuclear explosion", "o": "other event",
		"l": "", "R  y": "", "me": "", "-": "", "UU y": "", "qt": "earthquake", "explos": ""} {
		events, _ := eventsOf(t, map[string]string{"origin": originRow(1, 1, 1, 1, 1, 5, etype, -999, -999, -999)}, css.Options{})
		if got := events[0]; got.Type != want || (got.Origins[0].EvaluationStatus == "reviewed") != strings.HasSuffix(etype, "y") {
			t.Errorf("%q is %q, %q, want %q", etype, got.Type, got.Origins[0].EvaluationStatus, want)
		}
	}
}
