package css_test

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

	"github.com/seisbatch/seisbatch/waveform/css"
)

var cry = css.Site{Station: "CRY", On: time.Date(1982, 10, 1, 0, 0, 0, 0, time.UTC), Latitude: 33.5654, Longitude: -116.7373, Elevation: 1.128,
	Name: "Somewhere in the hills", Type: "ss", Loaded: time.Date(2016, 4, 27, 0, 8, 47, 616820000, time.UTC)}

func cryRow() string { return siteRow("CRY", 1982274, -1, 33.5654, -116.7373, 1.128) }

func readSites(t *testing.T, text string) ([]css.Site, []css.Problem) {
	t.Helper()
	sites, problems, err := css.Read[css.Site](strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return sites, problems
}

func TestRowsAreReadWhateverHappenedToTheirBlanks(t *testing.T) {
	row := strings.TrimSuffix(cryRow(), "\n")
	unloaded := cry
	unloaded.Loaded = time.Time{}
	oneWord, cut := unloaded, unloaded
	oneWord.Name, oneWord.Loaded = "Somewhere", cry.Loaded
	cut.Type, cut.Name = "", "Some"
	cut.North, cut.East = math.NaN(), math.NaN()
	accented := cry
	accented.Name = "Réunion, à l'est des îles"
	for _, c := range []struct {
		name, text string
		want       css.Site
	}{
		{"as it is", row + "\n", cry},
		{"without the end of its line", row, cry},
		{"with the end of DOS", row + "\r\n", cry},
		{"with blanks behind", row + "      \n", cry},
		{"between empty lines", "\n\n" + row + "\n\n", cry},
		{"without the last column", row[:137] + "\n", unloaded},
		{"cut in a name", row[:59] + "\n", cut},
		{"with another date at the end", row[:138] + "27-APR-16\n", func() css.Site {
			s := cry
			s.Loaded = time.Date(2016, 4, 27, 0, 0, 0, 0, time.UTC)
			return s
		}()},
		{"with tabs for blanks", "CRY\t1982274\t-1\t33.5654\t-116.7373\t1.1280\tSomewhere in the hills\tss\t-\t0.0\t0.0\t1461715727.61682\n", cry},
		{"with one blank for many", "CRY 1982274 -1 33.5654 -116.7373 1.1280 Somewhere ss - 0.0 0.0 1461715727.61682\n", oneWord},
		{"of NNSA", row[:25] + "  33.565400 -116.737300" + row[44:138] + "2016-04-27 00:08:47\n", func() css.Site {
			s := cry
			s.Loaded = time.Date(2016, 4, 27, 0, 8, 47, 0, time.UTC)
			return s
		}()},
		{"padded by characters", row[:55] + "Réunion, à l'est des îles                         " + row[105:] + "\n", accented},
		{"padded by bytes", row[:55] + "Réunion, à l'est des îles                      " + row[105:] + "\n", accented},
		{"in ISO 8859-1", row[:55] + "R\xe9union, \xe0 l'est des \xeeles                         " + row[105:] + "\n", accented},
	} {
		sites, problems := readSites(t, c.text)
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.name, problems)
		}
		if diff := cmp.Diff([]css.Site{c.want}, sites, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", c.name, diff)
		}
	}
}

func TestWhatSaysNothingIsNothing(t *testing.T) {
	sites, problems := readSites(t, made("site", "CRY", -1, -1, 1.0, 2.0, -999.0, "-", "-", "-", 0.0, 0.0, -9999999999.999))
	want := css.Site{Station: "CRY", Latitude: 1, Longitude: 2, Elevation: math.NaN()}
	if diff := cmp.Diff([]css.Site{want}, sites, cmpopts.EquateNaNs()); diff != "" || len(problems) > 0 {
		t.Errorf("%v; want -, got +:\n%s", problems, diff)
	}
	origins, problems, err := css.Read[css.Origin](strings.NewReader(originRow(5, -1, 1, 2, -999, 3, "-", -999, -999, -999)))
	if err != nil || len(problems) > 0 || len(origins) != 1 {
		t.Fatal(err, problems)
	}
	if o := origins[0]; !math.IsNaN(o.Depth) || !math.IsNaN(o.Mb) || !math.IsNaN(o.Ms) || !math.IsNaN(o.Ml) || o.Event != -1 || o.EventType != "" || o.Depths != -1 {
		t.Errorf("%+v", o)
	}
	channels, _, _ := css.Read[css.Sitechan](strings.NewReader(made("sitechan", "A", "BHZ", -1, -1, 2286324, "-", -9.9999, -999.9, -1.0, "-", -9999999999.999)))
	if c := channels[0]; !c.On.IsZero() || !c.Off.IsZero() || !math.IsNaN(c.Depth) || !math.IsNaN(c.Horizontal) || !math.IsNaN(c.Vertical) || c.ID != -1 || c.Type != "" {
		t.Errorf("%+v", c)
	}
	waveforms, _, _ := css.Read[css.Wfdisc](strings.NewReader(wfdiscRow("A", "BHZ", 5, 10, 1, 0, -1, "-", "sd", "-", "f", 0)))
	if w := waveforms[0]; !math.IsNaN(w.Calibration) || !math.IsNaN(w.CalibrationPeriod) || w.SegmentType != "" || w.Folder != "" || w.Clip != "" {
		t.Errorf("%+v", w)
	}
}

