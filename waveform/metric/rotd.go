package metric

import (
	"math"
	"slices"
)

// rotations is the number of rotation angles: 0, 1 .. 179 degrees.
const rotations = 180

// RotD is the peak of two horizontal components over their rotations: the
// median and the largest (Boore, 2010), in the unit of the components.
type RotD struct{ D50, D100 float64 }

// Rotator computes [RotD]. The zero value is ready for use; it owns work space
// and belongs to one goroutine at a time.
type Rotator struct {
	cos, sin []float64
	peaks    [rotations]float64
	near1    []float64 // the samples that may be a peak, by component
	near2    []float64
}

// RotD is the median and the maximum, over the angles 0, 1 .. 179 degrees, of
// max|x1 cos + x2 sin| over the samples of two perpendicular components; the
// median of 180 numbers is the mean of the two in the middle. It does not
// matter which component comes first, but for rounding.
//
// The numbers are those of evaluating every angle at every sample, to the last
// bit. Work is spared, not accuracy: a few samples give a lower bound of the peak at every
// angle, and only samples outside an ellipse that lies within those bounds can be a peak.
//
// NaN if empty, or if a sample is NaN or infinite. It panics if the lengths differ.
func (r *Rotator) RotD(x1, x2 []float64) RotD {
	if len(x1) != len(x2) {
		panic("metric: components of a rotation differ in length")
	}
	if len(x1) == 0 {
		return RotD{math.NaN(), math.NaN()}
	}
	r.prepare()
	clear(r.peaks[:])
	e := r.inside(x1, x2, 1+len(x1)/sparse)
	r.near1, r.near2 = e.outside(r.near1[:0], r.near2[:0], x1, x2)
	if !finite(r.near1, r.near2) {
		return RotD{math.NaN(), math.NaN()}
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
	slices.Sort(r.peaks[:])
	return RotD{medianSorted(r.peaks[:]), r.peaks[rotations-1]}
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

// finite reports whether all the numbers are.
func finite(xs ...[]float64) bool {
	for _, x := range xs {
		for _, v := range x {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}
