package resp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// parseFloat reads a finite number, with the exponents of Fortran too (1.0D+00).
func parseFloat(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		v, err = strconv.ParseFloat(strings.Map(exponent, s), 64)
	}
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%s is no finite number", quote(s))
	}
	return v, nil
}

func exponent(r rune) rune {
	if r == 'D' || r == 'd' {
		return 'E'
	}
	return r
}

// first is the first word: what is left of 1.0E+00 HZ.
func first(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	return s
}

// unitName is the name of a unit without the description that follows it: M/S of
// "M/S - Velocity in Meters Per Second".
func unitName(s string) string {
	name, _, _ := strings.Cut(s, " - ")
	return strings.TrimSpace(name)
}

// parseCode removes what files put in place of an empty code.
func parseCode(s string) string {
	if s = first(s); s == "??" || s == "--" {
		return ""
	}
	return s
}

// isOpen reports whether s stands for a validity without start or end.
func isOpen(s string) bool {
	switch strings.ToLower(s) {
	case "", "no ending time", "no starting time", "(null)", "null", "none", "n/a":
		return true
	}
	return false
}

// parseTime reads a SEED date in UTC, YYYY,DDD and optionally ,HH:MM:SS.FFFF with
// as many of the parts as there are, or an ISO date with T and Z or less. Second 60
// is the first of the next minute, hour 24 the start of the next day. Open times are zero.
func parseTime(s string) (time.Time, error) {
	if isOpen(s) {
		return time.Time{}, nil
	}
	t, ok := seedTime(s)
	if !ok {
		t, ok = isoTime(s)
	}
	if !ok || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, fmt.Errorf("%s is no date: want YYYY,DDD,HH:MM:SS.FFFF", quote(s))
	}
	return t, nil
}

// seedTime reads a date by day of the year.
func seedTime(s string) (time.Time, bool) {
	parts := strings.Split(s, ",")
	if len(parts) < 2 || len(parts) > 3 {
		return time.Time{}, false
	}
	year, day := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
	if len(year) != 4 || len(day) > 3 || !isDigits(year) || !isDigits(day) {
		return time.Time{}, false
	}
	t := time.Date(decimal(year), 1, decimal(day), 0, 0, 0, 0, time.UTC)
	if t.Year() != decimal(year) {
		return time.Time{}, false
	}
	if len(parts) == 2 {
		return t, true
	}
	clock, ok := seedClock(strings.TrimSpace(parts[2]))
	return t.Add(clock), ok
}

// isoTime reads a date with hyphens.
func isoTime(s string) (time.Time, bool) {
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// seedClock reads HH, HH:MM or HH:MM:SS.FFFF.
func seedClock(s string) (time.Duration, bool) {
	s, decimals, _ := strings.Cut(s, ".")
	parts := strings.Split(s, ":")
	if len(parts) > 3 || len(decimals) > 9 || decimals != "" && (len(parts) < 3 || !isDigits(decimals)) {
		return 0, false
	}
	var clock time.Duration
	most := [...]int{24, 59, 60}
	for i, unit := range [...]time.Duration{time.Hour, time.Minute, time.Second} {
		if i >= len(parts) {
			break
		}
		if len(parts[i]) > 2 || !isDigits(parts[i]) || decimal(parts[i]) > most[i] {
			return 0, false
		}
		clock += time.Duration(decimal(parts[i])) * unit
	}
	for unit := time.Second; decimals != ""; decimals = decimals[1:] {
		unit /= 10
		clock += time.Duration(decimals[0]-'0') * unit
	}
	return clock, parts[0] != "24" || clock == 24*time.Hour
}
