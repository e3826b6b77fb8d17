package job

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

func TestWatchIsToldWhatBecameOfEveryItem(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	var told []Outcome
	var began []Beginning
	watch := &Watch{Item: func(o *Outcome) { told = append(told, *o) }, Began: func(b Beginning) { began = append(began, b) }}
	mustRun(t, l.pool, RunOptions{DryRun: true, Watch: watch})
	if len(told)+len(began) > 0 {
		t.Fatalf("a dry run told of %v, %v", told, began)
	}
	r := mustRun(t, l.pool, RunOptions{Kind: "test", Watch: watch})
	if want := (Beginning{RunID: r.RunID, Kind: "test", Label: "default", Items: r.Due}); len(began) != 1 || began[0] != want {
		t.Errorf("began %+v, want %+v", began, want)
	}
	if int64(len(told)) != r.Done || r.Done != 12 {
		t.Fatalf("%d items were told of: %+v", len(told), r)
	}
	for _, o := range told {
		if o.Status != db.ItemDone || o.Code != "" || o.Reason != NeverDone || o.Rows != 5 || o.Bytes == 0 || o.Took <= 0 || o.Instrument == "" {
			t.Errorf("%+v", o)
		}
	}

	// Event 2 is moved to where there are no data, a response of ST03 is no longer of use, and of ST02 something
	// changes that no computation reads.
	told = nil
	l.events[1].Origins[0].Time = l.events[1].Origins[0].Time.Add(-24 * time.Hour)
	l.loadEvents()
	c := l.channel("ST03.HNZ")
	cloneResponse(c).Sensitivity.InputUnits, c.Response.Stages[0].InputUnits = "PA", "PA"
	l.channel("ST02.HN1").Elevation += 3
	l.loadStations()
	r = mustRun(t, l.pool, RunOptions{Watch: watch})
	counts, codes, reasons := map[string]int64{}, map[string]int64{}, map[Reason]int64{}
	for _, o := range told {
		counts[o.Status]++
		codes[o.Code]++
		reasons[o.Reason]++
		if (o.Status == db.ItemFailed || o.Status == db.ItemSkipped) != (o.Code != "") || (o.Status == Verified) != (o.Reason == "") {
			t.Errorf("%+v", o)
		}
	}
	delete(codes, "")
	delete(reasons, "")
	want := map[string]int64{db.ItemFailed: 2, db.ItemSkipped: 4, Verified: 2}
	if !maps.Equal(counts, want) || !maps.Equal(codes, r.Codes) || !maps.Equal(reasons, r.Reasons) || r.Failed != 2 || r.Skipped != 4 || r.Verified != 2 {
		t.Errorf("told of %v, %v, %v; the result is %+v", counts, codes, reasons, r)
	}
	if o := (&result{item: &item{obsolete: true}}).outcome(); o.Status != Removed || o.Instrument != "" {
		t.Errorf("%+v", o)
	}
}

func TestEveryItemIsALineAtDebug(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	var log bytes.Buffer
	for level, lines := range map[slog.Level]int{slog.LevelInfo: 0, slog.LevelDebug: 1} {
		log.Reset()
		mustRun(t, l.pool, RunOptions{Force: true, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: level}))})
		if got := bytes.Count(log.Bytes(), []byte(`"msg":"item"`)); got != lines {
			t.Errorf("at %v, %d lines: %s", level, got, &log)
		}
		if lines == 0 {
			continue
		}
		var line map[string]any
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		keys := slices.Sorted(maps.Keys(line))
		if want := []string{"bytes", "event", "instrument", "level", "msg", "reason", "rows", "seconds", "status", "time"}; !slices.Equal(keys, want) ||
			line["instrument"] != "SY.ST01..HN" || line["status"] != "done" || line["rows"] != 5.0 || line["seconds"] == 0.0 || line["bytes"] == 0.0 {
			t.Errorf("%v", line)
		}
	}
}

func TestNobodyWatchingCostsNothing(t *testing.T) {
	for name, w := range map[string]*Watch{"nil": nil, "no functions": {}} {
		if n := testing.AllocsPerRun(100, func() {
			w.clock(opLock)()
			w.item(nil)
			w.file(FileOutcome{})
			w.began(Beginning{})
			w.pipeline(func() mtp.Snapshot { panic("asked for") })()
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// A SAC file is read whole, of miniSEED the records that can matter.
func TestBytesOfAnItemAreThoseOfThePlan(t *testing.T) {
	l := newLab(t, small)
	if err := os.WriteFile(l.file("ST01.HNZ"), l.asSAC("ST01.HNZ", sac.DependentUnknown), 0o600); err != nil {
		t.Fatal(err)
	}
	l.loadAll()
	planned := mustRun(t, l.pool, RunOptions{DryRun: true}).Plan.Bytes
	var read int64
	mustRun(t, l.pool, RunOptions{Watch: &Watch{Item: func(o *Outcome) { read += o.Bytes }}})
	if read != planned || read == 0 {
		t.Errorf("%d bytes were read, %d were planned", read, planned)
	}
}
