package stationxml

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

// created is the date in the head of the documents made here.
var created = time.Date(2024, 2, 29, 12, 0, 0, 123456789, time.UTC)

// everyKind is a station that sets every field and every kind of filter.
func everyKind() []waveform.Station {
	id := waveform.SourceID{Network: "XX", Station: "MADE", Location: "00", Channel: "HHZ"}
	from := time.Date(2010, 1, 2, 3, 4, 5, 678900001, time.UTC)
	until := time.Date(2599, 12, 31, 23, 59, 59, 0, time.UTC)
	ch := waveform.Channel{ID: id, From: from, Until: until, Latitude: 36.1, Longitude: -117.3, Elevation: 812.25,
		Depth: 0.1, Azimuth: 359.9, Dip: -90, SampleRate: 1.0 / 3, Sensor: `STS-2 <"gen" 3> & more`,
		Response: &waveform.Response{
			Sensitivity: waveform.Sensitivity{Value: 6.2831853071795862e8, Frequency: 1, InputUnits: "M/S", OutputUnits: "COUNTS"},
			Stages: []waveform.Stage{
				{Number: 1, InputUnits: "M/S", OutputUnits: "V", Gain: 1500, GainFrequency: 1, PolesZeros: &waveform.PolesZeros{
					Type: waveform.LaplaceHertz, Normalization: 0.1 + 0.2, NormalizationFrequency: 1,
					Zeros: []complex128{0, complex(-1e-300, 0)}, Poles: []complex128{complex(-0.037, 0.037), complex(-0.037, -0.037)}}},
				{Number: 2, Gain: 2},
				{Number: 3, InputUnits: "V", OutputUnits: "COUNTS", Gain: 4e5, Coefficients: &waveform.Coefficients{
					Type: waveform.Digital, Numerator: []float64{1, math.MaxFloat64}, Denominator: []float64{1, -0.5}},
					Decimation: &waveform.Decimation{InputRate: 3000, Factor: 1}},
				{Number: 5, InputUnits: "COUNTS", OutputUnits: "COUNTS", Gain: 1, FIR: &waveform.FIR{
					Symmetry: waveform.EvenSymmetric, Coefficients: []float64{math.SmallestNonzeroFloat64, -1e-7, 0.5}},
					Decimation: &waveform.Decimation{InputRate: 3000, Factor: 9000, Offset: -3, Delay: 0.0123, Correction: -0.0123}},
				{Number: 6, InputUnits: "C", OutputUnits: "V", Polynomial: &waveform.Polynomial{
					Coefficients: []float64{-4.85, 1.2135922330097088e-05}, Lower: -20, Upper: 20}},
				{Number: 7, InputUnits: "COUNTS", OutputUnits: "COUNTS", Gain: 1, ResponseList: []waveform.ResponsePoint{
					{Frequency: 0.1, Amplitude: 0.9, Phase: -12}, {Frequency: 1, Amplitude: 1, Phase: 0}}},
			}}}
	bare := waveform.Channel{ID: id, Latitude: -90, Longitude: 180, Elevation: math.NaN(), Depth: math.NaN(),
		Azimuth: math.NaN(), Dip: math.NaN()}
	bare.ID.Location, bare.ID.Channel = "", "LOG"
	return []waveform.Station{
		{Network: "XX", Code: "MADE", Name: "Düzce – 北", From: from, Until: until, Latitude: 36.125, Longitude: -117.25,
			Elevation: 812.5, Channels: []waveform.Channel{ch, bare}},
		{Network: "XX", Code: "EMPTY", Latitude: 0, Longitude: 0, Elevation: 0},
		{Network: "YY", Code: "OTHER", Latitude: 1e-9, Longitude: 1, Elevation: -10},
	}
}

func TestReadGivesBackWhatWriteWrote(t *testing.T) {
	want := everyKind()
	var b bytes.Buffer
	if err := Write(&b, want, "seisbatch", created); err != nil {
		t.Fatal(err)
	}
	got, problems, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	if len(problems) != 1 || problems[0].Code != Incomplete || problems[0].Subject != "XX.MADE..LOG" {
		t.Errorf("problems %v, want the missing elevation of XX.MADE..LOG", problems)
	}
}

func TestRealFilesSurviveARoundTrip(t *testing.T) {
	for name, content := range stationFiles(t, dataDir(t)) {
		want, _, _ := Read(bytes.NewReader(content))
		var b bytes.Buffer
		if err := Write(&b, want, "seisbatch", created); err != nil {
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

func TestWriteRefusesWhatTheSchemaCannotExpress(t *testing.T) {
	channel := func(s []waveform.Station) *waveform.Channel { return &s[0].Channels[0] }
	stage := func(s []waveform.Station, i int) *waveform.Stage { return &s[0].Channels[0].Response.Stages[i] }
	for want, spoil := range map[string]func(s []waveform.Station){
		"code is empty": func(s []waveform.Station) { s[1].Code = "" },
		"both a sensitivity and a polynomial": func(s []waveform.Station) {
			channel(s).Response.Polynomial = &waveform.Polynomial{Coefficients: []float64{1}}
		},
		"instrument has no coefficients": func(s []waveform.Station) {
			channel(s).Response = &waveform.Response{Polynomial: &waveform.Polynomial{}}
		},
		"instrument holds a number": func(s []waveform.Station) {
			channel(s).Response = &waveform.Response{Polynomial: &waveform.Polynomial{Coefficients: []float64{math.NaN()}}}
		},
		"latitude NaN":         func(s []waveform.Station) { s[2].Latitude = math.NaN() },
		"longitude 181":        func(s []waveform.Station) { channel(s).Longitude = 181 },
		"infinite":             func(s []waveform.Station) { channel(s).Depth = math.Inf(1) },
		"not those of its":     func(s []waveform.Station) { channel(s).ID.Station = "X" },
		"azimuth 361":          func(s []waveform.Station) { channel(s).Azimuth = 361 },
		"sample rate is NaN":   func(s []waveform.Station) { channel(s).SampleRate = math.NaN() },
		"sensitivity":          func(s []waveform.Station) { channel(s).Response.Sensitivity.Value = math.Inf(-1) },
		"must rise from 1":     func(s []waveform.Station) { stage(s, 1).Number = 1 },
		"more than one filter": func(s []waveform.Station) { stage(s, 0).FIR = &waveform.FIR{} },
		"cannot carry units":   func(s []waveform.Station) { stage(s, 1).InputUnits = "V" },
		"no gain":              func(s []waveform.Station) { stage(s, 1).Gain = 0 },
		"neither gain":         func(s []waveform.Station) { stage(s, 4).Gain = 1 },
		"no coefficients":      func(s []waveform.Station) { stage(s, 4).Polynomial.Coefficients = nil },
		"factor is 0":          func(s []waveform.Station) { stage(s, 3).Decimation.Factor = 0 },
		"not finite":           func(s []waveform.Station) { stage(s, 0).PolesZeros.Poles[0] = complex(0, math.NaN()) },
		"type or symmetry":     func(s []waveform.Station) { stage(s, 3).FIR.Symmetry = 9 },
	} {
		stations := everyKind()
		spoil(stations)
		var b bytes.Buffer
		err := Write(&b, stations, "seisbatch", created)
		if err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("error %v after %d bytes, want one with %q before any", err, b.Len(), want)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteReportsAFailingWriter(t *testing.T) {
	if err := Write(fullDisk{}, everyKind(), "seisbatch", created); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v, want disk full", err)
	}
}
