package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func TestShownPeriodsAreTheNearestOfTheRecipe(t *testing.T) {
	for _, c := range []struct{ periods, want []float64 }{
		{recipe.Default().Measure.Periods, []float64{0.3, 1, 3}},
		{[]float64{0.2, 0.5, 1, 2, 5}, []float64{0.2, 1, 2}},
		{[]float64{3, 1, 0.3}, []float64{0.3, 1, 3}},
		{[]float64{0.1, 0.5}, []float64{0.5}},
		{[]float64{7}, []float64{7}},
		{nil, nil},
	} {
		var got []float64
		for _, i := range shownPeriods(c.periods) {
			got = append(got, c.periods[i])
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%v: %s", c.periods, d)
		}
	}
}

func TestEventTitleIsRoundedNotCut(t *testing.T) {
	m, depth := 4.46, 13861.0
	got := eventTitle(db.EventRow{ID: "a", Time: time.Date(2019, 10, 15, 5, 33, 42, 961e6, time.UTC), Magnitude: &m, Depth: &depth, Latitude: 37.938, Longitude: -122.057})
	if want := "a  2019-10-15T05:33:43.0Z  M 4.46  37.938 -122.057, depth 13.9 km"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for m, want := range map[float64]string{4.5: "4.5", 4: "4.0", -0.25: "-0.25", 3.5687: "3.57", 3.999: "4.0"} {
		if got := magnitudeText(m); got != want {
			t.Errorf("%g is %s, want %s", m, got, want)
		}
	}
}

func TestTableLeavesOutTheFlagThatMostRowsHave(t *testing.T) {
	row := &db.Measurement{Flags: db.Texts{recipe.FlagNoDepth, recipe.FlagUpsampled, recipe.FlagShortPad}}
	x := newMeasurementTable(axes{}, false)
	x.addRow(row)
	if got := x.rows[0][len(x.header)-1]; got != "no_depth,short_pad" || len(row.Flags) != 3 {
		t.Errorf("%q, of %q", got, row.Flags)
	}
}
