package stationxml

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// every reads testdata/every.xml, which ObsPy wrote and validated against the schema of
// StationXML 1.2; change, which may be nil, alters its text before.
func every(t *testing.T, change func(string) string) []waveform.Station {
	t.Helper()
	content, err := os.ReadFile("testdata/every.xml")
	if err != nil {
		t.Fatal(err)
	}
	in := string(content)
	if change != nil {
		if in = change(in); in == string(content) {
			t.Fatal("nothing was changed")
		}
	}
	stations, problems, err := Read(strings.NewReader(in))
	for _, p := range problems {
		if p.Code != NoNamespace && p.Code != NoVersion {
			t.Errorf("problem %v", p)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return stations
}

func TestReadAgreesWithObsPyOnEveryKindOfStage(t *testing.T) {
	var want struct{ Stations []goldenStation }
	agree.Golden(t, "every.json", &want)
	c := comparison{t: t, name: "every.xml"}
	c.stations(every(t, nil), want.Stations)
	if c.channels != 8 || c.stages != 4*11+2 {
		t.Errorf("compared %d channels and %d stages", c.channels, c.stages)
	}
	if !t.Failed() {
		agree.Reference{Function: "stationxml.Read", Source: "ObsPy 1.5.0 read_inventory", Measure: "numbers that differ"}.Deviation(t, "every.xml", 0)
	}
}

// What a document says does not depend on its version, its namespace prefix, or
// what else stands in it.
func TestEveryKindOfStageIsReadFromAnyVersionAndNamespace(t *testing.T) {
	want := every(t, nil)
	for name, change := range map[string]func(string) string{
		"version 1.0":  func(s string) string { return strings.Replace(s, `schemaVersion="1.2"`, `schemaVersion="1.0"`, 1) },
		"version 1.1":  func(s string) string { return strings.Replace(s, `schemaVersion="1.2"`, `schemaVersion="1.1"`, 1) },
		"no version":   func(s string) string { return strings.Replace(s, `schemaVersion="1.2"`, "", 1) },
		"no namespace": func(s string) string { return strings.Replace(s, `xmlns="`+Namespace+`"`, "", 1) },
		"a prefix": func(s string) string {
			return strings.NewReplacer("<?", "<?", "</", "</sta:", "<", "<sta:", "xmlns=", "xmlns:sta=").Replace(s)
		},
		"foreign elements": func(s string) string {
			return strings.NewReplacer("<Stage ", `<x:Stage xmlns:x="urn:x" number="1"><Value>7</Value></x:Stage><Stage `,
				"<StageGain>", `<StageGain><y:Value xmlns:y="urn:y">9</y:Value>`).Replace(s)
		},
		"comments and descriptions": func(s string) string {
			return strings.NewReplacer("<Response>", "<!-- <Stage/> --><Response>", "<InputUnits>", "<InputUnits><Description>M/S</Description>",
				"<Value>", "<Value><!-- 1 -->").Replace(s)
		},
	} {
		if diff := cmp.Diff(want, every(t, change), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: as it is -, changed +:\n%s", name, diff)
		}
	}
}

// Networks and stations of one code stay apart, and overlapping and identical epochs of a channel
// stay as they are: who selects says which one wins.
func TestEpochsAreKeptInTheOrderOfTheDocument(t *testing.T) {
	var got []string
	for _, s := range every(t, nil) {
		got = append(got, s.Network+"."+s.Code)
		for _, c := range s.Channels {
			got = append(got, withDate(c.ID.String(), c.From))
		}
	}
	first := "XX.MADE XX.MADE.00.HHZ 2010-01-01 XX.MADE..LKO 2010-01-01"
	second := "XX.MADE XX.MADE..HNZ 2010-01-01 XX.MADE..HNZ 2010-04-03 XX.MADE..HNZ 2010-04-03 XX.MADE..LOG"
	if s := strings.Join(got, " "); s != first+" "+second+" "+first {
		t.Errorf("epochs %s", s)
	}
}

func TestAChannelWithoutResponseAndOneWithSensitivityOnlyAreKeptAsSuch(t *testing.T) {
	channels := every(t, nil)[1].Channels
	if r := channels[3].Response; r != nil {
		t.Errorf("response %+v, want none", r)
	}
	want := &waveform.Response{Sensitivity: waveform.Sensitivity{Value: -1234.5, Frequency: 2, InputUnits: "m/s**2", OutputUnits: "count"}}
	if diff := cmp.Diff(want, channels[0].Response); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestEveryKindOfStageSurvivesARoundTrip(t *testing.T) {
	want := every(t, nil)
	var b bytes.Buffer
	if err := Write(&b, want, "seisbatch", created); err != nil {
		t.Fatal(err)
	}
	got, _, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}
