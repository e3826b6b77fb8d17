package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// kind is the type of a column's cells.
type kind int

const (
	text    kind = iota // string
	number              // float64
	whole               // int64
	instant             // time.Time, UTC
	list                // []string
	object              // json.RawMessage
)

// column is a column of a table. A cell is a value of its kind's type, or nil for none.
type column struct {
	name, unit string
	kind       kind
	cell       func(*Row) any
}

// columnsOf are those of a table, in order.
func columnsOf(h *Header) []column {
	c := identity(h)
	for s := range Scalars {
		c = append(c, measured(h.Units, s.quantity(), "", func(r *Row) float64 { return r.Numbers[s] }))
	}
	for s := range Spectra {
		c = append(c, h.spectrum(s)...)
	}
	for t := range Instants {
		c = append(c, column{t.name(), "", instant, func(r *Row) any { return known(r.Times[t]) }})
	}
	return append(c, provenance(h)...)
}

// identity are the columns that say what a row is of.
func identity(h *Header) []column {
	num := func(name string, of dimension, value func(*Row) float64) column {
		return measured(SI, quantity{name: name, of: of}, "", value)
	}
	return []column{
		{"label", "", text, func(*Row) any { return h.Label }},
		{"event_id", "", text, func(r *Row) any { return r.Event.ID }},
		{"event_time", "", instant, func(r *Row) any { return known(r.Event.Time) }},
		num("event_latitude", degrees, func(r *Row) float64 { return r.Event.Latitude }),
		num("event_longitude", degrees, func(r *Row) float64 { return r.Event.Longitude }),
		num("event_depth", metres, func(r *Row) float64 { return r.Event.Depth }),
		num("magnitude", pureNumber, func(r *Row) float64 { return r.Event.Magnitude }),
		{"magnitude_type", "", text, func(r *Row) any { return given(r.Event.MagnitudeType) }},
		{"instrument_id", "", text, func(r *Row) any { return r.instrumentID() }},
		{"network", "", text, func(r *Row) any { return r.Network }},
		{"station", "", text, func(r *Row) any { return r.Station }},
		{"location", "", text, func(r *Row) any { return r.Location }},
		{"instrument", "", text, func(r *Row) any { return r.Instrument }},
		{"component", "", text, func(r *Row) any { return r.Component }},
		num("station_latitude", degrees, func(r *Row) float64 { return r.Latitude }),
		num("station_longitude", degrees, func(r *Row) float64 { return r.Longitude }),
		num("station_elevation", metres, func(r *Row) float64 { return r.Elevation }),
		num("distance", metres, func(r *Row) float64 { return r.Distance }),
		num("azimuth", degrees, func(r *Row) float64 { return r.Azimuth }),
	}
}

// provenance are the columns that say how a row was made.
func provenance(h *Header) []column {
	num := func(name string, of dimension, value func(*Row) float64) column {
		return measured(SI, quantity{name: name, of: of}, "", value)
	}
	return []column{
		{"time_source", "", text, func(r *Row) any { return given(r.TimeSource) }},
		num("sample_rate", hertz, func(r *Row) float64 { return r.SampleRate }),
		num("highpass", hertz, func(r *Row) float64 { return r.Highpass }),
		num("lowpass", hertz, func(r *Row) float64 { return r.Lowpass }),
		num("timing_quality", percent, func(r *Row) float64 { return r.TimingQuality }),
		{"fas_length", "", whole, func(r *Row) any {
			if r.FASLength == 0 {
				return nil
			}
			return r.FASLength
		}},
		{"flags", "", list, func(r *Row) any { return r.Flags }},
		{"extra", "", object, func(r *Row) any {
			if r.Extra == nil {
				return nil
			}
			return r.Extra
		}},
		{"definitions", "", whole, func(r *Row) any { return r.Definitions }},
		{"run_id", "", whole, func(r *Row) any { return r.RunID }},
	}
}

// spectrum are the columns of a spectrum, one for each number.
func (h *Header) spectrum(s Spectrum) []column {
	q, a := s.quantity()
	columns := make([]column, h.Axes.len(s))
	for i := range columns {
		columns[i] = measured(h.Units, q, h.Axes.at(a, i), func(r *Row) float64 {
			if i >= len(r.Spectra[s]) {
				return math.NaN()
			}
			return r.Spectra[s][i]
		})
	}
	return columns
}

// at is the part of a name that says what number i of a spectrum is at.
func (x *Axes) at(a axis, i int) string {
	switch a {
	case oscillators:
		period := decimal(x.Periods[i%len(x.Periods)]) + "s"
		if d := x.Dampings[i/len(x.Periods)]; d != usualDamping {
			return "d" + decimal(percentOf(d)) + "_" + period
		}
		return period
	case frequencies:
		return decimal(x.Frequencies[i]) + "hz"
	}
	return decimal(x.Bands[i].From) + "_" + decimal(x.Bands[i].Until) + "hz"
}

// usualDamping is the one that names do not say, as a fraction of critical.
const usualDamping = 0.05

// percentOf is a fraction in percent, 7 for 0.07 and not 7.000000000000001.
func percentOf(fraction float64) float64 { return math.Round(1e9*fraction) / 1e7 }

// decimal is a number as a part of a name.
func decimal(v float64) string {
	return strings.NewReplacer(".", "p", "-", "m").Replace(strconv.FormatFloat(v, 'f', -1, 64))
}

// measured is a column of numbers, which value gives in SI.
func measured(s System, q quantity, at string, value func(*Row) float64) column {
	u := q.of.in(s)
	name := q.name
	for _, part := range []string{at, u.suffix} {
		if part != "" {
			name += "_" + part
		}
	}
	return column{name, u.name, number, func(r *Row) any {
		v := value(r) * u.factor
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	}}
}

func (r *Row) instrumentID() string {
	return fmt.Sprintf("%s.%s.%s.%s", r.Network, r.Station, r.Location, r.Instrument)
}

// known is a time, nil where it is zero.
func known(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// given is a text, nil where it is empty.
func given(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// clock writes a time in UTC, to the microsecond, which is what the database keeps.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
