package metric

import (
	"fmt"
	"math"
)

// Oscillator is a damped single-degree-of-freedom oscillator prepared for one
// sample interval: u” + 2 z w u' + w^2 u = -a, with the exact solution for
// input that is linear between samples (Nigam and Jennings, 1969). It is a plain
// value and may be used concurrently.
//
// The recurrence is the one of Nigam and Jennings with the velocity eliminated
// and the displacement written by its increments, in units of the response
// at the end of a unit ramp:
//
//	p[i+1] = r p[i] - k y[i] + a[i+1] + e1 a[i] + e2 a[i-1],  y[i+1] = y[i] + p[i+1]
//
// with r = exp(-2 z w dt) and k the characteristic polynomial at 1. That is nine
// operations a step instead of fourteen; and where w dt is small, no coefficient
// is a difference of nearly equal numbers.
type Oscillator struct {
	period, damping, dt float64
	kernel              kernel
	first               float64 // weight of a[0] in y[1]
	unit                float64 // u = unit y, s^2
	pseudo              float64 // w^2 u = pseudo y, dimensionless
}

// kernel holds the coefficients of a step in the form that [step] wants them.
type kernel struct {
	q, k, e1, e2 float64 // q = r - k
}

// NewOscillator prepares an oscillator of the given natural period (s) and
// fraction of critical damping (0.05 for 5 %), for input of interval dt (s). It
// refuses a period or dt that is not positive and finite, and a damping
// outside 0 <= damping < 1.
func NewOscillator(period, damping, dt float64) (Oscillator, error) {
	switch {
	case !positive(period):
		return Oscillator{}, fmt.Errorf("oscillator: period %g s is not positive and finite", period)
	case !(damping >= 0 && damping < 1):
		return Oscillator{}, fmt.Errorf("oscillator: damping %g is not in 0 <= damping < 1", damping)
	case !positive(dt):
		return Oscillator{}, fmt.Errorf("oscillator: sample interval %g s is not positive and finite", dt)
	}
	x := 2 * math.Pi * dt / period
	r := unitResponse(x, damping)
	decay, turn := damping*x, x*math.Sqrt(1-damping*damping)
	shrink, half := math.Expm1(-decay), math.Sin(turn/2)
	k := shrink*shrink + 4*math.Exp(-decay)*half*half
	d0 := -r.ramp
	d1 := -((r.step - r.ramp) + r.impulse*r.step - r.slope*r.ramp)
	d2 := -(r.impulse*(r.impulse-r.step) - r.slope*(r.step-r.ramp))
	return Oscillator{
		period: period, damping: damping, dt: dt,
		kernel: kernel{q: math.Exp(-2*decay) - k, k: k, e1: d1 / d0, e2: d2 / d0},
		first:  (r.step - r.ramp) / r.ramp,
		unit:   d0 * dt * dt,
		pseudo: d0 * x * x,
	}, nil
}

func positive(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// response is what an oscillator of angular frequency x does one time unit
// after it was hit, pushed, or pulled along, with dimensionless time.
type response struct {
	impulse, slope float64 // h and h'
	step, ramp     float64 // integral of h, and integral of that
}

// unitResponse evaluates the responses at time 1 by the closed form, or, where
// that would subtract nearly equal numbers, by the power series of
// h” + 2 z x h' + x^2 h = 0, h(0) = 0, h'(0) = 1. For x < 1 its terms fall from the first.
func unitResponse(x, damping float64) response {
	decay, square := 2*damping*x, x*x
	if x < 1 {
		r := response{impulse: 1, slope: 1, step: 0.5, ramp: 1. / 6}
		before, c := 0.0, 1.0 // coefficients of t^(n-1), t^n
		for n := 1.0; n < 40; n++ {
			before, c = c, -(decay*n*c+square*before)/((n+1)*n)
			r.impulse += c
			r.slope += (n + 1) * c
			r.step += c / (n + 2)
			r.ramp += c / ((n + 2) * (n + 3))
		}
		return r
	}
	xd := x * math.Sqrt(1-damping*damping)
	sin, cos := math.Sincos(xd)
	e := math.Exp(-damping * x)
	h := e * sin / xd
	slope := e*cos - damping*x*h
	step := (1 - slope - decay*h) / square
	return response{h, slope, step, (1 - h - decay*step) / square}
}

// Displacement writes the displacement of the oscillator relative to its base,
// m for a in m/s^2, at the sample times, the oscillator being at rest at the
// first. It panics if dst and a differ in length. After a NaN everything is NaN.
func (o Oscillator) Displacement(dst, a []float64) {
	o.traces(dst, dst, a, a)
	for i := range dst {
		dst[i] *= o.unit
	}
}

// PSA is the pseudo-spectral acceleration w^2 max|u| over the sample times, in
// the unit of a. It is not the largest absolute acceleration (SA). One sample
// gives 0; no sample, or a NaN, gives NaN.
func (o Oscillator) PSA(a []float64) float64 {
	peak := [1]float64{}
	o1 := [1]Oscillator{o}
	psaEach(peak[:], o1[:], a)
	return peak[0]
}
