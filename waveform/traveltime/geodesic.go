package traveltime

import "math"

// The WGS84 ellipsoid.
const (
	semiMajor  = 6378137.0 // m
	flattening = 1 / 298.257223563
)

// Distance gives the length of the geodesic from point 1 to point 2 on the
// WGS84 ellipsoid in m, and its azimuth at point 1 in degrees clockwise from
// north, 0 <= azimuth < 360 (0 for coincident points). Coordinates are degrees.
// NaN in gives NaN out.
//
// Method: Vincenty (1975), inverse formula, to 1e-4 m; where its iteration does
// not converge (points nearly opposite each other on the globe), the sphere of the
// mean Earth radius is used instead, with an error of up to 0.5 %.
func Distance(lat1, lon1, lat2, lon2 float64) (metres, azimuth float64) {
	const b = semiMajor * (1 - flattening)
	u1 := math.Atan((1 - flattening) * math.Tan(radians(lat1)))
	u2 := math.Atan((1 - flattening) * math.Tan(radians(lat2)))
	sinU1, cosU1 := math.Sincos(u1)
	sinU2, cosU2 := math.Sincos(u2)
	l := radians(math.Remainder(lon2-lon1, 360))
	lambda := l
	for range 200 {
		sinL, cosL := math.Sincos(lambda)
		x, y := cosU2*sinL, cosU1*sinU2-sinU1*cosU2*cosL
		sinSigma := math.Hypot(x, y)
		if sinSigma == 0 {
			return 0, 0
		}
		cosSigma := sinU1*sinU2 + cosU1*cosU2*cosL
		sigma := math.Atan2(sinSigma, cosSigma)
		sinAlpha := cosU1 * cosU2 * sinL / sinSigma
		cos2Alpha := 1 - sinAlpha*sinAlpha
		cos2M := 0.0 // on the equator
		if cos2Alpha > 1e-15 {
			cos2M = cosSigma - 2*sinU1*sinU2/cos2Alpha
		}
		c := flattening / 16 * cos2Alpha * (4 + flattening*(4-3*cos2Alpha))
		next := l + (1-c)*flattening*sinAlpha*(sigma+c*sinSigma*(cos2M+c*cosSigma*(2*cos2M*cos2M-1)))
		if !(math.Abs(next-lambda) > 1e-13) {
			return vincentyLength(b, cos2Alpha, sigma, sinSigma, cosSigma, cos2M), bearing(x, y)
		}
		lambda = next
	}
	return sphere(lat1, lon1, lat2, lon2)
}

func vincentyLength(b, cos2Alpha, sigma, sinSigma, cosSigma, cos2M float64) float64 {
	u := cos2Alpha * (semiMajor*semiMajor - b*b) / (b * b)
	ca := 1 + u/16384*(4096+u*(-768+u*(320-175*u)))
	cb := u / 1024 * (256 + u*(-128+u*(74-47*u)))
	delta := cb * sinSigma * (cos2M + cb/4*(cosSigma*(2*cos2M*cos2M-1)-
		cb/6*cos2M*(4*sinSigma*sinSigma-3)*(4*cos2M*cos2M-3)))
	return b * ca * (sigma - delta)
}

func sphere(lat1, lon1, lat2, lon2 float64) (metres, azimuth float64) {
	const radius = 6371008.8
	s1, c1 := math.Sincos(radians(lat1))
	s2, c2 := math.Sincos(radians(lat2))
	sl, cl := math.Sincos(radians(lon2 - lon1))
	x, y := c2*sl, c1*s2-s1*c2*cl
	return radius * math.Atan2(math.Hypot(x, y), s1*s2+c1*c2*cl), bearing(x, y)
}

func bearing(x, y float64) float64 {
	a := math.Atan2(x, y) * 180 / math.Pi
	if a < 0 {
		a += 360
	}
	return a
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }
