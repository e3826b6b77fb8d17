package job

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/export"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// table exports as CSV and reads that.
func (l *lab) table(r *Results) (lines [][]string) {
	l.Helper()
	ctx := context.Background()
	h, err := r.Open(ctx, l.pool, RunOptions{}.Words)
	if err != nil {
		l.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	if err := export.CSV(&b, h, r.All(ctx)); err != nil {
		l.Fatal(err)
	}
	if lines, err = csv.NewReader(&b).ReadAll(); err != nil {
		l.Fatal(err)
	}
	return lines
}

// valueOf is the cell of a line of a table, by name.
func valueOf(lines [][]string, line int, name string) string {
	for i, n := range lines[0] {
		if n == name {
			return lines[line][i]
		}
	}
	return "no column " + name
}

// Every number, array and time of a row, each with a value of its own, is found in the table under its name.
func TestEveryColumnOfMeasurementIsExported(t *testing.T) {
	t.Parallel()
	m := db.ResultRow{AtAxes: true}
	want := map[string]string{}
	v := reflect.ValueOf(&m.Measurement).Elem()
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Tag.Get("db"), v.Field(i)
		number := float64(1000 + i)
		switch p := field.Addr().Interface().(type) {
		case **float64:
			*p, want[name] = &number, fmt.Sprint(number)
		case **int:
			n := 1000 + i
			*p, want[name] = &n, fmt.Sprint(n)
		case *db.Floats:
			*p, want[name] = db.Floats{number}, fmt.Sprint(number)
		case **time.Time:
			at := time.Date(1000+i, 1, 1, 0, 0, 0, 0, time.UTC)
			*p, want[name] = &at, fmt.Sprintf("%d-01-01T00:00:00.000000Z", 1000+i)
		case **string:
			text := fmt.Sprint("text", i)
			*p, want[name] = &text, text
		case *string:
			*p, want[name] = "Z", "Z"
		case *int, *int64:
			field.SetInt(int64(1000 + i))
			want[name] = fmt.Sprint(1000 + i)
		case *db.Texts:
			*p, want[name] = db.Texts{"a", "b"}, "a b"
		case **json.RawMessage:
			text := json.RawMessage(`{"x":1}`)
			*p, want[name] = &text, string(text)
		case *db.ItemKey:
		default:
			t.Errorf("%s is %T", name, p)
		}
	}
	delete(want, "label") // of the header
	row := export.Row{Event: &export.Event{}}
	new(Results).fill(&row, &m)
	h := &export.Header{Axes: export.Axes{Periods: []float64{1}, Dampings: []float64{0.05}, Frequencies: []float64{1}, Bands: []export.Band{{From: 1, Until: 2}}}}
	var b bytes.Buffer
	if err := export.CSV(&b, h, func(yield func(*export.Row, error) bool) { yield(&row, nil) }); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		found := ""
		for i, column := range lines[0] {
			if (column == name || strings.HasPrefix(column, name+"_")) && lines[1][i] == value {
				found = column
			}
		}
		if found == "" {
			t.Errorf("%s: %s is not in the table", name, value)
		}
	}
}

func TestALabelKnowsWhatItsArraysAreAt(t *testing.T) {
	t.Parallel()
	l := newLab(t, small)
	l.loadAll()
	text := []byte(`measure: {spectra: [psa, sv], periods: [0.3, 2], damping: [0.02, 0.05], bands: [[1 Hz, 2 Hz], [2 Hz, 4 Hz]], fas: {frequencies: [0.5, 5], bandwidth: 40}}`)
	want := db.Axes{Spectra: db.Texts{"psa", "sv"}, Periods: db.Floats{0.3, 2}, Dampings: db.Floats{0.02, 0.05}, Frequencies: db.Floats{0.5, 5},
		BandFrom: db.Floats{1, 2}, BandUntil: db.Floats{2, 4}}
	axes := func() db.Axes {
		t.Helper()
		label, err := db.FindLabel(context.Background(), l.pool, "default")
		if err != nil {
			t.Fatal(err)
		}
		return label.Axes
	}
	mustRun(t, l.pool, RunOptions{RecipeText: text})
	if got := axes(); !reflect.DeepEqual(got, want) {
		t.Errorf("axes %+v, want %+v", got, want)
	}
	lines := l.table(&Results{Label: "default"})

	// A label from before there were the columns: exported all the same, and filled by the next run.
	if _, err := l.pool.Exec(`UPDATE label SET spectra = NULL, periods = NULL, dampings = NULL, fas_frequencies = NULL, band_from = NULL, band_until = NULL`); err != nil {
		t.Fatal(err)
	}
	if again := l.table(&Results{Label: "default"}); !reflect.DeepEqual(again, lines) {
		t.Error("the table of a label without axes is another")
	}
	if r := mustRun(t, l.pool, RunOptions{DryRun: true}); r.Due != 0 || axes().Periods != nil {
		t.Errorf("a dry run: %d due, axes %+v", r.Due, axes())
	}
	if r := mustRun(t, l.pool, RunOptions{}); r.Due != 0 {
		t.Errorf("%d due", r.Due)
	}
	if got := axes(); !reflect.DeepEqual(got, want) {
		t.Errorf("axes %+v after the next run, want %+v", got, want)
	}
}

