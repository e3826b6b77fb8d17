package eventtext_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/eventtext"
)

const fdsnHeader = "#EventID | Time | Latitude | Longitude | Depth/km | Author | Catalog | Contributor | ContributorID | MagType | Magnitude | MagAuthor | EventLocationName | EventType\n"
const comCatHeader = "time,latitude,longitude,depth,mag,magType,nst,gap,dmin,rms,net,id,updated,place,type,status,locationSource,magSource\n"

var tohoku = waveform.Event{
	PublicID: "smi:local/2227770", Type: "earthquake", Description: "NEAR EAST COAST OF HONSHU, JAPAN",
	PreferredOriginID: "smi:local/2227770#origin", PreferredMagnitudeID: "smi:local/2227770#magnitude",
	Origins: []waveform.Origin{{PublicID: "smi:local/2227770#origin", Time: time.Date(2011, 3, 11, 5, 46, 23, 200e6, time.UTC),
		Latitude: 38.2963, Longitude: 142.498, Depth: 19700, Agency: "ISC"}},
	Magnitudes: []waveform.Magnitude{{PublicID: "smi:local/2227770#magnitude", OriginID: "smi:local/2227770#origin", Type: "MW", Value: 9.1, Agency: "GCMT"}},
}

const tohokuRow = "2227770|2011-03-11T05:46:23.2|38.2963|142.498|19.7|ISC|ISC|ISC|16461282|MW|9.1|GCMT|NEAR EAST COAST OF HONSHU, JAPAN|earthquake\n"

func read(t *testing.T, text string) ([]waveform.Event, []eventtext.Problem) {
	t.Helper()
	events, problems, err := eventtext.Read(strings.NewReader(text), eventtext.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return events, problems
}

func check(t *testing.T, name string, got, want []waveform.Event) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("%s: want -, got +:\n%s", name, diff)
	}
}

func TestFDSNTextIsReadWhateverTheServiceMakesOfIt(t *testing.T) {
	for name, text := range map[string]string{
		"of the specification":     fdsnHeader + tohokuRow,
		"with blanks at the bars":  fdsnHeader + strings.ReplaceAll(tohokuRow, "|", " | "),
		"without header":           tohokuRow,
		"of version 1.0":           strings.Replace(fdsnHeader, " | EventType", "", 1) + strings.Replace(tohokuRow, "|earthquake", "", 1),
		"with a byte order mark":   "\ufeff" + fdsnHeader + tohokuRow,
		"with the lines of DOS":    strings.ReplaceAll(fdsnHeader+"\n"+tohokuRow, "\n", "\r\n"),
		"without end of line":      strings.TrimSpace(fdsnHeader + tohokuRow),
		"with comments":            "# made today\n" + fdsnHeader + "# of one event\n" + tohokuRow,
		"with bars at the ends":    strings.ReplaceAll(fdsnHeader+tohokuRow, "\n", "|\n"),
		"with capitals":            strings.ToUpper(fdsnHeader) + tohokuRow,
		"with another column":      strings.Replace(fdsnHeader, " | EventType\n", "|Felt|EventType\n", 1) + strings.Replace(tohokuRow, "|earthquake", "|yes|earthquake", 1),
		"with a zone and a blank":  fdsnHeader + strings.Replace(tohokuRow, "2011-03-11T05:46:23.2", "2011-03-11 06:46:23.2+01:00", 1),
		"twice, one behind itself": fdsnHeader + tohokuRow + fdsnHeader + tohokuRow,
	} {
		events, problems := read(t, text)
		if len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		want := tohoku
		if name == "of version 1.0" {
			want.Type = ""
		}
		check(t, name, events, []waveform.Event{want})
	}
}

