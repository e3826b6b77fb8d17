package dsp

import (
	"errors"
	"fmt"
	"math"
)

// ErrAxes is matched by the errors of axes that lie too nearly in one plane, or of
// two that are too nearly parallel, to tell components apart.
var ErrAxes = errors.New("axes of the components are not independent")

// Orientation is the direction of the axis of a component, in degrees as StationXML
// has it: azimuth clockwise from north, dip down from horizontal. A vertical
// component that is positive upwards has dip -90.
type Orientation struct{ Azimuth, Dip float64 }

// unit is the direction as up, north and east.
func (o Orientation) unit() [3]float64 {
	sinDip, cosDip := sincosDegrees(o.Dip)
	sin, cos := sincosDegrees(o.Azimuth)
	return [3]float64{-sinDip, cosDip * cos, cosDip * sin}
}

// Rotation2 makes two components of two: each row has the weights of one.
type Rotation2 [2][2]float64

// Apply replaces the samples of a by row 0 of r, r[0][0] a + r[0][1] b, and those
// of b by row 1. It panics if the lengths differ. A NaN in one makes both NaN at
// that sample.
func (r Rotation2) Apply(a, b []float64) {
	if len(a) != len(b) {
		panic("dsp: lengths of the components differ")
	}
	for i, u := range a {
		v := b[i]
		a[i] = float64(r[0][0]*u) + float64(r[0][1]*v)
		b[i] = float64(r[1][0]*u) + float64(r[1][1]*v)
	}
}

// Rotation3 makes three components of three: each row has the weights of one.
type Rotation3 [3][3]float64

// Apply replaces the samples of a by row 0 of r, r[0][0] a + r[0][1] b + r[0][2] c,
// and those of b and c by rows 1 and 2. It panics if the lengths differ. A NaN in
// one makes all three NaN at that sample.
func (r Rotation3) Apply(a, b, c []float64) {
	if len(a) != len(b) || len(a) != len(c) {
		panic("dsp: lengths of the components differ")
	}
	for i, u := range a {
		v, w := b[i], c[i]
		a[i] = float64(r[0][0]*u) + float64(r[0][1]*v) + float64(r[0][2]*w)
		b[i] = float64(r[1][0]*u) + float64(r[1][1]*v) + float64(r[1][2]*w)
		c[i] = float64(r[2][0]*u) + float64(r[2][1]*v) + float64(r[2][2]*w)
	}
}

// NEToRT takes north and east to radial, positive away from the source, and
// transverse, positive to the right of it as seen from the source, with the back
// azimuth in degrees: the direction from the station to the source, clockwise from
// north.
func NEToRT(backAzimuth float64) Rotation2 {
	sin, cos := sincosDegrees(backAzimuth)
	return Rotation2{{-cos, -sin}, {sin, -cos}}
}

// RTToNE undoes [NEToRT] of the same back azimuth.
func RTToNE(backAzimuth float64) Rotation2 {
	sin, cos := sincosDegrees(backAzimuth)
	return Rotation2{{-cos, sin}, {-sin, -cos}}
}

// ZNEToLQT takes up, north and east to the system of the ray: L along the ray as it
// arrives from the source, Q perpendicular to it in the vertical plane of both, and
// T. The incidence is the angle of the ray with the vertical in degrees, 0 for one
// that comes from straight below.
func ZNEToLQT(backAzimuth, incidence float64) Rotation3 {
	sin, cos := sincosDegrees(backAzimuth)
	sinI, cosI := sincosDegrees(incidence)
	return Rotation3{
		{cosI, -sinI * cos, -sinI * sin},
		{sinI, cosI * cos, cosI * sin},
		{0, sin, -cos},
	}
}

// LQTToZNE undoes [ZNEToLQT] of the same angles.
func LQTToZNE(backAzimuth, incidence float64) Rotation3 {
	r := ZNEToLQT(backAzimuth, incidence)
	for i := range r {
		for j := range i {
			r[i][j], r[j][i] = r[j][i], r[i][j]
		}
	}
	return r
}

// minIndependence is the least volume spanned by three unit vectors along axes, or
// the least area by two, that are taken for independent: 3 degrees from a plane if
// two are at right angles. Noise grows by the inverse of it.
const minIndependence = 0.05

// ToNE takes two horizontal components with these azimuths, in degrees clockwise
// from north, to north and east. They need not be at right angles. The error
// matches [ErrAxes].
func ToNE(azimuth1, azimuth2 float64) (Rotation2, error) {
	sin1, cos1 := sincosDegrees(azimuth1)
	sin2, cos2 := sincosDegrees(azimuth2)
	area := float64(cos1*sin2) - float64(sin1*cos2)
	if !(math.Abs(area) >= minIndependence) {
		return Rotation2{}, fmt.Errorf("%w: azimuths %g and %g", ErrAxes, azimuth1, azimuth2)
	}
	return Rotation2{{sin2 / area, -sin1 / area}, {-cos2 / area, cos1 / area}}, nil
}

// ToZNE takes three components along these axes to up, north and east. The axes
// need not be at right angles: the three equations that say what a sensor along
// each axis sees are solved. The error matches [ErrAxes].
func ToZNE(a, b, c Orientation) (Rotation3, error) {
	u, v, w := a.unit(), b.unit(), c.unit()
	vw, wu, uv := cross(v, w), cross(w, u), cross(u, v)
	volume := float64(u[0]*vw[0]) + float64(u[1]*vw[1]) + float64(u[2]*vw[2])
	if !(math.Abs(volume) >= minIndependence) {
		return Rotation3{}, fmt.Errorf("%w: azimuth and dip %v, %v and %v", ErrAxes, a, b, c)
	}
	var r Rotation3
	for i := range r {
		r[i] = [3]float64{vw[i] / volume, wu[i] / volume, uv[i] / volume}
	}
	return r, nil
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{
		float64(a[1]*b[2]) - float64(a[2]*b[1]),
		float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0]),
	}
}

// sincosDegrees is exact at multiples of 90 degrees, so that components which only
// change place or sign keep every bit.
func sincosDegrees(angle float64) (sin, cos float64) {
	angle = math.Mod(angle, 360)
	quarters := math.Round(angle / 90)
	sin, cos = math.Sincos((angle - 90*quarters) * math.Pi / 180)
	switch int(quarters+4) % 4 {
	case 1:
		return cos, -sin
	case 2:
		return -sin, -cos
	case 3:
		return -cos, sin
	}
	return sin, cos
}
