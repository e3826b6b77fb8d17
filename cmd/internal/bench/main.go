// Command bench measures seisbatch on synthetic archives, with a private
// PostgreSQL server or the one that SEISBATCH_DB names: how fast a run is, beside an
// ObsPy script that does the same work where Python has ObsPy, and whether its memory
// depends on the number of items.
//
// It exits 1 where memory grows, where the numbers of the two differ, and
// where anything else fails; a ratio below the goal is only said.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

// settings of a bench. Both archives have one seed; only their sizes can be chosen.
type settings struct {
	stations, events int // of the archive that is timed
	pairs            int // runs of each program; the median counts
	items            int // N of the memory test, in items
	limit            int // memory limit of that test, MiB
	scaleItems       int // of the test of plans and nights over much that is done
	scaleFiles       int
	only             string // one of the tests
	program          string
	reference        string
	cpuProfile       string
	heapProfile      string
}

func main() {
	var s settings
	flag.IntVar(&s.stations, "stations", 8, "stations of the archive that is timed")
	flag.IntVar(&s.events, "events", 20, "events of the archive that is timed")
	flag.IntVar(&s.pairs, "repeat", 3, "runs of each program, fewer where they take minutes; the median counts")
	flag.IntVar(&s.items, "items", 150, "items N of the memory test, a multiple of 5; it is made with N and 10 N")
	flag.IntVar(&s.limit, "memory", 128, "memory limit of the memory test, in MiB")
	flag.IntVar(&s.scaleItems, "scale-items", 1_000_000, "work items of the test of plans and nights over much that is done")
	flag.IntVar(&s.scaleFiles, "scale-files", 100_000, "files of that test")
	flag.StringVar(&s.only, "only", "", "make one test only: memory, scale or speed")
	flag.StringVar(&s.program, "seisbatch", "", "the program built, to name its version")
	flag.StringVar(&s.reference, "reference", filepath.Join("testdata", "reference", "bench_obspy.py"), "the ObsPy script")
	flag.StringVar(&s.cpuProfile, "cpuprofile", "", "write a CPU profile of one more run here")
	flag.StringVar(&s.heapProfile, "heapprofile", "", "write a heap profile taken near the peak of the 10 N run here")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// bench does everything in a temporary folder, which it removes.
func bench(ctx context.Context, s settings) (err error) {
	dir, err := os.MkdirTemp("", "seisbatch-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // root's server runs as another user
		return err
	}
	srv, err := openServer(ctx, filepath.Join(dir, "server"), os.Getenv("SEISBATCH_DB"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, srv.close()) }()
	if err := heading(ctx, srv, s.program); err != nil {
		return err
	}
	var failed error
	for _, test := range []struct {
		name string
		run  func(context.Context, *server, string, settings) error
	}{{"memory", memory}, {"scale", scale}, {"speed", throughput}} {
		if s.only != "" && s.only != test.name {
			continue
		}
		err := test.run(ctx, srv, filepath.Join(dir, test.name), s)
		if err != nil && !errors.Is(err, errGrows) && !errors.Is(err, errSlow) {
			return err
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// heading says on what all of it was measured.
func heading(ctx context.Context, srv *server, program string) error {
	version, err := srv.version(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d CPUs, GOMAXPROCS %d, %s/%s, %s, PostgreSQL %s\n",
		runtime.NumCPU(), runtime.GOMAXPROCS(0), runtime.GOOS, runtime.GOARCH, runtime.Version(), version)
	if program == "" {
		return nil
	}
	text, err := output(ctx, program, "version")
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", text)
	return nil
}
