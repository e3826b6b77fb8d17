package synth

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Config says what to make. The zero value of a field means its default, so that
// Config{} is a usable configuration; [Plan] returns it with the defaults filled in.
type Config struct {
	Seed uint64 // everything random hangs on it; 0 is a seed like any other

	Stations int // stations ST01, ST02 ...; default 5, at most 999
	Events   int // earthquakes of magnitude 3 to 6; default 3; negative for none

	Start      time.Time     // first sample, cut to a whole second; default 2024-03-01T00:00:00Z
	Duration   time.Duration // length of the archive in whole seconds; default 24 h
	SampleRate float64       // Hz, a whole number from 20 to 1000; default 100

	// Instruments are the instruments at every station: "HN" (accelerometer, empty
	// location) and "HH" (broadband, location 00), whatever the sample rate. Default: HN at every
	// station and HH at every third, beginning with the first.
	Instruments []string

	Gaps     int  // stretches of missing data, each on one channel; half of them during events; default none
	Arrivals bool // give the events picks and arrivals of P and S at every station

	Latitude, Longitude float64 // degrees: centre of the network; default (both 0) 40 N 20 E
	Radius              float64 // m: stations and epicentres lie within; default 60 km, at most 300 km

	RecordLength int // bytes of a miniSEED record: 512 or 4096; default 512

	// Continuous writes everything from Start for Duration. Otherwise a station has data
	// only from 60 s before P to 110 s after S of each event, like a triggered recorder.
	Continuous bool
}

// Before the first origin and after the last S there is room for the noise
// window, the coda and the padding that processing wants.
const (
	leadTime  = 120 * time.Second
	trailTime = 180 * time.Second

	beforeP = 60 * time.Second  // triggered data begins this long before P
	afterS  = 110 * time.Second // and ends this long after S
)

// withDefaults fills in the defaults and reports what cannot be made.
func (c Config) withDefaults() (Config, error) {
	orElse(&c.Stations, 5)
	orElse(&c.Events, 3)
	orElse(&c.SampleRate, 100)
	orElse(&c.Radius, 60e3)
	orElse(&c.RecordLength, 512)
	orElse(&c.Duration, 24*time.Hour)
	if c.Start.IsZero() {
		c.Start = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	}
	c.Start = c.Start.UTC().Truncate(time.Second)
	c.Duration = c.Duration.Truncate(time.Second)
	c.Events = max(c.Events, -1)
	if c.Latitude == 0 && c.Longitude == 0 {
		c.Latitude, c.Longitude = 40, 20
	}
	if len(c.Instruments) == 0 {
		c.Instruments = nil
	}
	return c, c.check()
}

func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (c Config) check() error {
	switch {
	case c.Stations < 1 || c.Stations > 999:
		return fmt.Errorf("synth: %d stations: want 1 to 999", c.Stations)
	case c.SampleRate != math.Trunc(c.SampleRate) || !(c.SampleRate >= 20 && c.SampleRate <= 1000):
		return fmt.Errorf("synth: sample rate %v Hz: want a whole number from 20 to 1000", c.SampleRate)
	case !(c.Radius >= 1e3 && c.Radius <= 300e3):
		return fmt.Errorf("synth: radius %v m: want 1 km to 300 km", c.Radius)
	case !(math.Abs(c.Latitude) <= 80) || !(math.Abs(c.Longitude) <= 180):
		return fmt.Errorf("synth: centre %v, %v: want a latitude within 80 degrees and a longitude within 180", c.Latitude, c.Longitude)
	case c.RecordLength != 512 && c.RecordLength != 4096:
		return fmt.Errorf("synth: record length %d: want 512 or 4096", c.RecordLength)
	case c.Gaps < 0:
		return fmt.Errorf("synth: %d gaps: want 0 or more", c.Gaps)
	case c.Start.Year() < 1970 || c.Start.Add(c.Duration).Year() > 2199:
		return fmt.Errorf("synth: archive from %s for %s: want years 1970 to 2199", c.Start.Format(time.RFC3339), c.Duration)
	case c.Duration < time.Minute:
		return fmt.Errorf("synth: duration %s: want a minute or more", c.Duration)
	case c.Events > 0 && c.originSpan() <= 0:
		return fmt.Errorf("synth: duration %s: too short for an event with room before and after, want more than %s", c.Duration, c.Duration-c.originSpan())
	}
	return c.checkInstruments()
}

func (c Config) checkInstruments() error {
	for i, name := range c.Instruments {
		if name != "HN" && name != "HH" {
			return fmt.Errorf("synth: instrument %q: want HN or HH", name)
		}
		if slices.Contains(c.Instruments[:i], name) {
			return fmt.Errorf("synth: instrument %q is listed twice", name)
		}
	}
	return nil
}

// originSpan is the time in which origins may lie, from Start + leadTime; it is
// not positive if there is none.
func (c Config) originSpan() time.Duration {
	slowest := math.Hypot(2*c.Radius, deepest) / waves().S
	return c.Duration - leadTime - trailTime - time.Duration(slowest*1e9).Truncate(time.Second)
}

// samples is the number of samples of a channel without gaps.
func (c Config) samples() int64 {
	return int64(c.Duration/time.Second) * int64(c.SampleRate)
}

// sampleAt is the index of the first sample at or after t.
func (c Config) sampleAt(t time.Time) int64 {
	since := t.Sub(c.Start)
	rate := int64(c.SampleRate)
	sec, frac := int64(since/time.Second), int64(since%time.Second)
	i := sec*rate + frac*rate/int64(time.Second)
	if frac*rate%int64(time.Second) > 0 {
		i++
	}
	return i
}
