package css

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parseWhole reads an integer; -1, which says nothing, where there is none.
func parseWhole(s string) (int64, bool) {
	if s == "" {
		return -1, true
	}
	v, err := strconv.ParseInt(s, 10, 64)
	return v, err == nil
}

// parseNumber reads a real; NaN where there is none.
func parseNumber(s string) (float64, bool) {
	if s == "" {
		return math.NaN(), true
	}
	v, err := strconv.ParseFloat(s, 64)
	return v + 0, err == nil && !math.IsInf(v, 0) // -0 is 0
}

// farthest is the time that says nothing, and its negative: 9999999999.999.
const farthest = 9999999999

// parseEpoch reads seconds since 1970, exactly; the zero time where they say nothing.
func parseEpoch(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	digits, negative := strings.CutPrefix(s, "-")
	integer, fraction, _ := strings.Cut(digits, ".")
	if strings.ContainsAny(fraction, "+-") || strings.ContainsAny(integer, "+-") {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(integer, 10, 64)
	nanoseconds := int64(0)
	if err == nil && fraction != "" {
		nanoseconds, err = strconv.ParseInt((fraction + "00000000")[:9], 10, 64)
		if _, rest := strconv.ParseUint(fraction, 10, 64); rest != nil {
			err = rest
		}
	}
	switch {
	case err != nil || len(fraction) > 9:
		return time.Time{}, false
	case seconds >= farthest:
		return time.Time{}, true
	case negative:
		seconds, nanoseconds = -seconds, -nanoseconds
	}
	return time.Unix(seconds, nanoseconds).UTC(), true
}

// openDay is the first day that says nothing, that of 9999999999.999.
const openDay = 2286324

// parseDay reads a year and day of the year, 1993108; the zero time where they say nothing.
func parseDay(s string) (time.Time, bool) {
	v, ok := parseWhole(s)
	if !ok {
		return time.Time{}, false
	}
	if v == -1 || v >= openDay {
		return time.Time{}, true
	}
	year, day := int(v/1000), int(v%1000)
	t := time.Date(year, 1, day, 0, 0, 0, 0, time.UTC)
	return t, v > 0 && year >= 1 && day >= 1 && t.Year() == year
}

// parseLoaded reads the date of loading as seconds or as some calendar date; the
// zero time for others, of which there are many.
func parseLoaded(s string) time.Time {
	if t, ok := parseEpoch(s); ok {
		return t
	}
	for _, layout := range [...]string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02T150405", "2006-01-02", "2006/01/02", "06-01-02 15:04:05", "02-Jan-06"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// metres makes metres of kilometres that were written with a few decimals.
func metres(kilometres float64) float64 { return math.Round(kilometres*1e7)/1e4 + 0 }
