package export

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// packetVersion is that of the Ground Motion Packet's specification, as gmprocess writes it.
const packetVersion = "0.1dev"

// ErrSecondEvent is matched where rows of a packet are of several events.
var ErrSecondEvent = errors.New("a Ground Motion Packet is of one event, and these are several")

// GeoJSON writes the rows of one event as a Ground Motion Packet (USGS; SCEDC/ground-motion-packet), as one line: a
// GeoJSON FeatureCollection of stations, with streams (an instrument at a sample rate), traces (components) and metrics.
// Without rows nothing is written.
//
// What the specification demands and is not known: an event without magnitude has null, depths and elevations
// are 0, azimuth and dip of a trace over both horizontals are 0, those of a channel null. The
// kind of station (COSMOS code) is 999, unspecified. Flags of a row are
// metrics of value 1, as flag_clipped.
func GeoJSON(w io.Writer, h *Header, rows Rows) error {
	out := bufio.NewWriter(w)
	var event *Event
	var station *feature
	for r, err := range rows {
		switch {
		case err != nil:
			return err
		case event == nil:
			event = r.Event
			if err := packetHead(out, h, event); err != nil {
				return err
			}
		case r.Event != event:
			return fmt.Errorf("%w: %s and %s", ErrSecondEvent, event.ID, r.Event.ID)
		}
		if station != nil && station.isOf(r) {
			station.add(h, r)
			continue
		}
		if station != nil {
			if err := packetPart(out, station, ","); err != nil {
				return err
			}
		}
		station = newFeature(r)
		station.add(h, r)
	}
	if event == nil {
		return nil
	}
	if err := packetPart(out, station, "]}\n"); err != nil {
		return err
	}
	return out.Flush()
}

// decimalNumber is a number in JSON that no reader takes for an integer; NaN is null.
type decimalNumber float64

func (v decimalNumber) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		return []byte("null"), nil
	}
	b, err := json.Marshal(float64(v))
	if err == nil && !strings.ContainsAny(string(b), ".e") {
		b = append(b, ".0"...)
	}
	return b, err
}

// or0 is 0 where a number is not known.
func or0(v float64) decimalNumber {
	if math.IsNaN(v) {
		return 0
	}
	return decimalNumber(v)
}

type point struct {
	Type        string           `json:"type"`
	Coordinates [3]decimalNumber `json:"coordinates"` // longitude, latitude in degrees; m above the ellipsoid, or the geoid, for lack of better
}

func packetPart(out *bufio.Writer, part any, end string) error {
	b, err := json.Marshal(part)
	if err != nil {
		return err
	}
	_, err = out.Write(append(b, end...))
	return err
}

// packetHead writes all before the first station.
func packetHead(out *bufio.Writer, h *Header, e *Event) error {
	type property struct {
		ID        string        `json:"id"`
		Time      string        `json:"time"`
		Magnitude decimalNumber `json:"magnitude"`
	}
	head := struct {
		Type       string         `json:"type"`
		Version    string         `json:"version"`
		Created    string         `json:"creation_time"`
		Event      any            `json:"event,omitempty"`
		Provenance map[string]any `json:"provenance"`
	}{"FeatureCollection", packetVersion, clock(h.Created), nil, h.provenance()}
	if !e.Time.IsZero() {
		head.Event = struct {
			Type       string   `json:"type"`
			Properties property `json:"properties"`
			Geometry   point    `json:"geometry"`
		}{"Feature", property{e.ID, clock(e.Time), decimalNumber(e.Magnitude)},
			point{"Point", [3]decimalNumber{decimalNumber(e.Longitude), decimalNumber(e.Latitude), 0 - or0(e.Depth)}}}
	}
	b, err := json.Marshal(head)
	if err != nil {
		return err
	}
	_, err = out.Write(append(b[:len(b)-1], `,"features":[`...))
	return err
}

const homepage = "https://github.com/seisbatch/seisbatch"

// provenance is who and what made the numbers, by SEIS-PROV: the program, and an organization, for which a packet asks.
func (h *Header) provenance() map[string]any {
	of := func(kind string) map[string]any {
		return map[string]any{"$": "prov:" + kind, "type": "prov:QUALIFIED_NAME"}
	}
	site := func(url string) map[string]any { return map[string]any{"$": url, "type": "xsd:anyURI"} }
	name, url := h.Organization, h.Website
	if name == "" {
		name = "unknown"
	}
	if url == "" {
		url = homepage
	}
	return map[string]any{
		"prefix": map[string]any{"seis_prov": "http://seisprov.org/seis_prov/0.1/#"},
		"agent": map[string]any{
			"seis_prov:sp000_sa_0000000": map[string]any{"prov:label": "seisbatch, label " + h.Label + ", recipe " + h.RecipeHash, "prov:type": of("SoftwareAgent"),
				"seis_prov:software_name": "seisbatch", "seis_prov:software_version": h.Version, "seis_prov:website": site(homepage)},
			"seis_prov:sp000_og_0000000": map[string]any{"prov:label": name, "prov:type": of("Organization"),
				"seis_prov:name": name, "seis_prov:role": "data processor", "seis_prov:website": site(url)},
		},
	}
}
