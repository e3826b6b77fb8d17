package quakeml

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform"
)

// everyKind is a list of events that sets every field.
func everyKind() []waveform.Event {
	at := time.Date(2019, 7, 6, 3, 19, 53, 40000001, time.UTC)
	return []waveform.Event{{
		PublicID: "smi:local/made", Type: "earthquake", Description: "12 km « NW » of <Düzce> & 北",
		PreferredOriginID: "smi:local/made/origin/2", PreferredMagnitudeID: "smi:local/made/mag/1",
		Origins: []waveform.Origin{
			{PublicID: "smi:local/made/origin/1", Time: at, Latitude: 35.7695, Longitude: -117.5993333, Depth: 8000.1,
				EvaluationMode: "manual", EvaluationStatus: "reviewed", Agency: "CI", Created: at.Add(time.Hour),
				Arrivals: []waveform.Arrival{{PublicID: "smi:local/a1", PickID: "smi:local/p1", Phase: "Pn"}}},
			{PublicID: "smi:local/made/origin/2", Time: at.Add(1), Latitude: -90, Longitude: 180, Depth: math.NaN()},
		},
		Magnitudes: []waveform.Magnitude{
			{PublicID: "smi:local/made/mag/1", OriginID: "smi:local/made/origin/1", Type: "Mw", Value: 0.1 + 0.2, Agency: "US", Created: at},
			{PublicID: "smi:local/made/mag/2", Value: -1.5},
		},
		Picks: []waveform.Pick{
			{PublicID: "smi:local/p1", ID: waveform.SourceID{Network: "CI", Station: "CLC", Channel: "HNZ"},
				Time: at.Add(3), PhaseHint: "P", EvaluationMode: "automatic"},
			{PublicID: "smi:local/p2", ID: waveform.SourceID{Network: "CI", Station: "CLC", Location: "10"}, Time: at},
		},
	}, {PublicID: "smi:local/bare"}}
}

func TestReadGivesBackWhatWriteWrote(t *testing.T) {
	want := everyKind()
	var b bytes.Buffer
	if err := Write(&b, want, "smi:local/catalog"); err != nil {
		t.Fatal(err)
	}
	got, problems, err := Read(&b)
	if err != nil || len(problems) > 0 {
		t.Errorf("error %v, problems %v", err, problems)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestRealFilesSurviveARoundTrip(t *testing.T) {
	for name, content := range eventFiles(t) {
		want, _, _ := Read(bytes.NewReader(content))
		var b bytes.Buffer
		if err := Write(&b, want, "smi:local/catalog"); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, _, err := Read(&b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", name, diff)
		}
	}
}

func TestWriteRefusesWhatTheFormatCannotExpress(t *testing.T) {
	for want, spoil := range map[string]func(e *waveform.Event){
		`event "": its publicID`:             func(e *waveform.Event) { e.PublicID = "" },
		`origin "": it lacks publicID`:       func(e *waveform.Event) { e.Origins[0].PublicID = "" },
		`origin/1": it lacks publicID, time`: func(e *waveform.Event) { e.Origins[0].Time = time.Time{} },
		`origin/2": it lacks`:                func(e *waveform.Event) { e.Origins[1].Latitude = math.NaN() },
		`or a number is not finite`:          func(e *waveform.Event) { e.Origins[1].Depth = math.Inf(1) },
		"arrival lacks":                      func(e *waveform.Event) { e.Origins[0].Arrivals[0].PickID = "" },
		"value NaN not finite":               func(e *waveform.Event) { e.Magnitudes[1].Value = math.NaN() },
		`pick "smi:local/p2"`:                func(e *waveform.Event) { e.Picks[1].ID.Station = "" },
	} {
		events := everyKind()
		spoil(&events[0])
		var b bytes.Buffer
		err := Write(&b, events, "smi:local/catalog")
		if err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("error %v after %d bytes, want one with %q before any", err, b.Len(), want)
		}
	}
	if err := Write(&bytes.Buffer{}, nil, ""); err == nil {
		t.Error("a document without publicID was written")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteReportsAFailingWriter(t *testing.T) {
	if err := Write(fullDisk{}, everyKind(), "smi:local/c"); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v, want disk full", err)
	}
}