func TestColumnsAreFoundByName(t *testing.T) {
	events, problems := read(t, "#Magnitude|MagType|EventID|Longitude|Latitude|Time\n9.1|MW|2227770|142.498|38.2963|2011-03-11T05:46:23.2\n"+
		"#Time|EventID|Latitude|Longitude\n2020-01-01|7|1|2\n")
	first, second := tohoku, waveform.Event{PublicID: "smi:local/7", PreferredOriginID: "smi:local/7#origin",
		Origins: []waveform.Origin{{PublicID: "smi:local/7#origin", Time: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Latitude: 1, Longitude: 2, Depth: math.NaN()}}}
	first.Type, first.Description = "", ""
	first.Origins = []waveform.Origin{tohoku.Origins[0]}
	first.Origins[0].Agency, first.Origins[0].Depth = "", math.NaN()
	first.Magnitudes = []waveform.Magnitude{tohoku.Magnitudes[0]}
	first.Magnitudes[0].Agency = ""
	check(t, "FDSN", events, []waveform.Event{first, second})

	events, more := read(t, "ID , Place,longitude,unheard of,LATITUDE,time,mag,depth,Net\nx1,\"a \"\"b\"\", c\",142.5,\"1,2,3\",38.25,2011-03-11T05:46:23Z,-0.3,,\n")
	check(t, "ComCat", events, []waveform.Event{{PublicID: "smi:local/x1", Description: `a "b", c`, PreferredOriginID: "smi:local/x1#origin", PreferredMagnitudeID: "smi:local/x1#magnitude",
		Origins:    []waveform.Origin{{PublicID: "smi:local/x1#origin", Time: time.Date(2011, 3, 11, 5, 46, 23, 0, time.UTC), Latitude: 38.25, Longitude: 142.5, Depth: math.NaN()}},
		Magnitudes: []waveform.Magnitude{{PublicID: "smi:local/x1#magnitude", OriginID: "smi:local/x1#origin", Value: -0.3}}}})
	if problems = append(problems, more...); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestEmptyFieldsAreNotGiven(t *testing.T) {
	for _, nothing := range []string{"", "  ", "nan", "None", "--"} {
		events, problems := read(t, comCatHeader+"2019-01-01T00:00:00.5Z,1,2,"+nothing+","+nothing+",,,,,,us,us1,,,,,,\n")
		if len(problems) > 0 {
			t.Errorf("%q: %v", nothing, problems)
		}
		check(t, nothing, events, []waveform.Event{{PublicID: "smi:local/us1", PreferredOriginID: "smi:local/us1#origin",
			Origins: []waveform.Origin{{PublicID: "smi:local/us1#origin", Time: time.Date(2019, 1, 1, 0, 0, 0, 5e8, time.UTC),
				Latitude: 1, Longitude: 2, Depth: math.NaN(), Agency: "us"}}}})
	}
}

func TestStatusIsTheEvaluationAndTypesAreQuakeMLs(t *testing.T) {
	for _, c := range []struct{ status, kind, mode, evaluation, wantKind string }{
		{"reviewed", "earthquake", "manual", "reviewed", "earthquake"},
		{"automatic", "quarry blast", "automatic", "", "quarry blast"},
		{"MANUAL", "Explosion", "manual", "", "explosion"},
		{"deleted", "earthquake", "", "rejected", "not existing"},
		{"reviewed", "quarry", "manual", "reviewed", "quarry blast"},
		{"", "qb", "", "", "quarry blast"},
		{"provisional", "Rock Slide", "", "provisional", "Rock Slide"},
	} {
		events, _ := read(t, "time,latitude,longitude,depth,mag,net,id,status,type\n2019-01-01T00:00:00Z,1,2,,,,a,"+c.status+","+c.kind+"\n")
		o := events[0].Origins[0]
		if o.EvaluationMode != c.mode || o.EvaluationStatus != c.evaluation || events[0].Type != c.wantKind {
			t.Errorf("%v: mode %q, status %q, type %q", c, o.EvaluationMode, o.EvaluationStatus, events[0].Type)
		}
	}
}

func TestKilometresBecomeTheNearestMetres(t *testing.T) {
	for text, want := range map[string]float64{"7.89": 7890, "5.05": 5050, "-0.87": -870, "16.07": 16070, "0": 0, "1e1": 10000, "2.675": 2675, "637.123": 637123} {
		events, problems := read(t, "time,latitude,longitude,mag,net,id,depth\n2019-01-01T00:00:00Z,1,2,,,a,"+text+"\n")
		if got := events[0].Origins[0].Depth; got != want || len(problems) > 0 {
			t.Errorf("%s km is %v m, want %v; %v", text, got, want, problems)
		}
	}
}

func TestTimesAreReadAsServicesSpellThem(t *testing.T) {
	minute := time.Date(2016, 12, 31, 23, 59, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2016-12-31T23:59:00": minute, "2016-12-31 23:59:00Z": minute, "2016-12-31T23:59:00.123456789": minute.Add(123456789),
		"2016-12-31T23:59:60.25Z": minute.Add(time.Minute + time.Second/4), "2016-12-31": minute.Truncate(24 * time.Hour), "2017-01-01T01:59:00+02:00": minute,
	} {
		events, problems := read(t, "time,latitude,longitude,depth,mag,net,id\n"+text+",1,2,,,,a\n")
		if len(problems) > 0 || !events[0].Origins[0].Time.Equal(want) {
			t.Errorf("%s: %v, %v, want %v", text, events, problems, want)
		}
	}
}

func TestABadRowCostsOnlyItself(t *testing.T) {
	good := "2019-01-01T00:00:00Z,1,2,3,4,ml,,,,,us,%s,2019-01-02T00:00:00Z,place,earthquake,reviewed,us,us\n"
	for _, c := range []struct {
		name, row string
		code      eventtext.Code
		subject   string
		kept      bool
	}{
		{"no id", fmt.Sprintf(good, ""), eventtext.BadRow, "", false},
		{"bad time", strings.Replace(fmt.Sprintf(good, "b"), "2019-01-01T", "yesterday ", 1), eventtext.BadRow, "b", false},
		{"impossible day", strings.Replace(fmt.Sprintf(good, "b"), "2019-01-01T", "2019-02-30T", 1), eventtext.BadRow, "b", false},
		{"no latitude", strings.Replace(fmt.Sprintf(good, "b"), "Z,1,", "Z,,", 1), eventtext.BadRow, "b", false},
		{"infinite longitude", strings.Replace(fmt.Sprintf(good, "b"), ",2,", ",inf,", 1), eventtext.BadRow, "b", false},
		{"cut off", "2019-01-01T00:00:00Z,1,2,3,4,ml\n", eventtext.BadRow, "", false},
		{"quote not closed", "2019-01-01T00:00:00Z,1,2,3,4,ml,,,,,us,b,2019-01-02T00:00:00Z,\"place,earthquake,reviewed,us,us\n", eventtext.BadRow, "b", false},
		{"long line", strings.Repeat("x", 70000) + "\n", eventtext.BadRow, "", false},
		{"foreign text", "Service unavailable\n", eventtext.BadRow, "", false},
		{"bad depth", strings.Replace(fmt.Sprintf(good, "b"), ",3,4", ",deep,4", 1), eventtext.BadNumber, "b", true},
		{"bad magnitude", strings.Replace(fmt.Sprintf(good, "b"), ",3,4", ",3,M4", 1), eventtext.BadNumber, "b", true},
		{"bad update", strings.Replace(fmt.Sprintf(good, "b"), "2019-01-02T", "2019-13-02T", 1), eventtext.BadTime, "b", true},
		{"off the globe", strings.Replace(fmt.Sprintf(good, "b"), "Z,1,", "Z,91,", 1), eventtext.Implausible, "b", true},
		{"fields too many", strings.TrimSpace(fmt.Sprintf(good, "b")) + ",x\n", eventtext.ExtraFields, "b", true},
	} {
		events, problems := read(t, comCatHeader+fmt.Sprintf(good, "a")+c.row+fmt.Sprintf(good, "z"))
		if len(problems) != 1 || problems[0].Code != c.code || problems[0].Line != 3 || problems[0].Subject != c.subject {
			t.Errorf("%s: %v, want %s in line 3", c.name, problems, c.code)
		}
		var ids []string
		for _, e := range events {
			ids = append(ids, strings.TrimPrefix(e.PublicID, "smi:local/"))
		}
		want := []string{"a", "z"}
		if c.kept {
			want = []string{"a", "b", "z"}
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("%s: events %v, want %v", c.name, ids, want)
		}
	}
}

func TestRowsOfOneEventMakeOneEvent(t *testing.T) {
	other := strings.Replace(tohokuRow, "|MW|9.1|GCMT|", "|mb|7.2|NEIC|", 1)
	events, problems := read(t, fdsnHeader+tohokuRow+other+tohokuRow+other)
	want := tohoku
	want.Magnitudes = []waveform.Magnitude{tohoku.Magnitudes[0], {PublicID: "smi:local/2227770#magnitude2", OriginID: "smi:local/2227770#origin", Type: "mb", Value: 7.2, Agency: "NEIC"}}
	check(t, "two magnitudes", events, []waveform.Event{want})
	if len(problems) > 0 {
		t.Error(problems)
	}

	byOther := strings.Replace(tohokuRow, "|9.1|GCMT|", "|9.0|NEIC|", 1)
	events, problems = read(t, fdsnHeader+tohokuRow+byOther)
	if len(events) != 1 || len(events[0].Magnitudes) != 2 || events[0].Magnitudes[1].Agency != "NEIC" || len(problems) > 0 {
		t.Errorf("one type of two agencies: %+v, %v", events, problems)
	}
	sameAgency := strings.Replace(tohokuRow, "|MW|9.1|", "|mb|7.2|", 1)
	events, problems = read(t, fdsnHeader+tohokuRow+sameAgency)
	if len(events) != 1 || len(events[0].Magnitudes) != 2 || events[0].Magnitudes[1].Type != "mb" || len(problems) > 0 {
		t.Errorf("two types of one agency: %+v, %v", events, problems)
	}

	moved := strings.Replace(tohokuRow, "38.2963", "38.5", 1)
	events, problems = read(t, fdsnHeader+tohokuRow+moved)
	if len(events) != 1 || events[0].Origins[0].Latitude != 38.5 || len(problems) != 1 || problems[0].Code != eventtext.Duplicate || problems[0].Line != 3 {
		t.Errorf("the last of two rows: %+v, %v", events, problems)
	}

	row := "2019-01-01T00:00:00Z,1,2,3,%s,ml,,,,,us,b,%s,place,earthquake,reviewed,us,us\n"
	older, newer := fmt.Sprintf(row, "4.0", "2019-01-02T00:00:00Z"), fmt.Sprintf(row, "4.5", "2020-01-02T00:00:00Z")
	for _, text := range []string{older + newer, newer + older} {
		events, problems = read(t, comCatHeader+text)
		if len(events) != 1 || len(events[0].Magnitudes) != 1 || events[0].Magnitudes[0].Value != 4.5 || len(problems) != 1 || problems[0].Code != eventtext.Duplicate {
			t.Errorf("the row updated last: %+v, %v", events, problems)
		}
	}
}

func TestPublicIDsAreTheServicesBehindThePrefix(t *testing.T) {
	for _, c := range []struct{ prefix, id, want string }{
		{"", "ci39034088", "smi:local/ci39034088"},
		{"quakeml:earthquake.usgs.gov/", "ci39034088", "quakeml:earthquake.usgs.gov/ci39034088"},
		{"quakeml:other/", "smi:org.example/ev1", "smi:org.example/ev1"},
	} {
		events, _, err := eventtext.Read(strings.NewReader(strings.Replace(tohokuRow, "2227770", c.id, 1)), eventtext.Options{Prefix: c.prefix})
		if err != nil || events[0].PublicID != c.want || events[0].PreferredOriginID != c.want+"#origin" {
			t.Errorf("%q behind %q: %q, %v", c.id, c.prefix, events[0].PublicID, err)
		}
	}
}

func TestTextIsMadeFitForADatabase(t *testing.T) {
	events, _ := read(t, strings.Replace(tohokuRow, "HONSHU", "H\xf4\x00ns\x85h\xfb", 1))
	if got, want := events[0].Description, "NEAR EAST COAST OF Hônshû, JAPAN"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestContentThatIsNoTableIsAnError(t *testing.T) {
	for text, hint := range map[string]string{
		"":                                     "no content",
		"\n\n# nothing\n":                      "no line with the names of columns",
		"<!DOCTYPE html><html>":                "error page",
		"Error 400: Bad request\n\nMore":       "error page",
		"<?xml version=\"1.0\"?><q:quakeml>":   "XML",
		"time,latitude,longitude,mag\n1,2,3,4": "lacks the columns depth, id, and one of magType",
		"#Network | Station | Latitude | Longitude | Elevation | SiteName | StartTime | EndTime\nIU|ANMO|34.9459|-106.4572|1850.0|Albuquerque|1989-08-29T00:00:00|1995-07-14T00:00:00": "ANMO",
		strings.Repeat("x", 70000): "no line",
	} {
		events, problems, err := eventtext.Read(strings.NewReader(text), eventtext.Options{})
		var at *eventtext.Error
		if !errors.Is(err, eventtext.ErrFormat) || !errors.As(err, &at) || at.Line < 1 || !strings.Contains(err.Error(), hint) || len(events)+len(problems) > 0 {
			t.Errorf("%.30q: %v, want a hint at %q; %v %v", text, err, hint, events, problems)
		}
		if f := eventtext.Sniff([]byte(text)); f != eventtext.Unknown {
			t.Errorf("%.30q is taken for %v", text, f)
		}
	}
	if _, problems := read(t, fdsnHeader); len(problems) != 1 || problems[0].Code != eventtext.NoEvent {
		t.Errorf("a table without rows: %v", problems)
	}
}

func TestAReaderThatFailsLeavesWhatWasRead(t *testing.T) {
	broken := errors.New("cable pulled")
	events, _, err := eventtext.Read(io.MultiReader(strings.NewReader(fdsnHeader+tohokuRow), iotest.ErrReader(broken)), eventtext.Options{})
	if !errors.Is(err, broken) || errors.Is(err, eventtext.ErrFormat) {
		t.Errorf("error %v, want that of the reader", err)
	}
	check(t, "before the fault", events, []waveform.Event{tohoku})
}

func TestFormatsAreToldByContent(t *testing.T) {
	for text, want := range map[string]eventtext.Format{
		fdsnHeader: eventtext.FDSN, tohokuRow: eventtext.FDSN, "# a comment\n\n" + tohokuRow: eventtext.FDSN,
		comCatHeader: eventtext.ComCat, "\ufeff" + comCatHeader: eventtext.ComCat,
	} {
		if got := eventtext.Sniff([]byte(text)); got != want {
			t.Errorf("%.40q: %v, want %v", text, got, want)
		}
	}
}

func TestProblemsAreCapped(t *testing.T) {
	_, problems := read(t, comCatHeader+strings.Repeat("x\n", 1234))
	last := problems[len(problems)-1]
	if len(problems) != 1001 || last.Code != eventtext.MoreProblems || !strings.HasPrefix(last.Message, "235 ") { // 1234 rows, and no event
		t.Errorf("%d problems, last %v", len(problems), last)
	}
}
