package eventtext

import (
	"cmp"
	"math"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// event makes an event of a row; false, with the reason reported, where it cannot
// be made.
func (d *decoder) event(w row) (waveform.Event, bool) {
	if w[colID] == "" {
		d.report(BadRow, "the row has no %s: left out; get it again", d.idName())
		return waveform.Event{}, false
	}
	o, ok := d.origin(w)
	if !ok {
		return waveform.Event{}, false
	}
	id := d.publicID(w[colID])
	o.PublicID = id + "#origin"
	e := waveform.Event{PublicID: id, Type: eventType(w[colType]), Description: w[colPlace],
		PreferredOriginID: o.PublicID, Origins: []waveform.Origin{o}}
	if strings.EqualFold(w[colStatus], "deleted") {
		e.Type = "not existing" // as QuakeML says it
	}
	if m, ok := d.magnitude(w); ok {
		m.PublicID, m.OriginID, m.Created = id+"#magnitude", o.PublicID, o.Created
		e.Magnitudes, e.PreferredMagnitudeID = []waveform.Magnitude{m}, m.PublicID
	}
	return e, true
}

// publicID is the public id of an event by the service's.
func (d *decoder) publicID(id string) string {
	if strings.Contains(id, ":") {
		return id
	}
	return d.prefix + id
}

func (d *decoder) idName() string {
	if d.columns.format == ComCat {
		return "id"
	}
	return "EventID"
}

func (d *decoder) origin(w row) (waveform.Origin, bool) {
	var o waveform.Origin
	var okTime, okLatitude, okLongitude bool
	o.Time, okTime = parseTime(w[colTime])
	o.Latitude, okLatitude = parseNumber(w[colLatitude])
	o.Longitude, okLongitude = parseNumber(w[colLongitude])
	if !okTime || !okLatitude || !okLongitude {
		d.report(BadRow, "time %s, latitude %s, longitude %s: want YYYY-MM-DDThh:mm:ss and two numbers; the row was left out, get it again",
			quote(w[colTime]), quote(w[colLatitude]), quote(w[colLongitude]))
		return o, false
	}
	if math.Abs(o.Latitude) > 90 || math.Abs(o.Longitude) > 360 {
		d.report(Implausible, "latitude %v, longitude %v is no place on the globe: kept; correct it at the source", o.Latitude, o.Longitude)
	}
	o.Depth = d.number(w[colDepth], "depth", parseKilometres)
	o.EvaluationMode, o.EvaluationStatus = evaluation(w[colStatus])
	o.Agency = cmp.Or(w[colAuthor], w[colContributor])
	if s := w[colUpdated]; s != "" {
		var ok bool
		if o.Created, ok = parseTime(s); !ok {
			o.Created = time.Time{}
			d.report(BadTime, "updated %s is no time: taken as not given", quote(s))
		}
	}
	return o, true
}

// magnitude is the row's, false if it has none.
func (d *decoder) magnitude(w row) (waveform.Magnitude, bool) {
	m := waveform.Magnitude{Type: w[colMagnitudeType], Value: d.number(w[colMagnitude], "magnitude", parseNumber),
		Agency: cmp.Or(w[colMagnitudeAuthor], w[colContributor])}
	return m, !math.IsNaN(m.Value)
}

// number is a value that may be missing, NaN if it is or cannot be read.
func (d *decoder) number(s, what string, parse func(string) (float64, bool)) float64 {
	if isNothing(s) {
		return math.NaN()
	}
	v, ok := parse(s)
	if !ok {
		d.report(BadNumber, "%s %s is no number: taken as not given", what, quote(s))
		return math.NaN()
	}
	return v
}

// evaluation splits the status of ComCat into the mode and status of QuakeML.
func evaluation(status string) (mode, evaluationStatus string) {
	switch s := strings.ToLower(status); s {
	case "automatic", "manual":
		return s, ""
	case "reviewed":
		return "manual", s
	case "deleted":
		return "", "rejected"
	}
	return "", status
}

// eventType spells the types that services abbreviate as QuakeML does, in lower
// case; others are kept.
func eventType(s string) string {
	switch lower := strings.ToLower(s); lower {
	case "eq":
		return "earthquake"
	case "qb", "quarry", "quarry_blast":
		return "quarry blast"
	case "ex":
		return "explosion"
	case "earthquake", "quarry blast", "explosion", "nuclear explosion", "chemical explosion", "mining explosion", "induced or triggered event":
		return lower
	}
	return s
}
