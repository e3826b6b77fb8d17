package export

import (
	"encoding/xml"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
)

// amplitudeXML is an amplitude as it is read back.
type amplitudeXML struct {
	ID       string  `xml:"publicID,attr"`
	Value    float64 `xml:"genericAmplitude>value"`
	Type     string  `xml:"type"`
	Category string  `xml:"category"`
	Unit     string  `xml:"unit"`
	Method   string  `xml:"methodID"`
	Period   float64 `xml:"period>value"`
	Begin    float64 `xml:"timeWindow>begin"`
	End      float64 `xml:"timeWindow>end"`
	Scaling  string  `xml:"scalingTime>value"`
	Hint     string  `xml:"magnitudeHint"`
	Waveform struct {
		Network  string `xml:"networkCode,attr"`
		Station  string `xml:"stationCode,attr"`
		Location string `xml:"locationCode,attr"`
		Channel  string `xml:"channelCode,attr"`
	} `xml:"waveformID"`
}

type documentXML struct {
	Events []struct {
		ID         string         `xml:"publicID,attr"`
		Amplitudes []amplitudeXML `xml:"amplitude"`
		Magnitudes []struct {
			Value     float64 `xml:"mag>value"`
			Origin    string  `xml:"originID"`
			Amplitude string  `xml:"amplitudeID"`
		} `xml:"stationMagnitude"`
	} `xml:"eventParameters>event"`
}

func readXML(t *testing.T, text string) (d documentXML) {
	t.Helper()
	if err := xml.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestQuakeMLIsReadBackAsTheEvents(t *testing.T) {
	first, second := event("smi:local/a/1"), event("smi:local/a/2")
	first.Description = "Süd <& Co>"
	second.Depth, second.Magnitude, second.Type = math.NaN(), math.NaN(), "strange"
	events, problems, err := quakeml.Read(strings.NewReader(written(t, QuakeML, header(SI), row(first, "A", "E"), row(first, "B", "E"), row(second, "A", "E"))))
	if err != nil || len(problems) > 0 || len(events) != 2 {
		t.Fatalf("%d events, %v, %v", len(events), problems, err)
	}
	e := events[0]
	o, _ := e.PreferredOrigin()
	m, _ := e.PreferredMagnitude()
	if e.PublicID != first.ID || e.Type != "earthquake" || e.Description != first.Description || !o.Time.Equal(noon) || o.Depth != 12500 || o.Latitude != -33.5 ||
		m != (waveform.Magnitude{PublicID: first.MagnitudeID, Value: 4, Type: "Mw"}) {
		t.Errorf("event %+v", e)
	}
	if e := events[1]; e.Type != "" || len(e.Magnitudes) != 0 || !math.IsNaN(e.Origins[0].Depth) {
		t.Errorf("event %+v", e)
	}
}

func TestQuakeMLAmplitudesSayWhatTheyAreOf(t *testing.T) {
	e := event("smi:local/a/1")
	d := readXML(t, written(t, QuakeML, header(SI), row(e, "A", "E"), row(e, "A", "RotD50")))
	find := func(kind string, period float64) (found []amplitudeXML) {
		for _, a := range d.Events[0].Amplitudes {
			if a.Type == kind && a.Period == period {
				found = append(found, a)
			}
		}
		return found
	}
	want := amplitudeXML{ID: "smi:local/seisbatch/amplitude/trial/smi~3Alocal/a/1/N1.A.00.HN.E/pgv", Value: 10, Type: "PGV", Category: "point", Unit: "m/s",
		Method: "smi:local/seisbatch/recipe/abcd", Begin: -9, End: 10, Scaling: "2024-03-01T12:00:01.123456Z"}
	want.Waveform.Network, want.Waveform.Station, want.Waveform.Location, want.Waveform.Channel = "N1", "A", "00", "HNE"
	if got := find("PGV", 0); len(got) != 1 || got[0] != want {
		t.Errorf("PGV: %+v", got)
	}
	for _, c := range []struct {
		kind                     string
		period, value            float64
		category, unit, hint, ch string
	}{
		{"PSA(7%)", 10, 3, "point", "m/(s*s)", "", "HNE"}, {"PSA", 0.3, 4, "point", "m/(s*s)", "", "HNE"}, {"PSA RotD50", 0.3, 4, "point", "m/(s*s)", "", "HN"},
		{"SD", 1, 0.5, "point", "m", "", "HNE"}, {"FAS", 4, 8, "other", "m/s", "", "HNE"}, {"ARIAS", 0, 12, "integral", "m/s", "", "HNE"}, {"D5-95", 0, 15, "duration", "s", "", "HNE"},
		{"ARMS", 0, 2, "mean", "m/(s*s)", "", "HNE"}, {"AML", 0, 23, "point", "m", "ML", "HNE"},
	} {
		got := find(c.kind, c.period)
		if len(got) != 1 || got[0].Value != c.value || got[0].Category != c.category || got[0].Unit != c.unit || got[0].Hint != c.hint || got[0].Waveform.Channel != c.ch {
			t.Errorf("%s at %g: %+v", c.kind, c.period, got)
		}
	}
	if got := find("SD", 10); got != nil {
		t.Errorf("an amplitude of no value: %+v", got)
	}
	if m := d.Events[0].Magnitudes; len(m) != 2 || m[0].Value != 24 || m[0].Origin != "smi:local/a/1/o" || m[0].Amplitude != "smi:local/seisbatch/amplitude/trial/smi~3Alocal/a/1/N1.A.00.HN.E/wood_anderson" {
		t.Errorf("station magnitudes: %+v", m)
	}
}

func TestQuakeMLIdentifiersAreAllowedDifferentAndStable(t *testing.T) {
	ids := []string{"smi:local/a/1", "no id", "quakeml:us.anss.org/event/nc1", "smi:lo/x", "ä", "no~20id"}
	h := header(SI)
	h.Label = "a/b c"
	var rows []*Row
	for _, id := range ids {
		rows = append(rows, row(event(id), "A", "E"), row(event(id), "A", "Z"))
	}
	for i := 0; i < len(rows); i += 2 {
		rows[i+1].Event = rows[i].Event
	}
	text := written(t, QuakeML, h, rows...)
	if again := written(t, QuakeML, h, rows...); again != text {
		t.Error("the same rows make another document")
	}
	// The pattern of the schema of QuakeML 1.2.
	allowed := regexp.MustCompile(`^(smi|quakeml):[\w\d][\w\d\-\.\*\(\)_~']{2,}/[\w\d\-\.\*\(\)_~'][\w\d\-\.\*\(\)\+\?_~'=,;#/&]*$`)
	var all []string
	for _, e := range readXML(t, text).Events {
		all = append(all, e.ID)
		for _, a := range e.Amplitudes {
			all = append(all, a.ID)
		}
	}
	for _, id := range all {
		if !allowed.MatchString(id) {
			t.Errorf("identifier %q", id)
		}
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n < 6*2*10 || n != len(all) {
		t.Errorf("%d identifiers of %d are different", n, len(all))
	}
}
