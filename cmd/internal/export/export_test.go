package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2024, 3, 1, 12, 0, 0, 123456000, time.UTC)

// header has a spectrum of each kind.
func header(units System) *Header {
	return &Header{Label: "trial", RecipeHash: "abcd", Version: "v1.2.3", Created: noon, Units: units, Organization: "Süd <& Co>",
		Axes: Axes{Oscillators: []string{"psa", "sd"}, Periods: []float64{0.3, 1, 10}, Dampings: []float64{0.07, 0.05}, Frequencies: []float64{0.25, 4}, Bands: []Band{{0.1, 1}, {1, 12.5}}}}
}

func event(id string) *Event {
	return &Event{ID: id, Type: "earthquake", Time: noon, Latitude: -33.5, Longitude: 178, Depth: 12500, OriginID: id + "/o", MagnitudeID: id + "/m", Magnitude: 4, MagnitudeType: "Mw"}
}

// row is a component with every number there is: scalar i is i+1, spectra count on in tenths.
func row(e *Event, station, component string) *Row {
	r := &Row{Event: e, Network: "N1", Station: station, Location: "00", Instrument: "HN", Component: component, StationName: "Station " + station,
		Latitude: 1, Longitude: 2, Elevation: 3, Depth: 0, Orientation: 90, Dip: 0, Distance: 7000, Azimuth: 45, SampleRate: 100, Highpass: 0.1, Lowpass: 40, TimingQuality: math.NaN(),
		Spectra: [Spectra][]float64{PSA: {1, 2, 3, 4, 5, 6}, SD: {.1, .2, .3, .4, .5, math.NaN()}, FAS: {8, 9}, BandSNR: {2, 3}},
		Flags:   []string{"clipped", "short_pad"}, TimeSource: "arrival", FASLength: 1024, Extra: json.RawMessage(`{"mine": 2.5, "none": null}`), Definitions: 2, RunID: 9}
	for s := range Scalars {
		r.Numbers[s] = float64(s + 1)
	}
	for i := range r.Times {
		r.Times[i] = noon.Add(time.Duration(i) * time.Second)
	}
	return r
}

// empty is a row of what has to be known, and nothing else.
func empty(e *Event) *Row {
	r := row(e, "S", "Z")
	n := math.NaN()
	*r = Row{Event: e, Network: "N1", Station: "S", Instrument: "HN", Component: "Z", Latitude: n, Longitude: n, Elevation: n, Depth: n, Orientation: n, Dip: n,
		Distance: n, Azimuth: n, SampleRate: n, Highpass: n, Lowpass: n, TimingQuality: n, Definitions: 2, RunID: 9}
	for s := range Scalars {
		r.Numbers[s] = n
	}
	return r
}

