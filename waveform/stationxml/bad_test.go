package stationxml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/capped"
)

// document puts stations into a document of network XX.
func document(stations string) string {
	return `<FDSNStationXML xmlns="` + Namespace + `" schemaVersion="1.2"><Network code="XX">` + stations + `</Network></FDSNStationXML>`
}

const place12 = "<Latitude>1</Latitude><Longitude>2</Longitude><Elevation>3</Elevation><Depth>4</Depth>"

// twoChannels is a station with a channel BHZ that has the given attributes and
// content, and after it a good channel BHN.
func twoChannels(attributes, content string) string {
	return document(`<Station code="S">` + place12 + `<Channel code="BHZ" ` + attributes + `>` + content +
		`</Channel><Channel code="BHN" locationCode="00">` + place12 + `</Channel></Station>`)
}

func codes(problems []Problem) string {
	var s []string
	for _, p := range problems {
		s = append(s, string(p.Code))
	}
	return strings.Join(s, " ")
}

func TestBadFilesOfTheSharedData(t *testing.T) {
	dir := dataDir(t)
	for name, want := range map[string]struct {
		stations, channels int
		problem, failure   string
	}{
		"stationxml/channel_without_coordinates.xml":     {1, 0, "line 22: IV.LATE.00.BHZ: no_coordinates", ""},
		"stationxml/empty_channel.xml":                   {1, 0, "line 22: IV.LATE: no_code", ""},
		"stationxml/no_default_namespace.xml":            {0, 0, "document: no_station", ""},
		"stationxml/version20.xml":                       {0, 0, "", `schemaVersion "2.0" is not supported`},
		"made/truncated-station.xml":                     {1, 1, "", "line 315, byte 14875: the document is cut off"},
		"obspy-mseed/TM.SKLT.__.BHZ_faulty_response.xml": {1, 1, "", ""},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "bad", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		stations, problems, err := Read(bytes.NewReader(b))
		n := 0
		for _, s := range stations {
			n += len(s.Channels)
		}
		if len(stations) != want.stations || n != want.channels {
			t.Errorf("%s: %d stations, %d channels, want %d, %d", name, len(stations), n, want.stations, want.channels)
		}
		if got := fmt.Sprint(problems); want.problem == "" != (got == "[]") || !strings.Contains(got, want.problem) {
			t.Errorf("%s: problems %s, want %q", name, got, want.problem)
		}
		if got := fmt.Sprint(err); want.failure == "" != (err == nil) || !strings.Contains(got, want.failure) {
			t.Errorf("%s: error %s, want %q", name, got, want.failure)
		}
	}
}

func TestReadRefusesWhatIsNotStationXML(t *testing.T) {
	for in, want := range map[string]string{
		"":                                     "the document is empty",
		"\n\t ":                                "the document is empty",
		"\xef\xbb\xbf":                         "the document is empty",
		"Error 404: No data":                   `the content starts with "Error 404: No data"`,
		"{\"a\": 1}":                           "no XML element",
		"\x1f\x8b\x08\x00":                     "not XML: illegal character code",
		"\xff\xfe<\x00":                        "not XML: invalid UTF-8",
		"<!DOCTYPE html><html><p>sorry</html>": "the root element is <html>, want <FDSNStationXML>; this is a web page",
		"<q:quakeml/>":                         "the root element is <quakeml>, want <FDSNStationXML>; this is QuakeML",
		"<seiscomp/>":                          "export it as FDSN StationXML",
		"<FDSNStationXML xmlns='http://www.fdsn.org/xml/station/2' schemaVersion='2.0'/>": "namespace \"http://www.fdsn.org/xml/station/2\" is not supported",
		"<FDSNStationXML xmlns='" + Namespace + "' schemaVersion='12'/>":                  `schemaVersion "12" is not supported`,
		"<?xml version='1.0' encoding='utf-16'?><FDSNStationXML/>":                        `encoding "utf-16" is not supported`,
		strings.Replace(document(""), "<Network", "&bomb;<Network", 1):                    "entity",
		document("<Station></Network>"):                                                   "closed by </Network>",
		document(strings.Repeat("<a>", 300)):                                              "nested more than 200 deep",
	} {
		stations, _, err := Read(strings.NewReader(in))
		var where *Error
		if !errors.As(err, &where) || !strings.Contains(err.Error(), want) || where.Line < 1 || where.Offset > int64(len(in)) {
			t.Errorf("%.60q: error %v, want an *Error with %q", in, err, want)
		}
		if len(stations) > 0 {
			t.Errorf("%.60q: %d stations", in, len(stations))
		}
	}
}

