package css_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// stationsOf opens a made database; codes lists its problems.
func stationsOf(t *testing.T, tables map[string]string, o css.Options) (stations []waveform.Station, codes []css.Code) {
	t.Helper()
	d, err := css.Open(database(t, tables), o)
	if err != nil {
		t.Fatal(err)
	}
	stations, problems, err := d.Stations()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		codes = append(codes, p.Code)
		if p.Message == "" || p.File == "" {
			t.Errorf("problem without message or file: %+v", p)
		}
	}
	return stations, codes
}

func TestStationsAndChannelsAreCutWhereTheStationMoves(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{
		"snetsta": made("snetsta", "AZ", "CRY", "CRY", loaded),
		"site":    siteRow("CRY", 2000001, -1, 34, -117, 0.5) + siteRow("CRY", 1990001, 1999365, 33, -116, 1.128),
		"sitechan": sitechanRow("CRY", "BHZ", 1995001, 2004366, 0, 0) + sitechanRow("CRY", "BHE", 1990001, 1994365, 90, 90) +
			sitechanRow("CRY", "BHE", 1995001, -1, 91.5, 90),
	}, css.Options{})
	if len(problems) > 0 {
		t.Error(problems)
	}
	channel := func(code string, from, until time.Time, first bool, azimuth, dip float64) waveform.Channel {
		c := waveform.Channel{ID: waveform.SourceID{Network: "AZ", Station: "CRY", Channel: code}, From: from, Until: until,
			Latitude: 34, Longitude: -117, Elevation: 500, Depth: 12.5, Azimuth: azimuth, Dip: dip, Sensor: "a seismometer"}
		if first {
			c.Latitude, c.Longitude, c.Elevation = 33, -116, 1128
		}
		return c
	}
	want := []waveform.Station{
		{Network: "AZ", Code: "CRY", Name: "Somewhere in the hills", From: date(1990, 1, 1), Until: date(2000, 1, 1), Latitude: 33, Longitude: -116, Elevation: 1128,
			Channels: []waveform.Channel{channel("BHE", date(1990, 1, 1), date(1995, 1, 1), true, 90, 0),
				channel("BHE", date(1995, 1, 1), date(2000, 1, 1), true, 91.5, 0), channel("BHZ", date(1995, 1, 1), date(2000, 1, 1), true, 0, -90)}},
		{Network: "AZ", Code: "CRY", Name: "Somewhere in the hills", From: date(2000, 1, 1), Latitude: 34, Longitude: -117, Elevation: 500,
			Channels: []waveform.Channel{channel("BHE", date(2000, 1, 1), time.Time{}, false, 91.5, 0), channel("BHZ", date(2000, 1, 1), date(2005, 1, 1), false, 0, -90)}},
	}
	if diff := cmp.Diff(want, stations); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestAnEpochEndsWhereTheNextBeginsOnItsLastDay(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{
		"snetsta":  made("snetsta", "AZ", "CRY", "CRY", loaded),
		"site":     siteRow("CRY", 1990001, 2000100, 33, -116, 1) + siteRow("CRY", 2000100, -1, 33, -116, 1),
		"sitechan": sitechanRow("CRY", "BHZ", 1990001, 1995100, 0, 0) + sitechanRow("CRY", "BHZ", 1995100, 1996001, 0, 0) + sitechanRow("CRY", "BHZ", 1996001, 1996001, 0, 0),
	}, css.Options{})
	if len(problems) > 0 || len(stations) != 2 || !stations[0].Until.Equal(date(2000, 4, 9)) || !stations[1].From.Equal(date(2000, 4, 9)) {
		t.Fatalf("%+v, %v", stations, problems)
	}
	var ends []time.Time
	for _, c := range stations[0].Channels {
		ends = append(ends, c.Until)
	}
	if diff := cmp.Diff([]time.Time{date(1995, 4, 10), date(1996, 1, 1), date(1996, 1, 2)}, ends); diff != "" {
		t.Error(diff)
	}
}

