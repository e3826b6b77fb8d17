package css

import (
	"math"
	"testing"
	"time"
)

func TestTimesAreReadExactly(t *testing.T) {
	at := func(sec, ns int64) time.Time { return time.Unix(sec, ns).UTC() }
	for _, c := range []struct {
		text string
		want time.Time
		ok   bool
	}{
		{"883618319.97500", at(883618319, 975e6), true}, {"432577536.99999", at(432577536, 999990000), true},
		{"1451350620.30361", at(1451350620, 303610000), true}, {"-1.25000", at(-1, -250e6), true}, {"0", at(0, 0), true},
		{"-0.5", at(0, -5e8), true}, {"1296474900.", at(1296474900, 0), true},
		{"", time.Time{}, true}, {"9999999999.99900", time.Time{}, true}, {"-9999999999.99900", time.Time{}, true}, {"99999999999", time.Time{}, true},
		{"12:00", time.Time{}, false}, {"1e9", time.Time{}, false}, {"--5", time.Time{}, false}, {"5.-3", time.Time{}, false}, {"5.+3", time.Time{}, false}, {"+5", time.Time{}, false},
		{"5.1234567890", time.Time{}, false}, {"x", time.Time{}, false}, {"1.5x", time.Time{}, false}, {"99999999999999999999", time.Time{}, false},
	} {
		if got, ok := parseEpoch(c.text); ok != c.ok || ok && !got.Equal(c.want) {
			t.Errorf("%q: %v, %v; want %v, %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

func TestDaysAreReadByYearAndDay(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Time
		ok   bool
	}{
		{"1993108", time.Date(1993, 4, 18, 0, 0, 0, 0, time.UTC), true}, {"2000366", time.Date(2000, 12, 31, 0, 0, 0, 0, time.UTC), true},
		{"-1", time.Time{}, true}, {"", time.Time{}, true}, {"2286324", time.Time{}, true},
		{"1999366", time.Time{}, false}, {"1999000", time.Time{}, false}, {"0", time.Time{}, false}, {"-1993108", time.Time{}, false}, {"199x", time.Time{}, false},
	} {
		if got, ok := parseDay(c.text); ok != c.ok || ok && !got.Equal(c.want) {
			t.Errorf("%q: %v, %v; want %v, %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

func TestKilometresBecomeTheNearestMetres(t *testing.T) {
	for km, want := range map[float64]float64{1.128: 1128, 0.2439: 243.9, -0.0512: -51.2, 1.7015: 1701.5, 0: 0, 8.8114: 8811.4} {
		if got := metres(km); got != want {
			t.Errorf("%v km is %v m, want %v", km, got, want)
		}
	}
	if !math.IsNaN(metres(math.NaN())) {
		t.Error("nothing is some metres")
	}
}

// A rate that has no end in decimals is the one that was cut to seven of them; one
// that ends is what it says.
func TestRatesOfPeriodsAreExact(t *testing.T) {
	for written, want := range map[float64]float64{
		40: 40, 100: 100, 0.1: 0.1, 18.2: 18.2, 31.25: 31.25, 0.3333333: 1.0 / 3, 0.6666667: 1 / 1.5, 0.0166667: 1.0 / 60, 18.1818182: 1 / 0.055,
		39.9999619: 39.9999619, 99.9991231: 99.9991231, 62.5: 62.5, 128.2051282: 1 / 0.0078, 12345.1234567: 12345.1234567,
	} {
		if got := exactRate(written); got != want {
			t.Errorf("%v Hz is taken for %v, want %v", written, got, want)
		}
	}
}
