package quakeml

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// quantity is the number in the child value of the element e, which was just
// opened; without finite number, an xmlwalk.ValueError.
func (d *decoder) quantity(e xml.StartElement) (float64, error) {
	s, err := d.value()
	if err != nil {
		return math.NaN(), err
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return math.NaN(), d.Bad("%s is %s: want a number", e.Name.Local, xmlwalk.Quote(s))
	}
	return v, nil
}

// instant is the time in the child value of the element e, which was just
// opened; without one, an xmlwalk.ValueError.
func (d *decoder) instant(e xml.StartElement) (time.Time, error) {
	s, err := d.value()
	if err != nil {
		return time.Time{}, err
	}
	t, err := parseTime(s)
	if err != nil {
		return time.Time{}, d.Bad("%s %v", e.Name.Local, err)
	}
	return t, nil
}

// value is the content of the child value of the element just opened.
func (d *decoder) value() (s string, err error) {
	err = d.Children(func(e xml.StartElement) (err error) {
		if e.Name.Local == "value" {
			s, err = d.Text()
		}
		return err
	})
	return s, err
}

// parseTime reads the times of QuakeML: UTC where no zone is given, any
// number of decimals, and leniently also a date alone or a blank for the T.
// Second 60 is the first of the next minute; hour 24 the start of the next day.
// The zero time, year 1, is none.
func parseTime(s string) (time.Time, error) {
	s, carry := xmlwalk.OrdinaryTime(s)
	t, ok := xmlwalk.ParseTime(s)
	t = t.Add(carry)
	if !ok || t.IsZero() || t.Year() > 9999 {
		return time.Time{}, fmt.Errorf("%s is not a time: want YYYY-MM-DDThh:mm:ss", xmlwalk.Quote(s))
	}
	return t, nil
}
