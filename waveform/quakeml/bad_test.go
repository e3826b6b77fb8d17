package quakeml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/capped"
)

const head = `<q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/quakeml/1.2"><eventParameters publicID="smi:local/c">`

// document holds an event smi:local/e with the given content, and after it a
// good event smi:local/next.
func document(content string) string {
	return head + `<event publicID="smi:local/e">` + content + `</event><event publicID="smi:local/next"/></eventParameters></q:quakeml>`
}

const (
	when    = "<time><value>2010-02-27T06:34:11.5300</value></time>"
	where   = "<latitude><value>-36.1</value></latitude><longitude><value>-72.9</value></longitude>"
	station = `<waveformID networkCode="CI" stationCode="CLC"/>`
)

func codes(problems []Problem) string {
	var s []string
	for _, p := range problems {
		s = append(s, string(p.Code))
	}
	return strings.Join(s, " ")
}

func TestBadFilesOfTheSharedData(t *testing.T) {
	files := eventFiles(t)
	for name, want := range map[string]string{
		"bad/quakeml/invalid_enum.xml": "",       // its bad value is in an element that is not read
		"bad/quakeml/invalid_id.xml":   "bad_id", // of the event; references are only compared
	} {
		events, problems, err := Read(bytes.NewReader(files[name]))
		if err != nil || len(events) != 1 || codes(problems) != want {
			t.Errorf("%s: %d events, error %v, problems %v, want %q", name, len(events), err, problems, want)
		}
	}
}

func TestReadRefusesWhatIsNotQuakeML(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "the document is empty",
		"  \n":                "the document is empty",
		"Error 413: too much": `the content starts with "Error 413: too much"`,
		"\x1f\x8b":            "not XML",
		"<html><br></html>":   "the root element is <html>, want <quakeml>; this is a web page",
		"<FDSNStationXML/>":   "this is StationXML",
		"<seiscomp/>":         "export it as QuakeML",
		"<x:quakeml/>":        `namespace "x" is not supported`,
		strings.ReplaceAll(document(""), "quakeml/1.2", "quakeml/2.0"):  `QuakeML "quakeml/2.0" is not supported`,
		strings.ReplaceAll(document(""), "/bed/1.2", "/bed/2.0"):        `QuakeML "bed/2.0" is not supported`,
		strings.ReplaceAll(document(""), "/bed/1.2", "/bed-rt/1.2"):     "real-time QuakeML",
		strings.ReplaceAll(document(""), "/xmlns/bed/", "/xmlns/nobed"): "is not supported",
		head + "&bomb;":                   "entity",
		head + strings.Repeat("<a>", 300): "nested more than 200 deep",
		head + "</q:quakeml>":             "closed by",
	} {
		events, _, err := Read(strings.NewReader(in))
		var at *Error
		if !errors.As(err, &at) || !strings.Contains(err.Error(), want) || at.Line < 1 || at.Offset > int64(len(in)) {
			t.Errorf("%.60q: error %v, want an *Error with %q", in, err, want)
		}
		if len(events) > 0 {
			t.Errorf("%.60q: %d events", in, len(events))
		}
	}
}

func TestOtherNamespacesAreAccepted(t *testing.T) {
	plain := document("<origin publicID='smi:local/o'>" + when + where + "</origin>")
	const bed, root = ` xmlns="http://quakeml.org/xmlns/bed/1.2"`, ` xmlns:q="http://quakeml.org/xmlns/quakeml/1.2"`
	for name, c := range map[string]struct{ in, problems string }{
		"version 1.1":               {strings.ReplaceAll(plain, "/1.2", "/1.1"), ""},
		"no namespace":              {strings.NewReplacer(bed, "", root, "", "q:", "").Replace(plain), "no_namespace"},
		"all prefixed":              {strings.NewReplacer("</q:", "</q:", "<q:", "<q:", "</", "</b:", "<", "<b:", "xmlns=", "xmlns:b=").Replace(plain), ""},
		"latin 1, before and after": {"<?xml version='1.0' encoding='iso-8859-1'?><!-- \xe9 -->" + strings.Replace(plain, "<eventP", "<extra xmlns=''><event/></extra><eventP", 1), ""},
		"foreign elements":          {strings.ReplaceAll(plain, when, when+"<x:time xmlns:x='urn:x'><value>1999-01-01T00:00:00</value></x:time>"), ""},
		"no event":                  {head + "</eventParameters></q:quakeml>", "no_event"},
		"second document":           {plain + plain, "trailing_data"},
	} {
		events, problems, err := Read(strings.NewReader(c.in))
		if err != nil || codes(problems) != c.problems {
			t.Errorf("%s: error %v, problems %v, want %q", name, err, problems, c.problems)
		}
		if name == "no event" {
			continue
		}
		if len(events) != 2 || len(events[0].Origins) != 1 || events[0].Origins[0].Time.Year() != 2010 {
			t.Errorf("%s: read %+v", name, events)
		}
	}
}

