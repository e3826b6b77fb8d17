package metric

import "math"

// Gravity is the standard acceleration of free fall, m/s^2.
const Gravity = 9.80665

// Arias is the Arias intensity pi/(2g) integral of a^2 dt, by the trapezoidal
// rule, m/s for a in m/s^2. Fewer than two samples span no time: 0.
func Arias(a []float64, dt float64) float64 {
	return math.Pi / (2 * Gravity) * dt * energy(a)
}

// energy is the trapezoidal sum of a^2 in units of dt.
func energy(a []float64) float64 {
	if len(a) == 0 {
		return 0
	}
	var sum, last float64
	last = a[0] * a[0]
	for _, v := range a[1:] {
		sq := float64(v * v)
		sum += 0.5 * (last + sq)
		last = sq
	}
	return sum
}

// CAV is the cumulative absolute velocity, the integral of |a| dt by the
// trapezoidal rule, m/s for a in m/s^2; not the standardised CAV, which leaves
// out weak seconds. Fewer than two samples span no time: 0.
func CAV(a []float64, dt float64) float64 {
	if len(a) < 2 {
		return 0
	}
	var sum float64
	for _, v := range a[1 : len(a)-1] {
		sum += math.Abs(v)
	}
	return dt * (sum + 0.5*(math.Abs(a[0])+math.Abs(a[len(a)-1])))
}

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
	return dt * (energyReached(a, until*total) - energyReached(a, from*total))
}

// energyReached is the position, in samples, where the running [energy] of a,
// summed in the same order, first reaches level.
func energyReached(a []float64, level float64) float64 {
	var sum float64
	last := a[0] * a[0]
	if level <= 0 {
		return 0
	}
	for i, v := range a[1:] {
		sq := float64(v * v)
		next := sum + 0.5*(last+sq)
		if next >= level {
			return float64(i) + (level-sum)/(next-sum)
		}
		sum, last = next, sq
	}
	return float64(len(a) - 1)
}
