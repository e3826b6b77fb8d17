package sac_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

func polesZeros(zeros, poles []complex128, constant float64) *waveform.Response {
	return &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: "M", OutputUnits: "COUNTS", Gain: 1,
		PolesZeros: &waveform.PolesZeros{Type: waveform.LaplaceRadians, Normalization: constant, Zeros: zeros, Poles: poles}}}}
}

func TestReadPolesZerosGivesTheResponseOfTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want *waveform.Response
	}{
		"as SAC writes it":        {"ZEROS 3\nPOLES 2\n-0.1 0.2\n-0.1 -0.2\nCONSTANT 2.5e10\n", polesZeros(make([]complex128, 3), []complex128{-0.1 + 0.2i, -0.1 - 0.2i}, 2.5e10)},
		"in another order":        {"constant 2\npoles 1\n -1 0\n\nzeros 2\n1 1\n", polesZeros([]complex128{1 + 1i, 0}, []complex128{-1}, 2)},
		"without a constant":      {"ZEROS 1\n", polesZeros([]complex128{0}, nil, 1)},
		"comments, carriage ends": {"* made by hand\r\nZEROS 1\r\n* NOTE: a comment between\r\n 3 4\r\nCONSTANT -1D3\r\n", polesZeros([]complex128{3 + 4i}, nil, -1000)},
		"numbers, and more text":  {"POLES 1\n-1.5e0 +2 a remark\nCONSTANT 1 \n", polesZeros(nil, []complex128{-1.5 + 2i}, 1)},
	} {
		got, err := sac.ReadPolesZeros(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		same := cmp.Comparer(func(a, b []complex128) bool {
			for i := range a {
				if i >= len(b) || a[i] != b[i] {
					return false
				}
			}
			return len(a) == len(b)
		})
		if d := cmp.Diff(c.want, got, same); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadPolesZerosNamesTheLineThatIsWrong(t *testing.T) {
	for text, want := range map[string]struct {
		field  string
		offset int64
	}{
		"":                                  {"ZEROS", 0},
		"* only a comment\n":                {"ZEROS", 0},
		"not a pole-zero file\n":            {"", 0},
		"ZEROS\n":                           {"ZEROS", 0},
		"ZEROS many\n":                      {"ZEROS", 0},
		"ZEROS -1\n":                        {"ZEROS", 0},
		"ZEROS 1000000000\n":                {"ZEROS", 0},
		"ZEROS 1\n0 0\n0 0\n":               {"ZEROS", 12},
		"ZEROS 1\n0\n":                      {"ZEROS", 8},
		"POLES 1\n1 x\n":                    {"POLES", 8},
		"POLES 1\nNaN 0\n":                  {"POLES", 8},
		"POLES 1\n0 Inf\n":                  {"POLES", 8},
		"CONSTANT 0\n":                      {"CONSTANT", 0},
		"CONSTANT 1e999\n":                  {"CONSTANT", 0},
		"CONSTANT 1\n5 5\n":                 {"CONSTANT", 11},
		"CONSTANT 1\nCONSTANT 2\n":          {"ZEROS", 0},   // two responses
		strings.Repeat("ZEROS 256\n", 1000): {"ZEROS", 250}, // (4096 + 10000/4) / 256 of them
	} {
		_, err := sac.ReadPolesZeros(strings.NewReader(text))
		var e *sac.Error
		if !errors.As(err, &e) || e.Field != want.field || e.Offset != want.offset {
			t.Errorf("%.40q: %v, want an error of %s at %d", text, err, want.field, want.offset)
		}
	}
}

// Metadata of IU.ANMO as the IRIS web service wrote them, nine epochs of two instruments.
func TestReadChannelsReadsTheCommentsOfDataCentres(t *testing.T) {
	file, err := os.Open(filepath.Join(agree.Shared(t, "response/obspy"), "IU_ANMO_BH.sacpz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	channels, err := sac.ReadChannels(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(channels) != 9 {
		t.Fatalf("%d channels, want 9", len(channels))
	}
	for _, c := range channels {
		p := c.Response.Stages[0].PolesZeros
		if c.ID.Network != "IU" || c.ID.Station != "ANMO" || c.ID.Channel[:2] != "BH" || c.From.IsZero() || c.SampleRate != 20 && c.SampleRate != 40 ||
			len(p.Zeros) < 3 || len(p.Poles) < 4 || p.Normalization < 1e10 || !(c.Latitude > 34.9 && c.Latitude < 35) || math.IsNaN(c.Dip) {
			t.Errorf("%+v with %+v", c, *p)
		}
	}
}

func TestReadChannelsReadsEveryComment(t *testing.T) {
	const text = `* **************************************************
* NETWORK     : IU
* STATION     : ANMO
* LOCATION    : --
* CHANNEL     : BH1
* CREATED     : 2014-09-15T11:48:45.805735Z
* START       : 2012-03-12T20:28:00.500000Z
* END         : 2599-12-31T23:59:59
* DESCRIPTION : Albuquerque: New Mexico
* LATITUDE    : 34.945981
* LONGITUDE   : -106.457133
* ELEVATION   : 1671.0
* DEPTH       : 145.0
* DIP (SEED)  : 0.0
* AZIMUTH     : 328.0
* SAMPLE RATE : 20.0
* INPUT UNIT  : M
* OUTPUT UNIT : COUNTS
* INSTTYPE    : Geotech KS-54000
* INSTGAIN    : 2060.3 (M/S)
* SENSITIVITY : 3456610000.0 (M/S)
* A0          : 70738.0
* **************************************************
ZEROS 1
POLES 1
 -1.0 +2.0
CONSTANT 2.0

* NETWORK (KNETWK): XX
* DIP         : 90.0
* LATITUDE    : north
* START       : yesterday
* INPUT UNIT  : PA
POLES 0
CONSTANT 3.0
`
	channels, err := sac.ReadChannels(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	first := polesZeros([]complex128{0}, []complex128{-1 + 2i}, 2)
	first.Sensitivity = waveform.Sensitivity{Value: 3456610000, Frequency: nan, InputUnits: "M/S", OutputUnits: "COUNTS"}
	second := polesZeros(nil, []complex128{}, 3)
	second.Stages[0].InputUnits = "PA"
	want := []waveform.Channel{{
		ID:   waveform.SourceID{Network: "IU", Station: "ANMO", Channel: "BH1"},
		From: time.Date(2012, 3, 12, 20, 28, 0, 5e8, time.UTC), Until: time.Date(2599, 12, 31, 23, 59, 59, 0, time.UTC),
		Latitude: 34.945981, Longitude: -106.457133, Elevation: 1671, Depth: 145, Azimuth: 328, SampleRate: 20,
		Sensor: "Geotech KS-54000", Response: first,
	}, {
		ID: waveform.SourceID{Network: "XX"}, Latitude: nan, Longitude: nan, Elevation: nan, Depth: nan, Azimuth: nan, Dip: nan, Response: second,
	}}
	same := cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	if d := cmp.Diff(want, channels, same); d != "" {
		t.Error(d)
	}
}

// There is no limit to a file that has a line for most of its roots.
func TestReadChannelsReadsThousandsOfResponses(t *testing.T) {
	text := strings.Repeat("ZEROS 3\nPOLES 5\n1 1\n2 2\n3 3\n4 4\n5 5\nCONSTANT 2\n", 3000)
	channels, err := sac.ReadChannels(strings.NewReader(text))
	if err != nil || len(channels) != 3000 {
		t.Fatalf("%d channels (%v), want 3000", len(channels), err)
	}
	if p := channels[2999].Response.Stages[0].PolesZeros; len(p.Zeros) != 3 || p.Poles[4] != 5+5i {
		t.Errorf("%+v", *p)
	}
}

func TestReadPolesZerosPassesOnAFailingReader(t *testing.T) {
	if _, err := sac.ReadPolesZeros(failing{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("%v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, os.ErrClosed }

func FuzzReadChannels(f *testing.F) {
	f.Add("* NETWORK : IU\nZEROS 3\nPOLES 2\n-0.1 0.2\n-0.1 -0.2\nCONSTANT 2.5e10\n* START : 2012-03-12T20:28:00Z\nZEROS 1\n")
	f.Add("* SENSITIVITY : 1 (M/S)\nCONSTANT 1D3\nPOLES 256\n1 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		channels, err := sac.ReadChannels(strings.NewReader(text))
		if err != nil {
			var e *sac.Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *sac.Error", err)
			}
			return
		}
		roots := 0
		for _, c := range channels {
			p := c.Response.Stages[0].PolesZeros
			roots += len(p.Zeros) + len(p.Poles)
		}
		if len(channels) == 0 || len(channels) > 1+len(text)/7 || roots > 4096+len(text) {
			t.Fatalf("%d channels with %d roots of %d bytes", len(channels), roots, len(text))
		}
	})
}

func BenchmarkReadPolesZeros(b *testing.B) {
	const text = "ZEROS 3\nPOLES 3\n-0.0139 0.0100\n-0.0139 -0.0100\n-31.4160 0.0000\nCONSTANT 2.94283674E10\n"
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := sac.ReadPolesZeros(strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "responses/s")
}

// Annotated files cost more a byte than plain ones do.
func BenchmarkReadChannels(b *testing.B) {
	text := strings.Repeat("* NETWORK : IU\n* STATION : ANMO\n* LATITUDE : 34.9\nZEROS 3\nPOLES 1\n-1 0\nCONSTANT 2\n", 100)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := sac.ReadChannels(strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "responses/s")
}
