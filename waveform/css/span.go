package css

import (
	"fmt"
	"time"
)

// after is when something that had a last day is over: the midnight that ends the day,
// or that begins it if the next one begins with it.
func after(off, next time.Time) time.Time {
	if off.IsZero() || off.Equal(next) {
		return off
	}
	return off.AddDate(0, 0, 1)
}

// isSpan reports whether from is before until, zero being open.
func isSpan(from, until time.Time) bool { return until.IsZero() || from.Before(until) }

// later is the later of two beginnings; zero is open, and earlier than all.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// earlier is the earlier of two ends, of which zero is open.
func earlier(a, b time.Time) time.Time {
	if b.IsZero() || !a.IsZero() && a.Before(b) {
		return a
	}
	return b
}

// length is how long a span is, in which an open side stands for a year that is none
// of any station.
func length(from, until time.Time) time.Duration {
	if from.IsZero() {
		from = time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if until.IsZero() {
		until = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return until.Sub(from)
}

// span is made of pieces that do not overlap.
type span struct {
	from, until time.Time
	length      time.Duration
	pieces      int
}

func (s *span) add(from, until time.Time) {
	if s.pieces == 0 || from.Before(s.from) {
		s.from = from
	}
	if s.pieces == 0 || until.IsZero() || !s.until.IsZero() && until.After(s.until) {
		s.until = until
	}
	s.length += length(from, until)
	s.pieces++
}

// covers reports whether there is nothing between from and until that is in no
// piece. A side that is open asks for nothing beyond the pieces.
func (s *span) covers(from, until time.Time) bool {
	if from.IsZero() {
		from = s.from
	}
	if until.IsZero() {
		until = s.until
	}
	return s.length >= length(from, until)
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return "unknown date"
	}
	return fmt.Sprintf("%04d%03d", t.Year(), t.YearDay())
}
