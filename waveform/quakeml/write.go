package quakeml

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// Write writes events as a QuakeML 1.2 document whose eventParameters have the
// given publicID, such as "smi:local/catalog". [Read] gives back equal events:
// numbers are written as the shortest decimals that read back the same, times in
// UTC to the nanosecond. Texts are read back without white space around them; an
// empty slice is read back as nil.
//
// Events are checked before anything is written: an error names what the format
// cannot express, such as an empty publicID, an origin without time or position,
// or a number that is not finite (NaN is "not given" in the depth). The pattern
// of identifiers is the caller's business.
func Write(w io.Writer, events []waveform.Event, publicID string) error {
	if publicID == "" {
		return errors.New("quakeml: write: the publicID of the document is empty")
	}
	for i := range events {
		if err := checkEvent(&events[i]); err != nil {
			return fmt.Errorf("quakeml: write event %q: %w", events[i].PublicID, err)
		}
	}
	p := newPrinter(w)
	p.Start("q:quakeml", "xmlns", NamespacePrefix+"bed/1.2", "xmlns:q", NamespacePrefix+"quakeml/1.2")
	p.Start("eventParameters", "publicID", publicID)
	for i := range events {
		p.event(&events[i])
	}
	p.End()
	p.End()
	if err := p.Flush(); err != nil {
		return fmt.Errorf("quakeml: write: %w", err)
	}
	return nil
}

func (p printer) event(e *waveform.Event) {
	p.Start("event", "publicID", e.PublicID)
	p.optional("preferredOriginID", e.PreferredOriginID)
	p.optional("preferredMagnitudeID", e.PreferredMagnitudeID)
	p.optional("type", e.Type)
	if e.Description != "" {
		p.Start("description")
		p.Text("text", e.Description)
		p.End()
	}
	for i := range e.Origins {
		p.origin(&e.Origins[i])
	}
	for i := range e.Magnitudes {
		p.magnitude(&e.Magnitudes[i])
	}
	for i := range e.Picks {
		p.pick(&e.Picks[i])
	}
	p.End()
}

func (p printer) origin(o *waveform.Origin) {
	p.Start("origin", "publicID", o.PublicID)
	p.value("time", xmlwalk.FormatTime(o.Time))
	p.quantity("latitude", o.Latitude)
	p.quantity("longitude", o.Longitude)
	if !math.IsNaN(o.Depth) {
		p.quantity("depth", o.Depth)
	}
	p.optional("evaluationMode", o.EvaluationMode)
	p.optional("evaluationStatus", o.EvaluationStatus)
	p.creationInfo(o.Agency, o.Created)
	for _, a := range o.Arrivals {
		p.Start("arrival", "publicID", a.PublicID)
		p.Text("pickID", a.PickID)
		p.Text("phase", a.Phase)
		p.End()
	}
	p.End()
}

func (p printer) magnitude(m *waveform.Magnitude) {
	p.Start("magnitude", "publicID", m.PublicID)
	p.quantity("mag", m.Value)
	p.optional("type", m.Type)
	p.optional("originID", m.OriginID)
	p.creationInfo(m.Agency, m.Created)
	p.End()
}

func (p printer) pick(k *waveform.Pick) {
	p.Start("pick", "publicID", k.PublicID)
	p.value("time", xmlwalk.FormatTime(k.Time))
	p.Start("waveformID", "networkCode", k.ID.Network, "stationCode", k.ID.Station,
		"locationCode", k.ID.Location, "channelCode", k.ID.Channel)
	p.End()
	p.optional("phaseHint", k.PhaseHint)
	p.optional("evaluationMode", k.EvaluationMode)
	p.End()
}

func (p printer) creationInfo(agency string, created time.Time) {
	if agency == "" && created.IsZero() {
		return
	}
	p.Start("creationInfo")
	p.optional("agencyID", agency)
	p.optional("creationTime", xmlwalk.FormatTime(created))
	p.End()
}

func checkEvent(e *waveform.Event) error {
	if e.PublicID == "" {
		return errors.New("its publicID is empty")
	}
	for _, o := range e.Origins {
		if err := checkOrigin(&o); err != nil {
			return fmt.Errorf("origin %q: %w", o.PublicID, err)
		}
	}
	for _, m := range e.Magnitudes {
		if m.PublicID == "" || !finite(m.Value) {
			return fmt.Errorf("magnitude %q: its publicID is empty, or its value %v not finite", m.PublicID, m.Value)
		}
	}
	for _, k := range e.Picks {
		if k.PublicID == "" || k.Time.IsZero() || k.ID.Network == "" || k.ID.Station == "" {
			return fmt.Errorf("pick %q: it lacks publicID, time, network or station", k.PublicID)
		}
	}
	return nil
}

func checkOrigin(o *waveform.Origin) error {
	if o.PublicID == "" || o.Time.IsZero() || !finite(o.Latitude) || !finite(o.Longitude) || math.IsInf(o.Depth, 0) {
		return errors.New("it lacks publicID, time, latitude or longitude, or a number is not finite")
	}
	for _, a := range o.Arrivals {
		if a.PublicID == "" || a.PickID == "" {
			return errors.New("an arrival lacks publicID or pick")
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
