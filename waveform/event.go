package waveform

import "time"

// Event groups the origins, magnitudes and picks of one earthquake, as in QuakeML.
type Event struct {
	PublicID             string
	Type, Description    string
	PreferredOriginID    string // "" if the source names none
	PreferredMagnitudeID string
	Origins              []Origin
	Magnitudes           []Magnitude
	Picks                []Pick
}

// Origin is hypocentre and time of an event.
type Origin struct {
	PublicID                         string
	Time                             time.Time
	Latitude, Longitude              float64 // degrees
	Depth                            float64 // m, positive down; NaN if not given
	EvaluationMode, EvaluationStatus string
	Agency                           string
	Created                          time.Time // zero if not given
	Arrivals                         []Arrival
}

// Magnitude is one magnitude of an event.
type Magnitude struct {
	PublicID, OriginID string
	Type               string
	Value              float64
	Agency             string
	Created            time.Time
}

// Pick is a time on a channel.
type Pick struct {
	PublicID       string
	ID             SourceID // the channel may be "" where only a station was named
	Time           time.Time
	PhaseHint      string
	EvaluationMode string
}

// Arrival ties a pick to an origin as a phase.
type Arrival struct {
	PublicID, PickID string
	Phase            string
}

// PreferredOrigin is the origin that the event names as preferred, else its
// first; false if there is none.
func (e Event) PreferredOrigin() (Origin, bool) {
	for _, o := range e.Origins {
		if o.PublicID == e.PreferredOriginID && o.PublicID != "" {
			return o, true
		}
	}
	if len(e.Origins) > 0 {
		return e.Origins[0], true
	}
	return Origin{}, false
}

// PreferredMagnitude is the magnitude that the event names as preferred, else
// its first; false if there is none.
func (e Event) PreferredMagnitude() (Magnitude, bool) {
	for _, m := range e.Magnitudes {
		if m.PublicID == e.PreferredMagnitudeID && m.PublicID != "" {
			return m, true
		}
	}
	if len(e.Magnitudes) > 0 {
		return e.Magnitudes[0], true
	}
	return Magnitude{}, false
}
