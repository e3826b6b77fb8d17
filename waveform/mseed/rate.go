package mseed

import "math"

// nominalRate is the sample rate in Hz of a header's factor and multiplier: a
// positive one multiplies, a negative one divides; and a negative factor is a
// period in seconds. Zero if either is zero.
func nominalRate(factor, multiplier int16) float64 {
	f, m := float64(factor), float64(multiplier)
	switch {
	case f == 0 || m == 0:
		return 0
	case f > 0 && m > 0:
		return f * m
	case f > 0:
		return -f / m
	case m > 0:
		return -m / f
	}
	return 1 / (f * m)
}

// rateFields gives the factor and multiplier closest to rate, and whether
// blockette 100, which has 24 bits, is needed because it comes closer.
// A rate is finite and positive.
func rateFields(rate float64) (factor, multiplier int16, blockette100 bool) {
	factor, multiplier = closestFields(rate)
	nominal := math.Abs(nominalRate(factor, multiplier) - rate)
	return factor, multiplier, math.Abs(float64(float32(rate))-rate) < nominal
}

func closestFields(rate float64) (factor, multiplier int16) {
	const limit = math.MaxInt16
	switch {
	case rate > limit:
		f, m := product(rate)
		return f, m
	case rate < 1.0/limit:
		f, m := product(1 / rate)
		return -f, -m
	}
	num, den := fraction(rate, limit)
	switch {
	case den == 1:
		return int16(num), 1
	case num == 1:
		return -int16(den), 1
	}
	return int16(num), -int16(den)
}

// product finds two factors of v, which is above the 16-bit limit; the closest
// if v is no such product, the largest if it is out of reach.
func product(v float64) (f, m int16) {
	const limit = math.MaxInt16
	best := math.Inf(1)
	for k := math.Ceil(v / limit); k <= limit; k++ {
		q := math.Round(v / k)
		if d := math.Abs(q*k - v); d < best {
			f, m, best = int16(q), int16(k), d
		}
		if best == 0 {
			break
		}
	}
	if math.IsInf(best, 1) {
		return limit, limit
	}
	return f, m
}

// fraction gives the best approximation of v, 1/limit <= v <= limit, by a
// fraction of numbers up to limit: the last convergent of its continued fraction.
func fraction(v, limit float64) (num, den float64) {
	n0, d0, n1, d1 := 0.0, 1.0, 1.0, 0.0
	for x := v; ; x = 1 / (x - math.Floor(x)) {
		a := math.Floor(x)
		n0, n1 = n1, a*n1+n0
		d0, d1 = d1, a*d1+d0
		if !(n1 <= limit && d1 <= limit) { // also where x is infinite
			return n0, d0
		}
		if n1/d1 == v {
			return n1, d1
		}
	}
}
