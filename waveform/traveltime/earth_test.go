package traveltime

import (
	"math"
	"sync"
	"testing"
)

func both(t *testing.T, do func(t *testing.T, e *Earth)) {
	for _, name := range []string{"ak135", "iasp91"} {
		t.Run(name, func(t *testing.T) { do(t, load(t, name)) })
	}
}

// mustFirst gives the first arrival, which must exist.
func mustFirst(t *testing.T, m Model, w Wave, distance, depth float64) Arrival {
	t.Helper()
	a, ok := m.First(w, distance, depth)
	if !ok {
		t.Fatalf("%v at %v m, depth %v m: none", w, distance, depth)
	}
	return a
}

func TestModelsHaveThePublishedVelocities(t *testing.T) {
	cases := map[string][]struct{ depth, p, s float64 }{ // depth in km, km/s, just below it
		"ak135":  {{0, 5.8, 3.46}, {20, 6.5, 3.85}, {35, 8.04, 4.48}, {210, 8.3, 4.523}, {410, 9.36, 5.08}, {660, 10.79, 5.96}, {2740, 13.6494, 7.249}},
		"iasp91": {{0, 5.8, 3.36}, {20, 6.5, 3.75}, {35, 8.04, 4.47}, {210, 8.3, 4.522}, {410, 9.36, 5.07}, {660, 10.79, 5.95}, {2740, 13.6564, 7.2645}},
	}
	for name, rows := range cases {
		e := load(t, name)
		for _, row := range rows {
			r := radius - row.depth*1e3
			p, s := r/e.mantleP.focus(r).eta/1e3, r/e.mantleS.focus(r).eta/1e3
			if math.Abs(p-row.p) > 1e-4 || math.Abs(s-row.s) > 1e-4 {
				t.Errorf("%s at %v km: %.5f and %.5f km/s, want %v and %v", name, row.depth, p, s, row.p, row.s)
			}
		}
	}
}

// The ray that goes down from a source, reversed at the source and continued upwards, is one
// ray from surface to surface.
func TestPartsOfARayAddUpToTheRayBetweenSurfaces(t *testing.T) {
	both(t, func(t *testing.T, e *Earth) {
		for w, b := range map[Wave]*branch{P: e.p, S: e.s} {
			for _, depth := range []float64{5e3, 35e3, 150e3, 410e3, 623e3} {
				for _, degrees := range []float64{35, 48, 61, 74} {
					const step = 1e-5
					d := degrees * math.Pi / 180
					down := mustFirst(t, e, w, d*radius, depth).Time
					p := (mustFirst(t, e, w, (d+step)*radius, depth).Time - mustFirst(t, e, w, (d-step)*radius, depth).Time) / (2 * step)
					offset, up, _ := ray(b, depth, p, true)
					if got := mustFirst(t, e, w, offset*radius, depth).Time; math.Abs(got-up) > 2*interpolation && depth > 50e3 {
						t.Errorf("%v from %v m up to %.3f degrees: %.5f s, want %.5f", w, depth, offset*180/math.Pi, got, up)
					}
					if whole := mustFirst(t, e, w, (d+offset)*radius, 0).Time; math.Abs(whole-down-up) > 2*interpolation {
						t.Errorf("%v from %v m at %v degrees: %.5f and %.5f s, but %.5f from the surface", w, depth, degrees, down, up, whole)
					}
				}
			}
		}
	})
}

func TestTimesRiseWithDistanceNoFasterThanTheSlowestWave(t *testing.T) {
	slowest := map[Wave]float64{P: 5800, S: 3360}
	both(t, func(t *testing.T, e *Earth) {
		for w, v := range slowest {
			for _, depth := range []float64{0, 12e3, 20e3, 35e3, 180e3, 410e3, 660e3, 700e3} {
				const step = 0.02
				last, jumps := mustFirst(t, e, w, 0, depth), 0
				for degrees := step; degrees < 180; degrees += step {
					a := mustFirst(t, e, w, metres(degrees), depth)
					if last.Phase == PhasePdiff && a.Phase == PhasePKP {
						jumps++
					} else if rise := a.Time - last.Time; rise < -1e-9 || rise > metres(step)/v+interpolation {
						t.Errorf("%v from %v m at %.2f degrees: %s %.4f s after %s %.4f", w, depth, degrees, a.Phase, a.Time, last.Phase, last.Time)
					}
					last = a
				}
				if want := map[Wave]int{P: 1, S: 0}[w]; jumps != want {
					t.Errorf("%v from %v m: %d jumps from Pdiff to PKP, want %d", w, depth, jumps, want)
				}
			}
		}
	})
}