func TestOtherNamespacesAndHeadsAreAccepted(t *testing.T) {
	plain := twoChannels("", place12)
	for name, c := range map[string]struct{ in, problems string }{
		"prefix":                            {strings.NewReplacer("</", "</f:", "<", "<f:", "xmlns=", "xmlns:f=").Replace(plain), ""},
		"no namespace":                      {strings.Replace(plain, `xmlns="`+Namespace+`"`, "", 1), "no_namespace"},
		"no version":                        {strings.Replace(plain, `schemaVersion="1.2"`, "", 1), "no_version"},
		"version 1.0":                       {strings.Replace(plain, "1.2", "1.0", 1), ""},
		"byte order mark, doctype, comment": {"\xef\xbb\xbf<?xml version='1.0' encoding='us-ascii'?><!DOCTYPE x [<!ENTITY a 'b'>]><!-- c -->" + plain, ""},
		"foreign elements": {strings.ReplaceAll(plain, "<Latitude>1</Latitude>",
			"<Latitude>1</Latitude><i:Latitude xmlns:i='urn:iris'>9<Longitude>9</Longitude></i:Latitude><Comment><Latitude>7</Latitude></Comment>"), ""},
		"second document": {plain + plain, "trailing_data"},
		"junk after":      {plain + "\x00\x00", "trailing_data"},
	} {
		stations, problems, err := Read(strings.NewReader(c.in))
		if err != nil || codes(problems) != c.problems {
			t.Errorf("%s: error %v, problems %v, want %q", name, err, problems, c.problems)
		}
		if len(stations) != 1 || len(stations[0].Channels) != 2 || stations[0].Channels[0].Latitude != 1 {
			t.Errorf("%s: read %+v", name, stations)
		}
	}
}

