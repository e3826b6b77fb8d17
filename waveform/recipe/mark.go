package recipe

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Phase is what a mark counts from.
type Phase string

// The phases a recipe may name.
const (
	AtOrigin Phase = "origin"
	AtP      Phase = "P"
	AtS      Phase = "S"
)

// Mark is a time relative to an event's phases: "S + 60 s".
type Mark struct {
	Phase  Phase
	Offset time.Duration
}

// Onsets are the times that marks count from.
type Onsets struct{ Origin, P, S time.Time }

// At is the time of the mark.
func (m Mark) At(o Onsets) time.Time {
	switch m.Phase {
	case AtP:
		return o.P.Add(m.Offset)
	case AtS:
		return o.S.Add(m.Offset)
	}
	return o.Origin.Add(m.Offset)
}

// parseMark reads "P", "P - 2 s", "S+60s", "origin + 1 min".
func parseMark(text string) (Mark, error) {
	s := strings.TrimSpace(text)
	var m Mark
	for _, p := range []Phase{AtOrigin, AtP, AtS} {
		if rest, ok := strings.CutPrefix(s, string(p)); ok {
			m.Phase, s = p, strings.TrimSpace(rest)
			break
		}
	}
	if m.Phase == "" {
		return m, fmt.Errorf("%q is not a time: want P, S or origin, then + or - a duration, such as \"P - 2 s\"", text)
	}
	if s == "" {
		return m, nil
	}
	sign := s[0]
	if sign != '+' && sign != '-' {
		return m, fmt.Errorf("%q is not a time: want + or - after %s", text, m.Phase)
	}
	d, err := parseDuration(s[1:])
	if err != nil {
		return m, err
	}
	if sign == '-' {
		d = -d
	}
	m.Offset = d
	return m, nil
}

// parseDuration reads "20 s", "1.5 min", "1 h", "200 ms".
func parseDuration(text string) (time.Duration, error) {
	s := strings.TrimSpace(text)
	i := strings.IndexFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
	if i < 0 {
		return 0, fmt.Errorf("%q is not a duration: it needs a unit, such as \"20 s\"", text)
	}
	scale, ok := map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "min": time.Minute, "h": time.Hour}[s[i:]]
	v, err := strconv.ParseFloat(strings.TrimSpace(s[:i]), 64)
	if !ok || err != nil || !(v >= 0 && v*float64(scale) < 1e17) {
		return 0, fmt.Errorf("%q is not a duration: want a number and ms, s, min or h", text)
	}
	return time.Duration(v * float64(scale)), nil
}
