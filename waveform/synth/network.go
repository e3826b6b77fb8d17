package synth

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Network is the network code of everything made here.
const Network = "SY"

// rotated is the station (from 0) whose horizontals are called 1 and 2 and do not
// point north and east, and rotation is how far they are turned, in degrees.
const (
	rotated  = 1
	rotation = 37
)

// place gives the coordinates (degrees, to 1e-5) of a point x m east and y m north
// of the centre. It is a flat map, good to a percent of the distance.
func (c Config) place(x, y float64) (latitude, longitude float64) {
	const perDegree = 111.2e3
	latitude = c.Latitude + y/perDegree
	longitude = c.Longitude + x/(perDegree*math.Cos(c.Latitude*math.Pi/180))
	return round(latitude, 1e5), round(math.Remainder(longitude, 360), 1e5)
}

func round(x, perUnit float64) float64 { return math.Round(x*perUnit) / perUnit }

// stations lays the network out: a sunflower spiral, shaken a little, so that
// neither clusters nor straight lines occur.
func (c Config) stations() []waveform.Station {
	list := make([]waveform.Station, c.Stations)
	for i := range list {
		r := newSource(c.Seed, "station", int64(i))
		radius := c.Radius * (0.05 + 0.85*math.Sqrt((float64(i)+r.uniform())/float64(c.Stations)))
		sin, cos := math.Sincos(float64(i)*math.Pi*(3-math.Sqrt(5)) + r.between(0, 0.3))
		lat, lon := c.place(radius*sin, radius*cos)
		s := waveform.Station{
			Network: Network, Code: fmt.Sprintf("ST%02d", i+1), Name: fmt.Sprintf("Synthetic site %d", i+1),
			From:     c.Start.Truncate(24*time.Hour).AddDate(-1, 0, 0),
			Latitude: lat, Longitude: lon, Elevation: math.Round(r.between(0, 1500)),
		}
		for _, in := range c.instrumentsAt(i) {
			s.Channels = append(s.Channels, in.channels(s, c, i)...)
		}
		list[i] = s
	}
	return list
}

// instrumentsAt are the instruments of station i.
func (c Config) instrumentsAt(i int) []instrument {
	return slices.DeleteFunc(instruments(), func(in instrument) bool {
		if c.Instruments == nil {
			return in.code != "HN" && i%3 != 0
		}
		return !slices.Contains(c.Instruments, in.code)
	})
}

// channels are the three channels of the instrument at station s, which is number i.
func (in instrument) channels(s waveform.Station, c Config, i int) []waveform.Channel {
	letters, turn := "ENZ", 0.0
	if i == rotated {
		letters, turn = "12Z", rotation
	}
	azimuths, dips := []float64{90, 0, 0}, []float64{0, 0, -90}
	if i == rotated { // 1 is the one near north
		azimuths = []float64{turn, 90 + turn, 0}
	}
	list := make([]waveform.Channel, 3)
	for k := range list {
		r := newSource(c.Seed, "channel "+in.code, int64(i), int64(k))
		list[k] = waveform.Channel{
			ID:   waveform.SourceID{Network: s.Network, Station: s.Code, Location: in.location, Channel: in.code + letters[k:k+1]},
			From: s.From, Latitude: s.Latitude, Longitude: s.Longitude, Elevation: s.Elevation,
			Azimuth: azimuths[k], Dip: dips[k], SampleRate: c.SampleRate, Sensor: in.sensor,
			Response: in.response(c.SampleRate, round(r.between(0.98, 1.02), 1e4)),
		}
	}
	return list
}
