package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/lib/pq"
)

// From and Until are the ends of a validity, where the zero time is open and is
// stored as -infinity and infinity.
type (
	From  time.Time
	Until time.Time
)

// Time is the time; zero if open.
func (f From) Time() time.Time { return time.Time(f) }

// Time is the time; zero if open.
func (u Until) Time() time.Time { return time.Time(u) }

// stored is the end as it is read back.
func (f From) stored() From   { return From(microseconds(time.Time(f))) }
func (u Until) stored() Until { return Until(microseconds(time.Time(u))) }

func (f From) text() string  { return openText(time.Time(f), "-infinity") }
func (u Until) text() string { return openText(time.Time(u), "infinity") }

// Value writes -infinity for an open start.
func (f From) Value() (driver.Value, error) { return f.text(), nil }

// Value writes infinity for an open end.
func (u Until) Value() (driver.Value, error) { return u.text(), nil }

// Scan reads a timestamptz, -infinity as the zero time.
func (f *From) Scan(v any) error { return scanOpen((*time.Time)(f), v) }

// Scan reads a timestamptz, infinity as the zero time.
func (u *Until) Scan(v any) error { return scanOpen((*time.Time)(u), v) }

func scanOpen(t *time.Time, v any) error {
	switch v := v.(type) {
	case time.Time:
		*t = v.UTC()
		return nil
	case []byte: // lib/pq hands the infinities over as text
		*t = time.Time{}
		if s := string(v); s != "infinity" && s != "-infinity" {
			return fmt.Errorf("not a timestamp: %q", s)
		}
		return nil
	}
	return fmt.Errorf("not a timestamp: %v", v)
}

func openText(t time.Time, open string) string {
	if t.IsZero() {
		return open
	}
	return timestamp(t)
}

// timestamp writes a time to the microsecond, which is what PostgreSQL keeps. Years
// before the first, which no clock has shown, become the first.
func timestamp(t time.Time) string {
	t = microseconds(t)
	if t.Year() < 1 {
		t = time.Time{}
	}
	return t.Format("2006-01-02 15:04:05.999999Z07:00")
}

// microseconds is a time as PostgreSQL keeps it.
func microseconds(t time.Time) time.Time { return t.Round(time.Microsecond).UTC() }

// Floats, Ints and Texts are array columns.
type (
	Floats []float64
	Ints   []int64
	Texts  []string
)

// MarshalJSON writes null for what JSON has no number for.
func (a Floats) MarshalJSON() ([]byte, error) {
	if a == nil {
		return []byte("null"), nil
	}
	b := []byte{'['}
	for i, v := range a {
		if i > 0 {
			b = append(b, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			b = append(b, "null"...)
			continue
		}
		number, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		b = append(b, number...)
	}
	return append(b, ']'), nil
}

// Scan reads double precision[].
func (a *Floats) Scan(v any) error { return (*pq.Float64Array)(a).Scan(v) }

// Scan reads bigint[].
func (a *Ints) Scan(v any) error { return (*pq.Int64Array)(a).Scan(v) }

// Scan reads text[].
func (a *Texts) Scan(v any) error { return (*pq.StringArray)(a).Scan(v) }
