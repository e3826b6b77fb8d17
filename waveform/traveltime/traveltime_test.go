package traveltime

import (
	"math"
	"testing"
	"time"
)

// The lines between Flinders Peak and Buninyong are the worked example of the
// Geocentric Datum of Australia technical manual (on GRS80, which differs from
// WGS84 by less than 0.1 mm here).
func TestDistanceOfPublishedLine(t *testing.T) {
	dms := func(d, m, s float64) float64 { return math.Copysign(math.Abs(d)+m/60+s/3600, d) }
	d, az := Distance(dms(-37, 57, 3.72030), dms(144, 25, 29.52440), dms(-37, 39, 10.15610), dms(143, 55, 35.38390))
	if math.Abs(d-54972.271) > 1e-3 {
		t.Errorf("distance %.4f m, want 54972.271", d)
	}
	if want := dms(306, 52, 5.37); math.Abs(az-want) > 1e-5 {
		t.Errorf("azimuth %.7f, want %.7f", az, want)
	}
}

func TestDistanceAlongEquatorAndMeridian(t *testing.T) {
	if d, az := Distance(0, 0, 0, 1); math.Abs(d-semiMajor*math.Pi/180) > 1e-4 || math.Abs(az-90) > 1e-9 {
		t.Errorf("one degree of equator: %.5f m, azimuth %v", d, az)
	}
	// Quarter meridian of WGS84: 10 001 965.729 m.
	if d, _ := Distance(0, 7, 90, 7); math.Abs(d-10001965.729) > 1e-2 {
		t.Errorf("quarter meridian: %.4f m", d)
	}
}

func TestDistanceOfAwkwardPoints(t *testing.T) {
	if d, az := Distance(10, 20, 10, 20); d != 0 || az != 0 {
		t.Errorf("coincident points: %v m, %v degrees", d, az)
	}
	if d, _ := Distance(0, 0, 0.5, 179.7); math.Abs(d-19936288.579) > 0.005*2e7 {
		t.Errorf("nearly antipodal: %v m", d) // Vincenty's formula does not converge here
	}
	d1, _ := Distance(-17, 179.9, -18, -179.8)
	d2, _ := Distance(-18, 180.2, -17, 179.9)
	if math.Abs(d1-d2) > 1e-6 {
		t.Errorf("across the date line: %v and back %v", d1, d2)
	}
	if d, _ := Distance(math.NaN(), 0, 0, 1); !math.IsNaN(d) {
		t.Errorf("NaN latitude gave %v", d)
	}
}

func TestConstantTimesUseTheStraightRay(t *testing.T) {
	p, s := Constant{P: 6000, S: 3000}.Times(30e3, 40e3)
	if want := time.Duration(8333333333); p != want {
		t.Errorf("P %v, want %v", p, want)
	}
	if want := time.Duration(16666666667); s != want {
		t.Errorf("S %v, want %v", s, want)
	}
}
