package traveltime

// iasp91 is the model of Kennett, B. L. N. and Engdahl, E. R. (1991), Traveltimes for
// global earthquake location and phase identification, Geophys. J. Int. 105, 429-465:
// velocity in km/s as polynomials in radius / 6371 km.
func iasp91() []stretch {
	table := []struct {
		top, bottom float64 // depth, km
		p, s        []float64
	}{
		{0, 20, []float64{5.8}, []float64{3.36}},
		{20, 35, []float64{6.5}, []float64{3.75}},
		{35, 120, []float64{8.78541, -0.74953}, []float64{6.706231, -2.248585}},
		{120, 210, []float64{25.41389, -17.69722}, []float64{5.75020, -1.27420}},
		{210, 410, []float64{30.78765, -23.25415}, []float64{15.24213, -11.08552}},
		{410, 660, []float64{29.38896, -21.40656}, []float64{17.70732, -13.50652}},
		{660, 760, []float64{25.96984, -16.93412}, []float64{20.76890, -16.53147}},
		{760, 2740, []float64{25.1486, -41.1538, 51.9932, -26.6083}, []float64{12.9303, -21.2590, 27.8988, -14.1080}},
		{2740, 2889, []float64{14.49470, -1.47089}, []float64{8.16616, -1.58206}},
		{2889, 5153.9, []float64{10.03904, 3.75665, -13.67046}, nil},
		{5153.9, 6371, []float64{11.24094, 0, -4.09689}, nil}, // S in the inner core is not used
	}
	var model []stretch
	for _, t := range table {
		model = append(model, stretch{top: radius - t.top*1e3, bottom: radius - t.bottom*1e3,
			core: t.s == nil, p: polynomial(t.p), s: polynomial(t.s)})
	}
	return model
}

// polynomial gives the velocity in m/s at a radius in m.
func polynomial(coefficients []float64) func(r float64) float64 {
	return func(r float64) float64 {
		v := 0.0
		for i := len(coefficients) - 1; i >= 0; i-- {
			v = v*(r/radius) + coefficients[i]
		}
		return v * 1e3
	}
}
