package dsp

// baselineTerms is the number of powers in the polynomial of [CorrectBaseline],
// from t^2 to t^6.
const baselineTerms = 5

// CorrectBaseline takes a drift off acceleration x: x is integrated twice by the
// trapezoid rule from rest, as by [CumTrapezoid], a polynomial c2 t^2 + .. + c6
// t^6, with t zero at the first sample, is fitted to that displacement by least
// squares, and its second derivative is subtracted from x. Without a constant and a
// linear term, the displacement and velocity of the drift start from zero too. This
// is the correction in the ground-motion tables of the USGS (gmprocess,
// "correct_baseline"; Ancheta et al. 2013, PEER report 2013/03). The sample
// interval cancels, and x keeps its unit.
//
// The fit is in polynomials orthogonal over the samples (Forsythe 1957), which
// powers of t are far from, and loses no digits. Fewer than seven samples, which
// the polynomial would meet exactly, are left as they are. A NaN makes all of x
// NaN.
func CorrectBaseline(x []float64) {
	n := len(x)
	if n < baselineTerms+2 {
		return
	}
	Demean(x) // a constant is a term of the correction, but would leave its rounding
	b := newBaseline(n)
	for range 2 { // the second time fits what rounding left
		b.fit(x)
	}
	for i := range x {
		x[i] -= b.curvature(float64(i)*b.step) * (b.step * b.step)
	}
}

// baseline is t^2 times polynomials p[k] of degree k in t = i/(n-1), for which the
// products t^2 p[k] are orthogonal over the samples i: p[k+1] = (t - middle[k])
// p[k] - ratio[k] p[k-1].
type baseline struct {
	step          float64 // of t between two samples
	middle, ratio [baselineTerms]float64
	norm          [baselineTerms]float64 // sum of (t^2 p[k])^2
	weights       [baselineTerms]float64 // of t^2 p[k] in the displacement
}

// newBaseline finds each polynomial from those before (the procedure of Stieltjes).
func newBaseline(n int) baseline {
	b := baseline{step: 1 / float64(n-1)}
	for k := range baselineTerms {
		norm, moment := 0.0, 0.0
		for i := range n {
			t := float64(i) * b.step
			p := b.at(t, k)
			square := float64(p[k] * p[k] * t * t * t * t)
			norm += square
			moment += float64(t * square)
		}
		b.norm[k], b.middle[k] = norm, moment/norm
		if k > 0 {
			b.ratio[k] = norm / b.norm[k-1]
		}
	}
	return b
}

// at gives the polynomials up to p[highest] at t.
func (b *baseline) at(t float64, highest int) (p [baselineTerms]float64) {
	before, here := 0.0, 1.0
	p[0] = here
	for k := range highest {
		before, here = here, float64((t-b.middle[k])*here)-float64(b.ratio[k]*before)
		p[k+1] = here
	}
	return p
}

// fit adds to the weights those that fit the displacement of x, less what they
// describe already.
func (b *baseline) fit(x []float64) {
	var sums [baselineTerms]float64
	acceleration, velocity, displacement := x[0], 0.0, 0.0
	for i, v := range x {
		if i > 0 {
			faster := velocity + (acceleration+v)/2
			displacement += (velocity + faster) / 2
			acceleration, velocity = v, faster
		}
		t := float64(i) * b.step
		p := b.at(t, baselineTerms-1)
		rest := displacement
		for k, w := range b.weights {
			rest -= float64(w * p[k] * t * t)
		}
		for k := range sums {
			sums[k] += float64(rest * p[k] * t * t)
		}
	}
	for k := range sums {
		b.weights[k] += sums[k] / b.norm[k]
	}
}

// curvature is the second derivative at t of the displacement that the weights
// describe: the sum of (t^2 p)" = 2 p + 4 t p' + t^2 p".
func (b *baseline) curvature(t float64) float64 {
	var p, slope, bend, p1, slope1, bend1 float64 // of a polynomial and of the one before
	p = 1
	sum := 0.0
	for k, w := range b.weights {
		sum += float64(w * (float64(2*p) + float64(4*t*slope) + float64(t*t*bend)))
		off, ratio := t-b.middle[k], b.ratio[k]
		p, slope, bend, p1, slope1, bend1 =
			float64(off*p)-float64(ratio*p1),
			p+float64(off*slope)-float64(ratio*slope1),
			float64(2*slope)+float64(off*bend)-float64(ratio*bend1),
			p, slope, bend
	}
	return sum
}
