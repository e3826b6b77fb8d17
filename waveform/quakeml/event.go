package quakeml

import (
	"cmp"
	"encoding/xml"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

func (d *decoder) event(e xml.StartElement) error {
	ev := waveform.Event{PublicID: xmlwalk.Attribute(e, "publicID")}
	if ev.PublicID == "" {
		d.report(NoID, "an event without publicID was left out: give it one")
		return nil
	}
	d.subject = ev.PublicID
	defer func() { d.subject = "" }()
	d.checkID("event", ev.PublicID)
	if err := d.eventContent(&ev); err != nil {
		return err
	}
	if o, ok := ev.PreferredOrigin(); ok && ev.PreferredOriginID != "" && o.PublicID != ev.PreferredOriginID {
		d.report(DanglingReference, "preferredOriginID %s is not among its usable origins: the first origin counts", xmlwalk.Quote(ev.PreferredOriginID))
	}
	if m, ok := ev.PreferredMagnitude(); ok && ev.PreferredMagnitudeID != "" && m.PublicID != ev.PreferredMagnitudeID {
		d.report(DanglingReference, "preferredMagnitudeID %s is not among its usable magnitudes: the first magnitude counts", xmlwalk.Quote(ev.PreferredMagnitudeID))
	}
	d.events++
	return d.each(ev)
}

func (d *decoder) eventContent(ev *waveform.Event) error {
	return d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "type":
			ev.Type, err = d.Text()
		case "description":
			err = d.description(ev)
		case "preferredOriginID":
			ev.PreferredOriginID, err = d.Text()
		case "preferredMagnitudeID":
			ev.PreferredMagnitudeID, err = d.Text()
		case "origin":
			err = d.origin(e, ev)
		case "magnitude":
			err = d.magnitude(e, ev)
		case "pick":
			err = d.pick(e, ev)
		}
		return err
	})
}

// description keeps the first text of an event's descriptions.
func (d *decoder) description(ev *waveform.Event) error {
	return d.Children(func(e xml.StartElement) error {
		if e.Name.Local != "text" {
			return nil
		}
		text, err := d.Text()
		ev.Description = cmp.Or(ev.Description, text)
		return err
	})
}

func (d *decoder) origin(e xml.StartElement, ev *waveform.Event) error {
	inside := d.Depth()
	nan := math.NaN()
	o := waveform.Origin{PublicID: xmlwalk.Attribute(e, "publicID"), Latitude: nan, Longitude: nan, Depth: nan}
	err := d.originContent(&o)
	if err == nil && (o.Time.IsZero() || math.IsNaN(o.Latitude) || math.IsNaN(o.Longitude)) {
		err = d.Bad("origin %s has no time, latitude or longitude", xmlwalk.Quote(o.PublicID))
	}
	if err != nil {
		return d.tolerate(inside-1, BadOrigin, err, "the origin was left out; ask its agency for a complete one")
	}
	d.checkID("origin", o.PublicID)
	if math.Abs(o.Latitude) > 90 || math.Abs(o.Longitude) > 360 {
		d.report(Implausible, "latitude %v, longitude %v is no place on the globe: kept; correct it at the source", o.Latitude, o.Longitude)
	}
	ev.Origins = append(ev.Origins, o)
	return nil
}

func (d *decoder) originContent(o *waveform.Origin) error {
	return d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "time":
			o.Time, err = d.instant(e)
		case "latitude":
			o.Latitude, err = d.quantity(e)
		case "longitude":
			o.Longitude, err = d.quantity(e)
		case "depth":
			err = d.depthOf(e, o)
		case "evaluationMode":
			o.EvaluationMode, err = d.enum(e, "manual", "automatic")
		case "evaluationStatus":
			o.EvaluationStatus, err = d.enum(e, "preliminary", "confirmed", "reviewed", "final", "rejected", "reported")
		case "creationInfo":
			o.Agency, o.Created, err = d.creationInfo()
		case "arrival":
			err = d.arrival(e, o)
		}
		return err
	})
}