// A bad channel is reported by name and costs no other channel.
func TestBadChannelDoesNotLoseTheOthers(t *testing.T) {
	response := func(content string) string { return place12 + "<Response>" + content + "</Response>" }
	stage := func(content string) string { return response(`<Stage number="1">` + content + `</Stage>`) }
	for name, c := range map[string]struct{ attributes, content, problems string }{
		"no latitude":         {"", "<Longitude>2</Longitude>", "no_coordinates"},
		"latitude is text":    {"", "<Latitude>N 1</Latitude><Longitude>2</Longitude>", "bad_number no_coordinates"},
		"latitude infinite":   {"", "<Latitude>INF</Latitude><Longitude>2</Longitude>", "bad_number no_coordinates"},
		"start date":          {"startDate='2010-13-01T00:00:00'", place12, "bad_time"},
		"end date":            {"endDate='never'", place12, "bad_time"},
		"kept: far north":     {"", "<Latitude>91</Latitude><Longitude>2</Longitude><Elevation>0</Elevation><Depth>0</Depth>", "implausible"},
		"kept: negative rate": {"", place12 + "<SampleRate>-1</SampleRate>", "implausible"},
		"kept: no elevation":  {"", "<Latitude>1</Latitude><Longitude>2</Longitude>", "incomplete"},
		"kept: azimuth":       {"", place12 + "<Azimuth>east</Azimuth>", "bad_number"},
		"kept: sensitivity":   {"", response("<InstrumentSensitivity><Value>1,5</Value></InstrumentSensitivity><Stage/>"), "bad_response"},
		"kept: stage number":  {"", response("<Stage number='x'/>"), "bad_response"},
		"kept: stage zero":    {"", response("<Stage number='0'/>"), "bad_response"},
		"kept: stage twice":   {"", response("<Stage number='1'/><Stage number='1'/>"), "bad_response"},
		"kept: two filters":   {"", stage("<FIR><Symmetry>NONE</Symmetry></FIR><FIR/>"), "bad_response"},
		"kept: coefficient":   {"", stage("<FIR><Symmetry>ODD</Symmetry><NumeratorCoefficient>NaN</NumeratorCoefficient></FIR>"), "bad_response"},
		"kept: symmetry":      {"", stage("<FIR/>"), "bad_response"},
		"kept: transfer type": {"", stage("<PolesZeros><PzTransferFunctionType>S</PzTransferFunctionType></PolesZeros>"), "bad_response"},
		"kept: half a pole":   {"", stage("<PolesZeros><Pole><Real>1</Real></Pole></PolesZeros>"), "bad_response"},
		"kept: factor":        {"", stage("<Decimation><Factor>0</Factor></Decimation>"), "bad_response"},
		"kept: half factor":   {"", stage("<Decimation><Factor>1.5</Factor></Decimation>"), "bad_response"},
		"kept: empty list":    {"", stage("<ResponseList/>"), "bad_response"},
		"kept: approximation": {"", stage("<Polynomial><ApproximationType>CHEBYSHEV</ApproximationType><Coefficient>1</Coefficient></Polynomial>"), "bad_response"},
		"kept: no terms":      {"", stage("<Polynomial><ApproximationType>MACLAURIN</ApproximationType></Polynomial>"), "bad_response"},
		"kept: two wholes": {"", response("<InstrumentPolynomial><Coefficient>1</Coefficient></InstrumentPolynomial>" +
			"<InstrumentPolynomial><Coefficient>1</Coefficient></InstrumentPolynomial>"), "bad_response"},
		"kept: whole":     {"", response("<InstrumentPolynomial><Coefficient>x</Coefficient></InstrumentPolynomial>"), "bad_response"},
		"kept: too large": {"", stage("<StageGain><Value>1e999</Value></StageGain>"), "bad_response"},
	} {
		stations, problems, err := Read(strings.NewReader(twoChannels(c.attributes, c.content)))
		if err != nil || codes(problems) != c.problems {
			t.Errorf("%s: error %v, problems %v, want %q", name, err, problems, c.problems)
			continue
		}
		for _, p := range problems {
			if !strings.HasPrefix(p.Subject, "XX.S..BHZ") || p.Line != 1 || p.Offset <= 0 {
				t.Errorf("%s: problem %+v does not say where it is", name, p)
			}
		}
		got := stations[0].Channels
		want := 1
		if strings.HasPrefix(name, "kept: ") {
			want = 2
		}
		if len(got) != want || got[want-1].ID.Channel != "BHN" || got[want-1].Latitude != 1 {
			t.Errorf("%s: channels %+v, want %d ending with BHN", name, got, want)
		}
		if want == 2 && got[0].Response != nil {
			t.Errorf("%s: response %+v, want none", name, got[0].Response)
		}
	}
}

func TestBadStationDoesNotLoseItsChannelsOrNeighbours(t *testing.T) {
	stations, problems, err := Read(strings.NewReader(document(
		`<Station>` + place12 + `</Station>` +
			`<Station code="A" startDate="soon"><Channel code="BHZ">` + place12 + `</Channel></Station>` +
			`<Station code="B">` + place12 + `</Station></Network><Network><Station code="C"/>`)))
	if err != nil || codes(problems) != "no_code bad_time no_coordinates no_code" {
		t.Fatalf("error %v, problems %v", err, problems)
	}
	if len(stations) != 2 || stations[0].Code != "A" || stations[1].Code != "B" || len(stations[0].Channels) != 1 {
		t.Fatalf("stations %+v, want A with its channel, and B", stations)
	}
	if !math.IsNaN(stations[0].Latitude) || !stations[0].From.IsZero() {
		t.Errorf("station %+v, want no coordinates and an open start", stations[0])
	}
}

