package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// The scale test: a network of some years, of which one event's items are due.
const (
	scaleStations = 100
	planGoal      = 5 * time.Second
	nightGoal     = 30 * time.Second
)

var errSlow = errors.New("a plan or a night over much that is done takes too long")

// scale times plans and a night over items and files of which next to nothing is due, and compares their
// memory with that over a tenth. The items of one event are real, with waveforms and fingerprints; those of
// all others are copies of their rows.
func scale(ctx context.Context, srv *server, dir string, s settings) error {
	fmt.Printf("\nscale: %d work items, %d files; memory beside that of a tenth of both\n", s.scaleItems, s.scaleFiles)
	tenth := s
	tenth.scaleItems, tenth.scaleFiles = s.scaleItems/10, s.scaleFiles/10
	small, _, err := scaleOf(ctx, srv, filepath.Join(dir, "tenth"), tenth, false)
	if err != nil {
		return err
	}
	large, slow, err := scaleOf(ctx, srv, filepath.Join(dir, "whole"), s, true)
	if err != nil {
		return err
	}
	if slow {
		fmt.Printf("  FAIL: a plan may take %v, such a night %v\n", planGoal, nightGoal)
		err = errSlow
	} else {
		fmt.Printf("  PASS: a plan may take %v, such a night %v\n", planGoal, nightGoal)
	}
	growth := (float64(large.live) - float64(small.live)) / mib
	if grows(small, large) {
		fmt.Printf("  FAIL: ten times the items and files take %+.1f MiB of live heap, more than %d MiB\n", growth, mayGrow/mib)
		return errors.Join(err, errGrows)
	}
	fmt.Printf("  PASS: ten times the items and files take %+.1f MiB of live heap, at most %d MiB are allowed\n", growth, mayGrow/mib)
	return err
}

// scaleOf makes a world, times what is to be timed, and gives the peak of a plan and a night.
func scaleOf(ctx context.Context, srv *server, dir string, s settings, timed bool) (p peak, slow bool, err error) {
	err = srv.with(ctx, func(pool *sqlx.DB) error {
		w, err := newScale(ctx, pool, dir, s)
		if err != nil {
			return err
		}
		if timed {
			if slow, err = w.timed(ctx); err != nil {
				return err
			}
		}
		watch := startWatch("")
		_, planErr := w.plan(ctx, dueFor()[0])
		_, nightErr := w.night(ctx)
		p, err = watch.stop()
		return errors.Join(planErr, nightErr, err)
	})
	return p, slow, err
}

// timed times a plan for each reason, and a night with nothing to do.
func (w *scaleWorld) timed(ctx context.Context) (slow bool, err error) {
	for _, c := range dueFor() {
		took, err := w.plan(ctx, c)
		if err != nil {
			return slow, fmt.Errorf("plan, %s: %w", c.reason, err)
		}
		slow = slow || took > planGoal
		fmt.Printf("  plan, %d items due for %-14s %6.2f s\n", scaleStations, c.reason, took.Seconds())
	}
	took, err := w.night(ctx)
	if err != nil {
		return slow, err
	}
	fmt.Printf("  night with nothing to do             %6.2f s\n", took.Seconds())
	return slow || took > nightGoal, nil
}

type scaleWorld struct {
	pool  *sqlx.DB
	dir   string
	event string // the real one
	items int64
}

// newScale makes the archive and the rows.
func newScale(ctx context.Context, pool *sqlx.DB, dir string, s settings) (*scaleWorld, error) {
	c := synth.Config{Seed: seed, Stations: scaleStations, Events: 1, Instruments: []string{"HN"}, Duration: time.Hour, SampleRate: 20, Radius: 50e3, Arrivals: true}
	plan, err := synth.Plan(c)
	if err != nil {
		return nil, err
	}
	if _, err := synth.Write(ctx, dir, c, nil); err != nil {
		return nil, err
	}
	if err := smallFiles(filepath.Join(dir, synth.ArchiveDir), plan, s.scaleFiles-3*scaleStations); err != nil {
		return nil, err
	}
	w := &scaleWorld{pool: pool, dir: dir, event: plan.Events[0].PublicID, items: int64(s.scaleItems)}
	if _, err := load(ctx, pool, dir, c); err != nil {
		return nil, err
	}
	if r, err := job.Run(ctx, pool, job.RunOptions{RecipeText: []byte(everywhere)}); err != nil || r.Done != scaleStations {
		return nil, fmt.Errorf("the real event: %+v, %w", r, err)
	}
	for _, statement := range copies {
		if _, err := pool.ExecContext(ctx, statement, w.event, s.scaleItems/scaleStations-1); err != nil {
			return nil, fmt.Errorf("copies of the real event: %w", err)
		}
	}
	_, err = pool.ExecContext(ctx, `VACUUM ANALYZE`)
	return w, err
}

const everywhere = "eligible: {max_distance: [{km: 500}]}\n"

// copies makes the other events and their items, in the years before.
var copies = []string{
	`INSERT INTO event (id, type, description, preferred_origin_id, preferred_magnitude_id, content_hash, revision)
		SELECT id || '/' || n, type, description, preferred_origin_id, preferred_magnitude_id, content_hash, 0 FROM event, generate_series(1, $2) n WHERE id = $1`,
	`INSERT INTO event_alias (alias, short, event_id) SELECT id, n::text, id FROM (SELECT $1 || '/' || n AS id, n FROM generate_series(1, $2) n) e`,
	`INSERT INTO origin (event_id, id, time, latitude, longitude, depth, preferred)
		SELECT event_id || '/' || n, id, time - n * interval '20 minutes', latitude, longitude, depth, preferred FROM origin, generate_series(1, $2) n WHERE event_id = $1 AND preferred`,
	`INSERT INTO magnitude (event_id, id, value, preferred)
		SELECT event_id || '/' || n, id, value, preferred FROM magnitude, generate_series(1, $2) n WHERE event_id = $1 AND preferred`,
	`INSERT INTO work_item SELECT (jsonb_populate_record(w, jsonb_build_object('event_id', w.event_id || '/' || n,
			'read_from', w.read_from - n * interval '20 minutes', 'read_until', w.read_until - n * interval '20 minutes'))).*
		FROM work_item w, generate_series(1, $2) n WHERE w.event_id = $1`,
}

