package traveltime

import "testing"

func perSecond(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), unit+"/s")
}

func BenchmarkFirst(b *testing.B) {
	for _, c := range []struct {
		name           string
		model          Model
		degrees, depth float64
		wave           Wave
	}{
		{"P_local_crust", load(b, "ak135"), 0.7, 11e3, P}, {"P_regional_crust", load(b, "ak135"), 12, 11e3, P},
		{"P_regional_deep", load(b, "ak135"), 18, 480e3, P}, {"P_teleseismic", load(b, "ak135"), 62, 11e3, P},
		{"P_core", load(b, "ak135"), 165, 33e3, P}, {"S_local_crust", load(b, "ak135"), 0.7, 11e3, S},
		{"S_teleseismic", load(b, "ak135"), 87, 11e3, S}, {"P_local_deep", load(b, "ak135"), 3, 600e3, P},
		{"Constant", Constant{P: 6000, S: 3500}, 0.7, 11e3, S},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := c.model.First(c.wave, metres(c.degrees), c.depth); !ok {
					b.Fatal("none")
				}
			}
			perSecond(b, 1, "times")
		})
	}
}

func BenchmarkTime(b *testing.B) {
	e := load(b, "ak135")
	for _, phase := range []Phase{PhaseP, PhasePdiff, PhasePKP, PhaseS, PhaseSKS} {
		b.Run(string(phase), func(b *testing.B) {
			degrees := map[Phase]float64{PhaseP: 62, PhasePdiff: 120, PhasePKP: 150, PhaseS: 62, PhaseSKS: 100}[phase]
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := e.Time(phase, metres(degrees), 11e3); !ok {
					b.Fatal("none")
				}
			}
			perSecond(b, 1, "times")
		})
	}
	b.Run("Constant.Times", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Constant{P: 6000, S: 3500}.Times(60e3, 11e3)
		}
		perSecond(b, 2, "times")
	})
}

func BenchmarkDistance(b *testing.B) {
	for name, to := range map[string][2]float64{"local": {35.9, -117.4}, "far": {-41.2, 174.8}, "antipodal": {-35.7, 62.5}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Distance(35.77, -117.6, to[0], to[1])
			}
			perSecond(b, 1, "paths")
		})
	}
}

// Tracing the rays of all phases through a model.
func BenchmarkLoad(b *testing.B) {
	e := load(b, "ak135")
	rays := 0
	for _, tabulated := range []*branch{e.p, e.s, e.pkp, e.sks} {
		rays += len(tabulated.nodes)
	}
	b.ReportAllocs()
	for b.Loop() {
		load(b, "ak135")
	}
	perSecond(b, rays, "rays")
}
