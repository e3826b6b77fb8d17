package metric

import (
	"fmt"
	"math"
	"slices"
)

// Method says for which oscillators input is interpolated, and how finely. Input is
// interpolated once, band-limited ([dsp.Upsample]), for the shortest period; all periods that
// need it share the result.
type Method uint8

const (
	// Fine interpolates for periods shorter than 20 sample intervals, to 20 points in
	// the shortest: linear interpolation between samples is then within 0.7 % of the
	// band-limited answer (6 % at 10 points, 27 % at 2). Other numbers of points are
	// [SpectraOptions.PointsPerPeriod].
	Fine Method = iota
	// Gmprocess is the rule of gmprocess 1.2 (USGS, 2022), to compare with its tables:
	// the factor is int(10 dt/T - 0.01) + 1 of the shortest period T, for the periods for
	// which that number is above 1. It interpolates without padding, to an interval that is not
	// quite an integer fraction; taper first. Its tables give the absolute [SA].
	Gmprocess
)

// String gives the name: fine or gmprocess.
func (m Method) String() string {
	switch m {
	case Fine:
		return "fine"
	case Gmprocess:
		return "gmprocess"
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Factor is how many times finer than dt (s) input is interpolated for the
// periods that need it, 1 if none does: for [Fine], ceil(PointsPerPeriod dt / shortest
// period). Memory and time grow with it: a trace of a day at 1 Hz, with a period of
// 0.01 s, has 2000 * 86400 points. A thousand-millionth of slack keeps the rounding of dt from
// adding a step. It is 1 for a dt that is not positive and finite, and without periods.
func (o SpectraOptions) Factor(dt float64) int {
	if !positive(dt) || len(o.Periods) == 0 {
		return 1
	}
	return o.factor(slices.Min(o.Periods), dt)
}

// factor is the number of intervals that one of dt takes for a period.
func (o SpectraOptions) factor(period, dt float64) int {
	if o.Method == Gmprocess {
		return max(1, int(10*dt/period-0.01)+1)
	}
	points := o.PointsPerPeriod
	if points == 0 {
		points = 20
	}
	return max(1, int(math.Ceil(points*dt/period*(1-1e-9))))
}
