package kill_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

// batchSize is small, so that a run has many batches.
const batchSize = 5

// program does what an order says and returns its exit status, as the real program
// would: 1 for any error, since all of them are the database's.
func program(text string) int {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if o.Watch != "" {
		return watch(o.Watch)
	}
	w := &wire{trap: o.Trap, passed: map[string]int{}}
	err := obey(context.Background(), o, w)
	w.end(err)
	if err != nil {
		return 1
	}
	return 0
}

// obey opens the database as the real program does: on its private server, if it has
// one, of which it takes a share.
func obey(ctx context.Context, o order, w *wire) (err error) {
	dsn, again := o.DSN, job.Reconnect{For: o.Retry}
	if o.Server != "" {
		w.server = serverConfig(o.Server)
		s, err := pgserver.Start(ctx, w.server)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		if dsn == "" {
			dsn = s.DSN()
		}
		switch o.Restart {
		case byProgram:
			again.Revive = s.Revive
		case byOther:
			w.restart = func() {
				if err := s.Revive(ctx); err != nil {
					w.give("no server again", err)
				}
			}
		}
	}
	pool, err := db.Open(ctx, dsn, db.Options{MaxConns: 8})
	if err != nil {
		return err
	}
	defer pool.Close()
	w.pool = pool
	if err := db.Migrate(ctx, pool, nil); err != nil {
		return err
	}
	if err := load(ctx, o, again, w); err != nil {
		return err
	}
	if !o.Run {
		w.disarm()
		return nil
	}
	_, err = job.Run(ctx, pool, job.RunOptions{
		RecipeName: "test", RecipeText: []byte(o.Recipe), BatchSize: batchSize,
		Wait:     true, // a moment: the server may not have noticed yet that the program before is dead
		Log:      slog.New(lockWatch{slog.DiscardHandler, w}),
		Progress: w.progress, Hook: w.pass, Reconnect: again,
	})
	w.disarm()
	return err
}

// load loads what the order names. The points it passes before each kind are its own.
func load(ctx context.Context, o order, again job.Reconnect, w *wire) error {
	for _, step := range []struct {
		point, path string
		load        func(context.Context, *sqlx.DB, []string, job.LoadOptions) (job.LoadSummary, error)
	}{
		{"load:stations", o.Stations, job.LoadStations},
		{"load:events", o.Events, job.LoadEvents},
		{"load:waveforms", o.Waveforms, job.LoadWaveforms},
	} {
		if step.path == "" {
			continue
		}
		w.pass(step.point)
		sum, err := step.load(ctx, w.pool, []string{step.path}, job.LoadOptions{Progress: w.progress, Hook: w.pass, Reconnect: again})
		if err != nil {
			return err
		}
		if sum.Failed > 0 {
			return fmt.Errorf("loading %s: %+v", step.path, sum)
		}
		w.progress(job.Progress{})
	}
	return nil
}

// lockWatch notes that a run had to wait for the lock, of which it says so at level info.
type lockWatch struct {
	slog.Handler
	wire *wire
}

func (lockWatch) Enabled(_ context.Context, level slog.Level) bool { return level == slog.LevelInfo }

func (l lockWatch) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "waiting" {
		l.wire.waited()
	}
	return nil
}

// serverConfig is that of a private server below base. It is durable: what is
// committed must outlive a kill.
func serverConfig(base string) pgserver.Config {
	return pgserver.Config{Dir: filepath.Join(base, "pg"), RuntimeDir: base}
}