func TestNumbersAndCodesAreReadAsFilesWriteThem(t *testing.T) {
	stations, problems, err := Read(strings.NewReader(twoChannels(`locationCode="  "`, `
	  <Latitude unit="DEGREES" datum="WGS84"> +1.0E+00 </Latitude><Longitude>-.5</Longitude>
	  <Elevation><!-- m -->1<!-- 2 -->2.</Elevation><Depth>-0</Depth><Dip>-90.0</Dip>
	  <SampleRateRatio><NumberSamples>1</NumberSamples><NumberSeconds>8</NumberSeconds></SampleRateRatio>
	  <Sensor><Type>T</Type><Model>M</Model></Sensor><DataLogger><Description>no sensor</Description></DataLogger>
	  <Response><Stage number="3"/><Stage number="1"/><Stage number="2"><Decimation><Factor>4.0</Factor></Decimation></Stage></Response>`)))
	if err != nil || len(problems) > 0 {
		t.Fatalf("error %v, problems %v", err, problems)
	}
	c := stations[0].Channels[0]
	if c.Latitude != 1 || c.Longitude != -0.5 || c.Elevation != 12 || c.Depth != 0 || c.Dip != -90 || !math.IsNaN(c.Azimuth) {
		t.Errorf("position of %+v", c)
	}
	if c.ID.Location != "" || c.SampleRate != 0.125 || c.Sensor != "M" {
		t.Errorf("location %q, rate %v, sensor %q", c.ID.Location, c.SampleRate, c.Sensor)
	}
	for i, s := range c.Response.Stages {
		if s.Number != i+1 {
			t.Errorf("stage %d stands at %d", s.Number, i+1)
		}
	}
	if m := c.Response.Stages[1].Decimation; m == nil || m.Factor != 4 {
		t.Errorf("decimation %+v, want a factor of 4", m)
	}
}

func TestTimesAreUTCWithOrWithoutZone(t *testing.T) {
	for in, want := range map[string]string{
		"2010-01-02T03:04:05":              "2010-01-02T03:04:05Z",
		"2010-01-02T03:04:05Z":             "2010-01-02T03:04:05Z",
		"2010-01-02T03:04:05.5000":         "2010-01-02T03:04:05.5Z",
		"2010-01-02T03:04:05.123456789Z":   "2010-01-02T03:04:05.123456789Z",
		"2010-01-02T03:04:05+02:00":        "2010-01-02T01:04:05Z",
		"2010-01-02 03:04:05":              "2010-01-02T03:04:05Z",
		"2010-01-02":                       "2010-01-02T00:00:00Z",
		"2599-12-31T23:59:59":              "2599-12-31T23:59:59Z",
		"2016-12-31T23:59:60.25Z":          "2017-01-01T00:00:00.25Z",
		"2016-12-31T24:00:00":              "2017-01-01T00:00:00Z",
		"":                                 "0001-01-01T00:00:00Z",
		"2010,001":                         "",
		"2010-02-30T00:00:00":              "",
		"2010-01-02T03:04:05Z; DROP TABLE": "",
	} {
		got, err := parseTime(in)
		if want == "" != (err != nil) || err == nil && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, error %v; want %q", in, got, err, want)
		}
	}
}

func TestLatin1IsReadAndPositionsStayThoseOfTheFile(t *testing.T) {
	in := "<?xml version='1.0' encoding='ISO-8859-1'?>\n" + document("<Station code='S'>"+place12+
		"<Site><Name>D\xfczce, \xc7\xff</Name></Site></Station>\n<Station code='T'><Latitude>x</Latitude>")
	stations, problems, err := Read(strings.NewReader(in[:strings.Index(in, "</Network>")]))
	if len(stations) != 1 || stations[0].Name != "Düzce, Çÿ" {
		t.Errorf("stations %+v", stations)
	}
	if at := int64(strings.Index(in, "x</Lat") + len("x</Latitude>")); len(problems) != 1 || problems[0].Offset != at || problems[0].Line != 3 {
		t.Errorf("problems %+v, want one at line 3, byte %d", problems, at)
	}
	var where *Error
	if !errors.As(err, &where) || where.Offset != int64(strings.Index(in, "</Network>")) {
		t.Errorf("error %v, want one at byte %d", err, strings.Index(in, "</Network>"))
	}
}

// Cut anywhere, a document gives an error and those channels that were complete.
func TestTruncationKeepsCompleteChannels(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, everyKind(), "seisbatch", created); err != nil {
		t.Fatal(err)
	}
	full := b.String()
	end := strings.LastIndex(full, ">") // of the root element
	for n := range end {
		cut := full[:n]
		stations, _, err := Read(strings.NewReader(cut))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut at %d: error %v, want unexpected EOF", n, err)
		}
		got := 0
		for _, s := range stations {
			got += len(s.Channels)
		}
		if want := strings.Count(cut, "</Channel>"); got != want {
			t.Fatalf("cut at %d: %d channels, want %d", n, got, want)
		}
	}
}

