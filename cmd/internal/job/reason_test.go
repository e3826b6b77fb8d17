package job

import (
	"maps"
	"os"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestEveryDueItemHasItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*lab)
		o      RunOptions
		want   map[Reason]int64
	}{
		"nothing":     {func(*lab) {}, RunOptions{}, nil},
		"a new label": {func(*lab) {}, RunOptions{Label: "new"}, map[Reason]int64{NeverDone: 12}},
		"a recipe":    {func(*lab) {}, RunOptions{RecipeText: []byte("measure: {damping: 0.2}\n")}, map[Reason]int64{RecipeChanged: 12}},
		"force":       {func(*lab) {}, RunOptions{Force: true}, map[Reason]int64{Forced: 12}},
		"an algorithm": {func(l *lab) { l.pool.MustExec(`UPDATE work_item SET algorithm = 1 WHERE station = 'ST02'`) }, RunOptions{},
			map[Reason]int64{AlgorithmChanged: 3}},
		"a response": {func(l *lab) { cloneResponse(l.channel("ST03.HNE")).Stages[0].Gain *= 2; l.loadStations() }, RunOptions{},
			map[Reason]int64{MetadataChanged: 3}},
		"a position": {func(l *lab) { l.channel("ST03.HNE").Latitude += 0.01; l.loadStations() }, RunOptions{},
			map[Reason]int64{MetadataChanged: 3}},
		"an origin": {func(l *lab) { l.events[1].Origins[0].Depth += 100; l.loadEvents() }, RunOptions{},
			map[Reason]int64{OriginChanged: 4}},
		"a magnitude": {func(l *lab) { l.events[1].Magnitudes[1].Value += 0.1; l.loadEvents() }, RunOptions{},
			map[Reason]int64{OriginChanged: 4}},
		"a pick": {func(l *lab) { l.pick(2, 1, 300*time.Millisecond); l.loadEvents() }, RunOptions{},
			map[Reason]int64{PicksChanged: 2}},
		"a pick and an origin": {func(l *lab) { l.pick(2, 1, 300*time.Millisecond); l.events[1].Origins[0].Depth += 100; l.loadEvents() }, RunOptions{},
			map[Reason]int64{OriginChanged: 4}},
		"a pick, of items that do not know their origin's hash": {func(l *lab) {
			l.pool.MustExec(`UPDATE work_item SET origin_hash = NULL`)
			l.pick(2, 1, 300*time.Millisecond)
			l.loadEvents()
		}, RunOptions{}, map[Reason]int64{OriginChanged: 2}},
		"nothing, of such items": {func(l *lab) { l.pool.MustExec(`UPDATE work_item SET origin_hash = NULL`) }, RunOptions{}, nil},
		"a pick, of such items that were verified since": {func(l *lab) {
			l.pool.MustExec(`UPDATE work_item SET origin_hash = NULL`)
			l.events[1].Description = "another name"
			l.loadEvents()
			mustRun(l.T, l.pool, RunOptions{})
			l.pick(2, 1, 300*time.Millisecond)
			l.loadEvents()
		}, RunOptions{}, map[Reason]int64{PicksChanged: 2}},
		"a sample": {func(l *lab) { l.bump("ST02.HN1", l.p(1, 2).Add(time.Second)); l.loadWaveforms() }, RunOptions{},
			map[Reason]int64{DataChanged: 1}},
		"a file that is gone": {func(l *lab) {
			if err := os.Rename(l.file("ST02.HN1"), l.dir+"/away"); err != nil {
				l.Fatal(err)
			}
			mustRun(l.T, l.pool, RunOptions{Force: true})
		}, RunOptions{}, map[Reason]int64{FailedBefore: 3}},
		"a review": {func(l *lab) { l.review(1, "ST02..HN1", rejects) }, RunOptions{}, map[Reason]int64{ReviewChanged: 1}},
		"two reasons": {func(l *lab) {
			l.bump("ST02.HN1", l.p(2, 2).Add(time.Second))
			l.loadWaveforms()
			l.events[1].Origins[0].Depth += 100
			l.loadEvents()
		}, RunOptions{}, map[Reason]int64{OriginChanged: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newFinishedLab(t, small)
			c.change(l)
			o := c.o
			o.DryRun = true
			plan := mustRun(t, l.pool, o)
			r := mustRun(t, l.pool, c.o)
			if !maps.Equal(plan.Reasons, c.want) || !maps.Equal(r.Reasons, c.want) || plan.Due != r.Due || plan.Verified != r.Verified {
				t.Errorf("want %v\nplan %+v\nrun  %+v", c.want, plan, r)
			}
			var at int64
			for _, n := range plan.Plan.Stations {
				at += n
			}
			if at != r.Due || (plan.Plan.Bytes > 0) != (r.Due > 0) || plan.RunID != 0 || r.Plan != nil {
				t.Errorf("%+v of %+v", plan.Plan, r)
			}
		})
	}
}

// pick adds an arrival of P to an event (1, 2 ...) at a station, later than the model's.
func (l *lab) pick(event, station int, later time.Duration) {
	e := &l.events[event-1]
	p := waveform.Pick{PublicID: e.PublicID + "/pick", ID: waveform.SourceID{Network: "SY", Station: l.stations[station-1].Code, Channel: "HNZ"},
		Time: l.p(event, station).Add(later), PhaseHint: "P"}
	e.Picks = append(e.Picks, p)
	e.Origins[0].Arrivals = append(e.Origins[0].Arrivals, waveform.Arrival{PublicID: e.PublicID + "/arrival", PickID: p.PublicID, Phase: "P"})
}
