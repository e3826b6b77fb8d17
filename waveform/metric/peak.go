package metric

import "math"

// Peak is the largest |x| and the index of the first sample that has it: PGA,
// PGV or PGD for acceleration, velocity or displacement. A NaN is larger than
// any number: the peak is NaN, at the first of them. An empty x gives NaN, -1.
func Peak(x []float64) (value float64, index int) {
	value, index = -1, -1
	for i, v := range x {
		v = math.Abs(v)
		if !(v <= value) { // larger, or NaN
			if math.IsNaN(v) {
				return v, i
			}
			value, index = v, i
		}
	}
	if index < 0 {
		return math.NaN(), -1
	}
	return value, index
}
