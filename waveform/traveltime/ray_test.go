package traveltime

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Times by the defining integrals alone: no tables, no search over branches.

// quadrature integrates f over [a, b] with an integrable singularity at a, by
// Gauss-Legendre points after the substitution z = a + (b-a) u^2.
func quadrature(f func(float64) float64, a, b float64) float64 {
	const pieces = 400
	at := [...]float64{-math.Sqrt(0.6), 0, math.Sqrt(0.6)}
	weight := [...]float64{5. / 9, 8. / 9, 5. / 9}
	sum := 0.0
	for i := range pieces {
		for j := range at {
			u := (float64(i) + 0.5 + at[j]/2) / pieces
			sum += weight[j] / 2 / pieces * 2 * u * (b - a) * f(a+(b-a)*u*u)
		}
	}
	return sum
}

func TestLayerIntegralsAreTheQuadratureOfTheirDefinition(t *testing.T) {
	v := func(r float64) float64 { return 9000 * math.Pow(r/6e6, -2.3) }
	l := newLayer(6.0e6, 5.9e6, 6.0e6/v(6.0e6), 5.9e6/v(5.9e6))
	if math.Abs(l.k-1/3.3) > 1e-12 {
		t.Fatalf("k %v, want 1/(1-b) = 1/3.3", l.k)
	}
	for _, p := range []float64{1, 100, 600, 640, l.etaBottom, l.eta(5.95e6)} {
		bottom := 5.9e6
		if p > l.etaBottom {
			bottom = 6.0e6 * math.Pow(p/l.etaTop, l.k) // it turns there
		}
		root := func(r float64) float64 { eta := r / v(r); return math.Sqrt(max(0, (eta-p)*(eta+p))) }
		x := quadrature(func(r float64) float64 { return p / root(r) / r }, bottom, 6.0e6)
		tau := quadrature(func(r float64) float64 { return root(r) / r }, bottom, 6.0e6)
		gotX, gotTau := column{l}.half(p)
		if math.Abs(gotX-x) > 1e-9 || math.Abs(gotTau-tau) > 1e-9 {
			t.Errorf("p %v: %.12f rad, %.12f s, want %.12f, %.12f", p, gotX, gotTau, x, tau)
		}
	}
}

// In the upper crust velocity is constant: rays are chords. Nearer to its bottom and farther
// away the wave along the lower crust is first.
func TestDirectWaveInTheUpperCrustIsAChord(t *testing.T) {
	speeds := map[string][2]float64{"ak135": {5800, 3460}, "iasp91": {5800, 3360}}
	for name, v := range speeds {
		e := load(t, name)
		for _, depth := range []float64{0, 1, 130, 5e3, 7345.6, 10e3} {
			for _, degrees := range []float64{0, 1e-6, 1e-3, 0.05, 0.3, 0.6, 0.8} {
				d, r := degrees*math.Pi/180, radius-depth
				chord := math.Hypot(depth, 2*math.Sqrt(radius*r)*math.Sin(d/2))
				for _, w := range []Wave{P, S} {
					a, ok := e.First(w, metres(degrees), depth)
					if want := chord / v[w]; !ok || math.Abs(a.Time-want) > 1e-6 {
						t.Errorf("%s %v at %v degrees, %v m: %v, %v, want %v", name, w, degrees, depth, a, ok, want)
					}
				}
			}
		}
	}
}

// ray shoots a ray of parameter p up or down from a source: where it arrives and when.
func ray(b *branch, depth, p float64, upwards bool) (d, t float64, ok bool) {
	s := b.column.focus(radius - depth)
	if p > s.eta {
		return 0, 0, false
	}
	x, tau, _ := b.column.up(s, p)
	if !upwards {
		whole, wholeTau := b.column.half(p)
		x, tau = 2*whole-x, 2*wholeTau-tau
	}
	return x, tau + p*x, true
}

// interpolation is what the cubic between tabulated rays may be off, s.
const interpolation = 1e-3

func TestNoRayComesBeforeTheFirstArrival(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"ak135", "iasp91"} {
		e := load(t, name)
		worst := 0.0
		for range 40000 {
			w := Wave(random.IntN(2))
			mantle, core := e.p, e.pkp
			if w == S {
				mantle, core = e.s, e.sks
			}
			b, low, high := mantle, mantle.nodes[len(mantle.nodes)-1].p, mantle.nodes[0].p
			if random.IntN(4) == 0 {
				b, low, high = core, 0, core.nodes[0].p
			}
			depth := 700e3 * math.Pow(random.Float64(), 3)
			p := low + (high-low)*random.Float64()
			d, at, ok := ray(b, depth, p, b == mantle && random.IntN(2) == 0)
			if !ok || d > math.Pi {
				continue
			}
			a, ok := e.First(w, d*radius, depth)
			if !ok {
				t.Fatalf("%s %v at %v rad, %v m: none", name, w, d, depth)
			}
			worst = max(worst, a.Time-at)
			if a.Time > at+interpolation {
				t.Errorf("%s %v at %.6f degrees, %.1f m: first %.5f s, the ray of %.4f s/rad comes at %.5f", name, w, d*180/math.Pi, depth, a.Time, p, at)
			}
		}
		t.Logf("%s: a ray comes at most %.2g s before the first arrival", name, worst)
	}
}

// The slope of the time over distance is the parameter of a ray; that ray must
// arrive there and then.
func TestEveryFirstArrivalIsARay(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"ak135", "iasp91"} {
		e := load(t, name)
		worst, compared := 0.0, 0
		for range 20000 {
			w := Wave(random.IntN(2))
			depth, d := 700e3*math.Pow(random.Float64(), 3), math.Pi*math.Pow(random.Float64(), 2)
			const step = 1e-6
			a, _ := e.First(w, d*radius, depth)
			before, ok1 := e.First(w, (d-step)*radius, depth)
			after, ok2 := e.First(w, (d+step)*radius, depth)
			left, right := (a.Time-before.Time)/step, (after.Time-a.Time)/step
			if !ok1 || !ok2 || a.Phase == PhasePdiff || math.Abs(left-right) > 1e-3*math.Abs(left)+0.1 {
				continue // at a change of branch
			}
			b := map[Phase]*branch{PhaseP: e.p, PhaseS: e.s, PhasePKP: e.pkp, PhaseSKS: e.sks}[a.Phase]
			s := b.column.focus(radius - depth)
			p := min((left+right)/2, s.eta)
			off := math.Inf(1)
			for _, upwards := range []bool{false, true} {
				x, at, ok := ray(b, depth, p, upwards)
				if ok && math.Abs(x-d) < 0.02 { // stationary: the time at d is good to the square of what x is off
					off = min(off, math.Abs(at+p*(d-x)-a.Time))
				}
			}
			compared++
			worst = max(worst, off)
			if off > interpolation {
				t.Errorf("%s %s at %.5f degrees, %.1f m: no ray of %.4f s/rad at %.5f s (off %.5f)", name, a.Phase, d*180/math.Pi, depth, p, a.Time, off)
			}
		}
		t.Logf("%s: %d first arrivals at most %.2g s off their rays", name, compared, worst)
		if compared < 15000 {
			t.Errorf("only %d compared", compared)
		}
	}
}
