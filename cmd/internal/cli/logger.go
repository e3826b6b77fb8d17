package cli

import (
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
)

// newLogger writes coloured lines to a terminal and slog's key=value lines
// elsewhere. NO_COLOR (no-color.org) is obeyed.
func newLogger(s *screen, level slog.Level, quiet bool) *slog.Logger {
	if quiet {
		level = max(level, slog.LevelWarn)
	}
	if s.terminal {
		return slog.New(tint.NewTextHandler(s, &tint.Options{
			Level: level, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != ""}))
	}
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: level}))
}