// Antelope deletes a row by making nothing of all it says.
func TestDeletedRowsAreNoRows(t *testing.T) {
	deleted := made("origin", -999.0, -999.0, -999.0, -9999999999.999, -1, -1, -1, -1, -1, -1, -1, -1, "-  -", -999.0, "-", -999.0, -1, -999.0, -1, -999.0, -1, "-", "-", -1, -9999999999.999)
	origins, problems, err := css.Read[css.Origin](strings.NewReader(deleted + originRow(5, 1, 1, 2, 3, 4, "eq", 1, 2, 3) + deleted))
	if err != nil || len(problems) > 0 || len(origins) != 1 || origins[0].ID != 5 {
		t.Errorf("%v, %v, %v", origins, problems, err)
	}
}

func TestABadRowCostsOnlyItself(t *testing.T) {
	row := cryRow()
	for _, c := range []struct {
		name, row string
		code      css.Code
		kept      bool
	}{
		{"cut off in the longitude", row[:40] + "\n", css.BadRow, false},
		{"shifted by a character", row[:20] + " " + row[20:], css.BadRow, false},
		{"too long", strings.TrimSpace(row) + " and more\n", css.BadRow, false},
		{"no latitude", row[:25] + "*********" + row[34:], css.BadRow, false},
		{"null latitude", row[:25] + "-999.0000" + row[34:], css.BadRow, false},
		{"foreign text", "this is a remark that somebody wrote\n", css.BadRow, false},
		{"tabs, but few", "CRY\t1982274\t33.5\n", css.BadRow, false},
		{"a name of control characters", "\x01\x02 " + row[3:], css.BadRow, false},
		{"a dash that they hide", "\x01- " + row[3:], css.BadRow, false},
		{"a long line", strings.Repeat("x", 9000) + "\n", css.BadRow, false},
		{"bad elevation", row[:45] + "*********" + row[54:], css.BadNumber, true},
		{"bad date", row[:7] + " 1982999" + row[15:], css.BadTime, true},
	} {
		sites, problems := readSites(t, row+c.row+row)
		if len(problems) != 1 || problems[0].Code != c.code || problems[0].Line != 2 {
			t.Errorf("%s: %v, want %s in line 2", c.name, problems, c.code)
		}
		if want := map[bool]int{true: 3, false: 2}[c.kept]; len(sites) != want {
			t.Errorf("%s: %d rows, want %d", c.name, len(sites), want)
		}
	}
}

// A database may have been written by several programs.
func TestARowMayBeOfAnotherLayoutThanTheFirst(t *testing.T) {
	nnsa := "CRY     1982274       -1   33.565400 -116.737300    1.1280 Here                                               ss   -         0.0000    0.0000 2016-04-27 00:08:47\n"
	sites, problems := readSites(t, cryRow()+nnsa)
	if len(sites) != 2 || sites[1].Name != "Here" || sites[1].Longitude != -116.7373 || len(problems) > 0 {
		t.Errorf("%v, %v", sites, problems)
	}
}

