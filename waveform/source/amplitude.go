package source

import "math"

// Gain is the static magnification of the Wood-Anderson seismograph (IASPEI 2013; Uhrhammer
// and Collins 1990), by which its trace is greater than the ground's displacement.
// Its maker's number, 2800, is not what it has.
const Gain = 2080

// Amplitude is how large a trace gets, in its unit.
type Amplitude struct {
	Value float64 // not negative; NaN of no samples, and where one is NaN
	Index int     // of the extreme; of Swing, the later one. -1 if there is none
	// Period is twice the time between the two extremes of a Swing, s. NaN of Zero.
	Period float64
}

// Zero is the zero-to-peak amplitude: the largest |x|, and the first sample that has it.
// No mean is removed. Hutton and Boore (1987) and most networks measure this one.
func Zero(x []float64) Amplitude {
	a := Amplitude{math.NaN(), -1, math.NaN()}
	for i, v := range x {
		if math.IsNaN(v) {
			return Amplitude{v, -1, v}
		}
		if v = math.Abs(v); i == 0 || v > a.Value {
			a.Value, a.Index = v, i
		}
	}
	return a
}

// Swing is the half peak-to-peak amplitude: half the largest difference of two adjacent
// extremes of x, the ends being extremes too, at intervals of dt s. An offset makes no difference,
// and of a wave it is what Zero is; of a one-sided pulse it is half of it. IASPEI
// (2013) allows both. One sample, or equal ones, give 0 without a period.
func Swing(x []float64, dt float64) Amplitude {
	if len(x) == 0 || math.IsNaN(x[0]) {
		return Amplitude{math.NaN(), -1, math.NaN()}
	}
	best := Amplitude{0, 0, math.NaN()}
	last, rising, falling := 0, false, false // the extreme before, and whither it goes since
	for i := 1; i < len(x); i++ {
		switch {
		case math.IsNaN(x[i]):
			return Amplitude{x[i], -1, x[i]}
		case x[i] > x[i-1]:
			if falling {
				last = i - 1
			}
			rising, falling = true, false
		case x[i] < x[i-1]:
			if rising {
				last = i - 1
			}
			rising, falling = false, true
		}
		if half := math.Abs(x[i]-x[last]) / 2; half > best.Value {
			best = Amplitude{half, i, float64(2*(i-last)) * dt}
		}
	}
	return best
}
