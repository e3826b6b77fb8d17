package eventtext_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/eventtext"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// Every row of the ComCat table of the shared recordings is read as Python's csv
// module reads it. The golden has digests of rows: the table is not ours to copy.
func TestComCatTableAgreesWithPythonOnEveryRow(t *testing.T) {
	var golden struct {
		Source string
		Rows   []string
	}
	agree.Golden(t, "golden.json", &golden)
	f, err := os.Open(agree.Shared(t, "catalog/catalog.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	events, problems, err := eventtext.Read(f, eventtext.Options{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, problems %v", err, problems)
	}
	if len(events) != 2197 || len(golden.Rows) != len(events) {
		t.Fatalf("%d events, Python has %d rows, want 2197", len(events), len(golden.Rows))
	}
	differing := 0
	for i, e := range events {
		text := canonical(e)
		sum := sha256.Sum256([]byte(text))
		if hex.EncodeToString(sum[:8]) != golden.Rows[i] {
			differing++
			t.Logf("row %d differs: %s", i+1, text)
		}
	}
	agree.Reference{Function: "eventtext.Read", Source: golden.Source, Measure: "rows that differ"}.
		Deviation(t, "catalog.csv", float64(differing))
}

// canonical spells an event as the golden's script does.
func canonical(e waveform.Event) string {
	o, m := e.Origins[0], e.Magnitudes[0]
	if o.PublicID != e.PreferredOriginID || m.PublicID != e.PreferredMagnitudeID || m.OriginID != o.PublicID || len(e.Origins) != 1 || len(e.Magnitudes) != 1 {
		return fmt.Sprintf("not one preferred origin and magnitude: %+v", e)
	}
	number := func(v float64) string {
		if math.IsNaN(v) {
			return ""
		}
		return fmt.Sprintf("%016x", math.Float64bits(v))
	}
	instant := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return fmt.Sprint(t.UnixMicro())
	}
	return strings.Join([]string{e.PublicID, e.Type, e.Description, instant(o.Time), number(o.Latitude), number(o.Longitude), number(o.Depth),
		o.EvaluationMode, o.EvaluationStatus, o.Agency, instant(o.Created), m.Type, number(m.Value), m.Agency}, "|")
}
