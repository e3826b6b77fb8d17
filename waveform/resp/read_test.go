package resp_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/resp"
)

const (
	head = `#
B050F03     Station:     AAA
B050F16     Network:     XX
B052F03     Location:    ??
B052F04     Channel:     BHZ
B052F22     Start date:  2010,001
B052F23     End date:    No Ending Time
`
	paz = `B053F03     Transfer function type:                A [Laplace Transform (Rad/sec)]
B053F04     Stage sequence number:                 1
B053F05     Response in units lookup:              M/S - Velocity in Meters Per Second
B053F06     Response out units lookup:             V - Volts
B053F07     A0 normalization factor:               2
B053F08     Normalization frequency:               0.02
B053F09     Number of zeroes:                      1
B053F14     Number of poles:                       1
B053F10-13    0  0.000000E+00  1.000000E+00  0.000000E+00  0.000000E+00
B053F15-18    0 -1.000000D+01  0.000000E+00  0.000000E+00  0.000000E+00
`
	fir = `B061F03     Stage sequence number:                 2
B061F05     Symmetry type:                         B
B061F06     Response in units lookup:              V - Volts
B061F07     Response out units lookup:             COUNTS - Digital Counts
B061F08     Number of numerators:                  2
B061F09       0  2.500000E-01
B061F09       1  5.000000E-01
`
)

func decimation(stage int) string {
	return fmt.Sprintf(`B057F03     Stage sequence number:                 %d
B057F04     Input sample rate:                     4.000000E+02
B057F05     Decimation factor:                     4
B057F06     Decimation offset:                     1
B057F07     Estimated delay (seconds):             1.000000E-02
B057F08     Correction applied (seconds):          2.000000E-02
`, stage)
}

func gain(stage int, value string) string {
	return fmt.Sprintf(`B058F03     Stage sequence number:                 %d
B058F04     Gain:                                  %s
B058F05     Frequency of gain:                     2.000000E-02 HZ
B058F06     Number of calibrations:                1
B058F07-08    0  1.000000E+00  sine
`, stage, value)
}

// whole is a complete channel, without its header.
func whole() string { return paz + gain(1, "2") + fir + decimation(2) + gain(2, "3") + gain(0, "6") }

func read(in string) ([]waveform.Station, []resp.Problem, error) {
	return resp.Read(strings.NewReader(in))
}

func codes(problems []resp.Problem) string {
	var s []string
	for _, p := range problems {
		s = append(s, string(p.Code))
	}
	return strings.Join(s, " ")
}

func TestAChannelIsReadWithEverythingThatRESPSays(t *testing.T) {
	got, problems, err := read(head + whole())
	if err != nil || len(problems) > 0 {
		t.Fatalf("error %v, problems %v", err, problems)
	}
	nan := math.NaN()
	want := []waveform.Station{{Network: "XX", Code: "AAA", Latitude: nan, Longitude: nan, Elevation: nan, Channels: []waveform.Channel{{
		ID: waveform.SourceID{Network: "XX", Station: "AAA", Channel: "BHZ"}, From: time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC),
		Latitude: nan, Longitude: nan, Elevation: nan, Depth: nan, Azimuth: nan, Dip: nan, SampleRate: 100,
		Response: &waveform.Response{
			Sensitivity: waveform.Sensitivity{Value: 6, Frequency: 0.02, InputUnits: "M/S", OutputUnits: "COUNTS"},
			Stages: []waveform.Stage{
				{Number: 1, InputUnits: "M/S", OutputUnits: "V", Gain: 2, GainFrequency: 0.02,
					PolesZeros: &waveform.PolesZeros{Normalization: 2, NormalizationFrequency: 0.02, Zeros: []complex128{1i}, Poles: []complex128{-10}}},
				{Number: 2, InputUnits: "V", OutputUnits: "COUNTS", Gain: 3, GainFrequency: 0.02,
					FIR:        &waveform.FIR{Symmetry: waveform.OddSymmetric, Coefficients: []float64{0.25, 0.5}},
					Decimation: &waveform.Decimation{InputRate: 400, Factor: 4, Offset: 1, Delay: 0.01, Correction: 0.02}},
			}}}}}}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// Lines may end in any way, be indented, separated by comments, or come in another order.