func TestAStationIsAtOnePlaceAtATime(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{
		"snetsta":  made("snetsta", "AZ", "CRY", "CRY", loaded),
		"site":     siteRow("CRY", 1990001, -1, 33, -116, 1) + siteRow("CRY", 2000100, 2005001, 34, -116, 1) + siteRow("CRY", 2001001, 2001001, 35, -116, 1) + siteRow("CRY", 2001001, -1, 36, -116, 1),
		"sitechan": sitechanRow("CRY", "BHZ", 1990001, -1, 0, 0),
	}, css.Options{})
	if diff := cmp.Diff([]css.Code{css.Inconsistent, css.Inconsistent, css.Inconsistent}, problems); diff != "" {
		t.Error(diff)
	}
	var got []any
	for _, s := range stations {
		got = append(got, s.Latitude, s.From, s.Until)
		if len(s.Channels) != 1 || !s.Channels[0].From.Equal(s.From) || !s.Channels[0].Until.Equal(s.Until) {
			t.Errorf("%+v", s)
		}
	}
	twice, problems := stationsOf(t, map[string]string{"snetsta": made("snetsta", "AZ", "CRY", "CRY", loaded), "sitechan": sitechanRow("CRY", "BHZ", 1990001, -1, 0, 0),
		"site": siteRow("CRY", -1, -1, 33, -116, 1) + siteRow("CRY", -1, -1, 34, -116, 1)}, css.Options{})
	if len(twice) != 1 || twice[0].Latitude != 34 || len(problems) != 1 || problems[0] != css.Inconsistent {
		t.Errorf("two open rows: %+v, %v", twice, problems)
	}
	want := []any{33.0, date(1990, 1, 1), date(2000, 4, 9), 34.0, date(2000, 4, 9), date(2001, 1, 1), 36.0, date(2001, 1, 1), time.Time{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestChannelsWithoutAPlaceAreReported(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{
		"snetsta": made("snetsta", "AZ", "CRY", "CRY", loaded),
		"site":    siteRow("CRY", 1990001, 1999365, 33, -116, 1),
		"sitechan": sitechanRow("CRY", "BHZ", 1985001, 1994365, 0, 0) + // begins before the site
			sitechanRow("CRY", "BHN", 2001001, -1, 0, 90) + // behind it
			sitechanRow("PFO", "BHN", 1990001, -1, 0, 90) + // no such site
			sitechanRow("CRY", "BHE", -1, -1, 90, 90) + // of unknown dates
			sitechanRow("CRY", "HHE", 1995001, 1994001, 90, 90), // backwards
	}, css.Options{})
	if diff := cmp.Diff([]css.Code{css.NoSite, css.NoSite, css.NoSite, css.Inconsistent}, problems); diff != "" {
		t.Error(diff)
	}
	if len(stations) != 1 || len(stations[0].Channels) != 2 {
		t.Fatalf("%+v", stations)
	}
	for i, c := range stations[0].Channels { // BHE, BHZ
		want := []time.Time{date(2000, 1, 1), date(1995, 1, 1)}[i]
		if !c.From.Equal(date(1990, 1, 1)) || !c.Until.Equal(want) {
			t.Errorf("%v: %v to %v", c.ID, c.From, c.Until)
		}
	}
}

func TestVangCountsFromUpAndHangFromNorth(t *testing.T) {
	for _, c := range []struct{ hang, vang, azimuth, dip float64 }{
		{0, 0, 0, -90}, {45, 90, 45, 0}, {0, 180, 0, 90}, {359.7, 54.7, 359.7, 54.7 - 90}, {-45, 90, 315, 0}, {-999.9, -999.9, math.NaN(), math.NaN()}, {-1, -1, math.NaN(), math.NaN()},
	} {
		stations, problems := stationsOf(t, map[string]string{"affiliation": made("affiliation", "AZ", "CRY", loaded),
			"site": cryRow(), "sitechan": sitechanRow("CRY", "BHZ", 1990001, -1, c.hang, c.vang)}, css.Options{})
		got := stations[0].Channels[0]
		if diff := cmp.Diff([]float64{c.azimuth, c.dip}, []float64{got.Azimuth, got.Dip}, cmpopts.EquateNaNs()); diff != "" || len(problems) > 0 {
			t.Errorf("hang %v, vang %v: %v %v", c.hang, c.vang, diff, problems)
		}
	}
	stations, problems := stationsOf(t, map[string]string{"affiliation": made("affiliation", "AZ", "CRY", loaded),
		"site": cryRow(), "sitechan": sitechanRow("CRY", "BHZ", 1990001, -1, 400, 360)}, css.Options{})
	if c := stations[0].Channels[0]; !math.IsNaN(c.Azimuth) || !math.IsNaN(c.Dip) || len(problems) != 2 || problems[0] != css.Implausible {
		t.Errorf("%+v, %v", c, problems)
	}
}

// ObsPy 1.5 writes the dip into vang, -90 for a vertical and 0 for a horizontal.
func TestATableWithDipsInVangGivesNoDips(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{"affiliation": made("affiliation", "AZ", "CRY", loaded), "site": cryRow(),
		"sitechan": sitechanRow("CRY", "BHZ", 1990001, -1, 0, -90) + sitechanRow("CRY", "BHN", 1990001, -1, 0, 0)}, css.Options{})
	for _, c := range stations[0].Channels {
		if !math.IsNaN(c.Dip) || c.Azimuth != 0 {
			t.Errorf("%v: dip %v, azimuth %v", c.ID, c.Dip, c.Azimuth)
		}
	}
	if diff := cmp.Diff([]css.Code{css.Implausible}, problems); diff != "" {
		t.Error(diff)
	}
}