// smallFiles writes files of one record each, of the stations' channels, day by day before
// the archive begins.
func smallFiles(dir string, plan *synth.Archive, n int) error {
	samples := make([]float64, 100)
	for i := range n {
		s := plan.Stations[i%len(plan.Stations)]
		id := s.Channels[i/len(plan.Stations)%3].ID
		day := plan.Config.Start.AddDate(0, 0, -1-i/(3*len(plan.Stations)))
		name := filepath.Join(dir, day.Format("2006"), id.Network, id.Station, id.Channel+".D",
			fmt.Sprintf("%s.%s.%s.%s.D.%s", id.Network, id.Station, id.Location, id.Channel, day.Format("2006.002")))
		var b bytes.Buffer
		w, err := mseed.NewWriter(&b, mseed.WriteOptions{Encoding: mseed.Steim2})
		if err != nil {
			return err
		}
		if err := w.Write(waveform.Trace{ID: id, Start: day, SampleRate: 20, Data: samples}); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// dueCase makes the items of the real event, $1, due for a reason.
type dueCase struct {
	reason    job.Reason
	statement string
	options   job.RunOptions
}

func dueFor() []dueCase {
	change := func(kind, columns, values, hash string) string {
		return `WITH touched AS (INSERT INTO change (revision, kind, ` + columns + `) SELECT r.value, '` + kind + `', ` + values + `),
			later AS (UPDATE label SET marked_revision = (SELECT value - 1 FROM revision))
			UPDATE work_item SET ` + hash + ` = '\x00', revision = (SELECT value - 1 FROM revision) WHERE event_id = $1`
	}
	const channels = `c.network, c.station, c.location, c.channel, o.time - interval '10 s', o.time + interval '10 s' FROM revision r, channel c, origin o WHERE o.event_id = $1 AND o.preferred`
	const codes = `network, station, location, channel, from_time, until_time`
	return []dueCase{
		{job.NeverDone, `DELETE FROM work_item WHERE event_id = $1`, job.RunOptions{}},
		{job.AlgorithmChanged, `UPDATE work_item SET algorithm = 0 WHERE event_id = $1`, job.RunOptions{}},
		{job.RecipeChanged, `UPDATE work_item SET recipe_hash = '\x00' WHERE event_id = $1`, job.RunOptions{}},
		{job.FailedBefore, `UPDATE work_item SET status = 'failed', code = 'file_missing' WHERE event_id = $1`, job.RunOptions{}},
		{job.MetadataChanged, change("channel", codes, channels, "metadata_hash"), job.RunOptions{}},
		{job.OriginChanged, change("event", "event_id", "$1 FROM revision r", "origin_hash = NULL, event_hash"), job.RunOptions{}},
		{job.PicksChanged, change("event", "event_id", "$1 FROM revision r", "event_hash"), job.RunOptions{}},
		{job.ReviewChanged, change("event", "event_id", "$1 FROM revision r", "review_hash"), job.RunOptions{}},
		{job.DataChanged, change("waveform", codes, channels, "data_hash"), job.RunOptions{}},
		{job.Forced, `SELECT $1::text`, job.RunOptions{Force: true}},
	}
}

// plan times a plan of one case, and puts the rows back.
func (w *scaleWorld) plan(ctx context.Context, c dueCase) (time.Duration, error) {
	if _, err := w.pool.ExecContext(ctx, `CREATE TABLE kept AS SELECT * FROM work_item WHERE event_id = $1`, w.event); err != nil {
		return 0, err
	}
	if _, err := w.pool.ExecContext(ctx, c.statement, w.event); err != nil {
		return 0, err
	}
	o := c.options
	o.DryRun = true
	if o.Force {
		o.Selection.Events = []string{w.event}
	}
	began := time.Now()
	r, err := job.Run(ctx, w.pool, o)
	took := time.Since(began)
	if err == nil && (r.Due != scaleStations || r.Reasons[c.reason] != scaleStations || r.Verified != 0) {
		err = fmt.Errorf("%d items due: %v, %d verified", r.Due, r.Reasons, r.Verified)
	}
	return took, errors.Join(err, w.restore(ctx))
}

func (w *scaleWorld) restore(ctx context.Context) error {
	for _, statement := range []string{`DELETE FROM work_item WHERE event_id IN (SELECT event_id FROM kept)`, `INSERT INTO work_item SELECT * FROM kept`, `DROP TABLE kept`} {
		if _, err := w.pool.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// night times a night that finds nothing to do.
func (w *scaleWorld) night(ctx context.Context) (time.Duration, error) {
	at := func(name string) []string { return []string{filepath.Join(w.dir, name)} }
	began := time.Now()
	r, err := job.Nightly(ctx, w.pool, job.NightlyOptions{Archive: at(synth.ArchiveDir), Stations: at(synth.StationFile), Events: at(synth.EventFile),
		Window: 30 * 24 * time.Hour, MinAge: time.Hour})
	took := time.Since(began)
	if err == nil && (r.Due != 0 || r.Considered != w.items || len(r.Loads) != 3 || r.Loads[2].Loaded != 0) {
		err = fmt.Errorf("a night with nothing to do: %+v", r)
	}
	return took, err
}
