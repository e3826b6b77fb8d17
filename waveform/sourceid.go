package waveform

import (
	"cmp"
	"fmt"
	"strings"
)

// SourceID names a channel by its FDSN network, station, location and channel
// codes. An empty location is "", whatever the file wrote ("  ", "--").
type SourceID struct {
	Network, Station, Location, Channel string
}

// String gives the dotted form, NC.CRH..HNE.
func (id SourceID) String() string {
	return id.Network + "." + id.Station + "." + id.Location + "." + id.Channel
}

// ParseSourceID reads the dotted form of [SourceID.String]. A location written
// "--" is the empty one.
func ParseSourceID(s string) (SourceID, error) {
	p := strings.Split(s, ".")
	if len(p) != 4 {
		return SourceID{}, fmt.Errorf("source id %q: want NETWORK.STATION.LOCATION.CHANNEL", s)
	}
	if p[2] == "--" {
		p[2] = ""
	}
	return SourceID{p[0], p[1], p[2], p[3]}, nil
}

// Compare orders by network, station, location, channel.
func (id SourceID) Compare(o SourceID) int {
	return cmp.Or(
		strings.Compare(id.Network, o.Network),
		strings.Compare(id.Station, o.Station),
		strings.Compare(id.Location, o.Location),
		strings.Compare(id.Channel, o.Channel))
}

// Instrument is the channel without its last letter, the orientation.
func (id SourceID) Instrument() InstrumentID {
	n := len(id.Channel)
	if n > 0 {
		n--
	}
	return InstrumentID{id.Network, id.Station, id.Location, id.Channel[:n]}
}

// Component is the last letter of the channel code, "" if there is none.
func (id SourceID) Component() string {
	if id.Channel == "" {
		return ""
	}
	return id.Channel[len(id.Channel)-1:]
}

// InstrumentID names an instrument at a station: what up to three channels
// share. Instrument is band and instrument code, such as HN.
type InstrumentID struct {
	Network, Station, Location, Instrument string
}

// String gives the dotted form, NC.CRH..HN.
func (id InstrumentID) String() string {
	return id.Network + "." + id.Station + "." + id.Location + "." + id.Instrument
}

// Compare orders by network, station, location, instrument.
func (id InstrumentID) Compare(o InstrumentID) int {
	return id.source().Compare(o.source())
}

func (id InstrumentID) source() SourceID {
	return SourceID{id.Network, id.Station, id.Location, id.Instrument}
}
