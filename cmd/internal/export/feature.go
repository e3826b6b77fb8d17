package export

import "math"

// feature is a station of a Ground Motion Packet.
type feature struct {
	Type       string `json:"type"`
	Geometry   point  `json:"geometry"`
	Properties struct {
		Network string    `json:"network_code"`
		Station string    `json:"station_code"`
		Name    string    `json:"name"`
		Streams []*stream `json:"streams"`
	} `json:"properties"`
}

// stream is the components of an instrument that have one sample rate.
type stream struct {
	Properties struct {
		Band       string        `json:"band_code"`
		Instrument string        `json:"instrument_code"`
		Rate       decimalNumber `json:"samples_per_second"`
		Housing    struct {
			Code        int           `json:"cosmos_code"`
			Description string        `json:"description"`
			Depth       decimalNumber `json:"stream_depth"`
		} `json:"stream_housing"`
	} `json:"properties"`
	Traces []trace `json:"traces"`

	location string
}

type trace struct {
	Properties struct {
		Channel  string        `json:"channel_code"`
		Location string        `json:"location_code"`
		Recorded bool          `json:"as_recorded"`
		Azimuth  decimalNumber `json:"azimuth"`
		Dip      decimalNumber `json:"dip"`
		Start    any           `json:"start_time"`
		End      any           `json:"end_time"`
	} `json:"properties"`
	Metrics []metric `json:"metrics"`
}

func newFeature(r *Row) *feature {
	f := &feature{Type: "Feature", Geometry: point{"Point", [3]decimalNumber{decimalNumber(r.Longitude), decimalNumber(r.Latitude), or0(r.Elevation)}}}
	f.Properties.Network, f.Properties.Station, f.Properties.Name = r.Network, r.Station, r.StationName
	return f
}

func (f *feature) isOf(r *Row) bool {
	return f.Properties.Network == r.Network && f.Properties.Station == r.Station
}

// add adds the trace of a row to its stream.
func (f *feature) add(h *Header, r *Row) {
	s := f.stream(r)
	var t trace
	p := &t.Properties
	p.Channel, p.Location, p.Recorded = r.Instrument+r.Component, r.Location, true
	p.Azimuth, p.Dip = decimalNumber(r.Orientation), decimalNumber(r.Dip)
	if r.isRotated() {
		p.Channel, p.Recorded, p.Azimuth, p.Dip = r.Component, false, 0, 0
	}
	if p.Location == "" {
		p.Location = "--"
	}
	p.Start, p.End = packetTime(r, MeasuredStart), packetTime(r, MeasuredEnd)
	t.Metrics = metricsOf(h, r)
	s.Traces = append(s.Traces, t)
}

func (f *feature) stream(r *Row) *stream {
	band, instrument := r.Instrument, ""
	if len(r.Instrument) > 1 {
		band, instrument = r.Instrument[:1], r.Instrument[1:]
	}
	for _, s := range f.Properties.Streams {
		if p := s.Properties; s.location == r.Location && p.Band == band && p.Instrument == instrument && sameNumber(float64(p.Rate), r.SampleRate) {
			return s
		}
	}
	s := &stream{location: r.Location, Traces: []trace{}}
	s.Properties.Band, s.Properties.Instrument, s.Properties.Rate = band, instrument, decimalNumber(r.SampleRate)
	s.Properties.Housing.Code, s.Properties.Housing.Description, s.Properties.Housing.Depth = 999, "Unspecified", or0(r.Depth)
	f.Properties.Streams = append(f.Properties.Streams, s)
	return s
}

func sameNumber(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// packetTime is a time of a row as text; null if it is not known.
func packetTime(r *Row, t Instant) any {
	if at := r.Times[t]; !at.IsZero() {
		return clock(at)
	}
	return nil
}
