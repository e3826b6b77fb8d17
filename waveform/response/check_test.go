package response_test

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// sound is a channel whose metadata have no contradictions.
func sound() waveform.Channel {
	r := velocimeter()
	r.Sensitivity = waveform.Sensitivity{Value: 6e8, Frequency: 1, InputUnits: "m/s", OutputUnits: "count"}
	return waveform.Channel{ID: waveform.SourceID{Network: "XX", Station: "SOUND", Channel: "HHE"}, Azimuth: 90, SampleRate: 100, Response: r}
}

func codes(problems []response.Problem) []response.Code {
	out := []response.Code{}
	for _, p := range problems {
		out = append(out, p.Code)
	}
	return out
}

func TestCheckFindsNothingInSoundMetadata(t *testing.T) {
	for _, rate := range []float64{100, 0, math.NaN(), 100.005} {
		if got := response.Check(sound(), rate); len(got) > 0 {
			t.Errorf("data at %g Hz: %v", rate, got)
		}
	}
}

func TestCheckFindsEachContradiction(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		change func(ch *waveform.Channel, s []waveform.Stage)
		want   []response.Code
	}{
		"no response":              {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response = nil }, []response.Code{response.CodeNoResponse}},
		"nothing in the response":  {func(ch *waveform.Channel, _ []waveform.Stage) { *ch.Response = waveform.Response{} }, []response.Code{response.CodeNoResponse}},
		"sensitivity only":         {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Stages = nil }, []response.Code{response.CodeGainOnly}},
		"no sensitivity":           {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.Value = 0 }, []response.Code{response.CodeNoSensitivity}},
		"sensitivity not a number": {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.Value = nan }, []response.Code{response.CodeNoSensitivity}},
		"polynomial": {func(_ *waveform.Channel, s []waveform.Stage) {
			s[0].PolesZeros, s[0].Polynomial = nil, &waveform.Polynomial{}
		}, []response.Code{response.CodePolynomial}},
		"sensitivity off by ten": {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.Value = 6e7 }, []response.Code{response.CodeGainProduct, response.CodeSensitivity}},
		"sensitivity off by 4 %": {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.Value = 6.24e8 }, []response.Code{}},
		"sensitivity negative":   {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.Value = -6e8 }, []response.Code{}},
		"sensitivity above Nyquist": {func(ch *waveform.Channel, _ []waveform.Stage) {
			ch.Response.Sensitivity.Frequency, ch.Response.Sensitivity.Value = 50, 1.82e8
		}, []response.Code{response.CodeSensitivityFrequency}},
		"A0 off by a tenth":         {func(_ *waveform.Channel, s []waveform.Stage) { s[0].PolesZeros.Normalization *= 1.1 }, []response.Code{response.CodeSensitivity, response.CodeNormalization}},
		"A0 off by a hundredth":     {func(_ *waveform.Channel, s []waveform.Stage) { s[0].PolesZeros.Normalization *= 1.015 }, []response.Code{response.CodeNormalization}},
		"no stage gain":             {func(_ *waveform.Channel, s []waveform.Stage) { s[1].Gain = 0 }, []response.Code{response.CodeUnusable, response.CodeStageGain}},
		"missing stage":             {func(_ *waveform.Channel, s []waveform.Stage) { s[2].Number = 4 }, []response.Code{response.CodeStageSequence}},
		"stages from two":           {func(_ *waveform.Channel, s []waveform.Stage) { s[0].Number, s[1].Number, s[2].Number = 2, 3, 4 }, []response.Code{response.CodeStageSequence}},
		"stages out of order":       {func(_ *waveform.Channel, s []waveform.Stage) { s[1].Number, s[2].Number = 3, 2 }, []response.Code{response.CodeStageSequence, response.CodeStageSequence}},
		"units do not join":         {func(_ *waveform.Channel, s []waveform.Stage) { s[1].InputUnits = "A" }, []response.Code{response.CodeStageUnits}},
		"units written otherwise":   {func(_ *waveform.Channel, s []waveform.Stage) { s[1].InputUnits = "volts" }, []response.Code{}},
		"units of the sensitivity":  {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.InputUnits = "NM/S" }, []response.Code{response.CodeStageUnits}},
		"output of the sensitivity": {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Response.Sensitivity.OutputUnits = "V" }, []response.Code{response.CodeStageUnits}},
		"no units between":          {func(_ *waveform.Channel, s []waveform.Stage) { s[0].OutputUnits, s[2].InputUnits = "", "" }, []response.Code{}},
		"stage of another rate": {func(_ *waveform.Channel, s []waveform.Stage) {
			s[1].Decimation = &waveform.Decimation{InputRate: 400, Factor: 2}
		}, []response.Code{response.CodeStageRate}},
		"response of another rate":   {func(_ *waveform.Channel, s []waveform.Stage) { s[2].Decimation.InputRate = 200 }, []response.Code{response.CodeResponseRate}},
		"channel of another rate":    {func(ch *waveform.Channel, _ []waveform.Stage) { ch.SampleRate = 99 }, []response.Code{response.CodeResponseRate, response.CodeChannelRate}},
		"velocity of accelerometer":  {func(ch *waveform.Channel, _ []waveform.Stage) { ch.ID.Channel = "HNE" }, []response.Code{response.CodeInstrumentUnits}},
		"velocity of low gain":       {func(ch *waveform.Channel, _ []waveform.Stage) { ch.ID.Channel = "HLE" }, []response.Code{}},
		"velocity of pressure gauge": {func(ch *waveform.Channel, _ []waveform.Stage) { ch.ID.Channel = "B_D_F" }, []response.Code{response.CodeInstrumentUnits}},
		"no dip":                     {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Dip = nan }, []response.Code{response.CodeOrientation}},
		"no azimuth":                 {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Azimuth = nan }, []response.Code{response.CodeOrientation}},
		"no azimuth of a vertical":   {func(ch *waveform.Channel, _ []waveform.Stage) { ch.ID.Channel, ch.Azimuth, ch.Dip = "HHZ", nan, -90 }, []response.Code{}},
		"azimuth out of range":       {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Azimuth = 361 }, []response.Code{response.CodeOrientation}},
		"dip out of range":           {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Dip = -91 }, []response.Code{response.CodeOrientation}},
		"east that is not":           {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Azimuth = 95.1 }, []response.Code{response.CodeOrientationCode}},
		"east within five degrees":   {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Azimuth = 94.9 }, []response.Code{}},
		"west for east":              {func(ch *waveform.Channel, _ []waveform.Stage) { ch.Azimuth = 270 }, []response.Code{}},
		"vertical that lies":         {func(ch *waveform.Channel, _ []waveform.Stage) { ch.ID.Channel = "HHZ" }, []response.Code{response.CodeOrientationCode}},
		"any azimuth of 1":           {func(ch *waveform.Channel, _ []waveform.Stage) { ch.ID.Channel, ch.Azimuth = "HH1", 17 }, []response.Code{}},
	} {
		ch := sound()
		c.change(&ch, ch.Response.Stages)
		got := response.Check(ch, 100)
		if d := cmp.Diff(c.want, codes(got)); d != "" {
			t.Errorf("%s: %v\n%s", name, got, d)
		}
	}
	ch := sound()
	if got := codes(response.Check(ch, 50)); !slices.Equal(got, []response.Code{response.CodeResponseRate, response.CodeChannelRate}) {
		t.Errorf("data at half the rate: %v", got)
	}
}

