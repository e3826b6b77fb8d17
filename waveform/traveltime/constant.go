package traveltime

import (
	"math"
	"time"
)

// Constant is the stop-gap model: straight rays at one velocity for each wave.
// It is good to a second or so within a hundred kilometres in continental crust,
// and early for P and wrong by many seconds beyond a few hundred: rows made with
// it say so (time source "constant").
type Constant struct {
	P, S float64 // m/s
}

// Times gives the travel times of P and S over an epicentral distance (m) from a
// source at depth (m, positive down), to a nanosecond. Unlike First it does not look at the
// numbers: they and the velocities must be finite, and the velocities above zero.
func (c Constant) Times(distance, depth float64) (p, s time.Duration) {
	r := math.Hypot(distance, depth)
	return seconds(r / c.P), seconds(r / c.S)
}

// First gives the time of P or S, as [Model] asks: false for NaN, infinite or
// negative distances, for depths that are NaN or infinite, and for velocities that are not
// above zero. A negative depth counts as its modulus.
func (c Constant) First(w Wave, distance, depth float64) (Arrival, bool) {
	var v float64
	var phase Phase
	switch w {
	case P:
		v, phase = c.P, PhaseP
	case S:
		v, phase = c.S, PhaseS
	}
	t := math.Hypot(distance, depth) / v
	if !(distance >= 0 && v > 0 && t <= math.MaxFloat64) {
		return Arrival{}, false
	}
	return Arrival{Time: t, Phase: phase}, true
}

func seconds(s float64) time.Duration { return time.Duration(math.Round(s * 1e9)) }
