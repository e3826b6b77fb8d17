package metric

import "math"

// The loops below, and the one of [Oscillator.motion], are where a whole run spends
// its time. They are one recurrence, written several times to keep more than one chain
// of dependent additions in flight: two oscillators over one trace, one oscillator over two
// traces, or displacement and velocity of one oscillator.
// Each must do the same operations in the same order, so that a number does not
// depend on what it was computed beside; a test holds them to that.
//
// In all of them y lags the increment p by a step, which takes one addition out
// of the chain from p to the next p.

// peakEach writes the largest |y| of each oscillator for the trace a.
func peakEach(dst []float64, group []Oscillator, a []float64) {
	for len(group) >= 2 {
		dst[0], dst[1] = peak2(&group[0], &group[1], a)
		dst, group = dst[2:], group[2:]
	}
	if len(group) == 1 {
		dst[0], _ = peak2(&group[0], &group[0], a)
	}
}

// peak2 gives the largest |y| of two oscillators for the trace a.
func peak2(o1, o2 *Oscillator, a []float64) (float64, float64) {
	if len(a) < 2 {
		return peakShort(a), peakShort(a)
	}
	k1, k2 := o1.kernel, o2.kernel
	var y1, y2, hi1, hi2 float64
	a0, a1 := a[0], a[1]
	p1, p2 := float64(o1.first*a0)+a1, float64(o2.first*a0)+a1
	for _, a2 := range a[2:] {
		f1 := a2 + float64(k1.e1*a1) + float64(k1.e2*a0) - float64(k1.k*y1)
		f2 := a2 + float64(k2.e1*a1) + float64(k2.e2*a0) - float64(k2.k*y2)
		y1 += p1
		y2 += p2
		p1 = float64(k1.q*p1) + f1
		p2 = float64(k2.q*p2) + f2
		if v := math.Abs(y1); v > hi1 {
			hi1 = v
		}
		if v := math.Abs(y2); v > hi2 {
			hi2 = v
		}
		a0, a1 = a1, a2
	}
	return highest(hi1, y1+p1), highest(hi2, y2+p2)
}

// highest is the larger of hi and |last|, NaN if last is not finite. As y, s and q stay
// NaN once the input was not finite, the last one tells of them all.
func highest(hi, last float64) float64 {
	return max(hi, math.Abs(last)) + 0*last
}

// peakShort is the largest |y| of fewer than two samples.
func peakShort(a []float64) float64 {
	if len(a) == 0 {
		return math.NaN()
	}
	return 0 * a[0]
}

// traces writes y, the displacement in units of o.unit, of two traces of equal
// length, which may be the same, and gives the largest |y| of each. A destination may be
// its trace.
func (o *Oscillator) traces(dst1, dst2, x1, x2 []float64) (hi1, hi2 float64) {
	n := len(x1)
	if len(dst1) != n || len(dst2) != n || len(x2) != n {
		panic("metric: lengths of traces and destinations differ")
	}
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	a0, b0 := x1[0], x2[0]
	dst1[0], dst2[0] = 0*a0, 0*b0
	if n == 1 {
		return dst1[0], dst2[0]
	}
	k := o.kernel
	var y1, y2 float64
	a1, b1 := x1[1], x2[1]
	p1, p2 := float64(o.first*a0)+a1, float64(o.first*b0)+b1
	dst1, dst2, x1, x2 = dst1[1:], dst2[1:], x1[2:], x2[2:]
	dst1, dst2, x2 = dst1[:len(x1)+1], dst2[:len(x1)+1], x2[:len(x1)]
	for i, a2 := range x1 {
		b2 := x2[i]
		f1 := a2 + float64(k.e1*a1) + float64(k.e2*a0) - float64(k.k*y1)
		f2 := b2 + float64(k.e1*b1) + float64(k.e2*b0) - float64(k.k*y2)
		y1 += p1
		y2 += p2
		dst1[i], dst2[i] = y1, y2
		if v := math.Abs(y1); v > hi1 {
			hi1 = v
		}
		if v := math.Abs(y2); v > hi2 {
			hi2 = v
		}
		p1 = float64(k.q*p1) + f1
		p2 = float64(k.q*p2) + f2
		a0, a1 = a1, a2
		b0, b1 = b1, b2
	}
	y1, y2 = y1+p1, y2+p2
	dst1[len(x1)], dst2[len(x1)] = y1, y2
	return highest(hi1, y1), highest(hi2, y2)
}
