package stationxml

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// float is the number in the element e, which was just opened; without finite
// number, an xmlwalk.ValueError.
func (d *decoder) float(e xml.StartElement) (float64, error) {
	v, err := d.anyFloat(e)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		return v, d.Bad("%s is %v: want a finite number", e.Name.Local, v)
	}
	return v, err
}

// anyFloat is float for where NaN and infinity have a meaning.
func (d *decoder) anyFloat(e xml.StartElement) (float64, error) {
	s, err := d.Text()
	if err != nil {
		return math.NaN(), err
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN(), d.Bad("%s is %s: want a number", e.Name.Local, xmlwalk.Quote(s))
	}
	return v, nil
}

// integer is the whole number in the element e, which was just opened. Written
// as 1.0 it counts as whole.
func (d *decoder) integer(e xml.StartElement) (int, error) {
	v, err := d.float(e)
	if err == nil && (v != math.Trunc(v) || math.Abs(v) > math.MaxInt32) {
		err = d.Bad("%s is %v: want a whole number", e.Name.Local, v)
	}
	return int(v), err
}

// parseTime reads the dates of StationXML: UTC where no zone is given, any
// number of decimals, and leniently also a date alone or a blank for the T.
// Second 60 is the first of the next minute; hour 24 the start of the next day.
// An empty string is the zero time.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	s, carry := xmlwalk.OrdinaryTime(s)
	t, ok := xmlwalk.ParseTime(s)
	if !ok {
		return time.Time{}, fmt.Errorf("%s is not a date: want YYYY-MM-DDThh:mm:ss", xmlwalk.Quote(s))
	}
	return t.Add(carry), nil
}

// parseLocation removes what files put in place of an empty location code.
func parseLocation(s string) string {
	if s == "--" {
		return ""
	}
	return s
}