func TestDeeperSourcesAreEarlierFarAwayAndLaterAbove(t *testing.T) {
	both(t, func(t *testing.T, e *Earth) {
		for _, w := range []Wave{P, S} {
			for _, degrees := range []float64{0, 30, 45, 60, 75, 90, 170, 180} {
				sign := -1.0
				if degrees == 0 {
					sign = 1
				}
				for depth := 0.0; depth < 700e3; depth += 5e3 {
					shallow, deep := mustFirst(t, e, w, metres(degrees), depth), mustFirst(t, e, w, metres(degrees), depth+5e3)
					if !((deep.Time-shallow.Time)*sign > 0.1) {
						t.Errorf("%v at %v degrees: %.4f s from %v m, %.4f from 5 km deeper", w, degrees, shallow.Time, depth, deep.Time)
					}
				}
			}
		}
	})
}

func TestTimesDoNotJumpWithDepthAtDiscontinuities(t *testing.T) {
	both(t, func(t *testing.T, e *Earth) {
		for _, w := range []Wave{P, S} {
			for _, depth := range []float64{20e3, 35e3, 77.5e3, 120e3, 210e3, 410e3, 660e3} {
				for degrees := 0.0; degrees <= 180; degrees += 0.25 {
					at := mustFirst(t, e, w, metres(degrees), depth).Time
					for _, off := range []float64{-1e-3, 1e-3} {
						near := mustFirst(t, e, w, metres(degrees), depth+off)
						if near.Phase != PhasePdiff && math.Abs(near.Time-at) > interpolation {
							t.Errorf("%v at %v degrees: %.5f s from %v m, %.5f from %v m off", w, degrees, at, depth, near.Time, off)
						}
					}
				}
			}
		}
	})
}

func TestModelsHaveNoTimeOutsideTheirRange(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	both(t, func(t *testing.T, e *Earth) {
		for _, c := range [][2]float64{{nan, 0}, {0, nan}, {-1, 0}, {inf, 0}, {-inf, 0}, {0, inf}, {0, -inf},
			{metres(180.01), 0}, {metres(30), -10001}, {metres(30), 760001}} {
			for _, w := range []Wave{P, S} {
				if a, ok := e.First(w, c[0], c[1]); ok || a != (Arrival{}) {
					t.Errorf("%v at %v m, depth %v m: %v, %v", w, c[0], c[1], a, ok)
				}
			}
			for _, phase := range []Phase{PhaseP, PhasePdiff, PhasePKP, PhaseS, PhaseSKS} {
				if s, ok := e.Time(phase, c[0], c[1]); ok {
					t.Errorf("%s at %v m, depth %v m: %v", phase, c[0], c[1], s)
				}
			}
		}
		if _, ok := e.First(Wave(7), 1e6, 0); ok {
			t.Error("a wave that does not exist has a time")
		}
		if _, ok := e.Time("PKJKP", 1e6, 0); ok {
			t.Error("a phase that is not known has a time")
		}
		if s, ok := e.Time(PhasePKP, metres(60), 0); ok {
			t.Errorf("PKP at 60 degrees: %v", s)
		}
	})
	if e, err := Load("prem"); err == nil || e != nil {
		t.Errorf("Load of an unknown model: %v, %v", e, err)
	}
}

