package metric

import (
	"math"
	"slices"
)

// rotations is the number of rotation angles: 0, 1 .. 179 degrees.
const rotations = 180

// RotD is the peak of two horizontal components over their rotations: the
// smallest, the median and the largest (Boore, 2010), in the unit of the components.
type RotD struct{ D00, D50, D100 float64 }

// Rotator computes peaks over the rotations of two perpendicular components, by
// angles of 0, 1 .. 179 degrees: of x1 cos + x2 sin, be they accelerations (PGA), velocities,
// displacements, or motions of oscillators. It does not matter which component comes first, but for
// rounding.
//
// The numbers are those of evaluating every angle at every sample, to the last
// bit. Work is spared, not accuracy: a few samples give a lower bound of the peak at every
// angle, and only samples outside an ellipse that lies within those bounds can be a peak.
//
// The zero value is ready for use; it owns work space and belongs to one goroutine at a time.
type Rotator struct {
	cos, sin []float64
	peaks    [rotations]float64
	near1    []float64 // the samples that may be a peak, by component
	near2    []float64
}

// RotD is the minimum, the median and the maximum, over the angles, of max|x1 cos + x2 sin| over
// the samples; the median of 180 numbers is the mean of the two in the middle.
// NaN if empty, or if a sample is NaN or infinite. It panics if the lengths differ.
func (r *Rotator) RotD(x1, x2 []float64) RotD {
	if !r.turn(x1, x2) {
		return RotD{math.NaN(), math.NaN(), math.NaN()}
	}
	return RotD{r.peaks[0], r.percentile(0.5), r.peaks[rotations-1]}
}

// Percentiles stores in dst the percentiles p (fractions: 0.5 for RotD50) of the peaks over the angles,
// linear between the peaks in order ([Quantile]). NaN as for [Rotator.RotD], and for a p outside 0 to 1.
// It panics if x1 and x2, or dst and p, differ in length.
func (r *Rotator) Percentiles(dst, p, x1, x2 []float64) {
	if len(dst) != len(p) {
		panic("metric: percentiles and their destination differ in length")
	}
	if !r.turn(x1, x2) {
		fill(dst, math.NaN())
		return
	}
	for i := range dst {
		dst[i] = r.percentile(p[i])
	}
}

// Angles stores in dst the peak at each of the 180 angles. NaN as for
// [Rotator.RotD]. It panics unless dst has 180 values and x1 and x2 are of one length.
func (r *Rotator) Angles(dst, x1, x2 []float64) {
	if len(dst) != rotations {
		panic("metric: peaks over 180 angles need as many values")
	}
	if !r.lift(x1, x2) {
		fill(dst, math.NaN())
		return
	}
	copy(dst, r.peaks[:])
}

// percentile is that of the sorted peaks. The median is the mean of two, which
// rounds better than the line between them.
func (r *Rotator) percentile(p float64) float64 {
	if p == 0.5 {
		return medianSorted(r.peaks[:])
	}
	return Quantile(r.peaks[:], p)
}

// turn is lift, and sorts the peaks.
func (r *Rotator) turn(x1, x2 []float64) (finite bool) {
	if !r.lift(x1, x2) {
		return false
	}
	slices.Sort(r.peaks[:])
	return true
}

// lift makes the peaks those over the samples, by angle; false, and nothing, if there are no
// samples, or some are not finite.
func (r *Rotator) lift(x1, x2 []float64) (finite bool) {
	if len(x1) != len(x2) {
		panic("metric: components of a rotation differ in length")
	}
	if len(x1) == 0 {
		return false
	}
	r.prepare()
	clear(r.peaks[:])
	e := r.inside(x1, x2, 1+len(x1)/sparse)
	r.near1, r.near2 = e.outside(r.near1[:0], r.near2[:0], x1, x2)
	if !allFinite(r.near1, r.near2) {
		return false
	}
	flat := e.flat
	if len(r.near1) > crowd {
		e = r.inside(r.near1, r.near2, 1)
		r.near1, r.near2 = e.outside(r.near1[:0], r.near2[:0], r.near1, r.near2)
	}
	for angle := range rotations {
		if flat[angle] || e.flat[angle] {
			r.raise(angle, x1, x2)
		} else {
			r.raise(angle, r.near1, r.near2)
		}
	}
	return true
}

// prepare makes the table of angles once.
func (r *Rotator) prepare() {
	if r.cos != nil {
		return
	}
	r.cos, r.sin = make([]float64, rotations), make([]float64, rotations)
	for i := range rotations {
		r.sin[i], r.cos[i] = math.Sincos(float64(i) * (math.Pi / 180))
	}
}

// raise lifts the peak at an angle to what the samples have there.
func (r *Rotator) raise(angle int, x1, x2 []float64) {
	c, s, peak := r.cos[angle], r.sin[angle], r.peaks[angle]
	x2 = x2[:len(x1)]
	for i, v := range x1 {
		if p := math.Abs(float64(v*c) + float64(x2[i]*s)); p > peak {
			peak = p
		}
	}
	r.peaks[angle] = peak
}

// allFinite reports whether all the numbers are.
func allFinite(xs ...[]float64) bool {
	for _, x := range xs {
		for _, v := range x {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}
