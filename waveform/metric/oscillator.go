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
// is a difference of nearly equal numbers. Velocities, where they are asked for,
// follow from the displacements by their own half of the solution, s, and absolute
// accelerations from both, q:
//
//	s[i+1] = s[i] + sy y[i] + ss s[i] + s0 a[i] + s1 a[i+1],  q = y + c s
type Oscillator struct {
	period, damping, dt float64
	kernel              kernel
	flow                flow
	first               float64 // weight of a[0] in y[1]
	unit                float64 // u = unit y, s^2
	pseudo              float64 // w^2 u = pseudo y, dimensionless; also w^2 u + 2 z w u' = pseudo q
}

// kernel holds the coefficients of a step of the displacement.
type kernel struct {
	q, k, e1, e2 float64 // q = r - k
}

// flow holds the coefficients of the velocity, u' = unit/dt s.
type flow struct{ sy, ss, s0, s1, c float64 }

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
		flow: flow{
			sy: -x * x * r.impulse, ss: -(2*decay*r.impulse + x*x*r.step),
			s0: (r.impulse - r.step) / r.ramp, s1: r.step / r.ramp, c: 2 * damping / x,
		},
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
	scale(dst, o.unit)
}

// Motion is the history of an oscillator at the sample times. A nil slice is not
// asked for; the others have the length of the input.
type Motion struct {
	Displacement []float64 // u, relative to the base, m for input in m/s^2
	Velocity     []float64 // u', relative to the base, m/s
	Acceleration []float64 // absolute: u'' + a = -(w^2 u + 2 z w u'), m/s^2
}

// Motion writes what dst asks for, the oscillator being at rest at the first sample, where all
// three are therefore 0. A slice of dst may be a. It panics if the lengths differ.
// After a NaN everything is NaN.
func (o Oscillator) Motion(dst Motion, a []float64) {
	o.motion(dst, a)
	scale(dst.Displacement, o.unit)
	scale(dst.Velocity, o.unit/o.dt)
	scale(dst.Acceleration, -o.pseudo)
}

// PSA is the pseudo-spectral acceleration w^2 max|u| over the sample times, in
// the unit of a. It is not the largest absolute acceleration (SA). One sample
// gives 0; no sample, or one that is not finite, gives NaN.
func (o Oscillator) PSA(a []float64) float64 {
	y, _ := peak2(&o, &o, a)
	return o.psa(peaks{y: y})
}

// Period is the natural period, s.
func (o Oscillator) Period() float64 { return o.period }

// Damping is the fraction of critical damping.
func (o Oscillator) Damping() float64 { return o.damping }

// Interval is the sample interval, s, that the oscillator is for.
func (o Oscillator) Interval() float64 { return o.dt }

// peaks holds the largest |y|, |s| and |q| of a motion.
type peaks struct{ y, s, q float64 }

// peaks of what an oscillator does, in the units of the input.
func (o *Oscillator) sd(p peaks) float64  { return p.y * -o.unit }
func (o *Oscillator) psv(p peaks) float64 { return 2 * math.Pi / o.period * o.sd(p) }
func (o *Oscillator) psa(p peaks) float64 { return p.y * -o.pseudo }
func (o *Oscillator) sv(p peaks) float64  { return p.s * -(o.unit / o.dt) }
func (o *Oscillator) sa(p peaks) float64  { return p.q * -o.pseudo }

func scale(x []float64, by float64) {
	for i := range x {
		x[i] *= by
	}
}
