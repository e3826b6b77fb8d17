package job_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/synth"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// pair is an item of work: an event at a channel, as the database has them.
type pair struct {
	event   db.EventRow
	channel db.Channel
}

// onset is a result, and a row of a table of the tool's own.
type onset struct {
	Event    string    `db:"event"`
	Station  string    `db:"station"`
	Distance float64   `db:"distance"` // m, epicentral
	P        time.Time `db:"p"`        // predicted
	SNR      float64   `db:"snr"`      // after P over before it
}

const (
	makeTable = `CREATE TABLE IF NOT EXISTS onset (event text, station text, distance double precision, p timestamptz,
		snr double precision, PRIMARY KEY (event, station))`
	insert = `INSERT INTO onset (event, station, distance, p, snr) VALUES (:event, :station, :distance, :p, :snr)
		ON CONFLICT (event, station) DO UPDATE SET distance = EXCLUDED.distance, p = EXCLUDED.p, snr = EXCLUDED.snr`
)

// measure works on all events at all vertical channels: rows of the database in, a
// number from the waveform archive for each, rows of the database out.
func measure(ctx context.Context, pool *sqlx.DB, interrupted <-chan struct{}) (mtp.Stats, error) {
	channels, err := db.Channels(ctx, pool)
	if err != nil {
		return mtp.Stats{}, err
	}
	p := &mtp.Pipeline[pair, onset]{
		Input: mtp.Expand(events(pool), "pairs", at(channels)), // each event at each channel
		NewWork: func(int) (mtp.Work[pair, onset], error) {
			return (&worker{pool: pool}).measure, nil // with buffers of its own
		},
		Output:    write(pool), // a batch, in one transaction
		BatchSize: 500,
		BatchWait: time.Second,
		Options:   mtp.Options{Workers: 4, Stop: interrupted},
	}
	return p.Run(ctx)
}

// events reads a page at a time, so that memory does not depend on their number.
func events(pool *sqlx.DB) mtp.Source[db.EventRow] {
	return func(ctx context.Context) iter.Seq2[db.EventRow, error] {
		return func(yield func(db.EventRow, error) bool) {
			var last db.EventRow
			for {
				page, err := db.EventPage(ctx, pool, db.Selection{}, last, 1000)
				if err != nil {
					yield(last, err) // ends the run; what was read is finished
					return
				}
				for _, last = range page {
					if !yield(last, nil) {
						return
					}
				}
				if len(page) == 0 {
					return
				}
			}
		}
	}
}

// at pairs an event with the vertical channels.
func at(channels []db.Channel) func(context.Context, db.EventRow) iter.Seq2[pair, error] {
	return func(_ context.Context, e db.EventRow) iter.Seq2[pair, error] {
		return func(yield func(pair, error) bool) {
			for _, c := range channels {
				if vertical := c.Dip != nil && *c.Dip == -90; vertical && !yield(pair{e, c}, nil) {
					return
				}
			}
		}
	}
}

func write(pool *sqlx.DB) func(context.Context, []onset) error {
	return func(ctx context.Context, rows []onset) error {
		tx, err := pool.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() // nothing, once committed
		if _, err := tx.NamedExecContext(ctx, insert, rows); err != nil {
			return err
		}
		return tx.Commit()
	}
}

// worker cuts windows out of the archive. It belongs to one goroutine.
type worker struct {
	pool   *sqlx.DB
	reader archive.Reader
	cut    archive.Cut
}

// measure compares the 20 s after the predicted P with the 20 s before it. An error
// fails this item only; an item without continuous data is dropped, and counted.
func (w *worker) measure(ctx context.Context, in pair) (onset, error) {
	e, c := in.event, in.channel
	out := onset{Event: db.ShortID(e.ID), Station: c.Network + "." + c.Station}
	out.Distance, _ = traveltime.Distance(e.Latitude, e.Longitude, c.Latitude, c.Longitude)
	depth := 0.0
	if e.Depth != nil {
		depth = *e.Depth
	}
	travel, _ := traveltime.Constant{P: 6500, S: 3700}.Times(out.Distance, depth)
	out.P = e.Time.Add(travel)

	window := waveform.Window{From: out.P.Add(-20 * time.Second), Until: out.P.Add(20 * time.Second)}
	segments, err := db.Segments(ctx, w.pool, window.From, window.Until, []string{out.Station})
	if err != nil {
		return out, err
	}
	var sources []archive.Source
	for i := range segments {
		sources = append(sources, source(&segments[i]))
	}
	id := waveform.SourceID{Network: c.Network, Station: c.Station, Location: c.Location, Channel: c.Channel}
	if err := w.reader.Read(ctx, &w.cut, id, window, sources); err != nil {
		return out, err
	}
	if len(w.cut.Traces) != 1 {
		return out, mtp.ErrSkip // no data, or a gap
	}
	trace := w.cut.Traces[0]
	dsp.Demean(trace.Data)
	first, _ := trace.Range(waveform.Window{From: out.P, Until: window.Until})
	out.SNR = metric.SNR(trace.Data[first:], trace.Data[:first])
	return out, nil
}

