package cli

import (
	"math"
	"testing"
)

func TestStatisticsOfSamples(t *testing.T) {
	near := func(a, b float64) bool { // to the rounding of the scaling, of samples up to 6
		return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-15
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		samples []float64
		want    statistics
	}{
		{nil, statistics{nan, nan, nan, nan}},
		{[]float64{0, 0}, statistics{0, 0, 0, 0}},
		{[]float64{-3}, statistics{-3, -3, -3, 3}},
		{[]float64{1, 2, 3, -6}, statistics{-6, 3, 0, math.Sqrt(12.5)}},
		{[]float64{1e300, -1e300}, statistics{-1e300, 1e300, 0, 1e300}}, // squares would overflow
		{[]float64{1, nan}, statistics{nan, nan, nan, nan}},
		{[]float64{1, inf}, statistics{1, inf, nan, nan}},
	} {
		got := statisticsOf(c.samples)
		if !near(got.min, c.want.min) || !near(got.max, c.want.max) || !near(got.mean, c.want.mean) || !near(got.rms, c.want.rms) {
			t.Errorf("%v: %+v, want %+v", c.samples, got, c.want)
		}
	}
}

func TestExtremesOfIntegersAreExact(t *testing.T) {
	got := statisticsOf([]int32{math.MinInt32, math.MaxInt32})
	if got.min != math.MinInt32 || got.max != math.MaxInt32 || math.Abs(got.mean+0.5) > 1e-6 {
		t.Errorf("%+v", got)
	}
}
