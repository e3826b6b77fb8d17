package traveltime

import "testing"

func BenchmarkFirst(b *testing.B) {
	e := load(b, "ak135")
	for _, c := range []struct {
		name           string
		degrees, depth float64
		wave           Wave
	}{
		{"P_local_crust", 0.7, 11e3, P}, {"P_regional_crust", 12, 11e3, P}, {"P_regional_deep", 18, 480e3, P},
		{"P_teleseismic", 62, 11e3, P}, {"P_core", 165, 33e3, P}, {"S_local_crust", 0.7, 11e3, S}, {"S_teleseismic", 87, 11e3, S},
		{"P_local_deep", 3, 600e3, P},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := e.First(c.wave, metres(c.degrees), c.depth); !ok {
					b.Fatal("none")
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		load(b, "ak135")
	}
}
