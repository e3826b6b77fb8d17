package job

import (
	"path"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// Selection says which events and which instruments a command is about. Zero
// fields do not select. The JSON form is what a run's row keeps.
type Selection struct {
	db.Selection
	Center      *Point   `json:"center,omitempty"`       // with Radius: events around a point
	Radius      float64  `json:"radius,omitempty"`       // m
	MaxDistance float64  `json:"max_distance,omitempty"` // m, epicentral distance of stations
	Networks    []string `json:"network,omitempty"`      // patterns with * and ?
	Stations    []string `json:"station,omitempty"`
	Locations   []string `json:"location,omitempty"` // "--" is the empty location
	Channels    []string `json:"channel,omitempty"`
}

// Point is a place in degrees.
type Point struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// holdsEvent checks what the database was not asked for.
func (s Selection) holdsEvent(e db.EventRow) bool {
	if s.Center == nil {
		return true
	}
	d, _ := traveltime.Distance(s.Center.Latitude, s.Center.Longitude, e.Latitude, e.Longitude)
	return d <= s.Radius
}

// ofStations reports whether the selection leaves out any station or channel.
func (s Selection) ofStations() bool {
	return s.MaxDistance > 0 || len(s.Networks)+len(s.Stations)+len(s.Locations)+len(s.Channels) > 0
}

// HoldsChannel reports whether the selection is about a channel, by its codes.
func (s Selection) HoldsChannel(id waveform.SourceID) bool {
	location := id.Location
	if location == "" {
		location = "--"
	}
	return matches(s.Networks, id.Network) && matches(s.Stations, id.Station) &&
		(matches(s.Locations, location) || matches(s.Locations, id.Location)) && matches(s.Channels, id.Channel)
}

// matches reports whether a name matches one of the patterns; no patterns match all.
func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); err == nil && ok {
			return true
		}
	}
	return len(patterns) == 0
}
