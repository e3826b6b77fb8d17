package stationxml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// valueError is unusable content in a well-formed document: whoever owns the
// element decides what to leave out, and reading goes on after it.
type valueError struct {
	at      place
	message string
}

func (e *valueError) Error() string { return e.message }

// bad is a valueError at the present position.
func (c *cursor) bad(format string, args ...any) error {
	return &valueError{c.here(), fmt.Sprintf(format, args...)}
}

// resume takes a valueError and skips to where no more than depth elements are
// open; any other error is handed back.
func (c *cursor) resume(depth int, err error) (*valueError, error) {
	var v *valueError
	if err == nil || !errors.As(err, &v) {
		return nil, err
	}
	return v, c.leave(depth)
}

// float is the number in the element e, which was just opened; without finite
// number, a valueError.
func (c *cursor) float(e xml.StartElement) (float64, error) {
	v, err := c.anyFloat(e)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		return v, c.bad("%s is %v: want a finite number", e.Name.Local, v)
	}
	return v, err
}

// anyFloat is float for where NaN and infinity have a meaning.
func (c *cursor) anyFloat(e xml.StartElement) (float64, error) {
	s, err := c.text()
	if err != nil {
		return math.NaN(), err
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN(), c.bad("%s is %s: want a number", e.Name.Local, quote(s))
	}
	return v, nil
}

// integer is the whole number in the element e, which was just opened. Written
// as 1.0 it counts as whole.
func (c *cursor) integer(e xml.StartElement) (int, error) {
	v, err := c.float(e)
	if err == nil && (v != math.Trunc(v) || math.Abs(v) > math.MaxInt32) {
		err = c.bad("%s is %v: want a whole number", e.Name.Local, v)
	}
	return int(v), err
}

// quote shortens what a file says to what a message can carry.
func quote(s string) string {
	const most = 40
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}

// parseTime reads the dates of StationXML: UTC where no zone is given, any
// number of decimals, and leniently also a date alone or a blank for the T.
// Second 60 is the first of the next minute; hour 24 the start of the next day.
// An empty string is the zero time.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	s = strings.Replace(s, " ", "T", 1)
	var add time.Duration
	if len(s) >= 19 && s[16:19] == ":60" {
		s, add = s[:17]+"59"+s[19:], time.Second
	} else if len(s) >= 19 && s[10:19] == "T24:00:00" {
		s, add = s[:10]+"T00:00:00"+s[19:], 24*time.Hour
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Add(add).UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is not a date: want YYYY-MM-DDThh:mm:ss", quote(s))
}

// parseLocation removes what files put in place of an empty location code.
func parseLocation(s string) string {
	if s == "--" {
		return ""
	}
	return s
}
