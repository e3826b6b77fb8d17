package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// goal is how many times as fast as the ObsPy script a run should be.
const goal = 4

// throughput times runs over one archive, in turns with the ObsPy script, so that
// what else the machine does meets both.
func throughput(ctx context.Context, srv *server, dir string, s settings) error {
	return srv.with(ctx, func(pool *sqlx.DB) error {
		c := speedArchive(s.stations, s.events)
		made, err := load(ctx, pool, dir, c)
		if err != nil {
			return err
		}
		fmt.Printf("\nspeed: %d stations, %d channels, %d events, %v at %v Hz, %.1f MB in %d files\n", made.Stations, made.Channels,
			made.Events, c.Duration, 100, float64(made.Bytes)/1e6, made.Files)
		reference, err := findObsPy(ctx, s.reference, dir)
		if err != nil {
			fmt.Printf("  no ObsPy, no ratio (%v): PYTHON can name a Python that has it\n", err)
		}
		if _, _, err := run(ctx, pool, 0); err != nil { // not timed
			return err
		}
		w, err := workDone(ctx, pool)
		if err != nil {
			return err
		}
		t, err := inTurns(ctx, pool, reference, s.pairs)
		if err != nil {
			return err
		}
		t.print(w)
		return profiled(s.cpuProfile, func() error { _, _, err := run(ctx, pool, 0); return err })
	})
}

// patience ends the taking of turns on a machine that is slow or busy: none begins
// when so much time has been spent on them.
const patience = 2 * time.Minute

// times are those of the runs, in seconds; of ObsPy's there may be none.
type times struct{ ours, theirs []float64 }

// inTurns times the runs. What the script comes to is compared the first time.
func inTurns(ctx context.Context, pool *sqlx.DB, reference *script, pairs int) (times, error) {
	var t times
	began := time.Now()
	for i := range max(1, pairs) {
		if i > 0 && time.Since(began) > patience {
			fmt.Printf("  no more runs: these took more than %v\n", patience)
			break
		}
		_, took, err := run(ctx, pool, 0)
		if err != nil {
			return t, err
		}
		t.ours = append(t.ours, took.Seconds())
		if reference == nil {
			fmt.Printf("  run %d: %.2f s\n", i+1, took.Seconds())
			continue
		}
		seconds, err := reference.turn(ctx, pool, i == 0)
		if err != nil {
			return t, err
		}
		t.theirs = append(t.theirs, seconds)
		fmt.Printf("  run %d: %.2f s, ObsPy %.2f s\n", i+1, took.Seconds(), seconds)
	}
	return t, nil
}

// turn has the script do everything once. Rows are written after its time is taken.
func (s *script) turn(ctx context.Context, pool *sqlx.DB, first bool) (seconds float64, err error) {
	if !first {
		c, err := s.run(ctx, runtime.GOMAXPROCS(0), "")
		return c.Seconds, err
	}
	name := filepath.Join(s.dir, "rows.jsonl")
	c, err := s.run(ctx, runtime.GOMAXPROCS(0), name)
	if err != nil {
		return 0, err
	}
	fmt.Printf("  Python %s, ObsPy %s, SciPy %s, NumPy %s\n", c.MadeWith["python"], c.MadeWith["obspy"], c.MadeWith["scipy"], c.MadeWith["numpy"])
	rows, err := readRows(name)
	if err != nil {
		return 0, err
	}
	return c.Seconds, compare(ctx, pool, rows)
}

// print gives the medians. Planning, reading, computing and writing to the database
// are in ours; ObsPy's is without the start of Python, and writes nothing.
func (t times) print(w work) {
	line := func(who, crew string, seconds []float64) {
		m := median(seconds)
		fmt.Printf("  %-9s %6.2f s for %d items   %7.1f event windows/s   %6.2f MB/s of miniSEED   (%s)\n",
			who, m, w.items, float64(w.windows)/m, float64(w.bytes)/1e6/m, crew)
	}
	n := runtime.GOMAXPROCS(0)
	line("seisbatch", fmt.Sprintf("median of %d, %d workers", len(t.ours), n), t.ours)
	if len(t.theirs) == 0 {
		return
	}
	line("ObsPy", fmt.Sprintf("median of %d, %d processes", len(t.theirs), n), t.theirs)
	ratio, verdict := median(t.theirs)/median(t.ours), "reached"
	if ratio < goal {
		verdict = "NOT reached"
	}
	fmt.Printf("  ratio     %6.1f: the goal of %d is %s\n", ratio, goal, verdict)
}

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

// profiled calls f under the CPU profiler, unless name is "".
func profiled(name string, f func() error) error {
	if name == "" {
		return nil
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}
