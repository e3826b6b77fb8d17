package traveltime

import (
	"fmt"
	"math"
)

const (
	radius    = 6371e3 // m, of both models
	deepest   = 760e3  // m, of sources
	highest   = -10e3  // m, of sources: above the models' surface, taken as at it
	thickest  = 25e3   // m, of a layer in which velocity changes
	sameSpeed = 0.5    // m/s: less of a step of velocity is rounding in the publication

	// diffracts is how far along the core Pdiff is followed, rad; TauP does the same.
	diffracts = math.Pi / 3
)

// Earth is a layered spherical Earth: tables of its rays, from which first arrivals are
// looked up. Make one with [Load]; it does not change and may be used concurrently.
type Earth struct {
	mantleP, mantleS column
	p, s             *branch // turning in the mantle
	pkp, sks         *branch // turning in the core
}

// stretch is a range of depth in which a published model is smooth.
type stretch struct {
	top, bottom float64                      // radius, m
	core        bool                         // below the mantle
	p, s        func(radius float64) float64 // m/s at a radius in m
}

// Load makes the model of a name, "ak135" or "iasp91", which takes some milliseconds:
// load once, not for each time. Any other name is an error.
func Load(name string) (*Earth, error) {
	switch name {
	case "ak135":
		return newEarth(ak135()), nil
	case "iasp91":
		return newEarth(iasp91()), nil
	}
	return nil, fmt.Errorf("traveltime: model %q is unknown; there are ak135 and iasp91", name)
}

func newEarth(model []stretch) *Earth {
	var core column
	e := &Earth{}
	for _, s := range model {
		if s.core {
			core = core.extend(s, s.p)
		} else {
			e.mantleP = e.mantleP.extend(s, s.p)
			e.mantleS = e.mantleS.extend(s, s.s)
		}
	}
	bottom := radius - deepest
	n := len(e.mantleP)
	e.p = newBranch(e.mantleP, 0, math.Inf(1), bottom)
	e.s = newBranch(e.mantleS, 0, math.Inf(1), bottom)
	e.pkp = newBranch(append(e.mantleP[:n:n], core...), n, e.mantleP[n-1].etaBottom, bottom)
	n = len(e.mantleS)
	e.sks = newBranch(append(e.mantleS[:n:n], core...), n, e.mantleS[n-1].etaBottom, bottom)
	return e
}

// extend adds the layers of a stretch.
func (c column) extend(s stretch, velocity func(float64) float64) column {
	n := 1
	if velocity(s.top) != velocity(s.bottom) {
		n = int(math.Ceil((s.top - s.bottom) / thickest))
	}
	for i := range n {
		top := s.top - (s.top-s.bottom)*float64(i)/float64(n)
		bottom := s.top - (s.top-s.bottom)*float64(i+1)/float64(n)
		if i == n-1 {
			bottom = s.bottom
		}
		etaTop := top / velocity(top)
		if len(c) > 0 {
			if last := c[len(c)-1].etaBottom; math.Abs(top/last-velocity(top)) < sameSpeed {
				etaTop = last
			}
		}
		c = append(c, newLayer(top, bottom, etaTop, bottom/velocity(bottom)))
	}
	return c
}

// First gives the first arrival of a wave: for P of P, Pdiff and PKP, for S of S and
// SKS. Distance is that along the ellipsoid in m as [Distance] gives it, depth in m.
//
// True for distances from 0 to half round the Earth and depths from -10 km to 760 km;
// sources above the surface are taken as at it. NaN gives false.
func (e *Earth) First(w Wave, distance, depth float64) (Arrival, bool) {
	d, depth, ok := inside(distance, depth)
	if !ok {
		return Arrival{}, false
	}
	var a Arrival
	switch w {
	case P:
		a = earlier(Arrival{e.turning(e.p, d, depth), PhaseP}, Arrival{e.diffracted(d, depth), PhasePdiff})
		a = earlier(a, Arrival{e.pkp.first(e.pkp.column.focus(radius-depth), d), PhasePKP})
	case S:
		a = earlier(Arrival{e.turning(e.s, d, depth), PhaseS}, Arrival{e.sks.first(e.sks.column.focus(radius-depth), d), PhaseSKS})
	default:
		return Arrival{}, false
	}
	return a, !math.IsInf(a.Time, 1)
}

// Time gives the first arrival (s) of one phase, which need not be the first of its wave.
// False where the phase does not reach, and as for [Earth.First].
func (e *Earth) Time(phase Phase, distance, depth float64) (seconds float64, ok bool) {
	d, depth, ok := inside(distance, depth)
	if !ok {
		return 0, false
	}
	t := math.Inf(1)
	switch phase {
	case PhaseP:
		t = e.turning(e.p, d, depth)
	case PhasePdiff:
		t = e.diffracted(d, depth)
	case PhasePKP:
		t = e.pkp.first(e.pkp.column.focus(radius-depth), d)
	case PhaseS:
		t = e.turning(e.s, d, depth)
	case PhaseSKS:
		t = e.sks.first(e.sks.column.focus(radius-depth), d)
	}
	if math.IsInf(t, 1) {
		return 0, false
	}
	return t, true
}

func earlier(a, b Arrival) Arrival {
	if b.Time < a.Time {
		return b
	}
	return a
}

// inside gives distance (rad) and depth (m) within the models, or false.
func inside(distance, depth float64) (d, h float64, ok bool) {
	d = distance / radius
	// The longest distance of Distance's spherical fallback is a little more than half round the models.
	if !(d >= 0 && d <= math.Pi*(1+1e-5) && depth >= highest && depth <= deepest) {
		return 0, 0, false
	}
	return min(d, math.Pi), max(depth, 0), true
}

// turning gives the first of the rays in the mantle, upwards and downwards.
func (e *Earth) turning(b *branch, d, depth float64) float64 {
	s := b.column.focus(radius - depth)
	t := b.first(s, d)
	if up, ok := b.column.direct(s, depth, d); ok {
		t = min(t, up)
	}
	return t
}

// diffracted gives the time of Pdiff: P to the core, along it, and up.
func (e *Earth) diffracted(d, depth float64) float64 {
	n := e.p.at(e.p.column.focus(radius-depth), len(e.p.nodes)-1)
	if d < n.x || d > n.x+diffracts {
		return math.Inf(1)
	}
	return n.tau + n.p*d
}
