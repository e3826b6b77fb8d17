package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/lmittmann/tint"
)

// The formats of log lines.
const (
	formatAuto = "auto" // text on a terminal, JSON elsewhere
	formatText = "text"
	formatJSON = "json"
)

func logFormats() []string { return []string{formatAuto, formatText, formatJSON} }

func checkLogFormat(text string) error {
	if !slices.Contains(logFormats(), text) {
		return fmt.Errorf("%q: want auto, text or json", text)
	}
	return nil
}

// newLogger writes coloured lines to a terminal; elsewhere JSON objects, a line each, or slog's
// key=value lines where text is asked for. NO_COLOR (no-color.org) is obeyed.
func newLogger(s *screen, format string, level slog.Level, quiet bool) *slog.Logger {
	if quiet {
		level = max(level, slog.LevelWarn)
	}
	switch {
	case format == formatJSON, format == formatAuto && !s.terminal:
		return slog.New(slog.NewJSONHandler(s, &slog.HandlerOptions{Level: level, ReplaceAttr: inSeconds}))
	case s.terminal:
		return slog.New(tint.NewTextHandler(s, &tint.Options{
			Level: level, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != ""}))
	}
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: level}))
}

// isReadByPeople reports whether stderr is a terminal, and not to be JSON all the same.
func (a *app) isReadByPeople() bool {
	return a.screen.terminal && a.settings.text(keyLogFormat) != formatJSON
}

// inSeconds writes durations as numbers of seconds, where slog's JSON has nanoseconds.
func inSeconds(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.Float64Value(a.Value.Duration().Seconds())
	}
	return a
}

// speakJSON makes log lines of what is said to the user on stderr too, where that is asked to be
// JSON: with auto it stays text, for the reader of a cron mail.
func (a *app) speakJSON() {
	if a.settings.text(keyLogFormat) == formatJSON {
		a.last = spoken{a.log, slog.LevelError}
		a.interrupts.speakTo(spoken{a.log, slog.LevelWarn})
	}
}

// spoken makes a log line of each text that is written. It may be used concurrently.
type spoken struct {
	log   *slog.Logger
	level slog.Level
}

func (s spoken) Write(p []byte) (int, error) {
	text := strings.TrimPrefix(strings.TrimSuffix(string(p), "\n"), "seisbatch: ")
	s.log.Log(context.Background(), s.level, text)
	return len(p), nil
}

// lastWords is where the verb says why it ends as it does.
func (a *app) lastWords() io.Writer {
	if a.last != nil {
		return a.last
	}
	return a.screen
}
