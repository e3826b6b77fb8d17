package metric

import (
	"math"
	"slices"
	"testing"
)

func TestMotionGivesTheBitsOfDisplacementWhateverElseIsAskedFor(t *testing.T) {
	a := quake(1001, 1)
	for _, period := range []float64{0.02, 0.3, 10} {
		o, err := NewOscillator(period, 0.05, 0.01)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float64, len(a))
		o.Displacement(want, a)
		m := Motion{make([]float64, len(a)), make([]float64, len(a)), make([]float64, len(a))}
		o.Motion(m, a)
		if !slices.Equal(m.Displacement, want) {
			t.Errorf("%g s: displacement differs beside velocity", period)
		}
		for name, part := range map[string]struct {
			m    Motion
			want []float64
		}{
			"displacement": {Motion{Displacement: slices.Clone(a)}, m.Displacement},
			"velocity":     {Motion{Velocity: slices.Clone(a)}, m.Velocity},
			"acceleration": {Motion{Acceleration: slices.Clone(a)}, m.Acceleration},
		} {
			for _, x := range [][]float64{part.m.Displacement, part.m.Velocity, part.m.Acceleration} {
				if x == nil {
					continue
				}
				o.Motion(part.m, x) // in place
				if !slices.Equal(x, part.want) {
					t.Errorf("%g s: %s alone and in place differs", period, name)
				}
			}
		}
	}
}

// After a step the oscillator comes to rest at -a/w^2, its mass moving with the base.
func TestMotionSettlesAfterAStep(t *testing.T) {
	a := slices.Repeat([]float64{2}, 4000)
	o, err := NewOscillator(0.5, 0.2, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	m := Motion{make([]float64, len(a)), make([]float64, len(a)), make([]float64, len(a))}
	o.Motion(m, a)
	last, w := len(a)-1, 4*math.Pi
	off := newWorst(t, 1e-13)
	off.near("displacement", m.Displacement[last], -2/(w*w), 2/(w*w))
	off.near("velocity", m.Velocity[last], 0, 2/w)
	off.near("acceleration", m.Acceleration[last], 2, 2)
	for _, x := range [][]float64{m.Displacement, m.Velocity, m.Acceleration} {
		if x[0] != 0 {
			t.Errorf("not at rest at the first sample: %g", x[0])
		}
	}
}

// Velocity is the derivative of displacement: its running integral, by Simpson's rule.
func TestVelocityIntegratesToDisplacement(t *testing.T) {
	const dt = 0.001
	a := make([]float64, 2001)
	for i := range a {
		a[i] = math.Pow(math.Sin(math.Pi*float64(i)*dt), 4)
	}
	o, err := NewOscillator(0.7, 0.05, dt)
	if err != nil {
		t.Fatal(err)
	}
	m := Motion{Displacement: make([]float64, len(a)), Velocity: make([]float64, len(a))}
	o.Motion(m, a)
	peak, _ := Peak(m.Displacement)
	w, sum := newWorst(t, 1e-8), 0.0 // (w dt)^4/180, and kinks of the input
	for i := 2; i < len(a); i += 2 {
		sum += dt / 3 * (m.Velocity[i-2] + 4*m.Velocity[i-1] + m.Velocity[i])
		w.near("displacement", sum, m.Displacement[i], peak)
	}
}

func TestMotionOfTooLittleOrNotFinite(t *testing.T) {
	o, err := NewOscillator(0.5, 0.05, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	nan, inf := math.NaN(), math.Inf(1)
	if p := o.motion(Motion{}, nil); !isNaN(p.y, p.s, p.q) {
		t.Errorf("peaks of nothing: %v", p)
	}
	if p := o.motion(Motion{}, []float64{7}); p != (peaks{}) {
		t.Errorf("peaks of one sample: %v", p)
	}
	one := Motion{[]float64{9}, []float64{9}, []float64{9}}
	o.Motion(one, []float64{7})
	if one.Displacement[0] != 0 || one.Velocity[0] != 0 || one.Acceleration[0] != 0 {
		t.Errorf("one sample: %v", one)
	}
	for _, a := range [][]float64{{nan}, {inf}, {1, nan}, {1, inf}, {nan, 1, 2}, {1, 2, inf}, {1, inf, 2, 3, 4}, {1, 2, 3, nan, 5}} {
		if p := o.motion(Motion{}, a); !isNaN(p.y, p.s, p.q) {
			t.Errorf("peaks of %v: %v", a, p)
		}
		if !isNaN(o.PSA(a)) {
			t.Errorf("PSA of %v: %v", a, o.PSA(a))
		}
	}
	m := Motion{make([]float64, 4), make([]float64, 4), make([]float64, 4)}
	o.Motion(m, []float64{1, nan, 1, 1})
	if !isNaN(m.Displacement[1:]...) || !isNaN(m.Velocity[1:]...) || !isNaN(m.Acceleration[1:]...) {
		t.Errorf("NaN was passed over: %v", m)
	}
	defer func() {
		if recover() == nil {
			t.Error("a destination of another length was accepted")
		}
	}()
	o.Motion(Motion{Velocity: make([]float64, 3)}, make([]float64, 4))
}
