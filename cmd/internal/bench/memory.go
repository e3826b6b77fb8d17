package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strconv"

	"github.com/jmoiron/sqlx"
)

// mayGrow is how much more live heap ten times the items may take.
const mayGrow = 16 << 20

// memoryWorkers is the same on every machine, because each worker keeps transform plans
// (up to 32 MiB), which N items must be enough to fill: what grows after that is no cache.
const memoryWorkers = 2

const mib = 1 << 20

// errGrows is matched by the error of a memory test that failed.
var errGrows = errors.New("memory grows with the number of items")

// memory compares the peaks of live heap of runs over N and over 10 N items, under a
// memory limit. The second archive is the first gone on for ten times as long.
func memory(ctx context.Context, srv *server, dir string, s settings) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(s.limit) * mib))
	fmt.Printf("\nmemory: %d workers, a limit of %d MiB, a collection every %v\n", memoryWorkers, s.limit, sampleEvery)
	n := max(memoryStations, s.items/memoryStations*memoryStations)
	small, err := peakOf(ctx, srv, dir, n, "")
	if err != nil {
		return err
	}
	large, err := peakOf(ctx, srv, dir, 10*n, s.heapProfile)
	if err != nil {
		return err
	}
	growth := (float64(large.live) - float64(small.live)) / mib
	if grows(small, large) {
		fmt.Printf("  FAIL: ten times the items take %+.1f MiB of live heap, more than %d MiB\n", growth, mayGrow/mib)
		return errGrows
	}
	fmt.Printf("  PASS: ten times the items take %+.1f MiB of live heap, at most %d MiB are allowed\n", growth, mayGrow/mib)
	return nil
}

func grows(small, large peak) bool { return large.live > small.live+mayGrow }

// peakOf runs an archive of so many items and prints its peak.
func peakOf(ctx context.Context, srv *server, dir string, items int, profile string) (peak, error) {
	var p peak
	err := srv.with(ctx, func(pool *sqlx.DB) error {
		if _, err := load(ctx, pool, filepath.Join(dir, strconv.Itoa(items)), memoryArchive(items)); err != nil {
			return err
		}
		watch := startWatch(profile)
		r, took, err := run(ctx, pool, memoryWorkers)
		var watchErr error
		if p, watchErr = watch.stop(); err != nil || watchErr != nil {
			return errors.Join(err, watchErr)
		}
		fmt.Printf("  %6d items   peak live heap %6.1f MiB   peak resident %s   (%.1f s)\n",
			r.Done, float64(p.live)/mib, p.residentText(), took.Seconds())
		return nil
	})
	return p, err
}