// three is a sound instrument of three components.
func three() []waveform.Channel {
	e, n, z := sound(), sound(), sound()
	n.ID.Channel, n.Azimuth = "HHN", 0
	z.ID.Channel, z.Azimuth, z.Dip = "HHZ", 0, -90
	return []waveform.Channel{e, n, z}
}

func TestCheckInstrumentFindsEachContradiction(t *testing.T) {
	for name, c := range map[string]struct {
		change func(ch []waveform.Channel)
		want   []response.Code
	}{
		"nothing":              {func([]waveform.Channel) {}, []response.Code{}},
		"turned as one":        {func(ch []waveform.Channel) { ch[0].Azimuth, ch[1].Azimuth = 130, 220 }, []response.Code{}},
		"within five degrees":  {func(ch []waveform.Channel) { ch[1].Azimuth = 4.9 }, []response.Code{}},
		"not at right angles":  {func(ch []waveform.Channel) { ch[1].Azimuth = 30 }, []response.Code{response.CodeNotOrthogonal}},
		"parallel":             {func(ch []waveform.Channel) { ch[1].Azimuth = 270 }, []response.Code{response.CodeNotOrthogonal}},
		"unknown axis":         {func(ch []waveform.Channel) { ch[1].Azimuth = math.NaN() }, []response.Code{}},
		"vertical, no azimuth": {func(ch []waveform.Channel) { ch[2].Azimuth = math.NaN() }, []response.Code{}},
		"another rate":         {func(ch []waveform.Channel) { ch[2].SampleRate = 50 }, []response.Code{response.CodeSiblingRate, response.CodeSiblingRate}},
		"another unit":         {func(ch []waveform.Channel) { ch[2].Response.Stages[0].InputUnits = "M/S**2" }, []response.Code{response.CodeSiblingUnits, response.CodeSiblingUnits}},
		"gain off by ten":      {func(ch []waveform.Channel) { ch[0].Response.Sensitivity.Value /= 10 }, []response.Code{response.CodeSiblingGain}},
		"stage off by ten":     {func(ch []waveform.Channel) { ch[2].Response.Stages[1].Gain *= 10 }, []response.Code{response.CodeSiblingGain}},
		"gain off by 100":      {func(ch []waveform.Channel) { ch[0].Response.Sensitivity.Value *= 100 }, []response.Code{response.CodeImplausible}},
		"gain off by 101":      {func(ch []waveform.Channel) { ch[0].Response.Sensitivity.Value *= 101 }, []response.Code{response.CodeImplausible}},
		"gain off by 1.9":      {func(ch []waveform.Channel) { ch[0].Response.Sensitivity.Value *= 1.9 }, []response.Code{}},
		"negative gain":        {func(ch []waveform.Channel) { ch[0].Response.Sensitivity.Value *= -1 }, []response.Code{}},
		"one has no response":  {func(ch []waveform.Channel) { ch[0].Response = nil }, []response.Code{}},
	} {
		channels := three()
		c.change(channels)
		got := response.CheckInstrument(channels)
		if d := cmp.Diff(c.want, codes(got)); d != "" {
			t.Errorf("%s: %v\n%s", name, got, d)
		}
	}
	if got := response.CheckInstrument(nil); len(got) > 0 {
		t.Errorf("no channels: %v", got)
	}
	if got := response.CheckInstrument([]waveform.Channel{sound(), sound()}); len(got) > 0 {
		t.Errorf("two epochs of a channel: %v", got)
	}
}

