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

// CumulativeArias stores in dst the [Arias] intensity up to each sample, m/s: 0 at the
// first, and the very number that Arias gives at the last. dst may be a. After a
// NaN everything is NaN. It panics if the lengths differ.
func CumulativeArias(dst, a []float64, dt float64) {
	if len(dst) != len(a) {
		panic("metric: lengths of a trace and its cumulative intensity differ")
	}
	if len(a) == 0 {
		return
	}
	var sum float64
	last := float64(a[0] * a[0])
	dst[0] = 0 * last
	for i, v := range a[1:] {
		sq := float64(v * v)
		sum += 0.5 * (last + sq)
		dst[i+1] = math.Pi / (2 * Gravity) * dt * sum
		last = sq
	}
}

// CAV is the cumulative absolute velocity, the integral of |a| dt by the
// trapezoidal rule, m/s for a in m/s^2; [StandardizedCAV] leaves out weak seconds. Fewer
// than two samples span no time: 0.
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

// weakSecond is the peak, in g, that a second must reach to count in the standardised CAV.
const weakSecond = 0.025

// StandardizedCAV is the [CAV] over those seconds in which |a| reaches 0.025 g, m/s for a in
// m/s^2 (EPRI, 1991; Campbell and Bozorgnia, 2010). Seconds are counted from the first sample: the k-th goes
// from sample round((k-1)/dt) to sample round(k/dt), both included, the last being shorter.
// Fewer than two samples span no time: 0. A NaN makes it NaN. It is NaN, too, for a dt that is not positive and finite.
func StandardizedCAV(a []float64, dt float64) float64 {
	if !positive(dt) {
		return math.NaN()
	}
	var sum float64
	last := len(a) - 1
	for k, from := 1.0, 0; from < last; k++ {
		until := last
		if at := math.Round(k / dt); at < float64(last) {
			until = max(from+1, int(at))
		}
		second := a[from : until+1]
		from = until
		if peak, _ := Peak(second); !(peak < weakSecond*Gravity) {
			sum += CAV(second, dt)
		}
	}
	return sum
}