func TestCodesComeFromTheTablesOfNames(t *testing.T) {
	site, channel := "", ""
	for _, sta := range []string{"PFO", "AZ_KNW", "TKM2", "MANY", "ODD", "X_Y_Z", "ALONE"} {
		site += siteRow(sta, 1990001, -1, 33, -116, 1)
	}
	for _, c := range []string{"BHZ", "BHZ_00", "BHE_1", "sz", "HHZ_10"} {
		channel += sitechanRow("PFO", c, 1990001, -1, 0, 0)
	}
	tables := map[string]string{
		"site": site, "sitechan": channel,
		"snetsta":     made("snetsta", "II", "PFO", "PFO", loaded) + made("snetsta", "ZZ", "PFO", "PFO", loaded),
		"affiliation": made("affiliation", "KNET", "TKM2", loaded) + made("affiliation", "KN", "TKM2", loaded) + made("affiliation", "GSN", "PFO", loaded) + made("affiliation", "AA", "MANY", loaded) + made("affiliation", "BB", "MANY", loaded) + made("affiliation", "ARRAY", "ODD", loaded),
		"schanloc":    made("schanloc", "PFO", "BHE", "00", "BHE_1", loaded) + made("schanloc", "PFO", "HHZ", "--", "HHZ_10", loaded),
	}
	stations, problems := stationsOf(t, tables, css.Options{Network: "YY"})
	var codes, channels []string
	for _, s := range stations {
		codes = append(codes, s.Network+"."+s.Code)
		for _, c := range s.Channels {
			channels = append(channels, c.ID.String())
		}
	}
	if diff := cmp.Diff([]string{"AA.MANY", "ARRAY.ODD", "AZ.KNW", "II.PFO", "KN.TKM2", "YY.ALONE", "YY.X_Y_Z"}, codes[:]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"II.PFO..BHZ", "II.PFO..HHZ", "II.PFO..sz", "II.PFO.00.BHE", "II.PFO.00.BHZ"}, channels); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]css.Code{css.Inconsistent, css.NoNetwork, css.NoNetwork}, problems); diff != "" {
		t.Error(diff)
	}
	delete(tables, "snetsta")
	delete(tables, "affiliation")
	stations, problems = stationsOf(t, tables, css.Options{})
	if stations[len(stations)-1].Network != css.DefaultNetwork || len(problems) != 1 || problems[0] != css.NoNetwork {
		t.Errorf("without any table of networks: %v", problems)
	}
}

