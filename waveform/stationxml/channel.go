package stationxml

import (
	"cmp"
	"encoding/xml"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// channel reads a channel and adds it to its station, unless it is unusable,
// which is reported.
func (d *decoder) channel(e xml.StartElement, s *waveform.Station) error {
	at, nan := d.Here(), math.NaN()
	ch := waveform.Channel{
		ID: waveform.SourceID{Network: s.Network, Station: s.Code,
			Location: parseLocation(xmlwalk.Attribute(e, "locationCode")), Channel: xmlwalk.Attribute(e, "code")},
		Latitude: nan, Longitude: nan, Elevation: nan, Depth: nan, Azimuth: nan, Dip: nan,
	}
	var err error
	ch.From, ch.Until, err = epoch(e)
	subject := withDate(ch.ID.String(), ch.From)
	if ch.ID.Channel == "" {
		d.report(NoCode, withDate(s.Network+"."+s.Code, ch.From), "a channel without code was left out: add the attribute code")
		return nil
	}
	if err != nil {
		d.report(BadTime, subject, "%v: the channel was left out, its validity is unknown", err)
		return nil
	}
	if err := d.channelContent(&ch, subject); err != nil {
		return err
	}
	if math.IsNaN(ch.Latitude) || math.IsNaN(ch.Longitude) {
		d.reportAt(at, NoCoordinates, subject, "the channel has no latitude and longitude and was left out: add them, or ask the operator for complete metadata")
		return nil
	}
	d.checkChannel(at, &ch, subject)
	s.Channels = append(s.Channels, ch)
	return nil
}

func (d *decoder) channelContent(ch *waveform.Channel, subject string) error {
	var ratio float64
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Latitude":
			return d.optional(e, subject, &ch.Latitude)
		case "Longitude":
			return d.optional(e, subject, &ch.Longitude)
		case "Elevation":
			return d.optional(e, subject, &ch.Elevation)
		case "Depth":
			return d.optional(e, subject, &ch.Depth)
		case "Azimuth":
			return d.optional(e, subject, &ch.Azimuth)
		case "Dip":
			return d.optional(e, subject, &ch.Dip)
		case "SampleRate":
			return d.optional(e, subject, &ch.SampleRate)
		case "SampleRateRatio":
			ratio, err = d.rateRatio(subject)
		case "Sensor":
			ch.Sensor, err = d.sensor()
		case "Response":
			ch.Response, err = d.response(subject)
		}
		return err
	})
	if ch.SampleRate == 0 {
		ch.SampleRate = ratio
	}
	return err
}

// checkChannel reports what is missing or out of range in a channel that is kept.
func (d *decoder) checkChannel(at xmlwalk.Place, ch *waveform.Channel, subject string) {
	d.checkPlace(at, subject, ch.Latitude, ch.Longitude)
	if math.IsNaN(ch.Elevation) || math.IsNaN(ch.Depth) {
		d.reportAt(at, Incomplete, subject, "the channel has no elevation or no depth: kept without")
	}
	if !(ch.SampleRate >= 0) || math.IsInf(ch.SampleRate, 0) {
		d.reportAt(at, Implausible, subject, "the sample rate %v Hz was taken as not given: correct it at the source", ch.SampleRate)
		ch.SampleRate = 0
	}
}

// rateRatio is the sample rate as the quotient of samples and seconds, Hz; 0 if
// it has none.
func (d *decoder) rateRatio(subject string) (float64, error) {
	var samples, seconds float64
	err := d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "NumberSamples":
			return d.optional(e, subject, &samples)
		case "NumberSeconds":
			return d.optional(e, subject, &seconds)
		}
		return nil
	})
	if !(samples > 0) || !(seconds > 0) {
		return 0, err
	}
	return samples / seconds, err
}

// sensor describes the sensor by the best of what the element says.
func (d *decoder) sensor() (string, error) {
	var description, model, kind string
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "Description":
			description, err = d.Text()
		case "Model":
			model, err = d.Text()
		case "Type":
			kind, err = d.Text()
		}
		return err
	})
	return cmp.Or(description, model, kind), err
}