func (d *decoder) depthOf(e xml.StartElement, o *waveform.Origin) (err error) {
	inside := d.Depth()
	o.Depth, err = d.quantity(e)
	return d.tolerate(inside-1, BadNumber, err, "taken as not given")
}

func (d *decoder) arrival(e xml.StartElement, o *waveform.Origin) error {
	a := waveform.Arrival{PublicID: xmlwalk.Attribute(e, "publicID")}
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "pickID":
			a.PickID, err = d.Text()
		case "phase":
			a.Phase, err = d.Text()
		}
		return err
	})
	if err == nil && a.PickID == "" {
		d.report(BadArrival, "arrival %s names no pick and was left out", xmlwalk.Quote(a.PublicID))
		return nil
	}
	o.Arrivals = append(o.Arrivals, a)
	return err
}

func (d *decoder) magnitude(e xml.StartElement, ev *waveform.Event) error {
	inside := d.Depth()
	m := waveform.Magnitude{PublicID: xmlwalk.Attribute(e, "publicID"), Value: math.NaN()}
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "mag":
			m.Value, err = d.quantity(e)
		case "type":
			m.Type, err = d.Text()
		case "originID":
			m.OriginID, err = d.Text()
		case "creationInfo":
			m.Agency, m.Created, err = d.creationInfo()
		}
		return err
	})
	if err == nil && math.IsNaN(m.Value) {
		err = d.Bad("magnitude %s has no value", xmlwalk.Quote(m.PublicID))
	}
	if err != nil {
		return d.tolerate(inside-1, BadMagnitude, err, "the magnitude was left out")
	}
	d.checkID("magnitude", m.PublicID)
	ev.Magnitudes = append(ev.Magnitudes, m)
	return nil
}

func (d *decoder) pick(e xml.StartElement, ev *waveform.Event) error {
	inside := d.Depth()
	p := waveform.Pick{PublicID: xmlwalk.Attribute(e, "publicID")}
	err := d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "time":
			p.Time, err = d.instant(e)
		case "waveformID":
			p.ID = waveformID(e)
		case "phaseHint":
			p.PhaseHint, err = d.Text()
		case "evaluationMode":
			p.EvaluationMode, err = d.enum(e, "manual", "automatic")
		}
		return err
	})
	if err == nil && (p.Time.IsZero() || p.ID.Station == "") {
		err = d.Bad("pick %s has no time or names no station", xmlwalk.Quote(p.PublicID))
	}
	if err != nil {
		return d.tolerate(inside-1, BadPick, err, "the pick was left out")
	}
	ev.Picks = append(ev.Picks, p)
	return nil
}

func waveformID(e xml.StartElement) waveform.SourceID {
	id := waveform.SourceID{Network: xmlwalk.Attribute(e, "networkCode"), Station: xmlwalk.Attribute(e, "stationCode"),
		Location: xmlwalk.Attribute(e, "locationCode"), Channel: xmlwalk.Attribute(e, "channelCode")}
	if id.Location == "--" {
		id.Location = ""
	}
	return id
}

// enum is the content of an element that should be one of the given values.
func (d *decoder) enum(e xml.StartElement, values ...string) (string, error) {
	s, err := d.Text()
	if err != nil {
		return "", err
	}
	for _, v := range values {
		if s == v {
			return s, nil
		}
	}
	d.report(BadEnum, "%s is %s, which QuakeML does not know: kept", e.Name.Local, xmlwalk.Quote(s))
	return s, nil
}

// creationInfo is who made something, and when; the zero time if not given.
func (d *decoder) creationInfo() (who string, at time.Time, err error) {
	var author, created string
	err = d.Children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "agencyID":
			who, err = d.Text()
		case "author":
			author, err = d.Text()
		case "creationTime":
			created, err = d.Text()
		}
		return err
	})
	if err != nil {
		return "", at, err
	}
	if created != "" {
		if at, err = parseTime(created); err != nil {
			d.report(BadTime, "creationTime %v: taken as not given", err)
		}
	}
	return cmp.Or(who, author), at, nil
}
