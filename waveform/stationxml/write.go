package stationxml

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// Write writes stations as a StationXML 1.2 document, with source and created in
// its head. [Read] gives back equal stations: numbers are written as the shortest
// decimals that read back the same, times in UTC to the nanosecond. Texts are
// read back without white space around them; an empty slice is read back as nil.
//
// Stations are checked before anything is written: an error names what the
// schema cannot express, such as a station without code or coordinates, a number
// that is not finite where one is required, a stage without gain, a plain gain
// with units, or a polynomial with gain. NaN stands for "not given" in the
// elevation and depth (written as NaN) and in azimuth and dip (left out). An
// azimuth of 360, which real files have though the schema ends below it, is
// written as it is. Without stations the document has no network, which Read
// accepts and the schema does not.
func Write(w io.Writer, stations []waveform.Station, source string, created time.Time) error {
	for i := range stations {
		if err := checkStation(&stations[i]); err != nil {
			return fmt.Errorf("stationxml: write %s.%s: %w", stations[i].Network, stations[i].Code, err)
		}
	}
	p := newPrinter(w)
	p.Start("FDSNStationXML", "xmlns", Namespace, "schemaVersion", "1.2")
	p.Text("Source", source)
	p.Text("Created", created.UTC().Format(time.RFC3339Nano))
	for len(stations) > 0 {
		n := 1
		for n < len(stations) && stations[n].Network == stations[0].Network {
			n++
		}
		p.Start("Network", "code", stations[0].Network)
		for i := range stations[:n] {
			p.station(&stations[i])
		}
		p.End()
		stations = stations[n:]
	}
	p.End()
	if err := p.Flush(); err != nil {
		return fmt.Errorf("stationxml: write: %w", err)
	}
	return nil
}

func (p printer) station(s *waveform.Station) {
	p.Start("Station", "code", s.Code, "startDate", xmlwalk.FormatTime(s.From), "endDate", xmlwalk.FormatTime(s.Until))
	p.Number("Latitude", s.Latitude)
	p.Number("Longitude", s.Longitude)
	p.Number("Elevation", s.Elevation)
	p.Start("Site")
	p.Text("Name", s.Name)
	p.End()
	for i := range s.Channels {
		p.channel(&s.Channels[i])
	}
	p.End()
}

func (p printer) channel(c *waveform.Channel) {
	p.Start("Channel", "code", c.ID.Channel, "startDate", xmlwalk.FormatTime(c.From), "endDate", xmlwalk.FormatTime(c.Until),
		"locationCode", c.ID.Location)
	p.Number("Latitude", c.Latitude)
	p.Number("Longitude", c.Longitude)
	p.Number("Elevation", c.Elevation)
	p.Number("Depth", c.Depth)
	p.optional("Azimuth", c.Azimuth)
	p.optional("Dip", c.Dip)
	if c.SampleRate != 0 {
		p.Number("SampleRate", c.SampleRate)
	}
	if c.Sensor != "" {
		p.Start("Sensor")
		p.Text("Description", c.Sensor)
		p.End()
	}
	if c.Response != nil {
		p.response(c.Response)
	}
	p.End()
}

func checkStation(s *waveform.Station) error {
	if s.Network == "" || s.Code == "" {
		return errors.New("a code is empty")
	}
	if err := checkPosition(s.Latitude, s.Longitude, s.Elevation, 0); err != nil {
		return err
	}
	for i := range s.Channels {
		if err := checkChannel(s, &s.Channels[i]); err != nil {
			return fmt.Errorf("channel %q: %w", s.Channels[i].ID, err)
		}
	}
	return nil
}

func checkChannel(s *waveform.Station, c *waveform.Channel) error {
	if c.ID.Network != s.Network || c.ID.Station != s.Code || c.ID.Channel == "" {
		return errors.New("its codes are not those of its station, or its own is empty")
	}
	if err := checkPosition(c.Latitude, c.Longitude, c.Elevation, c.Depth); err != nil {
		return err
	}
	if c.Azimuth < 0 || c.Azimuth > 360 || math.Abs(c.Dip) > 90 {
		return fmt.Errorf("azimuth %v or dip %v is outside of [0, 360] and [-90, 90]", c.Azimuth, c.Dip)
	}
	if !(c.SampleRate >= 0) || math.IsInf(c.SampleRate, 0) {
		return fmt.Errorf("sample rate is %v Hz", c.SampleRate)
	}
	if c.Response == nil {
		return nil
	}
	return checkResponse(c.Response)
}

// checkPosition accepts NaN in elevation and depth only.
func checkPosition(latitude, longitude, elevation, depth float64) error {
	if !(math.Abs(latitude) <= 90) || !(math.Abs(longitude) <= 180) {
		return fmt.Errorf("latitude %v or longitude %v is outside of [-90, 90] and [-180, 180]", latitude, longitude)
	}
	if math.IsInf(elevation, 0) || math.IsInf(depth, 0) {
		return errors.New("elevation or depth is infinite")
	}
	return nil
}
