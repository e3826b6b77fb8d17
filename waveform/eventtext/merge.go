package eventtext

import (
	"math"
	"strconv"

	"github.com/seisbatch/seisbatch/waveform"
)

// add takes an event up, or into the one that has its id.
func (d *decoder) add(e waveform.Event) {
	i, known := d.known[e.PublicID]
	if !known {
		d.known[e.PublicID] = len(d.events)
		d.events = append(d.events, e)
		return
	}
	old := &d.events[i]
	switch {
	case merge(old, e):
	case e.Origins[0].Created.Before(old.Origins[0].Created):
		d.report(Duplicate, "the event has a row before that was updated later: this one was left out")
	default:
		d.report(Duplicate, "the event has a row before that differs: this one counts; get the table again without old rows")
		*old = e
	}
}

// maxMagnitudes of one event are taken up, more than any service gives.
const maxMagnitudes = 100

// merge takes a row of the same event and origin into the event: a magnitude that
// is not there yet, or nothing. It is false where the rows contradict each other.
func merge(old *waveform.Event, e waveform.Event) bool {
	if len(old.Magnitudes) >= maxMagnitudes || old.Type != e.Type || old.Description != e.Description || !sameOrigin(old.Origins[0], e.Origins[0]) {
		return false
	}
	for _, m := range e.Magnitudes {
		known := false
		for _, have := range old.Magnitudes {
			if have.Type == m.Type && have.Agency == m.Agency {
				if have.Value != m.Value {
					return false
				}
				known = true
			}
		}
		if known {
			continue
		}
		if n := len(old.Magnitudes); n > 0 {
			m.PublicID += strconv.Itoa(n + 1)
		}
		old.Magnitudes = append(old.Magnitudes, m)
		old.PreferredMagnitudeID = old.Magnitudes[0].PublicID
	}
	return true
}

func sameOrigin(a, b waveform.Origin) bool {
	return a.Time.Equal(b.Time) && a.Latitude == b.Latitude && a.Longitude == b.Longitude &&
		(a.Depth == b.Depth || math.IsNaN(a.Depth) && math.IsNaN(b.Depth)) &&
		a.EvaluationMode == b.EvaluationMode && a.EvaluationStatus == b.EvaluationStatus && a.Agency == b.Agency && a.Created.Equal(b.Created)
}