func TestExportLeavesOutSpectraOfAnEarlierRecipe(t *testing.T) {
	t.Parallel()
	l := newFinishedLab(t, small)
	r := Results{Label: "default"}
	lines := l.table(&r)
	if len(lines) != 1+60 || r.Unplaced != 0 || valueOf(lines, 1, "psa_1s_m_s2") == "" || valueOf(lines, 1, "station_elevation_m") == "" || valueOf(lines, 1, "magnitude") == "" {
		t.Fatalf("%d lines, %d without axes, %q", len(lines), r.Unplaced, lines[1])
	}
	first, _, _ := strings.Cut(valueOf(lines, 1, "event_time"), "T")
	if want := l.events[0].Origins[0].Time.Format(time.DateOnly); first != want {
		t.Errorf("the first event is of %s, want %s", first, want)
	}
	// One event is computed by another recipe; the others wait.
	mustRun(t, l.pool, RunOptions{RecipeText: []byte(`measure: {periods: [1, 2]}`), Selection: Selection{Selection: db.Selection{Events: []string{l.events[0].PublicID}}}})
	r = Results{Label: "default"}
	lines = l.table(&r)
	whole := 0
	for i := 1; i < len(lines); i++ {
		if valueOf(lines, i, "psa_1s_m_s2") != "" {
			whole++
			if event := valueOf(lines, i, "event_id"); event != l.events[0].PublicID {
				t.Errorf("%s has a spectrum of another recipe", event)
			}
		}
		if valueOf(lines, i, "pga_m_s2") == "" {
			t.Errorf("line %d has no peak", i)
		}
	}
	if whole != 20 || r.Unplaced != 40 {
		t.Errorf("%d rows with spectra, %d without, of %d", whole, r.Unplaced, len(lines)-1)
	}
	// Of each run its own.
	for run, want := range map[int64]int{1: 40, 2: 20} {
		if n := len(l.table(&Results{Label: "default", Run: run})) - 1; n != want {
			t.Errorf("run %d: %d rows, want %d", run, n, want)
		}
	}
}

// Each role does its verb, whole, and not that of another.
func TestRolesLoadRunAndRead(t *testing.T) {
	t.Parallel()
	ctx, l := context.Background(), newLab(t, small)
	admin := l.pool
	loader, runner := dbtest.Member(t, admin, "loader", "seisbatch_loader"), dbtest.Member(t, admin, "runner", "seisbatch_runner")
	reader := dbtest.Member(t, admin, "reader", "seisbatch_reader")
	l.pool = loader
	l.loadAll()
	if _, err := Run(ctx, loader, RunOptions{}); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("the loader runs: %v", err)
	}
	for range 2 { // the second time after a change
		if r := mustRun(t, runner, RunOptions{}); r.Done == 0 || r.Failed != 0 {
			t.Errorf("the runner's run: %+v", r)
		}
		l.bump("ST01.HNZ", l.p(1, 1))
		l.loadWaveforms()
	}
	if r := mustRun(t, runner, RunOptions{Force: true}); r.Done != r.Due || r.Due == 0 {
		t.Errorf("forced: %+v", r)
	}
	if _, err := LoadWaveforms(ctx, runner, []string{l.dir}, LoadOptions{}); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("the runner loads: %v", err)
	}
	l.pool = reader
	if n := len(l.table(&Results{Label: "default"})); n != 1+60 {
		t.Errorf("the reader reads %d lines", n)
	}
	if _, err := Run(ctx, reader, RunOptions{}); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("the reader runs: %v", err)
	}
	if err := ExportWaveforms(ctx, reader, Again{Label: "default"}, "raw", func(Exported) error { return io.EOF }, nil); err != io.EOF {
		t.Errorf("the reader exports waveforms: %v", err)
	}
}
