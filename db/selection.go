package db

import (
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
)

// Selection says which events a command is about. Zero fields do not select.
type Selection struct {
	From         time.Time `json:"from,omitzero"`
	Until        time.Time `json:"until,omitzero"`
	Events       []string  `json:"events,omitempty"` // public ids or their last parts
	MinMagnitude *float64  `json:"min_magnitude,omitempty"`
	MaxMagnitude *float64  `json:"max_magnitude,omitempty"`
	Box          *Box      `json:"bbox,omitempty"`
	Shard        Shard     `json:"shard,omitzero"`         // only the events of this part
	Recent       Recent    `json:"recent,omitzero"`        // only those that a nightly job is about
	Newest       bool      `json:"newest_first,omitempty"` // the newest first, else the oldest
}

// Recent is what a nightly job of a label is about: the events from a time on, and of the older
// ones, and those without an origin, all that have items of the label, or that came or changed
// since the label began. Until leaves out the youngest.
type Recent struct {
	Label string    `json:"label"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Box is a region in degrees. East may be west of West: then it spans the date line.
type Box struct {
	South float64 `json:"south"`
	West  float64 `json:"west"`
	North float64 `json:"north"`
	East  float64 `json:"east"`
}

func (s Selection) needsOrigin() bool {
	return !s.From.IsZero() || !s.Until.IsZero() || s.MinMagnitude != nil || s.MaxMagnitude != nil || s.Box != nil
}

// events is the condition on event e, origin o and magnitude m, and its parameters.
func (s Selection) events() (string, []any) {
	terms, args := []string{s.Shard.holds("e.id")}, []any(nil)
	add := func(term string, values ...any) {
		numbers := make([]any, len(values))
		for i := range values {
			numbers[i] = len(args) + i + 1
		}
		terms, args = append(terms, fmt.Sprintf(term, numbers...)), append(args, values...)
	}
	if len(s.Events) > 0 {
		add(`e.id IN (SELECT event_id FROM event_alias WHERE alias = ANY($%[1]d) OR short = ANY($%[1]d))`, pq.Array(s.Events))
	}
	if !s.From.IsZero() {
		add(`o.time >= $%d`, s.From)
	}
	if !s.Until.IsZero() {
		add(`o.time < $%d`, s.Until)
	}
	if s.MinMagnitude != nil {
		add(`m.value >= $%d`, *s.MinMagnitude)
	}
	if s.MaxMagnitude != nil {
		add(`m.value <= $%d`, *s.MaxMagnitude)
	}
	if b := s.Box; b != nil {
		add(`o.latitude BETWEEN $%d AND $%d`, b.South, b.North)
		if b.West <= b.East {
			add(`o.longitude BETWEEN $%d AND $%d`, b.West, b.East)
		} else {
			add(`(o.longitude >= $%d OR o.longitude <= $%d)`, b.West, b.East)
		}
	}
	if r := s.Recent; r != (Recent{}) {
		add(`(o.time IS NULL OR o.time < $%d)`, r.Until)
		add(`(o.time >= $%[1]d OR e.revision > (SELECT since_revision FROM label WHERE name = $%[2]d)
			OR EXISTS (SELECT FROM work_item w WHERE w.label = $%[2]d AND w.event_id = e.id))`, r.From, r.Label)
	}
	return strings.Join(terms, " AND "), args
}
