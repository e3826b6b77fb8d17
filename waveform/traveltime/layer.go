package traveltime

import "math"

// layer is a shell in which velocity is a power of radius, v = a r^b (Bullen's
// law), so that the slowness eta = r/v is proportional to r^(1/k), k = 1/(1-b), and
// the integrals of a ray are elementary. k is 1 where velocity is constant.
type layer struct {
	top, bottom       float64 // radius, m
	etaTop, etaBottom float64 // s/rad, falling with depth
	k                 float64
}

func newLayer(top, bottom, etaTop, etaBottom float64) layer {
	l := layer{top: top, bottom: bottom, etaTop: etaTop, etaBottom: etaBottom, k: 1}
	if bottom > 0 { // at the centre velocity is taken as constant
		l.k = math.Log(top/bottom) / math.Log(etaTop/etaBottom)
	}
	return l
}

// eta is the slowness at a radius in the layer.
func (l layer) eta(radius float64) float64 {
	return l.etaTop * math.Pow(radius/l.top, 1/l.k)
}

// integral gives distance (rad) and delay tau = t - p x (s), per unit of k, of a ray of
// parameter p (s/rad) from its turning point to where the slowness is eta >= p:
// of dx = p/sqrt(eta^2-p^2) dr/r and dtau = sqrt(eta^2-p^2) dr/r.
func integral(eta, p float64) (x, tau float64) {
	q := math.Sqrt((eta - p) * (eta + p))
	x = math.Atan2(q, p)
	return x, q - p*x
}

// column is the layers that a phase passes, from the surface down.
type column []layer

// half gives distance and delay of a ray from the surface to its deepest point,
// where it turns or, between layers of different velocity, is reflected.
func (c column) half(p float64) (x, tau float64) {
	var lx, lt, eta float64 // the last integrals and what they are of
	for _, l := range c {
		if p >= l.etaTop {
			break
		}
		if l.etaTop != eta {
			lx, lt = integral(l.etaTop, p)
		}
		x += l.k * lx
		tau += l.k * lt
		if p > l.etaBottom {
			break
		}
		eta = l.etaBottom
		lx, lt = integral(eta, p)
		x -= l.k * lx
		tau -= l.k * lt
	}
	return x, tau
}

// focus is where a source is in a column.
type focus struct {
	level int     // the layer
	eta   float64 // slowness there: the parameter of a ray that leaves horizontally
	k     float64 // of the layer
}

// focus finds the layer of a radius; on a boundary the lower one.
func (c column) focus(radius float64) focus {
	level := 0
	for level+1 < len(c) && radius <= c[level].bottom {
		level++
	}
	return focus{level: level, eta: c[level].eta(radius), k: c[level].k}
}

// up gives distance and delay of a ray from the source straight up to the surface,
// and the derivative of the distance over the take-off angle, whose sine is p / s.eta.
func (c column) up(s focus, p float64) (x, tau, slope float64) {
	dp := math.Sqrt((s.eta - p) * (s.eta + p)) // over the angle
	end := func(eta, k float64) {
		lx, lt := integral(eta, p)
		x += k * lx
		tau += k * lt
		if eta == s.eta {
			slope -= k // at the source the root cancels, also where it is zero
		} else {
			slope -= k * dp / math.Sqrt((eta-p)*(eta+p))
		}
	}
	for _, l := range c[:s.level] {
		end(l.etaTop, l.k)
		end(l.etaBottom, -l.k)
	}
	end(c[s.level].etaTop, s.k)
	end(s.eta, -s.k)
	return x, tau, slope
}

// direct gives the time of the ray that leaves the source upwards and arrives at
// distance d (rad). There is none beyond the one that leaves horizontally.
//
// Distance rises with the take-off angle, which is found by Newton's method inside
// a bracket. As the time is stationary over p, an error of 1e-8 rad in distance is
// none in time.
func (c column) direct(s focus, depth, d float64) (t float64, ok bool) {
	if d == 0 {
		_, tau, _ := c.up(s, 0)
		return tau, true
	}
	if end, _, _ := c.up(s, s.eta); d > end {
		return 0, false
	}
	low, high := 0.0, math.Pi/2
	angle := math.Atan2(d*radius, depth)
	for range 60 {
		p := s.eta * math.Sin(angle)
		x, tau, slope := c.up(s, p)
		if t = tau + p*d; math.Abs(x-d) < 1e-8 {
			break
		}
		if x > d {
			high = angle
		} else {
			low = angle
		}
		angle -= (x - d) / slope
		if !(angle > low && angle < high) {
			angle = (low + high) / 2
		}
	}
	return t, true
}