func TestTheLayoutOfTheTextDoesNotMatter(t *testing.T) {
	plain := head + whole()
	want, _, _ := read(plain)
	for name, in := range map[string]string{
		"CRLF":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR":              strings.ReplaceAll(plain, "\n", "\r"),
		"no last newline": strings.TrimSpace(plain),
		"byte order mark": "\xef\xbb\xbf" + plain,
		"blank lines":     strings.ReplaceAll(plain, "\n", "\n \t\n"),
		"comments":        strings.ReplaceAll(plain, "\n", "\n#\t\t+ \xff B050F03 +\n"),
		"small letters":   strings.NewReplacer("B05", "b05", "F0", "f0", "B06", "b06").Replace(plain),
		"tabs":            strings.ReplaceAll(plain, "     ", "\t"),
		"gains first":     head + gain(0, "6") + gain(2, "3") + gain(1, "2") + decimation(2) + fir + paz,
		"other fields":    head + "B052F20     Format:  x\nB059F05     Comment: y\n" + whole() + "B051F03     z: w\n",
		"the same twice":  head + whole() + gain(1, "2") + decimation(2),
	} {
		got, problems, err := resp.Read(iotest.OneByteReader(strings.NewReader(in)))
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: error %v, problems %v", name, err, problems)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", name, diff)
		}
	}
}

func TestValiditiesAreReadAsFilesWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"1998,299,20":                "1998-10-26T20:00:00Z",
		"1989,241":                   "1989-08-29T00:00:00Z",
		"2009,257,23:59:59.0000":     "2009-09-14T23:59:59Z",
		"1991,023,22:25":             "1991-01-23T22:25:00Z",
		"2016,366,23:59:60.25":       "2017-01-01T00:00:00.25Z",
		"2016,366,24:00:00":          "2017-01-01T00:00:00Z",
		"2012, 5, 1:02:03.123456789": "2012-01-05T01:02:03.123456789Z",
		"2599,365":                   "2599-12-31T00:00:00Z",
		"2010-01-02T03:04:05Z":       "2010-01-02T03:04:05Z",
		"2010-01-02":                 "2010-01-02T00:00:00Z",
		"No Ending Time":             "0001-01-01T00:00:00Z",
		"NO ENDING TIME":             "0001-01-01T00:00:00Z",
		"(null)":                     "0001-01-01T00:00:00Z",
		"":                           "0001-01-01T00:00:00Z",
		"2010":                       "", "2010,000": "", "2011,366": "", "2010,001,25": "", "2010,001,24:00:01": "", "2010,001,00:60": "",
		"2010,001,1,2": "", "10,001": "", "2010,0001": "", "soon": "", "2010,001,00:00:00.0000000001": "", "2010,001,00.5": "", "0000,001": "",
		"9999,365,24:00:00": "", "2010,-1": "",
	} {
		stations, problems, err := read(strings.Replace(head, "No Ending Time", in, 1) + whole())
		switch {
		case want == "":
			if err != nil || len(stations) > 0 || codes(problems) != "bad_time no_station" {
				t.Errorf("%q: error %v, problems %v, want bad_time", in, err, problems)
			}
		case err != nil || len(problems) > 0 || stations[0].Channels[0].Until.Format(time.RFC3339Nano) != want:
			t.Errorf("%q: %v, error %v, problems %v; want %s", in, stations, err, problems, want)
		}
	}
}

func TestStationsAreGroupedAndEpochsKeptAsTheyAre(t *testing.T) {
	other := strings.NewReplacer("AAA", "BBB", "??", "00").Replace(head)
	// A second channel of a station need not repeat blockette 50, nor an epoch its location.
	second := "B052F03     Location:    10\nB052F04     Channel:     BHN\nB052F22     Start date:  2010,001\n"
	epoch := "B052F04     Channel:     BHN\nB052F22     Start date:  2011,001\n"
	stations, problems, err := read(head + whole() + other + whole() + second + whole() + epoch + whole() + head + whole())
	if err != nil || len(problems) > 0 {
		t.Fatalf("error %v, problems %v", err, problems)
	}
	var got []string
	for _, s := range stations {
		for _, c := range s.Channels {
			got = append(got, fmt.Sprintf("%s.%s %s %d", s.Network, s.Code, c.ID, c.From.Year()))
		}
	}
	want := "XX.AAA XX.AAA..BHZ 2010, XX.AAA XX.AAA..BHZ 2010, XX.BBB XX.BBB.00.BHZ 2010, XX.BBB XX.BBB.10.BHN 2010, XX.BBB XX.BBB..BHN 2011"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("channels\n%s, want\n%s", s, want)
	}
}