func TestReaderErrorsArePassedOn(t *testing.T) {
	broken := errors.New("connection reset")
	in := io.MultiReader(strings.NewReader(document("")[:80]), iotest.ErrReader(broken))
	if _, _, err := Read(in); !errors.Is(err, broken) || !strings.Contains(err.Error(), "byte 80") {
		t.Errorf("error %v, want the reader's at byte 80", err)
	}
}

func TestReadFuncStopsAtTheFirstErrorOfItsCaller(t *testing.T) {
	enough := errors.New("enough")
	calls := 0
	_, err := ReadFunc(strings.NewReader(document(`<Station code="A"/><Station code="B"/>`)), func(waveform.Station) error {
		calls++
		return enough
	})
	if err != enough || calls != 1 {
		t.Errorf("error %v after %d calls, want %v after 1", err, calls, enough)
	}
}

// stations is an endless supply of stations up to a number of bytes.
type stationSupply struct {
	left  int
	chunk string
	rest  string
}

func (s *stationSupply) Read(p []byte) (int, error) {
	if s.rest == "" {
		if s.left <= 0 {
			return 0, io.EOF
		}
		s.rest = s.chunk
		s.left -= len(s.chunk)
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func TestReadFuncKeepsOneStationInMemory(t *testing.T) {
	station := "<Station code='S'>" + place12 + strings.Repeat("<Channel code='BHZ'>"+place12+"</Channel>", 200) + "</Station>"
	head := document("")
	in := io.MultiReader(strings.NewReader(head[:strings.Index(head, "</Network>")]),
		&stationSupply{left: 32 << 20, chunk: station}, strings.NewReader("</Network></FDSNStationXML>"))
	n, peak := 0, uint64(0)
	_, err := ReadFunc(in, func(waveform.Station) error {
		if n++; n%100 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		return nil
	})
	if err != nil || n < 1000 {
		t.Fatalf("%d stations, error %v", n, err)
	}
	if peak > 16<<20 {
		t.Errorf("%d MB live while reading 32 MB, want less than 16", peak>>20)
	}
}

// Hostile documents cannot make the reader allocate out of proportion. Counted
// is everything, garbage included; the smallest stations came to 61 bytes for
// each of input, and 100 leaves room for other versions of the XML decoder.
func TestAllocationStaysWithinAMultipleOfTheInput(t *testing.T) {
	const size = 1 << 20
	station := `<Station code="S">` + place12 + `<Channel code="BHZ">` + place12 + `<Response><Stage number="1"><FIR>`
	for name, c := range map[string]struct{ head, repeated string }{
		"channels":     {station[:strings.Index(station, "<Channel")], "<Channel/>"},
		"bad stations": {"", "<Station/>"},
		"stations":     {"", "<Station code='A'/>"},
		"stages":       {station[:strings.Index(station, "<Stage")], "<Stage number='1'/>"},
		"poles":        {strings.Replace(station, "<FIR>", "<PolesZeros>", 1), "<Pole/>"},
		"coefficients": {station, "<NumeratorCoefficient>1</NumeratorCoefficient>"},
		"attributes":   {"<Station ", "a='' "},
		"text":         {"<Station code='S'><Latitude>", "1"},
		"comments":     {"<Station code='S'><Latitude>", "1<!---->"},
	} {
		in := document("")
		in = in[:strings.Index(in, "</Network>")] + c.head + strings.Repeat(c.repeated, size/len(c.repeated))
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
	_, problems, err := Read(strings.NewReader(document(strings.Repeat("<Station/>", capped.Max+5))))
	if err != nil || len(problems) != capped.Max+1 {
		t.Fatalf("%d problems, error %v; want %d", len(problems), err, capped.Max+1)
	}
	last := problems[capped.Max]
	if last.Code != MoreProblems || !strings.HasPrefix(last.Message, "6 further problems") { // no_station is the sixth
		t.Errorf("last problem %v, want 6 more", last)
	}
}
