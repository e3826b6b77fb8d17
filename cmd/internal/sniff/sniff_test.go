package sniff

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKindsAreToldByContent(t *testing.T) {
	site := "CRY     1982274       -1   33.5654 -116.7373    1.1280 Cary Ranch, Anza, CA, USA                          -    -         0.0000    0.0000  1461715727.61682\n"
	for _, c := range []struct {
		name, head, want string
	}{
		{"a", "", "empty"},
		{"a.xml", "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- \xe9 -->\n<fsx:FDSNStationXML xmlns:fsx=\"x\">", "StationXML"},
		{"a.csv", "<q:quakeml xmlns:q='x'", "XML of another kind"}, // cut off in its root
		{"a.csv", "<q:quakeml xmlns:q='x'>", "QuakeML"},
		{"a.mseed", "<!DOCTYPE HTML PUBLIC", "an HTML page"},
		{"a.xml", "<?xml version='1.0'?><html><head>", "an HTML page"},
		{"a.xml", "<seiscomp>", "SeisComP XML"},
		{"a.xml", "<kml/>", "XML of another kind"},
		{"a.xml", "<", "XML of another kind"},
		{"RESP.II.KAPI.00.BHZ", "#\tcomment\r\nB050F03     Station:     KAPI\r\n", "SEED RESP"},
		{"RESP.II.KAPI.00.BHZ", "Error 400: Bad Request\n", "the error message of a web service"},
		{"a", "#EventID | Time | Latitude | Longitude | Depth/km\n", "FDSN event text"},
		{"a.txt", "time,latitude,longitude,depth,mag,magType,nst,gap,dmin,rms,net,id\n", "ComCat CSV"},
		{"demo.site", site, "a table (site) of CSS 3.0"},
		{"demo.sit", site, `text that starts with "CRY     1982274       -1   33.5654 -116...."`},
		{"demo", "schema css3.0\n", "the descriptor of a CSS 3.0 database"},
		{"nowhere/demo.lastid", "wfid 723\n", `text that starts with "wfid 723"`},
		{"a", "000001V 0100080 02.408~" + strings.Repeat(" ", 40), "a SEED volume"},
		{"a", "000001D ANMO   BHZIU" + strings.Repeat("\x01", 40), "miniSEED"},
		{"a", "MS\x03\x00", "miniSEED"},
		{"a.gz", "\x1f\x8b\x08", "compressed (gzip)"},
		{"a", " {\"type\": 1}", "JSON"},
		{"a", "WID2 1998/01/01", "GSE or IMS"},
		{"a", "hello\x00", "of no kind that is known here"},
		{"a", "hello", `text that starts with "hello"`},
	} {
		f := Of(c.name, []byte(c.head))
		if got := f.String(); got != c.want {
			t.Errorf("%s: %q is %s, want %s", c.name, c.head, got, c.want)
		}
		if explained := f.Explanation(); !strings.HasPrefix(explained, "the file is "+c.want) || strings.HasSuffix(explained, ": ") {
			t.Error(explained)
		}
	}
}

// What is no event text says what it lacks, and what is of no use gives no advice.
func TestTextIsExplained(t *testing.T) {
	for text, want := range map[string]string{
		"id,time,latitude,longitude,depth,magnitude\n": `the file is text that starts with "id,time,latitude,longitude,depth,magnitu...": as ComCat CSV, which 'load events' reads, it lacks the columns mag, and one of magType, net and updated`,
		"# notes": `the file is text that starts with "# notes"`,
		"{}":      "the file is JSON",
	} {
		if got := Of("a.csv", []byte(text)).Explanation(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// No command takes what is no metadata and no waveform, and each of the others says which one.
func TestAdviceNamesTheCommandThatTakesAFile(t *testing.T) {
	for k := Unknown; k <= Text; k++ {
		f := File{Kind: k}
		if takes := strings.Contains(f.Advice(), "seisbatch load") && !strings.Contains(f.Advice(), "convert") && !strings.Contains(f.Advice(), "want "); takes != (f.IsMetadata() || f.IsWaveform()) {
			t.Errorf("%v: %s", f, f.Advice())
		}
	}
}

// The shared recordings hold one of nearly everything.
func TestKindsOfTheSharedData(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no real recordings: %v", err)
		}
		t.Skipf("no real recordings: %v", err)
	}
	kinds := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := Path(path)
		rel, _ := filepath.Rel(dir, path)
		kinds[rel] = f.String()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	want := map[string]string{
		"bad/real/RESP.KAPI.II.00.BHZ.txt":                          "the error message of a web service",
		"bad/made/html-error.mseed":                                 "an HTML page",
		"bad/made/empty.mseed":                                      "empty",
		"bad/made/truncated-station.xml":                            "StationXML",
		"catalog/catalog.csv":                                       "ComCat CSV",
		"events/nc73291880/expected/events.csv":                     `text that starts with "id,time,latitude,longitude,depth,magnitu..."`,
		"catalog/2010-02-27_event.xml":                              "QuakeML",
		"continuous/AZ.1998001/css3.0/demo":                         "the descriptor of a CSS 3.0 database",
		"continuous/AZ.1998001/css3.0/demo.wfdisc":                  "a table (wfdisc) of CSS 3.0",
		"continuous/AZ.1998001/css3.0/demo.lastid":                  "a table (lastid) of CSS 3.0",
		"continuous/AZ.1998001/waveforms/CRY.BHE.1998_001_00_00_05": "miniSEED",
		"continuous/II.KAPI.2013005-007/RESP.KAPI.II.00.BHZ.txt":    "SEED RESP",
		"continuous/tsindex/timeseries.sqlite":                      "an SQLite database",
		"formats/sac/obspy/test.sac":                                "SAC",
		"events/ci38038071/event.json":                              "JSON",
		"continuous/II.KAPI.2013005-007/II.KAPI_station.xml":        "StationXML",
		"continuous/AZ.1998001/css3.0/demo.sitechan":                "a table (sitechan) of CSS 3.0",
		"bad/obspy-mseed/three_records_zero_data_in_middle.mseed":   "miniSEED",
		"bad/obspy-mseed/TM.SKLT.__.BHZ_faulty_response.xml":        "StationXML",
		"bad/stationxml/no_default_namespace.xml":                   "StationXML",
	}
	for path := range want {
		got[path] = kinds[path]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"<q:quakeml>", "B050F03 Station: A\n", "000001D ", "a|b|c\n", "{"} {
		f.Add("demo.site", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		if file := Of(name, head); file.String() == "" || strings.HasSuffix(file.Explanation(), ": ") {
			t.Errorf("%+v", file)
		}
	})
}