// The blockettes of a dictionary say what those with stage numbers say.
func TestDictionaryBlockettesAreReadInTheirStage(t *testing.T) {
	list := "B055F03 Stage: 1\nB055F04 In: PA\nB055F05 Out: V\nB055F06 Number: 1\nB055F07-11 0 1 2 0 3 0\n"
	polynomial := "B062F03 Type: P\nB062F04 Stage: 1\nB062F05 In: PA\nB062F06 Out: V\nB062F07 Approximation: M\nB062F08 Units: B\nB062F09 Lower: 0\nB062F10 Upper: 1\n" +
		"B062F11 Lower: 2\nB062F12 Upper: 3\nB062F13 Error: 4\nB062F14 Number: 2\nB062F15-16 0 5 0\nB062F15-16 1 6 0\n"
	iir := "B054F03 Type: D\nB054F04 Stage: 1\nB054F05 In: PA\nB054F06 Out: V\nB054F07 Number: 1\nB054F10 Number: 2\nB054F08-09 0 7 0\nB054F11-12 0 1 0\nB054F11-12 1 -.5 0\n"
	for name, pair := range map[string][2]string{
		"list": {list, "B045F03 Key: 9\nB045F04 Name: x\nB045F05 In: PA\nB045F06 Out: V\nB045F07 Number: 1\nB045F08-12 0 1 2 0 3 0\n"},
		"polynomial": {polynomial, "B042F03 Key: 9\nB042F04 Name: x\nB042F05 Type: P\nB042F06 In: PA\nB042F07 Out: V\nB042F08 Approximation: M\nB042F09 Units: B\nB042F10 Lower: 0\nB042F11 Upper: 1\n" +
			"B042F12 Lower: 2\nB042F13 Upper: 3\nB042F14 Error: 4\nB042F15 Number: 2\nB042F16-17 0 5 0\nB042F16-17 1 6 0\n"},
		"coefficients": {iir, "B044F05 Type: D\nB044F06 In: PA\nB044F07 Out: V\nB044F08 Number: 1\nB044F11 Number: 2\nB044F09-10 0 7 0\nB044F12-13 0 1 0\nB044F12-13 1 -.5 0\n"},
	} {
		want, problems, err := read(head + pair[0] + gain(0, "6"))
		if err != nil || len(problems) > 0 {
			t.Fatalf("%s: error %v, problems %v", name, err, problems)
		}
		got, problems, err := read(head + "B060F03 Stages: 1\nB060F04 Stage: 1\nB060F05 Responses: 1\n" + pair[1] + gain(0, "6"))
		if err != nil || len(problems) > 0 {
			t.Fatalf("%s: error %v, problems %v", name, err, problems)
		}
		if diff := cmp.Diff(want[0].Channels[0].Response, got[0].Channels[0].Response); diff != "" {
			t.Errorf("%s: inline -, of a dictionary +:\n%s", name, diff)
		}
	}
}

