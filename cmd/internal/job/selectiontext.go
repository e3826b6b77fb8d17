package job

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// SelectionText says in words what a selection is of, from the JSON that a run's row keeps.
// One of another version of the program, with what this one does not know, is given as it is.
func SelectionText(text []byte) string {
	var s Selection
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return string(text)
	}
	return s.String()
}

// String says in words what the selection is of; a part of the whole is not told.
func (s Selection) String() string {
	var w words
	w.list("events", s.Events)
	w.timed(s.From, s.Until)
	if r := s.Recent; r.Label != "" {
		w.add("events from %s until %s, and older ones for which something is late", r.From.UTC().Format(time.RFC3339), r.Until.UTC().Format(time.RFC3339))
	}
	w.magnitudes(s.MinMagnitude, s.MaxMagnitude)
	if b := s.Box; b != nil {
		w.add("events in the box S %g, W %g, N %g, E %g", b.South, b.West, b.North, b.East)
	}
	if c := s.Center; c != nil {
		w.add("events within %g km of %g,%g", s.Radius/1e3, c.Latitude, c.Longitude)
	}
	w.list("networks", s.Networks)
	w.list("stations", s.Stations)
	w.list("locations", s.Locations)
	w.list("channels", s.Channels)
	if s.MaxDistance > 0 {
		w.add("stations within %g km of the epicentre", s.MaxDistance/1e3)
	}
	if len(w.parts) == 0 {
		return "everything"
	}
	return strings.Join(w.parts, "; ")
}

// words collects the parts of a selection that say something.
type words struct{ parts []string }

func (w *words) add(format string, args ...any) {
	w.parts = append(w.parts, fmt.Sprintf(format, args...))
}

func (w *words) list(what string, names []string) {
	if len(names) > 0 {
		w.add("%s %s", what, strings.Join(names, ", "))
	}
}

func (w *words) timed(from, until time.Time) {
	switch {
	case !from.IsZero() && !until.IsZero():
		w.add("events from %s until %s", stampText(from), stampText(until))
	case !from.IsZero():
		w.add("events from %s", stampText(from))
	case !until.IsZero():
		w.add("events until %s", stampText(until))
	}
}

func stampText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (w *words) magnitudes(least, most *float64) {
	switch {
	case least != nil && most != nil:
		w.add("magnitudes %g to %g", *least, *most)
	case least != nil:
		w.add("magnitude %g or more", *least)
	case most != nil:
		w.add("magnitude %g or less", *most)
	}
}
