package eventtext

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parseNumber reads a finite number.
func parseNumber(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return math.NaN(), false
	}
	return v, true
}

// parseKilometres reads kilometres and gives metres, rounded once where the number has no exponent:
// 7.89 is 7890.
func parseKilometres(s string) (float64, bool) {
	if !strings.ContainsAny(s, "eExX") {
		return parseNumber(s + "e3")
	}
	v, ok := parseNumber(s)
	return v * 1000, ok
}

// isNothing reports whether a field says that there is no number, which services
// spell in several ways.
func isNothing(s string) bool {
	switch strings.ToLower(s) {
	case "", "-", "--", "nan", "none", "null", "n/a":
		return true
	}
	return false
}

// parseTime reads the times of both tables: UTC where no zone is given, any number
// of decimals, a T or a blank, or a date alone. Second 60 is the first of the next
// minute. The years are 1 to 9999, without the zero time.
func parseTime(s string) (time.Time, bool) {
	s = strings.Replace(s, " ", "T", 1)
	var carry time.Duration
	if len(s) >= 19 && s[16:19] == ":60" {
		s, carry = s[:17]+"59"+s[19:], time.Second
	}
	for _, layout := range [...]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			t = t.UTC().Add(carry)
			return t, !t.IsZero() && t.Year() >= 1 && t.Year() <= 9999
		}
	}
	return time.Time{}, false
}