func TestAPolynomialOfStageZeroIsThatOfTheChannel(t *testing.T) {
	stations, problems, err := read(head + "B062F03 Type: P\nB062F04 Stage: 0\nB062F05 In: K - Kelvin\nB062F06 Out: COUNTS\nB062F07 Approximation: M\n" +
		"B062F11 Lower: -2\nB062F12 Upper: 3\nB062F14 Number: 1\nB062F15-16 0 5 0\n")
	if err != nil || len(problems) > 0 {
		t.Fatalf("error %v, problems %v", err, problems)
	}
	want := &waveform.Response{Polynomial: &waveform.Polynomial{Coefficients: []float64{5}, Lower: -2, Upper: 3},
		Sensitivity: waveform.Sensitivity{InputUnits: "K", OutputUnits: "COUNTS"}}
	if diff := cmp.Diff(want, stations[0].Channels[0].Response); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// What is wrong in an epoch is said with its line, and costs no other epoch.
func TestABrokenEpochDoesNotTakeTheOthers(t *testing.T) {
	generic := "B056F03 Stage: 1\nB056F04 In: M\nB056F05 Out: V\nB056F06 Number: 0\n"
	second := strings.Replace(fir, "number:                 2", "number:                 1", 1)
	for name, c := range map[string]struct{ in, problem string }{
		"no station":         {strings.Replace(head, "AAA", "", 1) + whole(), "line 2: XX...BHZ 2010-01-01: no_code"},
		"no channel":         {strings.Replace(head, "BHZ", "", 1) + whole(), "line 2: XX.AAA.. 2010-01-01: no_code"},
		"kept: no network":   {strings.Replace(head, "XX", "??", 1) + whole(), "line 2: .AAA..BHZ 2010-01-01: no_network"},
		"start date":         {strings.Replace(head, "2010,001", "2010,366", 1) + whole(), `bad_time: start date "2010,366"`},
		"kept: no response":  {head, "line 2: XX.AAA..BHZ 2010-01-01: no_response"},
		"kept: no stage 0":   {head + paz + gain(1, "2"), "line 2: XX.AAA..BHZ 2010-01-01: incomplete"},
		"bare: junk":         {head + paz + "<html>\n" + gain(1, "2"), `line 18: XX.AAA..BHZ 2010-01-01: bad_response: "<html>" is no field`},
		"bare: half a line":  {head + paz + "B058F", `line 18: XX.AAA..BHZ 2010-01-01: bad_response: "B058F" is no field`},
		"bare: number":       {head + whole() + gain(3, "1,5"), `bad_response: field 4 of blockette 58: "1,5" is no finite number`},
		"bare: infinite":     {head + gain(0, "1e999"), `line 9: XX.AAA..BHZ 2010-01-01: bad_response: field 4`},
		"bare: NaN":          {head + gain(0, "NaN"), `"NaN" is no finite number`},
		"bare: no number":    {head + gain(0, ""), `"" is no finite number`},
		"bare: row":          {head + strings.Replace(paz, "-1.000000D+01", "-1.0000X0E+01", 1), `line 17: XX.AAA..BHZ 2010-01-01: bad_response: the row "0 -1.0000X0E+01`},
		"bare: empty row":    {head + strings.Replace(fir, "1  5.000000E-01", "1", 1), "the row \"1\" has no value"},
		"bare: short row":    {head + strings.Replace(paz, "1.000000E+00  0.000000E+00  0.000000E+00", "", 1), "a row of blockette 53 has 1 numbers after its counter: want 2"},
		"bare: few rows":     {head + strings.Replace(fir, "B061F09       1  5.000000E-01\n", "", 1), "blockette 61 declares 2 rows and has 1: the file is cut off"},
		"bare: many rows":    {head + fir + "B061F09       2  1\n", "blockette 61 declares 2 rows and has 3"},
		"bare: huge count":   {head + strings.Replace(fir, "numerators:                  2", "numerators: 2e9", 1), "field 8 of blockette 61 is 2e+09: want a whole number"},
		"bare: half stage":   {head + strings.Replace(decimation(1), "number:                 1", "number: 1.5", 1), "field 3 of blockette 57 is 1.5: want a whole number"},
		"bare: minus stage":  {head + gain(-1, "2"), "field 3 of blockette 58 is -1: want a whole number"},
		"bare: no stage":     {head + paz[strings.Index(paz, "B053F05"):], "blockette 53 has no field 4"},
		"bare: type":         {head + strings.Replace(paz, "A [", "X [", 1), "transfer function type 'X' is unknown"},
		"bare: composite":    {head + strings.Replace(paz, "A [", "C [", 1), "a composite transfer function (type C)"},
		"bare: symmetry":     {head + strings.Replace(fir, " B\n", " D\n", 1), `FIR symmetry "D" is unknown`},
		"bare: factor":       {head + strings.Replace(decimation(1), "                4\n", " 0\n", 1), "decimation factor of stage 1 is 0"},
		"bare: two gains":    {head + gain(1, "2") + gain(1, "3"), "stage 1 has two different gains"},
		"bare: two rates":    {head + decimation(1) + strings.Replace(decimation(1), "4.0", "5.0", 1), "stage 1 has two different decimations"},
		"bare: two filters":  {head + paz + second, "stage 1 has more than one filter"},
		"bare: two sensors":  {head + paz + paz, "stage 1 has more than one filter"},
		"bare: total filter": {head + strings.Replace(fir, "number:                 2", "number:                 0", 1), "stage 0 has a filter"},
		"bare: generic":      {head + generic, "a generic response (blockette 56)"},
		"bare: key":          {head + "B060F03 Stages: 1\nB060F04 Stage: 1\nB060F05 Responses: 2\nB060F06 Key: 17\n" + gain(0, "6"), "line 9: XX.AAA..BHZ 2010-01-01: bad_response: stage 1 refers to 2 responses and 0 follow it"},
		"bare: no reference": {head + "B048F05 Sensitivity: 1\nB048F06 Frequency: 1\n", "a blockette of the dictionary without a blockette 60"},
		"bare: empty list":   {head + "B055F03 Stage: 1\nB055F06 Number: 0\n", "the response list of stage 1 is empty"},
		"bare: chebyshev":    {head + "B062F03 Type: P\nB062F04 Stage: 1\nB062F07 Approximation: C\n", `polynomial of type "C" is unknown`},
		"bare: no terms":     {head + "B062F03 Type: P\nB062F04 Stage: 1\nB062F07 Approximation: M\nB062F14 Number: 0\n", "the polynomial of stage 1 has no coefficients"},
	} {
		in := strings.TrimRight(c.in, "\n")
		stations, problems, err := read(in + "\n" + strings.Replace(head, "AAA", "ZZZ", 1) + whole())
		if err != nil || len(problems) != 1 || !strings.Contains(problems[0].String(), c.problem) {
			t.Errorf("%s: error %v, problems %v; want %q", name, err, problems, c.problem)
			continue
		}
		if p := problems[0]; p.Offset < 0 || p.Offset >= int64(len(in)) || strings.Count(in[:p.Offset], "\n")+1 != p.Line {
			t.Errorf("%s: byte %d is not in line %d", name, p.Offset, p.Line)
		}
		kind, _, _ := strings.Cut(name, ":")
		last := stations[len(stations)-1].Channels[0]
		if last.ID.Station != "ZZZ" || last.Response == nil || len(last.Response.Stages) != 2 {
			t.Errorf("%s: the channel after it is %+v", name, last)
		}
		if first := stations[0].Channels[0]; (first.ID.Station == "AAA") != (kind == "kept" || kind == "bare") || kind == "bare" && first.Response != nil {
			t.Errorf("%s: its channel is %+v", name, first)
		}
	}
}

func TestWhatIsNoRESPIsRefusedWithLineAndAdvice(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		other    bool
	}{
		"empty":         {"", "line 1, byte 0: the file is empty: a data service sends nothing", false},
		"only comments": {"# a\n\n#b\n", "line 4, byte 8: not RESP: it holds no field, only blank lines and comments", true},
		"error page":    {"\nError 404: no data\n", `line 2, byte 1: not RESP: the content starts with "Error 404: no data"; this is the error page of a data service`, true},
		"HTML":          {"<!DOCTYPE HTML><p>", "this is the error page of a data service", true},
		"StationXML":    {"<?xml version='1.0'?>", "this is XML: read it as StationXML", true},
		"prose":         {"BOOK and so on", "want a line such as B050F03     Station:     ANMO", true},
		"long line":     {strings.Repeat("x", 1<<17), "line 1, byte 0: not RESP: a line is longer than 65536 bytes", true},
		"long later":    {head + strings.Repeat("x", 1<<17), "line 8, byte", true},
	} {
		stations, problems, err := read(c.in)
		var where *resp.Error
		if !errors.As(err, &where) || !strings.Contains(err.Error(), c.want) || errors.Is(err, resp.ErrNotRESP) != c.other {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if len(stations)+len(problems) > 0 || resp.Sniff([]byte(c.in)[:min(len(c.in), resp.SniffSize)]) != (name == "long later") {
			t.Errorf("%s: stations %v, problems %v; want none and Sniff to say no", name, stations, problems)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) != (name == "empty") {
			t.Errorf("%s: error %v, empty or not", name, err)
		}
	}
}

func TestTheErrorPageThatWasSavedAsRESPIsRefused(t *testing.T) {
	path := agree.Shared(t, "bad/real/RESP.KAPI.II.00.BHZ.txt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = read(string(content))
	const want = `resp: line 1, byte 0: not RESP: the content starts with "Error 400: Bad Request"; this is the error page of a data service: correct the request and fetch it again`
	if err == nil || err.Error() != want || resp.Sniff(content) {
		t.Errorf("error %v, Sniff %v; want %s", err, resp.Sniff(content), want)
	}
}

func TestLinesBeforeTheFirstChannelAreReported(t *testing.T) {
	stations, problems, err := read(gain(0, "6") + "junk\n" + head + whole())
	if err != nil || codes(problems) != "no_code bad_line" || len(stations) != 1 || stations[0].Channels[0].Response == nil {
		t.Errorf("stations %v, problems %v, error %v", stations, problems, err)
	}
	if stations, problems, err = read("B052F20 x: y\n"); err != nil || codes(problems) != "no_code no_station" || len(stations) > 0 {
		t.Errorf("stations %v, problems %v, error %v", stations, problems, err)
	}
}

func TestSniffLooksAtTheFirstField(t *testing.T) {
	for in, want := range map[string]bool{
		head: true, "#\n# x\nB052F04": true, "b060f03 Number of Stages: 1": true,
		"B05": false, "B050F": false, "B010F03 x": false, "B0500F3 x": false, "B050F03x": false, "B050G03 x": false, "B053F10-x": false,
		"# only comments": false, "\x00": false, "000001V 010": false,
	} {
		if got := resp.Sniff([]byte(in)); got != want {
			t.Errorf("%.20q: %v, want %v", in, got, want)
		}
	}
}

func TestReaderErrorsArePassedOnAndCompleteEpochsKept(t *testing.T) {
	broken := errors.New("connection reset")
	in := head + whole() + head + paz
	stations, _, err := resp.Read(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(stations) != 1 || len(stations[0].Channels) != 1 {
		t.Errorf("stations %+v, error %v; want the reader's error and the first epoch", stations, err)
	}
}

// Cut anywhere, a file gives no response that is not whole but for missing stages, of which one
// without stage 0 is reported.
func TestTruncationIsNoticed(t *testing.T) {
	full := head + whole()
	want, _, _ := read(full)
	for n := len(head) + 1; n < strings.LastIndex(full, "B058F05"); n++ { // after it, only calibrations are lost
		stations, problems, err := read(full[:n])
		if err != nil || len(problems) == 0 {
			t.Fatalf("cut at %d: error %v, problems %v; want a problem", n, err, problems)
		}
		if r := stations[0].Channels[0].Response; r != nil && cmp.Equal(r, want[0].Channels[0].Response) {
			t.Fatalf("cut at %d: the whole response", n)
		}
	}
}

func TestAHopelessFileMakesAThousandProblemsAndACount(t *testing.T) {
	_, problems, err := read(strings.Repeat(strings.Replace(head, "AAA", "", 1), 1500))
	if err != nil || len(problems) != 1001 {
		t.Fatalf("%d problems, error %v; want 1000 and one that counts the others", len(problems), err)
	}
	if p := problems[1000]; p.Code != resp.MoreProblems || !strings.HasPrefix(p.Message, "501 further problems") { // 500 channels and the file
		t.Errorf("the last is %v", p)
	}
}

func TestLinesAndBytesAreThoseOfTheFileHoweverLinesEnd(t *testing.T) {
	for name, end := range map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"} {
		in := strings.ReplaceAll(head+paz+"junk\n"+gain(1, "2"), "\n", end)
		_, problems, err := resp.Read(iotest.OneByteReader(strings.NewReader(in)))
		if err != nil || len(problems) != 1 || problems[0].Line != 18 || problems[0].Offset != int64(strings.Index(in, "junk")) {
			t.Errorf("%s: problems %+v, error %v; want one at line 18, byte %d", name, problems, err, strings.Index(in, "junk"))
		}
	}
}
