// Bench compares mtp.Map with what else a Go program could use: a pool of channels
// written by hand, errgroup, conc and pond. It prints Markdown tables:
//
//	go run .                       # four to five minutes
//	go run . -quick                # a look, 20 seconds
//	go run . -only '^ordered/1us'  # cells by name, see cell.name
//	go run . -flat                 # the memory of 1e8 items
//
// All contenders read the same sequence, do the same work with the same number of
// workers, hold the same number of items (as near as they can: see contender) and
// give every result to one function. A contender is compared with the hand-written
// pool within a round, as a machine is not equally fast at all times; the medians of
// many rounds are printed.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"time"
)

// config is what the flags say.
type config struct {
	method
	workers  int
	sleepers int
	only     *regexp.Regexp
	flat     bool
}

func main() {
	c, err := parse(os.Args[1:], os.Stderr)
	if err != nil {
		os.Exit(2) // parse has said why
	}
	if err := c.run(os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// parse reads the flags and tells out what is wrong with them.
func parse(args []string, out io.Writer) (config, error) {
	c := config{only: regexp.MustCompile("")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&c.workers, "workers", runtime.GOMAXPROCS(0), "workers of the cells that compute")
	flags.IntVar(&c.sleepers, "sleepers", 16, "workers of the cells that sleep")
	flags.IntVar(&c.rounds, "rounds", 25, "runs of each contender in a cell")
	flags.DurationVar(&c.length, "run", 50*time.Millisecond, "length of one run, about")
	flags.BoolVar(&c.flat, "flat", false, "show the memory of 1e8 items in place of the tables")
	quick := flags.Bool("quick", false, "3 rounds of 25ms")
	flags.Func("only", "cells whose name matches this `regexp`, such as ^ordered/1us/64", func(s string) (err error) {
		c.only, err = regexp.Compile(s)
		return err
	})
	err := flags.Parse(args)
	if *quick {
		c.rounds, c.length = 3, 25*time.Millisecond
	}
	if err == nil && min(c.workers, c.sleepers, c.rounds, int(c.length)) < 1 {
		err = errors.New("bench: -workers, -sleepers, -rounds and -run must be positive")
		fmt.Fprintln(out, err)
	}
	return c, err
}

// run writes the tables to out and how far it is to progress.
func (c config) run(out, progress io.Writer) error {
	if c.flat {
		return runFlat(out, flatItems, c.workers)
	}
	list := cells(c.workers, c.sleepers, c.only)
	if len(list) == 0 {
		return fmt.Errorf("no cell matches %q", c.only)
	}
	c.timed = timeTurns()
	var all []measurement
	for i, cell := range list {
		fmt.Fprintf(progress, "%d of %d: %s\n", i+1, len(list), cell.name())
		m, err := c.measure(cell)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	return writeReport(out, c.method, all)
}