func TestInstrumentsGiveSensorAndRate(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{"snetsta": made("snetsta", "AZ", "CRY", "CRY", loaded), "site": cryRow(),
		"sitechan": sitechanRow("CRY", "BHZ", 1990001, 1999365, 0, 0) + sitechanRow("CRY", "BHE", 1990001, 1999365, 0, 0),
		"sensor": made("sensor", "CRY", "BHZ", 631152000.0, 662688000.0, 5, 7, 1990001, 1.0, -1.0, 0.0, "y", loaded) + // a year of ten
			made("sensor", "CRY", "BHZ", 662688000.0, 915148799.0, 6, 7, 1991001, 1.0, -1.0, 0.0, "y", loaded) +
			made("sensor", "CRY", "BHZ", 915148799.0, 9999999999.999, 5, 7, 1999001, 1.0, -1.0, 0.0, "y", loaded) +
			made("sensor", "CRY", "BHE", 631152000.0, 9999999999.999, -1, 7, 1990001, 1.0, -1.0, 0.0, "y", loaded),
		"instrument": made("instrument", 5, "an old one", "-", "b", "d", 20.0, 1.5, 1.0, "resp", "old", "V", loaded) + made("instrument", 6, "Streckeisen STS-2", "sts2", "b", "d", 40.0, 1.5, 1.0, "resp", "new", "V", loaded),
	}, css.Options{})
	if len(problems) > 0 {
		t.Error(problems)
	}
	if c := stations[0].Channels[1]; c.Sensor != "Streckeisen STS-2" || c.SampleRate != 40 {
		t.Errorf("%+v", c)
	}
	if c := stations[0].Channels[0]; c.Sensor != "a seismometer" || c.SampleRate != 0 {
		t.Errorf("%+v", c)
	}
}