func rowsOf(rows ...*Row) Rows {
	return func(yield func(*Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

type writer func(io.Writer, *Header, Rows) error

func written(t *testing.T, write writer, h *Header, rows ...*Row) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, h, rowsOf(rows...)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// cells reads a CSV of one row.
func cells(t *testing.T, text string) (names []string, cell map[string]string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	cell = map[string]string{}
	for i, name := range lines[0] {
		cell[name] = lines[1][i]
	}
	return lines[0], cell
}

func TestColumnsAreNamedWithTheirUnit(t *testing.T) {
	for _, units := range []System{SI, G} {
		names, cell := cells(t, written(t, CSV, header(units), row(event("e"), "S", "Z")))
		allowed := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
		for _, name := range names {
			if !allowed.MatchString(name) {
				t.Errorf("name %q", name)
			}
		}
		if len(cell) != len(names) {
			t.Errorf("%d names of %d are different", len(cell), len(names))
		}
		want := map[string]string{"pga_m_s2": "9", "pgv_m_s": "10", "pgd_m": "11", "arias_m_s": "12", "psa_0p3s_m_s2": "4", "psa_d7_10s_m_s2": "3", "sd_10s_m": "",
			"fas_0p25hz_m_s": "8", "band_snr_1_12p5hz": "3", "kurtosis": "7", "d5_75_s": "14", "moment_n_m": "25", "stress_drop_pa": "27", "distance_m": "7000", "azimuth_deg": "45"}
		if units == G { // 100/9.80665 and 100
			want = map[string]string{"pga_pct_g": "91.774459", "pgv_cm_s": "1000", "pgd_cm": "1100", "arias_cm_s": "1200", "psa_0p3s_pct_g": "40.788648",
				"sd_1s_cm": "50", "fas_0p25hz_cm_s": "800", "band_snr_1_12p5hz": "3", "distance_m": "7000"}
		}
		for name, value := range want {
			if got, ok := cell[name]; !ok || !strings.HasPrefix(got, value) || value == "" && got != "" {
				t.Errorf("units %d: %s is %q (%v), want %s", units, name, got, ok, value)
			}
		}
		if _, ok := cell["sa_1s_m_s2"]; ok {
			t.Error("there is a column of a spectrum that the recipe does not ask for")
		}
	}
}

func TestCSVIsHarmlessToSpreadsheets(t *testing.T) {
	e := event(`=HYPERLINK("x", "y")`)
	r := row(e, "-1+2", "Z")
	r.Network, r.Location, r.TimeSource, r.Flags = "@A", "a,\"b\"\nc", "+1", []string{"-x", "y"}
	r.Numbers[Mean] = -1.5e-9
	text := written(t, CSV, header(SI), r)
	_, cell := cells(t, text)
	for name, want := range map[string]string{"event_id": `'=HYPERLINK("x", "y")`, "network": "'@A", "station": "'-1+2", "location": "a,\"b\"\nc",
		"time_source": "'+1", "flags": "'-x y", "mean_m_s2": "-1.5e-09", "event_time": "2024-03-01T12:00:00.123456Z", "extra": `{"mine": 2.5, "none": null}`} {
		if cell[name] != want {
			t.Errorf("%s: %q, want %q", name, cell[name], want)
		}
	}
	if strings.Count(text, "\r\n") != 4 || strings.Count(text, "\n") != 4 { // two lines, and the breaks within two cells
		t.Errorf("line ends: %q", text)
	}
}

func TestWhatIsNotKnownIsEmptyAndNull(t *testing.T) {
	e := &Event{ID: "e", Latitude: math.NaN(), Longitude: math.NaN(), Depth: math.NaN(), Magnitude: math.NaN()}
	names, cell := cells(t, written(t, CSV, header(SI), empty(e)))
	var object map[string]any
	if err := json.Unmarshal([]byte(written(t, JSONLines, header(SI), empty(e))), &object); err != nil {
		t.Fatal(err)
	}
	known := []string{"label", "event_id", "instrument_id", "network", "station", "location", "instrument", "component", "flags", "definitions", "run_id"}
	for _, name := range names {
		if !slices.Contains(known, name) && (cell[name] != "" || object[name] != nil) {
			t.Errorf("%s: %q, %v", name, cell[name], object[name])
		}
	}
}

func TestJSONLinesHaveTheColumnsOfTheTable(t *testing.T) {
	r := row(event("<e>"), "S", "Z")
	names, cell := cells(t, written(t, CSV, header(G), r))
	text := written(t, JSONLines, header(G), r, r)
	if strings.Count(text, "\n") != 2 || !strings.Contains(text, `"<e>"`) {
		t.Errorf("lines: %q", text)
	}
	line, _, _ := strings.Cut(text, "\n")
	dec := json.NewDecoder(strings.NewReader(line))
	dec.UseNumber()
	var got []string
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		name := key.(string)
		got = append(got, name)
		var value any
		if err := dec.Decode(&value); err != nil {
			t.Fatal(err)
		}
		text, isText := value.(string)
		number, isNumber := value.(json.Number)
		if isText && text != cell[name] || isNumber && number.String() != cell[name] || value == nil && cell[name] != "" {
			t.Errorf("%s: %v, %q as CSV", name, value, cell[name])
		}
	}
	if !slices.Equal(got, names) {
		t.Errorf("names %v, as CSV %v", got, names)
	}
}

// What was given to write so far, when row number at is asked for.
func writtenAt(t *testing.T, write writer, rows, at int) (before int) {
	t.Helper()
	var b bytes.Buffer
	r := row(event("e"), "S", "Z")
	err := write(&b, header(SI), func(yield func(*Row, error) bool) {
		for i := range rows {
			if i == at {
				before = b.Len()
			}
			if r.Station = string(rune('A' + i%26)); !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return before
}

func TestFormatsWriteWhileTheyRead(t *testing.T) {
	for name, write := range map[string]writer{"csv": CSV, "jsonl": JSONLines, "geojson": GeoJSON, "quakeml": QuakeML, "parquet": Parquet} {
		rows := 200
		if name == "parquet" {
			rows = 2*rowGroup + 10
		}
		if writtenAt(t, write, rows, rows-1) < 10_000 {
			t.Errorf("%s: nothing was written before the last row", name)
		}
	}
}

func TestAnErrorOfTheRowsEndsEveryFormat(t *testing.T) {
	gone := errors.New("the database is gone")
	for name, write := range map[string]writer{"csv": CSV, "jsonl": JSONLines, "geojson": GeoJSON, "quakeml": QuakeML, "parquet": Parquet} {
		err := write(io.Discard, header(SI), func(yield func(*Row, error) bool) {
			_ = yield(row(event("e"), "S", "Z"), nil) && yield(nil, gone)
		})
		if !errors.Is(err, gone) {
			t.Errorf("%s: %v", name, err)
		}
		if err := write(broken{}, header(SI), rowsOf(row(event("e"), "S", "Z"))); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s to a broken pipe: %v", name, err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestBeginGivesAllRowsAndWhetherThereAreAny(t *testing.T) {
	e := event("e")
	all, some, err := Begin(rowsOf(row(e, "A", "Z"), row(e, "B", "Z")))
	if err != nil || !some {
		t.Fatal(some, err)
	}
	var got []string
	for r, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Station)
	}
	if !slices.Equal(got, []string{"A", "B"}) {
		t.Errorf("rows %v", got)
	}
	ended := false
	all, _, _ = Begin(func(yield func(*Row, error) bool) {
		defer func() { ended = true }()
		_ = yield(row(e, "A", "Z"), nil) && yield(row(e, "B", "Z"), nil) && yield(row(e, "C", "Z"), nil)
	})
	for range all {
		break
	}
	if !ended {
		t.Error("leaving the loop does not end the rows")
	}
	if _, some, err := Begin(rowsOf()); some || err != nil {
		t.Error(some, err)
	}
}