// What is unusable in an event costs neither the rest of it nor the next one.
func TestBadPartsAreReportedAndLeftOut(t *testing.T) {
	origin := func(content string) string { return "<origin publicID='smi:local/o'>" + content + "</origin>" }
	mag := func(content string) string { return "<magnitude publicID='smi:local/m'>" + content + "</magnitude>" }
	pick := func(content string) string { return "<pick publicID='smi:local/p'>" + content + "</pick>" }
	for name, c := range map[string]struct {
		content, problems string
		kept              int // origins, magnitudes and picks
	}{
		"origin without time":        {origin(where), "bad_origin", 0},
		"origin without place":       {origin(when), "bad_origin", 0},
		"origin with a bad time":     {origin("<time><value>today</value></time>" + where), "bad_origin", 0},
		"origin in year 1":           {origin("<time><value>0001-01-01T00:00:00</value></time>" + where), "bad_origin", 0},
		"origin with a bad latitude": {origin(when + "<latitude><value>36N</value><x/></latitude><longitude/>"), "bad_origin", 0},
		"bad depth":                  {origin(when + where + "<depth><value>shallow</value></depth>"), "bad_number", 1},
		"bad mode":                   {origin(when + where + "<evaluationMode>guess</evaluationMode>"), "bad_enum", 1},
		"bad creation time":          {origin(when + where + "<creationInfo><creationTime>x</creationTime></creationInfo>"), "bad_time", 1},
		"no place on the globe":      {origin(when + strings.Replace(where, "36", "136", 1)), "implausible", 1},
		"arrival without pick":       {origin(when + where + "<arrival publicID='smi:local/a'><phase>P</phase></arrival>"), "bad_arrival", 1},
		"bad id":                     {strings.Replace(origin(when+where), "smi:", "", 1), "bad_id", 1},
		"magnitude without value":    {mag("<type>Mw</type>"), "bad_magnitude", 0},
		"magnitude not finite":       {mag("<mag><value>NaN</value></mag>"), "bad_magnitude", 0},
		"pick without time":          {pick(station), "bad_pick", 0},
		"pick without station":       {pick(when), "bad_pick", 0},
		"good pick":                  {pick(when + station), "", 1},
		"preferred origin":           {"<preferredOriginID>smi:local/x</preferredOriginID>" + origin(when+where), "dangling_reference", 1},
		"preferred magnitude":        {"<preferredMagnitudeID>smi:local/x</preferredMagnitudeID>" + mag("<mag><value>1</value></mag>"), "dangling_reference", 1},
		"preferred origin, of none":  {"<preferredOriginID>smi:local/x</preferredOriginID>", "", 0},
	} {
		events, problems, err := Read(strings.NewReader(document(c.content)))
		if err != nil || codes(problems) != c.problems {
			t.Errorf("%s: error %v, problems %v, want %q", name, err, problems, c.problems)
			continue
		}
		if len(problems) > 0 && (problems[0].Subject != "smi:local/e" || problems[0].Line != 1 || problems[0].Offset <= 0) {
			t.Errorf("%s: problem %+v does not say where it is", name, problems[0])
		}
		if len(events) != 2 || events[1].PublicID != "smi:local/next" {
			t.Errorf("%s: events %+v", name, events)
			continue
		}
		if got := len(events[0].Origins) + len(events[0].Magnitudes) + len(events[0].Picks); got != c.kept {
			t.Errorf("%s: kept %d parts of %+v, want %d", name, got, events[0], c.kept)
		}
	}
}

func TestContentIsReadAsFilesWriteIt(t *testing.T) {
	events, problems, err := Read(strings.NewReader(document(`<type> earthquake </type>
	  <description><type>Flinn-Engdahl region</type><text> CENTRAL CHILE </text></description><description><text>other</text></description>
	  <origin publicID="smi:local/o">` + when + where + `<depth><value>+3.5E+04</value><uncertainty>1</uncertainty></depth>
	    <creationInfo><author>ISC</author><creationTime>2010-03-01T00:00:00+01:00</creationTime></creationInfo></origin>
	  <pick publicID="smi:local/p"><waveformID networkCode="MQ" stationCode="CPM" locationCode="--" channelCode="EHZ"/>` + when + `</pick>
	  <amplitude><genericAmplitude><value>x</value></genericAmplitude></amplitude><focalMechanism/>`)))
	if err != nil || len(problems) > 0 {
		t.Fatalf("error %v, problems %v", err, problems)
	}
	e := events[0]
	if e.Type != "earthquake" || e.Description != "CENTRAL CHILE" {
		t.Errorf("type %q, description %q", e.Type, e.Description)
	}
	o := e.Origins[0]
	if o.Depth != 35000 || o.Agency != "ISC" || instant(o.Created) != "2010-02-28T23:00:00.000000Z" || instant(o.Time) != "2010-02-27T06:34:11.530000Z" {
		t.Errorf("origin %+v", o)
	}
	if id := e.Picks[0].ID.String(); id != "MQ.CPM..EHZ" {
		t.Errorf("pick on %s", id)
	}
	if !math.IsNaN(firstOrigin(t, document("<origin>"+when+where+"</origin>")).Depth) {
		t.Error("a depth that is not given is not NaN")
	}
}

