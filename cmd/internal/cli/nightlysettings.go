package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

// The keys of the settings of nightly.
const (
	keyArchive     = "archive"
	keyStations    = "stations"
	keyEvents      = "events"
	keyWindow      = "window"
	keyMinAge      = "min-age"
	keyOrder       = "order"
	keyMaxFailures = "max-failures"
	keyStopAfter   = "stop-after"
	keyKeepRuns    = "keep-runs"
)

// The orders of events.
const (
	oldestFirst = "oldest"
	newestFirst = "newest"
)

func nightlySettings() []setting {
	return []setting{
		{key: keyArchive, env: []string{"SEISBATCH_ARCHIVE"}, isPath: true, isList: true},
		{key: keyStations, env: []string{"SEISBATCH_STATIONS"}, isPath: true, isList: true},
		{key: keyEvents, env: []string{"SEISBATCH_EVENTS"}, isPath: true, isList: true},
		{key: keyWindow, env: []string{"SEISBATCH_WINDOW"}, fallback: "30d", check: checkSpan},
		{key: keyMinAge, env: []string{"SEISBATCH_MIN_AGE"}, fallback: "1h", check: checkSpan},
		{key: keyOrder, env: []string{"SEISBATCH_ORDER"}, fallback: oldestFirst, check: checkOrder},
		{key: keyMaxFailures, env: []string{"SEISBATCH_MAX_FAILURES"}, check: checkMaxFailures},
		{key: keyStopAfter, env: []string{"SEISBATCH_STOP_AFTER"}, check: checkSpan},
		{key: keyKeepRuns, env: []string{"SEISBATCH_KEEP_RUNS"}, fallback: "365d", check: checkSpan},
	}
}

// registerNightly registers the flags of settings that only nightly has.
func registerNightly(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.String(keyArchive, "", "`PATH` of waveforms to take in, several with "+strconv.QuoteRune(filepath.ListSeparator)+" between")
	flags.String(keyStations, "", "`PATH` of station metadata to take in, likewise")
	flags.String(keyEvents, "", "`PATH` of events to take in, likewise")
	flags.String(keyWindow, "", "`SPAN` of time before the label's first night from which on all events are due; older ones only for what is late (default 30d)")
	flags.String(keyMinAge, "", "`SPAN`: leave younger events for later (default 1h)")
	flags.String(keyOrder, "", "oldest or newest: which `EVENTS` come first (default oldest)")
	flags.String(keyKeepRuns, "", "`SPAN` after which runs of which no result is left are forgotten; 0 is never (default 365d)")
	registerBudgets(cmd)
}

// registerBudgets registers the flags that end a run early.
func registerBudgets(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.String(keyMaxFailures, "", "stop when more items fail than this `NUMBER`, or percent as 5%, of those that are looked at")
	flags.String(keyStopAfter, "", "stop after this `SPAN` of time, such as 4h; what is left stays due")
}

// span reads a span of time: days as 30d, else as Go has it, 1h30m.
func span(text string) (time.Duration, error) {
	if text == "" || text == "0" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if d := time.Duration(n * float64(24*time.Hour)); err == nil && n >= 0 && n < 1e5 {
			return d, nil
		}
	} else if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return d, nil
	}
	return 0, fmt.Errorf("%q: want a span of time such as 90m, 4h or 30d", text)
}

func checkSpan(text string) error {
	_, err := span(text)
	return err
}

func checkOrder(text string) error {
	if text != oldestFirst && text != newestFirst {
		return fmt.Errorf("%q: want %s or %s, which events come first", text, oldestFirst, newestFirst)
	}
	return nil
}

func checkMaxFailures(text string) error {
	_, err := maxFailures(text)
	return err
}

// maxFailures reads a number, or percent; nil if the text is empty.
func maxFailures(text string) (*job.MaxFailures, error) {
	if text == "" {
		return nil, nil
	}
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		if v, err := finite(percent); err == nil && v > 0 && v < 100 {
			return &job.MaxFailures{Percent: v}, nil
		}
	} else if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		return &job.MaxFailures{Count: n}, nil
	}
	return nil, fmt.Errorf("%q: want a number of items, such as 100, or percent between 0 and 100, such as 5%%", text)
}

// nightlyOptions turns settings into options.
func (a *app) nightlyOptions(f runFlags) (job.NightlyOptions, error) {
	run, err := a.runOptions(f, selectionFlags{})
	if err != nil {
		return job.NightlyOptions{}, err
	}
	run.Selection.Newest = a.settings.text(keyOrder) == newestFirst
	run.MaxFailures, _ = maxFailures(a.settings.text(keyMaxFailures)) // was checked
	run.StopAfter = a.settings.duration(keyStopAfter)
	o := job.NightlyOptions{RunOptions: run, Archive: a.settings.list(keyArchive), Stations: a.settings.list(keyStations), Events: a.settings.list(keyEvents),
		Window: a.settings.duration(keyWindow), MinAge: a.settings.duration(keyMinAge), KeepRuns: a.settings.duration(keyKeepRuns)}
	if len(o.Archive)+len(o.Stations)+len(o.Events) == 0 {
		return o, usagef("nightly has nothing to take in: set archive, stations or events in seisbatch.yaml, or give --archive and so on; 'seisbatch run' computes what is due without")
	}
	for _, p := range append(append(o.Archive, o.Stations...), o.Events...) {
		if _, err := os.Stat(p); errors.Is(err, os.ErrNotExist) {
			a.log.Warn("a folder that nightly is to take in is not there", "path", p)
		}
	}
	return o, nil
}