func TestWiderIdentifiersOfNNSAAreRead(t *testing.T) {
	assoc := "123456789 987654321 PFO    Pn       9.99    0.288   28.25  208.34   -0.306 d  -999.0 - -999.00 -  -999.0  1.000 iasp91                 -1 1999-09-20 12:00:00\n"
	rows, problems, err := css.Read[css.Assoc](strings.NewReader(assoc))
	if err != nil || len(problems) > 0 || len(rows) != 1 {
		t.Fatal(rows, problems, err)
	}
	want := css.Assoc{Arrival: 123456789, Origin: 987654321, Station: "PFO", Phase: "Pn", Belief: math.NaN(), Distance: 0.288, BackAzimuth: 28.25, Azimuth: 208.34,
		Residual: -0.306, Defining: "d", Weight: 1, Model: "iasp91", Loaded: time.Date(1999, 9, 20, 12, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, rows[0], cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	event := fmt.Sprintf("%9d %-32s %9d %-20s %9d %19s\n", 123456789, "A name of an event that is long", 987654321, "an author of twenty", -1, "1999-09-20 12:00:00")
	events, problems, err := css.Read[css.Event](strings.NewReader(event))
	if err != nil || len(problems) > 0 || events[0].Name != "A name of an event that is long" || events[0].Preferred != 987654321 || events[0].Author != "an author of twenty" {
		t.Errorf("%+v, %v, %v", events, problems, err)
	}
	affiliation := "IM       PD01      946684800.00000  9999999999.99900 1999-09-20 12:00:00\n"
	networks, problems, err := css.Read[css.Affiliation](strings.NewReader(affiliation))
	if err != nil || len(problems) > 0 || networks[0].Network != "IM" || !networks[0].From.Equal(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) || !networks[0].Until.IsZero() {
		t.Errorf("%+v, %v, %v", networks, problems, err)
	}
}

func TestContentThatIsNoTableIsAnError(t *testing.T) {
	for _, text := range []string{"<!DOCTYPE html>\n<html>\n", "sta,lat,lon\nCRY,33.5,-116.7\n", arrivalRow(1, "CRY", "BHZ", 5, "P"), strings.Repeat("x", 100000), strings.Repeat("y\n", 50)} {
		sites, problems, err := css.Read[css.Site](strings.NewReader(text))
		var at *css.Error
		if !errors.Is(err, css.ErrFormat) || !errors.As(err, &at) || at.Line != 1 || len(sites)+len(problems) > 0 {
			t.Errorf("%.20q: %v, %v, %v", text, sites, problems, err)
		}
	}
	if sites, problems := readSites(t, ""); len(sites)+len(problems) > 0 {
		t.Errorf("an empty table has %v, %v", sites, problems)
	}
}

func TestAReaderThatFailsLeavesWhatWasRead(t *testing.T) {
	broken := errors.New("cable pulled")
	sites, _, err := css.Read[css.Site](io.MultiReader(strings.NewReader(cryRow()), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(sites) != 1 {
		t.Errorf("%v, %v", sites, err)
	}
}

func TestProblemsAreCapped(t *testing.T) {
	_, problems := readSites(t, cryRow()+strings.Repeat("x\n", 1234))
	if last := problems[len(problems)-1]; len(problems) != 1001 || last.Code != css.MoreProblems || !strings.HasPrefix(last.Message, "234 ") {
		t.Errorf("%d problems, last %v", len(problems), last)
	}
}

func TestTablesAreToldByNameAndFirstRow(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       css.Table
		ok         bool
	}{
		{"db/demo.site", cryRow(), css.SiteTable, true},
		{"demo.SITE", "\n" + cryRow(), css.SiteTable, true},
		{"demo.arrival", arrivalRow(1, "CRY", "BHZ", 5, "P"), css.ArrivalTable, true},
		{"demo.wfdisc", strings.Repeat(wfdiscRow("A", "BHZ", 5, 10, 1, 0, -1, "-", "sd", "-", "f", 0), 15)[:css.SniffSize], css.WfdiscTable, true},
		{"demo.site", "", "", false},
		{"demo.site", strings.Repeat("\n", css.SniffSize-138) + cryRow()[:138], "", false}, // who knows how the line goes on
		{"demo.site", "<html>\n", "", false},
		{"demo.event", "BEGIN:VEVENT\n", "", false},
		{"demo.arrival", cryRow(), "", false},
		{"demo.txt", cryRow(), "", false},
		{"demo.site", strings.Repeat("x", css.SniffSize), "", false},
		{"demo", "#Database descriptor file\nschema  css3.0\ndbpath ../wfs/{demo}:../dbmaster/{demo}\n", css.Descriptor, true},
		{"1987177", "css3.0:lpevt\n/slick3/data/{nrdc}:/wfdisc/nrdc/{master}\n", css.Descriptor, true},
		{"demo", "css3.0\n", css.Descriptor, true},
		{"demo", "rt1.0\n/data/{x}\n", "", false},
		{"style.css", "body { color: css3.0 }\n", "", false},
	} {
		if got, ok := css.Sniff(c.name, []byte(c.head)); got != c.want || ok != c.ok {
			t.Errorf("%s of %.30q: %q, %v; want %q, %v", c.name, c.head, got, ok, c.want, c.ok)
		}
	}
}