// problemLines is what is found in the StationXML files of a folder, a line for each
// problem of a file: how many channels have it, the first of them, code and message.
func problemLines(t *testing.T, root string) []string {
	t.Helper()
	var lines []string
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(strings.ToLower(path), "xml") {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		stations, _, _ := stationxml.Read(file) // what can be read of other files is nothing
		name, err := filepath.Rel(root, path)
		for _, line := range stationLines(stations) {
			lines = append(lines, filepath.ToSlash(name)+": "+line)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func stationLines(stations []waveform.Station) []string {
	count, first, order := map[string]int{}, map[string]string{}, []string{}
	note := func(id string, problems []response.Problem) {
		for _, p := range problems {
			if count[p.String()]++; count[p.String()] == 1 {
				first[p.String()], order = id, append(order, p.String())
			}
		}
	}
	epoch := func(id string, start time.Time) string { return id + " " + start.Format(time.RFC3339) }
	instruments, names := map[string][]waveform.Channel{}, []string{}
	for _, s := range stations {
		for _, ch := range s.Channels {
			id := epoch(ch.ID.String(), ch.From)
			note(id, response.Check(ch, 0))
			name := epoch(ch.ID.Instrument().String(), ch.From)
			if instruments[name] == nil {
				names = append(names, name)
			}
			instruments[name] = append(instruments[name], ch)
		}
	}
	for _, name := range names {
		note(name, response.CheckInstrument(instruments[name]))
	}
	var lines []string
	for _, p := range order {
		lines = append(lines, fmt.Sprintf("%d, %s: %s", count[p], first[p], p))
	}
	return lines
}

// testdata/problems.txt was read through by eye, with the files beside it.
func TestProblemsOfTheStationXMLOfSharedData(t *testing.T) {
	got := problemLines(t, agree.Shared(t, "."))
	data, err := os.ReadFile("testdata/problems.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(data)), "\n")
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("problems (-want +got):\n%s", d)
	}
	if !slices.ContainsFunc(got, func(l string) bool {
		return strings.Contains(l, "CI.Q0056.xml") && strings.Contains(l, string(response.CodeSiblingGain))
	}) {
		t.Error("the sensitivities of CI.Q0056, different per component, are not found")
	}
}

func TestEveryCodeIsDocumented(t *testing.T) {
	source, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Code = "(\w+)"`).FindAllSubmatch(source, -1)
	if len(found) < 20 {
		t.Fatalf("%d codes", len(found))
	}
	for _, m := range found {
		if !regexp.MustCompile(`(?m)^//\t` + string(m[1]) + ` `).Match(doc) {
			t.Errorf("code %s has no line in the table of the package documentation", m[1])
		}
	}
}

// Whatever a response says, looking at it must not panic.
func FuzzCheck(f *testing.F) {
	for _, r := range []*waveform.Response{nil, velocimeter(), everything(), sound().Response} {
		data, err := response.Encode(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "HHZ", 100., 0., -90.)
	}
	f.Fuzz(func(t *testing.T, data []byte, channel string, rate, azimuth, dip float64) {
		r, err := response.Decode(data)
		if err != nil {
			return
		}
		ch := waveform.Channel{ID: waveform.SourceID{Channel: channel}, SampleRate: rate, Azimuth: azimuth, Dip: dip, Response: r}
		for _, p := range append(response.Check(ch, rate), response.CheckInstrument([]waveform.Channel{ch, sound()})...) {
			if p.Code == "" || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
		_, _, _ = response.Sensitivity(r)
	})
}
