package quakeml

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// Every QuakeML file of the shared data is read as ObsPy reads it.
func TestReadAgreesWithObsPyOnEveryFile(t *testing.T) {
	files := eventFiles(t)
	g := readGolden(t)
	if len(files) != len(g.Files) {
		t.Errorf("%d files, the golden has %d: run testdata/reference/stationxml_golden.py", len(files), len(g.Files))
	}
	count := 0
	for name, content := range files {
		want := g.Files[name].Events
		events, problems, err := Read(bytes.NewReader(content))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(problems) > 0 && !strings.HasPrefix(name, "bad/") {
			t.Errorf("%s: problems %v, want none", name, problems)
		}
		var got []goldenEvent
		for _, e := range events {
			got = append(got, summarize(e))
		}
		differ := 0.0
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: ObsPy -, got +:\n%s", name, diff)
			differ = 1
		}
		agree.Reference{Function: "quakeml.Read", Source: "ObsPy 1.5.0 read_events", Measure: "files that differ"}.Deviation(t, name, differ)
		count += len(got)
	}
	if count < 48 { // 40 in the catalog, 6 of single events, 2 bad ones
		t.Errorf("compared %d events, want 48 at least", count)
	}
}

// summarize lists an event as the golden's script does.
func summarize(e waveform.Event) goldenEvent {
	g := goldenEvent{ID: e.PublicID, Type: e.Type, Text: e.Description,
		Preferred: []string{e.PreferredOriginID, e.PreferredMagnitudeID},
		Origins:   [][]any{}, Magnitudes: [][]any{}, Picks: [][]any{}}
	for _, o := range e.Origins {
		arrivals := []any{}
		for _, a := range o.Arrivals {
			arrivals = append(arrivals, []any{a.PublicID, a.PickID, a.Phase})
		}
		g.Origins = append(g.Origins, []any{o.PublicID, instant(o.Time), o.Latitude, o.Longitude, number(o.Depth),
			o.EvaluationMode, o.EvaluationStatus, o.Agency, instant(o.Created), arrivals})
	}
	for _, m := range e.Magnitudes {
		g.Magnitudes = append(g.Magnitudes, []any{m.PublicID, m.OriginID, m.Type, m.Value, m.Agency, instant(m.Created)})
	}
	for _, p := range e.Picks {
		g.Picks = append(g.Picks, []any{p.PublicID, fmt.Sprint(p.ID), instant(p.Time), p.PhaseHint, p.EvaluationMode})
	}
	return g
}

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}

func number(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}