// firstOrigin is the first origin of a document's first event.
func firstOrigin(t *testing.T, in string) waveform.Origin {
	t.Helper()
	events, _, err := Read(strings.NewReader(in))
	if err != nil || len(events) == 0 || len(events[0].Origins) == 0 {
		t.Fatalf("no origin in %+v, error %v", events, err)
	}
	return events[0].Origins[0]
}

func TestIdentifiersFollowTheSchemasPattern(t *testing.T) {
	for id, want := range map[string]bool{
		"smi:service.iris.edu/fdsnws/event/1/query?eventid=2845324":      true,
		"quakeml:us.anss.org/event/ci38457511":                           true,
		"smi:org.gfz-potsdam.de/geofon/Pick#20160627194457.143264.18834": true,
		"smi:local/x":  true,
		"smi:lo/x":     false,
		"smi:local/":   false,
		"smi:local":    false,
		"smi:-ocal/x":  false,
		"urn:local/x":  false,
		"smi:local/?x": false,
		"smi:local/x>": false,
		"smi:local/ä":  false,
		"":             false,
	} {
		if got := validID(id); got != want {
			t.Errorf("%q: valid %v, want %v", id, got, want)
		}
	}
}

func TestEventWithoutIDIsLeftOut(t *testing.T) {
	events, problems, err := Read(strings.NewReader(strings.Replace(document(""), `<event publicID="smi:local/e"`, "<event", 1)))
	if err != nil || len(events) != 1 || codes(problems) != "no_id" {
		t.Errorf("%d events, error %v, problems %v", len(events), err, problems)
	}
}

// Cut anywhere, a document gives an error and the events that were complete.
func TestTruncationKeepsCompleteEvents(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, everyKind(), "smi:local/catalog"); err != nil {
		t.Fatal(err)
	}
	full := b.String()
	for n := range strings.LastIndex(full, ">") {
		events, _, err := Read(strings.NewReader(full[:n]))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut at %d: error %v, want unexpected EOF", n, err)
		}
		if want := strings.Count(full[:n], "</event>"); len(events) != want {
			t.Fatalf("cut at %d: %d events, want %d", n, len(events), want)
		}
	}
}

func TestReaderErrorsArePassedOn(t *testing.T) {
	broken := errors.New("connection reset")
	in := io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken))
	if _, _, err := Read(in); !errors.Is(err, broken) || !strings.Contains(err.Error(), fmt.Sprint("byte ", len(head))) {
		t.Errorf("error %v, want the reader's at byte %d", err, len(head))
	}
}

func TestReadFuncStopsAtTheFirstErrorOfItsCaller(t *testing.T) {
	enough := errors.New("enough")
	calls := 0
	_, err := ReadFunc(strings.NewReader(document("")), func(waveform.Event) error {
		calls++
		return enough
	})
	if err != enough || calls != 1 {
		t.Errorf("error %v after %d calls, want %v after 1", err, calls, enough)
	}
}

// Hostile documents cannot make the reader allocate out of proportion. Counted
// is everything, garbage included; the smallest events came to 55 bytes for each
// of input, and 100 leaves room for other versions of the XML decoder.
func TestAllocationStaysWithinAMultipleOfTheInput(t *testing.T) {
	const size = 1 << 20
	for name, c := range map[string]struct{ head, repeated string }{
		"good events": {"", "<event publicID='a'/>"},
		"events":      {"", "<event/>"},
		"origins":     {"<event publicID='smi:local/e'>", "<origin/>"},
		"arrivals":    {"<event publicID='smi:local/e'><origin>", "<arrival/>"},
		"picks":       {"<event publicID='smi:local/e'>", "<pick><time/></pick>"},
		"text":        {"<event publicID='smi:local/e'><type>", "1<!---->"},
	} {
		in := head + c.head + strings.Repeat(c.repeated, size/len(c.repeated))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, problems, _ := Read(strings.NewReader(in))
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / size; got > 100 {
			t.Errorf("%s: %d bytes allocated for each of input, want 100 at most", name, got)
		}
		if len(problems) > capped.Max+1 {
			t.Errorf("%s: %d problems kept", name, len(problems))
		}
	}
}

func TestProblemsAreCappedAndCounted(t *testing.T) {
	_, problems, err := Read(strings.NewReader(document(strings.Repeat("<origin/>", capped.Max+5))))
	if err != nil || len(problems) != capped.Max+1 {
		t.Fatalf("%d problems, error %v; want %d", len(problems), err, capped.Max+1)
	}
	if last := problems[capped.Max]; last.Code != MoreProblems || !strings.HasPrefix(last.Message, "5 further problems") {
		t.Errorf("last problem %v, want 5 more", last)
	}
}
