package sac

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Reference is the time that the times of a header are relative to, as written: NZYEAR,
// NZJDAY (1 is 1 January), NZHOUR, NZMIN, NZSEC, NZMSEC. Each may be [Undefined].
type Reference struct{ Year, Day, Hour, Minute, Second, Millisecond int }

// NewReference is the time to the millisecond, rounded down.
func NewReference(t time.Time) Reference {
	t = t.UTC()
	return Reference{t.Year(), t.YearDay(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1e6}
}

// Time is the time that is meant. The error wraps [ErrNoTime] where a part is
// undefined, else it names the part that no date has. A second of 60, a leap second, is
// the first of the next minute.
func (r Reference) Time() (time.Time, error) {
	parts := [6]int{r.Year, r.Day, r.Hour, r.Minute, r.Second, r.Millisecond}
	last := [6]int{9999, 365, 23, 59, 60, 999}
	first := [6]int{1, 1, 0, 0, 0, 0}
	if r.Year%4 == 0 && (r.Year%100 != 0 || r.Year%400 == 0) {
		last[1] = 366
	}
	for i, v := range parts {
		if v == Undefined {
			return time.Time{}, &Error{nameOf(intNames, i), int64(intsAt + 4*i), fmt.Errorf("%w: it is undefined", ErrNoTime)}
		}
		if v < first[i] || v > last[i] {
			return time.Time{}, &Error{nameOf(intNames, i), int64(intsAt + 4*i), fmt.Errorf("%d: want %d to %d", v, first[i], last[i])}
		}
	}
	return time.Date(r.Year, time.January, r.Day, r.Hour, r.Minute, r.Second, r.Millisecond*1e6, time.UTC), nil
}

// farthest is the greatest distance from the reference time, in s: what a
// time.Duration holds.
const farthest = 9.2e9

// At is the time that is seconds after the reference time: a pick, say. It is
// rounded once, to a nanosecond, from the number that stands for it: see Times in
// the documentation of the package.
func (h *Header) At(seconds float64) (time.Time, error) {
	zero, err := h.Reference.Time()
	if err != nil {
		return zero, err
	}
	if !(math.Abs(seconds) <= farthest) {
		return time.Time{}, fmt.Errorf("sac: %g s after the reference time is no time", seconds)
	}
	if h.Version < 7 {
		seconds = decimal(seconds)
	}
	whole := math.Trunc(seconds)
	return zero.Add(time.Duration(whole)*time.Second + time.Duration(math.Round((seconds-whole)*1e9))), nil
}

// precision is 32 if v is a float32, else 64.
func precision(v float64) int {
	if float64(float32(v)) == v {
		return 32
	}
	return 64
}

// decimal is the shortest decimal number that a float32 v is the nearest to: 0.01
// for 0.00999999977648. What is no float32 stands for itself.
func decimal(v float64) float64 {
	d, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', -1, precision(v)), 64)
	if err != nil {
		return v
	}
	return d
}

// rateOf is the sample rate that an interval stands for: of the shortest decimals
// for rate and interval, the shorter. It is 100 Hz for the float32 nearest to 0.01 s, 300 Hz
// for that nearest to 1/300 s. NaN, if the interval is no positive number.
func rateOf(delta float64) float64 {
	if !(delta > 0) || math.IsInf(delta, 1) || math.IsInf(1/delta, 1) {
		return math.NaN()
	}
	bits := precision(delta)
	text := strconv.FormatFloat(delta, 'e', -1, bits)
	for digits := range mantissa(text) {
		rate, err := strconv.ParseFloat(strconv.FormatFloat(1/delta, 'e', digits, 64), 64)
		if err == nil && roundTo(1/rate, bits) == delta {
			return rate
		}
	}
	return 1 / decimal(delta)
}

func roundTo(v float64, bits int) float64 {
	if bits == 32 {
		return float64(float32(v))
	}
	return v
}

// mantissa is the number of significant digits of a number in format e.
func mantissa(text string) int {
	m, _, _ := strings.Cut(text, "e")
	return len(strings.Replace(m, ".", "", 1))
}