func TestCalibrationIsAGainWhereItIsSound(t *testing.T) {
	row := func(chn string, at float64, calib, calper float64, segtype string) string {
		return wfdiscRow("CRY", chn, at, 100, 1, calib, calper, segtype, "s4", ".", "f", 0)
	}
	const in90s, in00s = 700000000.0, 1000000000.0
	stations, problems := stationsOf(t, map[string]string{"snetsta": made("snetsta", "AZ", "CRY", "CRY", loaded), "site": cryRow(),
		"sitechan": sitechanRow("CRY", "AAA", 1990001, 1999365, 0, 0) + sitechanRow("CRY", "AAA", 2000001, -1, 0, 0) + sitechanRow("CRY", "BBB", -1, -1, 0, 0) + sitechanRow("CRY", "CCC", -1, -1, 0, 0) +
			sitechanRow("CRY", "DDD", -1, -1, 0, 0) + sitechanRow("CRY", "EEE", -1, -1, 0, 0) + sitechanRow("CRY", "FFF", -1, -1, 0, 0) + sitechanRow("CRY", "GGG", -1, -1, 0, 0),
		"wfdisc": row("AAA", in90s, 0.5, 2, "-") + row("AAA", in90s+1e6, 0.5, 2, "o") + row("AAA", in00s, 0.25, 4, "V") +
			row("BBB", in90s, 0.5, -1, "V") + row("CCC", in90s, 0, 1, "V") + row("DDD", in90s, 1, 1, "-") +
			row("EEE", in90s, 0.5, 2, "V") + row("EEE", in00s, 0.6, 2, "V") + row("EEE", in00s+1e6, 0.6, 2, "V") +
			row("FFF", in90s, 0.5, 2, "V") + row("FFF", in00s, 0, -1, "V") + row("GGG", in90s, 2, 0.5, "A"),
	}, css.Options{})
	if len(problems) > 0 {
		t.Error(problems)
	}
	var got []*waveform.Response
	for _, c := range stations[0].Channels {
		got = append(got, c.Response)
	}
	gain := func(value, frequency float64, units string) *waveform.Response {
		return &waveform.Response{Sensitivity: waveform.Sensitivity{Value: value, Frequency: frequency, InputUnits: units, OutputUnits: "COUNTS"}}
	}
	want := []*waveform.Response{gain(2e9, 0.5, "M"), gain(4e9, 0.25, "M/S"), nil, nil, nil, nil, nil, gain(5e8, 2, "M/S**2")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestADatabaseWithoutATableSaysSo(t *testing.T) {
	stations, problems := stationsOf(t, map[string]string{"site": cryRow(), "affiliation": made("affiliation", "AZ", "CRY", loaded)}, css.Options{})
	if len(stations) != 1 || len(problems) != 1 || problems[0] != css.NoTable {
		t.Errorf("without sitechan: %v, %v", stations, problems)
	}
	d, err := css.Open(database(t, map[string]string{"lastid": "wfid 723\n", "affiliation": made("affiliation", "AZ", "CRY", loaded)}), css.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func() error{
		"site":   func() error { _, _, err := d.Stations(); return err },
		"origin": func() error { _, _, err := d.Events(); return err },
		"wfdisc": func() error { _, _, err := d.Segments(); return err },
	} {
		if err := f(); !errors.Is(err, css.ErrNoTable) || !strings.Contains(err.Error(), "made."+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without the names that a broken table had, stations would get others.
func TestABrokenTableIsAnErrorOfTheDatabase(t *testing.T) {
	for _, table := range []string{"site", "sitechan", "snetsta", "schanloc", "sensor", "instrument", "wfdisc"} {
		tables := map[string]string{"site": cryRow(), "sitechan": sitechanRow("CRY", "BHZ", 1990001, -1, 0, 0), "affiliation": made("affiliation", "AZ", "CRY", loaded)}
		tables[table] = "<html>\n"
		d, err := css.Open(database(t, tables), css.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var at *css.Error
		if _, _, err := d.Stations(); !errors.Is(err, css.ErrFormat) || !errors.As(err, &at) || at.Path != d.Path(css.Table(table)) {
			t.Errorf("%s: %v", table, err)
		}
	}
}

func TestADatabaseIsFoundByAnyOfItsPaths(t *testing.T) {
	prefix := database(t, map[string]string{"site": cryRow(), "affiliation": made("affiliation", "AZ", "CRY", loaded), "lastid": "wfid 723\n", "notes.txt": "see css3.0\n"})
	for _, path := range []string{prefix, prefix + ".site", prefix + ".affiliation", prefix + ".wfdisc", filepath.Dir(prefix)} {
		d, err := css.Open(path, css.Options{})
		if err != nil || d.Prefix != prefix || d.Name != "made" || d.Path(css.SiteTable) != prefix+".site" || d.Path(css.WfdiscTable) != "" {
			t.Errorf("%s: %+v, %v", path, d, err)
		}
	}
	if err := os.Mkdir(prefix, 0o755); err != nil { // a folder for waveforms, say
		t.Fatal(err)
	}
	if d, err := css.Open(prefix, css.Options{}); err != nil || d.Prefix != prefix {
		t.Errorf("beside a folder of its name: %+v, %v", d, err)
	}
	empty := t.TempDir()
	two := filepath.Dir(database(t, map[string]string{"site": cryRow()}))
	if err := os.WriteFile(filepath.Join(two, "other.site"), []byte(cryRow()), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, hint := range map[string]string{empty: "no file of the folder", filepath.Join(empty, "demo"): "give a folder", two: "made, other", prefix + ".notes.txt": "give a folder"} {
		if d, err := css.Open(path, css.Options{}); !errors.Is(err, css.ErrNoDatabase) || !strings.Contains(err.Error(), hint) {
			t.Errorf("%s: %v, %v", path, d, err)
		}
	}
}

func TestADescriptorLeadsToTablesElsewhere(t *testing.T) {
	master := database(t, map[string]string{"site": siteRow("CRY", 1982274, -1, 1, 2, 3), "affiliation": made("affiliation", "AZ", "CRY", loaded)})
	for name, descriptor := range map[string]string{
		"parameter file": "#\nschema\tcss3.0\ndbpath nowhere/{x}:" + filepath.Dir(master) + "/{made}\n",
		"two lines":      "css3.0\nnowhere:" + filepath.Dir(master) + "/{made}\n",
		"own name":       "css3.0\n" + filepath.Dir(master) + "/\n",
	} {
		prefix := database(t, map[string]string{"": descriptor})
		for _, path := range []string{prefix, filepath.Dir(prefix)} {
			d, err := css.Open(path, css.Options{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if stations, problems, err := d.Stations(); err != nil || len(stations) != 1 || len(problems) != 1 || d.Path(css.SiteTable) != master+".site" {
				t.Errorf("%s: %v, %v, %v", name, stations, problems, err)
			}
		}
		if err := os.WriteFile(prefix+".site", []byte(siteRow("PFO", 1982274, -1, 1, 2, 3)), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := css.Open(prefix, css.Options{})
		if err != nil || d.Path(css.SiteTable) != prefix+".site" || d.Path(css.AffiliationTable) != master+".affiliation" {
			t.Errorf("%s: a table beside the descriptor comes first: %+v, %v", name, d, err)
		}
	}
}
