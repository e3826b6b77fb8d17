package db_test

import (
	"context"
	"math"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

func TestLabelsAreComparedValueByValue(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), dbtest.New(t)
	row := func(label, station string, pga, mean float64, psa ...float64) db.Measurement {
		return db.Measurement{Label: label, ItemKey: db.ItemKey{EventID: "e", Network: "N", Station: station, Instrument: "HN"}, Component: "Z",
			PGA: &pga, Mean: &mean, RMS: ptr(10.0), PSA: psa}
	}
	for label, rows := range map[string][]db.Measurement{
		"a": {row("a", "ONE", 1, 1e-9, 1, 2, math.NaN()), row("a", "TWO", 3, 0, 5)},
		"b": {row("b", "ONE", 1.01, 2e-9, 1, 2.5), row("b", "THREE", 3, 0, 5)},
	} {
		run := startRun(t, pool, label)
		var batch db.Batch
		for i := range rows {
			it := bare("e", run)
			it.Label, it.ItemKey = label, rows[i].ItemKey
			rows[i].RunID = run
			batch.Items = append(batch.Items, it)
		}
		batch.Measurements = rows
		tx(t, pool, func(tx *sqlx.Tx) error { return db.SaveBatch(ctx, tx, run, batch) })
	}
	d, err := db.Compare(ctx, pool, "a", "b", 0.005, 3)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]db.MeasurementDiff{}
	for _, m := range d.Measurements {
		got[m.Name] = m
	}
	if m := got["pga"]; m.Compared != 1 || m.Equal != 0 || m.Beyond != 1 || m.OnlyA != 1 || m.OnlyB != 1 || math.Abs(*m.Worst-0.01/1.01) > 1e-12 {
		t.Errorf("pga: %+v", m)
	}
	if m := got["mean"]; m.Compared != 1 || m.Beyond != 0 || math.Abs(*m.Worst-1e-10) > 1e-15 { // of the rms
		t.Errorf("mean: %+v, worst %v", m, *m.Worst)
	}
	if m := got["psa"]; m.Compared != 2 || m.Equal != 1 || m.Beyond != 1 || m.OnlyA != 1 || m.OnlyB != 1 || *m.Worst != 0.2 { // the NaN is no value
		t.Errorf("psa: %+v", m)
	}
	if len(d.Stations) != 3 || d.Stations[0].Station != "ONE" || d.Stations[0].Beyond != 2 || d.Stations[1].OnlyB != 4 || d.Stations[2].OnlyA != 4 {
		t.Errorf("stations: %+v", d.Stations)
	}
	if len(d.Outliers) != 3 || d.Outliers[0].Name != "psa" || d.Outliers[0].Index != 2 || *d.Outliers[0].Difference != 0.2 || d.Outliers[2].Difference != nil {
		t.Errorf("outliers: %+v", d.Outliers)
	}
	if d, err := db.Compare(ctx, pool, "a", "a", 0, 10); err != nil || len(d.Outliers) != 0 {
		t.Errorf("with itself: %+v, %v", d.Outliers, err)
	}
}