func TestModelsHaveTimesAtTheEndsOfTheirRange(t *testing.T) {
	both(t, func(t *testing.T, e *Earth) {
		for _, w := range []Wave{P, S} {
			if a := mustFirst(t, e, w, 0, 0); a.Time != 0 {
				t.Errorf("%v at the source: %v", w, a)
			}
			if above, at := mustFirst(t, e, w, 3e5, -9999), mustFirst(t, e, w, 3e5, 0); above != at {
				t.Errorf("%v of a source above the surface: %v, want %v", w, above, at)
			}
			end := mustFirst(t, e, w, math.Pi*radius, 0)
			if farther := mustFirst(t, e, w, math.Pi*6371008.8, 0); farther != end {
				t.Errorf("%v at the longest distance of the sphere of Distance: %v, want %v", w, farther, end)
			}
			for _, depth := range []float64{0, math.SmallestNonzeroFloat64, 1e-9, 35e3, 700e3, 760e3} {
				for _, d := range []float64{0, math.SmallestNonzeroFloat64, 1e-9, 1, math.Nextafter(math.Pi*radius, 0)} {
					mustFirst(t, e, w, d, depth)
				}
			}
		}
	})
	e := load(t, "ak135")
	for _, lon := range []float64{0, 90, 179.7, 180} {
		d, _ := Distance(0, 0, 0, lon)
		mustFirst(t, e, P, d, 10e3)
	}
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	e := load(t, "ak135")
	if n := testing.AllocsPerRun(100, func() {
		e.First(P, 3e5, 11e3)
		e.First(S, 9e6, 600e3)
		e.Time(PhasePKP, 19e6, 33e3)
		Constant{P: 6000, S: 3500}.First(P, 60e3, 11e3)
		Distance(35.77, -117.6, -41.2, 174.8)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestModelsMayBeUsedConcurrently(t *testing.T) {
	e := load(t, "iasp91")
	want := make([]Arrival, 200)
	for i := range want {
		want[i] = mustFirst(t, e, Wave(i%2), float64(i)*1e5, float64(i)*3e3)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range want {
				if a, ok := e.First(Wave(i%2), float64(i)*1e5, float64(i)*3e3); !ok || a != want[i] {
					t.Errorf("lookup %d: %v, want %v", i, a, want[i])
				}
			}
		})
	}
	group.Wait()
}

func TestConstantIsAModel(t *testing.T) {
	var m Model = Constant{P: 6000, S: 3000}
	if a := mustFirst(t, m, P, 30e3, 40e3); a != (Arrival{50e3 / 6000., PhaseP}) {
		t.Errorf("P %v", a)
	}
	if a := mustFirst(t, m, S, 30e3, 40e3); a != (Arrival{50e3 / 3000., PhaseS}) {
		t.Errorf("S %v", a)
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][2]float64{{nan, 0}, {0, nan}, {-1, 0}, {inf, 0}, {0, inf}, {0, -inf}} {
		if a, ok := m.First(P, c[0], c[1]); ok || a != (Arrival{}) {
			t.Errorf("at %v m, depth %v m: %v", c[0], c[1], a)
		}
	}
	for _, bad := range []Model{Constant{}, Constant{P: -1, S: -1}, Constant{P: nan, S: nan}} {
		if a, ok := bad.First(S, 1e3, 1e3); ok {
			t.Errorf("%v: %v", bad, a)
		}
	}
	if _, ok := m.First(Wave(-1), 1e3, 0); ok {
		t.Error("a wave that does not exist has a time")
	}
}

func TestPdiffEndsSixtyDegreesAlongTheCore(t *testing.T) {
	both(t, func(t *testing.T, e *Earth) {
		start := e.p.nodes[len(e.p.nodes)-1].x * 180 / math.Pi
		if _, ok := e.Time(PhasePdiff, metres(start-1e-6), 0); ok {
			t.Error("Pdiff before the last P")
		}
		if _, ok := e.Time(PhaseP, metres(start+1e-6), 0); ok {
			t.Error("P in the shadow")
		}
		before, after := mustFirst(t, e, P, metres(start+60-1e-6), 0), mustFirst(t, e, P, metres(start+60+1e-6), 0)
		if before.Phase != PhasePdiff || after.Phase != PhasePKP {
			t.Errorf("%v and then %v at %.3f degrees", before, after, start+60)
		}
		t.Logf("P ends at %.3f degrees; at %.3f %s %.1f s, then %s %.1f s", start, start+60, before.Phase, before.Time, after.Phase, after.Time)
	})
}
