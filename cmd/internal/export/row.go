package export

import (
	"encoding/json"
	"iter"
	"slices"
	"time"
)

// Rows are measurements in order of event, network, station, location, instrument and component. A row
// is the iterator's again when the next one is asked for. An error is the last.
type Rows = iter.Seq2[*Row, error]

// Header is what a file says of all its rows.
type Header struct {
	Label        string
	RecipeHash   string // hexadecimal
	Version      string // of the program
	Created      time.Time
	Units        System // of what is written
	Axes         Axes   // of the spectra of all rows
	Organization string // whose results these are; "" is not given
	Website      string // of the organization
}

// Axes are what spectra are at.
type Axes struct {
	Oscillators []string  // which of psa, sa, sd and sv there are; nil: all
	Periods     []float64 // s
	Dampings    []float64 // fractions of critical
	Frequencies []float64 // Hz
	Bands       []Band
}

// Band is a frequency band, Hz.
type Band struct{ From, Until float64 }

// len is how many numbers a spectrum has; 0 if it was not asked for.
func (x *Axes) len(s Spectrum) int {
	q, a := s.quantity()
	switch a {
	case oscillators:
		if x.Oscillators != nil && !slices.Contains(x.Oscillators, q.name) {
			return 0
		}
		return len(x.Periods) * len(x.Dampings)
	case frequencies:
		return len(x.Frequencies)
	}
	return len(x.Bands)
}

// Event is the event of rows; all its rows have the same pointer. Numbers that are not known are
// NaN, the time is zero.
type Event struct {
	ID, Type, Description string
	OriginID              string
	Time                  time.Time
	Latitude, Longitude   float64 // degrees
	Depth                 float64 // m, positive down
	MagnitudeID           string
	Magnitude             float64
	MagnitudeType         string
}

// Row is the measurements of one component, in SI units. Numbers that are not known are NaN,
// times zero, spectra nil, texts empty.
type Row struct {
	Event                                             *Event
	Network, Station, Location, Instrument, Component string
	StationName                                       string
	Latitude, Longitude                               float64 // degrees
	Elevation                                         float64 // m above the geoid
	Depth                                             float64 // m, of the sensor below the surface
	Orientation, Dip                                  float64 // degrees, of the channel: clockwise from north, down from horizontal
	Distance                                          float64 // m, epicentral
	Azimuth                                           float64 // degrees, from the event to the station
	SampleRate, Highpass, Lowpass                     float64 // Hz
	TimingQuality                                     float64 // %
	Numbers                                           [Scalars]float64
	Spectra                                           [Spectra][]float64 // each as long as its axis
	Times                                             [Instants]time.Time
	TimeSource                                        string
	Flags                                             []string
	FASLength                                         int64           // samples; 0 is not known
	Extra                                             json.RawMessage // an object of numbers that a program added, by name
	Definitions, RunID                                int64
}

// isRotated reports whether a row is over both horizontals.
func (r *Row) isRotated() bool { return len(r.Component) > 1 }

// Begin asks for the first row and gives all of them, which are to be iterated over once, and false
// if there are none.
func Begin(rows Rows) (Rows, bool, error) {
	next, stop := iter.Pull2(rows)
	first, err, ok := next()
	if !ok || err != nil {
		stop()
		return nil, false, err
	}
	return func(yield func(*Row, error) bool) {
		defer stop()
		for row, err := first, error(nil); ok; row, err, ok = next() {
			if !yield(row, err) {
				return
			}
		}
	}, true, nil
}
