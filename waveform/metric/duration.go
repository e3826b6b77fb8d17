package metric

import (
	"math"
	"slices"
)

// SignificantDuration is the time, in seconds, in which the cumulative
// trapezoidal integral of a^2 rises from the fraction from to the fraction until
// of its total (0.05 and 0.75 for D5-75), linear between samples. A fraction that holds
// on a plateau is reached at the plateau's start. NaN where there is no energy (zeros,
// fewer than two samples), where a sample is NaN, and unless 0 <= from <= until <= 1.
func SignificantDuration(a []float64, dt, from, until float64) float64 {
	total := energy(a)
	if !(total > 0) || math.IsInf(total, 1) || !(0 <= from && from <= until && until <= 1) {
		return math.NaN()
	}
	r := running{a: a}
	begin := r.reach(from * total)
	return dt * (r.reach(until*total) - begin)
}

// running is the [energy] of a as it grows, summed in the same order.
type running struct {
	a   []float64
	i   int     // the interval at hand is from a[i] to the next
	sum float64 // until a[i]
}

// reach is the position, in samples, where the energy first reaches level, which must not be
// below that of the call before.
func (r *running) reach(level float64) float64 {
	if level <= 0 {
		return 0
	}
	last := float64(r.a[r.i] * r.a[r.i])
	for i, v := range r.a[r.i+1:] {
		sq := float64(v * v)
		next := r.sum + 0.5*(last+sq)
		if next >= level {
			r.i += i
			return float64(r.i) + (level-r.sum)/(next-r.sum)
		}
		r.sum, last = next, sq
	}
	r.i = len(r.a) - 1
	return float64(r.i)
}

// The sorted duration takes as many of the shortest of these parts of the energy.
const sortedParts, sortedShortest = 20, 14

// SortedDuration is the shortest time, in seconds, in which the trace delivers 70 % of its
// cumulative integral of a^2, in pieces of 5 % each: the integral is cut into 20 equal
// parts, and the times of the 14 shortest are added. Pauses between strong phases do not
// count in it, as they do in [SignificantDuration]. Source: SORTED_DURATION of the tables of
// gmprocess 1.2 (USGS), by M. Bahrampouri (2021). That program counts
// whole samples; here the times are linear between samples, so that the two differ by up to half a
// sample a piece. NaN as in SignificantDuration.
func SortedDuration(a []float64, dt float64) float64 {
	total := energy(a)
	if !(total > 0) || math.IsInf(total, 1) {
		return math.NaN()
	}
	var parts [sortedParts]float64
	before := 0.0
	r := running{a: a}
	for i := range parts {
		at := r.reach(float64(i+1) / sortedParts * total)
		parts[i], before = at-before, at
	}
	slices.Sort(parts[:])
	var sum float64
	for _, part := range parts[:sortedShortest] {
		sum += part
	}
	return dt * sum
}

// BracketedDuration is the time, in seconds, from the first to the last instant at which |a|
// is at or above threshold, in the unit of a, with a linear between samples
// (Bommer and Martinez-Pereira, 1999, as the next). It is 0 where that is never or only at one instant.
// NaN where a sample is not finite, and unless threshold > 0.
func BracketedDuration(a []float64, dt, threshold float64) float64 {
	first, last, _ := above(a, threshold)
	return dt * (last - first)
}

// UniformDuration is the total time, in seconds, in which |a| is at or above threshold, in
// the unit of a, with a linear between samples. It is 0 where that is never.
// NaN where a sample is not finite, and unless threshold > 0.
func UniformDuration(a []float64, dt, threshold float64) float64 {
	_, _, total := above(a, threshold)
	return dt * total
}

// above gives the positions, in samples, of the first and the last instant with |a| at or above
// threshold, 0 and 0 if there is none, and the total length of such stretches.
func above(a []float64, threshold float64) (first, last, total float64) {
	nan := math.NaN()
	if !(threshold > 0) || len(a) > 0 && a[0]-a[0] != 0 {
		return nan, nan, nan
	}
	found := false
	for i := 1; i < len(a); i++ {
		x, y := a[i-1], a[i]
		if y-y != 0 {
			return nan, nan, nan
		}
		side := math.Copysign(1, x)
		for _, side := range [2]float64{side, -side} { // |a| may go from one side to the other
			from, until := stretch(side*x, side*y, threshold)
			if from > until {
				continue
			}
			if !found {
				found, first = true, float64(i-1)+from
			}
			last = max(last, float64(i-1)+until)
			total += until - from
		}
	}
	return first, last, total
}

// stretch gives the part of the way from x to y that is at or above threshold;
// there is none where from is larger than until.
func stretch(x, y, threshold float64) (from, until float64) {
	switch {
	case x >= threshold && y >= threshold:
		return 0, 1
	case x >= threshold:
		return 0, (x - threshold) / (x - y)
	case y >= threshold:
		return (threshold - x) / (y - x), 1
	}
	return 1, 0
}
