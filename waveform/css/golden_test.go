package css_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/css"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// golden has digests of rows: the tables are not ours to copy.
type golden struct {
	Source, Reader                           string
	Site, Sitechan, Sensor, Wfdisc, Channels []string
	Samples                                  map[string][]float64
}

func readGolden(t *testing.T) golden {
	t.Helper()
	var g golden
	agree.Golden(t, "golden.json", &g)
	return g
}

// The spellings of the golden's script.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return fmt.Sprintf("%016x", math.Float64bits(v))
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprint(t.UnixMicro())
}

func digest(fields ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(fields, "|")))
	return hex.EncodeToString(sum[:8])
}

// sharedTable reads a table of the shared database, and counts the rows that are not
// the golden's.
func compareTable[R any, P css.Row[R]](t *testing.T, name, source string, want []string, spell func(R) string) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, "continuous/AZ.1998001/css3.0/demo."+name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, problems, err := css.Read[R, P](f)
	if err != nil || len(problems) > 0 {
		t.Fatalf("%s: %v, problems %v", name, err, problems)
	}
	if len(rows) != len(want) || len(rows) == 0 {
		t.Fatalf("%s: %d rows, Python has %d", name, len(rows), len(want))
	}
	differing := 0
	for i, r := range rows {
		if spell(r) != want[i] {
			differing++
			t.Logf("%s: row %d differs: %+v", name, i+1, r)
		}
	}
	agree.Reference{Function: "css.Read", Source: source, Measure: "rows that differ"}.Deviation(t, name, float64(differing))
}

func TestTablesAgreeWithColumnsCutInPython(t *testing.T) {
	g := readGolden(t)
	compareTable(t, "site", g.Source, g.Site, func(s css.Site) string {
		return digest(s.Station, instant(s.On), instant(s.Off), number(s.Latitude), number(s.Longitude), number(s.Elevation),
			s.Name, s.Type, s.Reference, number(s.North), number(s.East), instant(s.Loaded))
	})
	compareTable(t, "sitechan", g.Source, g.Sitechan, func(s css.Sitechan) string {
		return digest(s.Station, s.Channel, instant(s.On), fmt.Sprint(s.ID), instant(s.Off), s.Type,
			number(s.Depth), number(s.Horizontal), number(s.Vertical), s.Description, instant(s.Loaded))
	})
	compareTable(t, "sensor", g.Source, g.Sensor, func(s css.Sensor) string {
		return digest(s.Station, s.Channel, instant(s.From), instant(s.Until), fmt.Sprint(s.Instrument), fmt.Sprint(s.ChannelID),
			number(s.CalibrationRatio), number(s.CalibrationPeriod), number(s.TShift), s.Instant, instant(s.Loaded))
	})
	compareTable(t, "wfdisc", g.Source, g.Wfdisc, func(w css.Wfdisc) string {
		return digest(w.Station, w.Channel, instant(w.Start), fmt.Sprint(w.ID), fmt.Sprint(w.ChannelID), instant(w.End),
			fmt.Sprint(w.Samples), number(w.SampleRate), number(w.Calibration), number(w.CalibrationPeriod), w.Instrument,
			w.SegmentType, w.Datatype, w.Clip, w.Folder, w.File, fmt.Sprint(w.Offset), instant(w.Loaded))
	})
}

// The stations of the shared database have a channel epoch for each row of sitechan.
func TestStationsAgreeWithRowsJoinedInPython(t *testing.T) {
	g := readGolden(t)
	folder := agree.Shared(t, "continuous/AZ.1998001/css3.0")
	for _, path := range []string{folder, filepath.Join(folder, "demo"), filepath.Join(folder, "demo.sitechan")} {
		d, err := css.Open(path, css.Options{})
		if err != nil {
			t.Fatal(err)
		}
		stations, problems, err := d.Stations()
		if err != nil || len(problems) > 0 {
			t.Fatalf("%s: %v, problems %v", path, err, problems)
		}
		if len(stations) != 2 || stations[0].Code != "CRY" || stations[0].Network != "AZ" || stations[0].Name != "Cary Ranch, Anza, CA, USA" ||
			stations[0].Elevation != 1128 || !stations[1].From.Equal(time.Date(1993, 4, 18, 0, 0, 0, 0, time.UTC)) || !stations[1].Until.IsZero() {
			t.Errorf("stations %+v", stations)
		}
		var got []string
		for _, s := range stations {
			for _, c := range s.Channels {
				got = append(got, digest(c.ID.Network, c.ID.Station, c.ID.Location, c.ID.Channel, instant(c.From), instant(c.Until),
					number(c.Latitude), number(c.Longitude), number(c.Elevation), number(c.Depth), number(c.Azimuth), number(c.Dip), c.Sensor))
				if c.Response != nil {
					t.Errorf("%v of %v has a response, and wfdisc no calper", c.ID, c.From)
				}
			}
		}
		want := slices.Clone(g.Channels)
		slices.Sort(want)
		slices.Sort(got)
		if len(got) != len(want) {
			t.Fatalf("%d channel epochs, Python has %d", len(got), len(want))
		}
		differing := 0
		for i := range got {
			if got[i] != want[i] {
				differing++
			}
		}
		agree.Reference{Function: "css.Database.Stations", Source: g.Source, Measure: "channel epochs that differ"}.Deviation(t, path, float64(differing))
	}
}

// A file of pseudo-random bytes is read as ObsPy reads it, in each datatype that both know.
func TestSamplesAgreeWithObsPy(t *testing.T) {
	g := readGolden(t)
	raw, x := make([]byte, 500), uint32(1)
	for i := range raw {
		x = 1664525*x + 1013904223
		raw[i] = byte(x>>24) & 0xBF
	}
	if len(g.Samples) != 8 {
		t.Errorf("%d datatypes", len(g.Samples))
	}
	for datatype, want := range g.Samples {
		prefix := database(t, map[string]string{"wfdisc": wfdiscRow("CRY", "BHZ", 883612805, len(want), 40, 0, -1, "-", datatype, ".", "made.w", 5), "w": string(raw)})
		d, err := css.Open(prefix, css.Options{})
		if err != nil {
			t.Fatal(err)
		}
		segments, _, err := d.Segments()
		if err != nil || len(segments) != 1 || len(want) != 50 {
			t.Fatal(segments, err)
		}
		got, err := segments[0].Read()
		if err != nil {
			t.Fatal(err)
		}
		agree.Reference{Function: "css.Segment.Read", Source: g.Reader, Measure: "peak"}.Trace(t, datatype, got.Data, want)
	}
}