// source is where a stored segment lies in its file.
func source(row *db.LocatedSegment) archive.Source {
	s := archive.Segment{
		ID:    waveform.SourceID{Network: row.Network, Station: row.Station, Location: row.Location, Channel: row.Channel},
		Start: row.Start, End: row.End, SampleRate: row.SampleRate, Samples: row.Samples,
	}
	if row.Quality != "" {
		s.Quality = row.Quality[0]
	}
	for x := row.Extents; len(x) >= 4; x = x[4:] { // bytes from and how many, ns from and until
		s.Extents = append(s.Extents, archive.Extent{Offset: x[0], Length: x[1], Start: time.Unix(0, x[2]), End: time.Unix(0, x[3])})
	}
	return archive.Source{Path: row.Path, Segment: s}
}

// A tool of your own on the database that seisbatch keeps: how far do the recordings
// stand out of their noise?
func Example() {
	ctx := context.Background()
	small := synth.Config{Seed: 1, Stations: 3, Events: 2, Duration: 20 * time.Minute, Instruments: []string{"HN"}}
	err := withDatabase(ctx, small, func(pool *sqlx.DB) error {
		if _, err := pool.ExecContext(ctx, makeTable); err != nil {
			return err
		}
		stats, err := measure(ctx, pool, nil)
		if err != nil {
			return err
		}
		fmt.Printf("read %d, written %d, failed %d, skipped %d\n", stats.Read, stats.Written, stats.Failed, stats.Skipped)
		var rows []onset
		err = pool.SelectContext(ctx, &rows, `SELECT * FROM onset ORDER BY event, station`)
		for _, r := range rows {
			fmt.Printf("%s %s %5.1f km, P %s, SNR %.0f\n", r.Event, r.Station, r.Distance/1000, r.P.Format("15:04:05.0"), r.SNR)
		}
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// read 6, written 6, failed 0, skipped 0
	// 001 SY.ST01  34.7 km, P 00:06:57.9, SNR 43
	// 001 SY.ST02  30.6 km, P 00:06:57.3, SNR 135
	// 001 SY.ST03  59.6 km, P 00:07:01.6, SNR 89
	// 002 SY.ST01  66.3 km, P 00:10:57.4, SNR 457
	// 002 SY.ST02  60.0 km, P 00:10:56.4, SNR 257
	// 002 SY.ST03  39.6 km, P 00:10:53.3, SNR 611
}

// withDatabase makes an archive, loads it into a private server, as "seisbatch load"
// does, and removes both after use.
func withDatabase(ctx context.Context, cfg synth.Config, use func(*sqlx.DB) error) (err error) {
	dir, err := os.MkdirTemp("", "seisbatch-example-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // root's server runs as another user
		return err
	}
	server, err := pgserver.Start(ctx, pgserver.Config{Dir: filepath.Join(dir, "pg"), NoSync: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	pool, err := db.Open(ctx, server.DSN(), db.Options{})
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := db.Migrate(ctx, pool, nil); err != nil {
		return err
	}
	made := filepath.Join(dir, "made")
	if _, err := synth.Write(ctx, made, cfg, nil); err != nil {
		return err
	}
	_, errStations := job.LoadStations(ctx, pool, []string{filepath.Join(made, synth.StationFile)}, job.LoadOptions{})
	_, errEvents := job.LoadEvents(ctx, pool, []string{filepath.Join(made, synth.EventFile)}, job.LoadOptions{})
	_, errWaveforms := job.LoadWaveforms(ctx, pool, []string{filepath.Join(made, synth.ArchiveDir)}, job.LoadOptions{})
	if err := errors.Join(errStations, errEvents, errWaveforms); err != nil {
		return err
	}
	return use(pool)
}
