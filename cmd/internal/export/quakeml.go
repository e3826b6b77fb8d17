package export

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
)

// QuakeML writes events with their preferred origins and magnitudes and the rows as amplitudes, as a
// QuakeML 1.2 document (BED); the units are SI, as QuakeML's are. What is an amplitude, and its type:
//
//	PGA PGV PGD         peaks, of which the scalingTime is the time
//	PSA SA SD SV        spectra, with their period; PSA(2%) where the damping is not 5 %
//	FAS                 Fourier amplitudes, with the period of their frequency
//	ARMS                root mean square of the acceleration
//	ARIAS CAV           integrals
//	D5-75 D5-95         durations; SORTED_DURATION, the shortest with 70 % of the Arias intensity
//	AML                 Wood-Anderson amplitude; with a station magnitude ML, if there is one
//
// The types of rows over both horizontals end in their name, as "PGA RotD50", and the channel code of their waveformID
// is that of the instrument. The method is the hash of the recipe. Identifiers are the
// same in every export of a label. An event's identifier that QuakeML does not allow is written as
// one that it does, and a type that it does not know is left out.
func QuakeML(w io.Writer, h *Header, rows Rows) error {
	p := newPrinter(w)
	p.start("q:quakeml", "xmlns", "http://quakeml.org/xmlns/bed/1.2", "xmlns:q", "http://quakeml.org/xmlns/quakeml/1.2")
	p.start("eventParameters", "publicID", authority+"export/"+escapeID(h.Label, ""))
	var event *Event
	for r, err := range rows {
		if err != nil {
			return err
		}
		if r.Event != event {
			if event != nil {
				p.end()
			}
			event = r.Event
			p.event(h, event)
		}
		p.amplitudes(h, r)
		if p.err != nil {
			return p.err
		}
	}
	return p.finish()
}

// authority begins the identifiers of what has none of its own.
const authority = "smi:local/seisbatch/"

// event opens an event, and leaves it open.
func (p *printer) event(h *Header, e *Event) {
	p.start("event", "publicID", eventID(e.ID))
	if !e.Time.IsZero() {
		p.text("preferredOriginID", eventID(e.OriginID))
	}
	if !math.IsNaN(e.Magnitude) {
		p.text("preferredMagnitudeID", eventID(e.MagnitudeID))
	}
	if slices.Contains(eventTypes(), e.Type) {
		p.text("type", e.Type)
	}
	if e.Description != "" {
		p.start("description")
		p.text("text", e.Description)
		p.end()
	}
	if !e.Time.IsZero() {
		p.start("origin", "publicID", eventID(e.OriginID))
		p.quantity("time", xmlTime(e.Time))
		p.quantity("latitude", xmlNumber(e.Latitude))
		p.quantity("longitude", xmlNumber(e.Longitude))
		if !math.IsNaN(e.Depth) {
			p.quantity("depth", xmlNumber(e.Depth))
		}
		p.end()
	}
	if !math.IsNaN(e.Magnitude) {
		p.start("magnitude", "publicID", eventID(e.MagnitudeID))
		p.quantity("mag", xmlNumber(e.Magnitude))
		p.text("type", atMost(e.MagnitudeType, 32))
		p.end()
	}
}

// eventTypes are those of QuakeML 1.2.
func eventTypes() []string {
	return strings.Split("not existing|not reported|earthquake|anthropogenic event|collapse|cavity collapse|mine collapse|building collapse|"+
		"explosion|accidental explosion|chemical explosion|controlled explosion|experimental explosion|industrial explosion|mining explosion|"+
		"quarry blast|road cut|blasting levee|nuclear explosion|induced or triggered event|rock burst|reservoir loading|fluid injection|"+
		"fluid extraction|crash|plane crash|train crash|boat crash|other event|atmospheric event|sonic boom|sonic blast|acoustic noise|"+
		"thunder|avalanche|snow avalanche|debris avalanche|hydroacoustic event|ice quake|slide|landslide|rockslide|meteorite|volcanic eruption", "|")
}

// eventID is an identifier of the database as QuakeML allows it.
func eventID(id string) string {
	allowed := regexp.MustCompile(`^(smi|quakeml):[0-9A-Za-z_][-0-9A-Za-z_.*()~']{2,}/[-0-9A-Za-z_.*()~'][-0-9A-Za-z_.*()+?~'=,;#/&]*$`)
	if allowed.MatchString(id) {
		return id
	}
	return authority + "id/" + escapeID(id, "/")
}

// escapeID writes a text with the letters, digits and signs - . _ that identifiers may have, those
// of also, and every other byte as ~ and two hexadecimal digits: different texts stay different.
func escapeID(s, also string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', strings.IndexByte("-._"+also, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "~%02X", c)
		}
	}
	return b.String()
}

// atMost cuts a text to the length that the format allows, in characters.
func atMost(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
