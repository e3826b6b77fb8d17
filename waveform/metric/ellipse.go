package metric

import "math"

const (
	// sparse is about how many samples the bounds of a rotation are first taken from.
	sparse = 1024
	// crowd is how many samples are worth a second, closer ellipse.
	crowd = 128
	// thinnest is the smallest ratio of the axes of an ellipse. Angles where the
	// peak is lower than flatter times the largest are left to all the samples.
	thinnest, flatter = 1e-6, 1e-5
	// skin is what is taken off an ellipse for the rounding in testing against
	// it: that is below 1e-9 for axes no thinner than above.
	skin = 1e-6
)

// ellipse is the set where (a1 x1 + a2 x2)^2 + (b1 x1 + b2 x2)^2 < 1, or where it is
// only a point, the origin. No sample in it is the peak of a rotation, but at the
// angles that are flat.
type ellipse struct {
	a1, a2, b1, b2 float64
	point          bool
	flat           [rotations]bool
}

// outside appends to the destinations the samples that are not in the ellipse,
// among them all that are not finite. Destinations may begin where the samples do.
func (e *ellipse) outside(dst1, dst2, x1, x2 []float64) (near1, near2 []float64) {
	x2 = x2[:len(x1)]
	a1, a2, b1, b2 := e.a1, e.a2, e.b1, e.b2
	for i, v := range x1 {
		w := x2[i]
		p, q := a1*v+a2*w, b1*v+b2*w
		if !(p*p+q*q < 1) && !(e.point && v == 0 && w == 0) {
			dst1, dst2 = append(dst1, v), append(dst2, w)
		}
	}
	return dst1, dst2
}

// inside finds an ellipse from every so many of the samples: the direction in which they
// are polarised gives its shape, the extremes of these samples its size.
//
// At each angle the peak of all samples is at least that of the extremes. The
// ellipse with semi-axes l and m reaches sqrt(l^2 cos^2 + m^2 sin^2) at an angle
// from its long axis; it is made as large as it can be without reaching further
// than the extremes at any angle. Then all in it fall short of a peak.
func (r *Rotator) inside(x1, x2 []float64, every int) ellipse {
	var e ellipse
	along, long, short := polarisation(x1, x2, every)
	if !(long > 0) { // zeros, or not finite
		e.point = true
		e.a1, e.b2 = math.Inf(1), math.Inf(1)
		return e
	}
	sin, cos := math.Sincos(along)
	e.a1, e.a2 = cos/long, sin/long
	e.b1, e.b2 = -sin/short, cos/short
	r.raiseExtremes(&e, x1, x2, every)

	top := 0.0
	for _, peak := range r.peaks {
		top = max(top, peak)
	}
	size := math.Inf(1)
	for i, peak := range r.peaks {
		if e.flat[i] = peak < flatter*top; !e.flat[i] {
			c, s := r.cos[i], r.sin[i]
			size = min(size, peak/math.Hypot(long*(c*cos+s*sin), short*(s*cos-c*sin)))
		}
	}
	scale := 1 / (size * (1 - skin))
	e.a1, e.a2, e.b1, e.b2 = e.a1*scale, e.a2*scale, e.b1*scale, e.b2*scale
	return e
}

// polarisation gives the direction (radians) of the largest variance about zero of every
// so many samples, and the root mean squares along and across it, the latter at least thinnest
// times the former.
func polarisation(x1, x2 []float64, every int) (along, long, short float64) {
	var top, s11, s12, s22, n float64
	for i := 0; i < len(x1); i += every {
		top = max(top, math.Abs(x1[i]), math.Abs(x2[i]))
	}
	if top == 0 {
		return 0, 0, 0
	}
	for i := 0; i < len(x1); i += every {
		v, w := x1[i]/top, x2[i]/top // squares neither overflow nor vanish
		s11 += v * v
		s12 += v * w
		s22 += w * w
		n++
	}
	mean, half := (s11+s22)/2, math.Hypot((s11-s22)/2, s12)
	along = math.Atan2(2*s12, s11-s22) / 2
	long = math.Sqrt((mean + half) / n)
	short = math.Sqrt(max(0, mean-half) / n)
	return along, long * top, max(short, thinnest*long) * top
}

// raiseExtremes lifts the peaks at all angles to those of the samples, of every
// so many, that lie farthest out in eight directions, where e is a circle.
func (r *Rotator) raiseExtremes(e *ellipse, x1, x2 []float64, every int) {
	const t = math.Sqrt2 - 1 // tan 22.5 degrees
	var far [8]float64
	var at [8]int
	for i := 0; i < len(x1); i += every {
		v, w := x1[i], x2[i]
		p, q := e.a1*v+e.a2*w, e.b1*v+e.b2*w
		for k, d := range [8]float64{p, q, p + q, p - q, p + t*q, p - t*q, q + t*p, q - t*p} {
			if d = math.Abs(d); d > far[k] {
				far[k], at[k] = d, i
			}
		}
	}
	var v, w [8]float64
	for k, i := range at {
		v[k], w[k] = x1[i], x2[i]
	}
	for angle := range rotations {
		r.raise(angle, v[:], w[:])
	}
}
