package source

import (
	"fmt"
	"math"
	"slices"
)

// Scale is a formula of the local magnitude, for the amplitude A on a Wood-Anderson
// seismograph of the gain [Gain] at a hypocentral distance of R km:
//
//	ML = log10(A Unit) + LogDistance log10(R) + PerKilometre R + Constant
type Scale struct {
	Unit                                float64 // what 1 m on the trace is in the unit of the formula
	LogDistance, PerKilometre, Constant float64
	Nearest, Farthest                   float64 // m: the distances that the formula was derived for
}

// IASPEI is the standard formula (IASPEI 2013, for regions that attenuate like southern
// California), log10(A) + 1.11 log10(R) + 0.00189 R - 2.09, with A in nm of ground
// displacement, which is the trace over [Gain]. For 10 to 1000 km.
func IASPEI() Scale { return Scale{1e9 / Gain, 1.11, 0.00189, -2.09, 10e3, 1000e3} }

// HuttonBoore is the formula of Hutton and Boore (1987) for southern California,
// log10(A) + 1.110 log10(R/100) + 0.00189 (R-100) + 3, with A in mm on the trace. For
// 10 to 700 km. It is 0.001 less than IASPEI.
func HuttonBoore() Scale {
	return Scale{1e3, 1.110, 0.00189, 3 - 1.110*2 - 0.00189*100, 10e3, 700e3}
}

// StationMagnitude is the local magnitude at one station.
type StationMagnitude struct {
	Value float64
	// OutOfRange says that the distance is not one that the formula was derived for.
	OutOfRange bool
}

// Station is the magnitude for an amplitude (m) on the trace of a Wood-Anderson seismograph of
// the gain 2080 at a hypocentral distance (m), plus the station's correction. Of the two
// horizontal components the mean of their magnitudes is usual, or the larger amplitude.
// The trace of a seismograph of another gain must be multiplied by 2080 over it; one of gain 1
// (ground displacement), by 2080.
//
// The error matches [ErrInput]: amplitude or distance not above zero and finite, or a
// correction that is not finite.
func (s Scale) Station(amplitude, distance, correction float64) (StationMagnitude, error) {
	if !positive(amplitude) || !positive(distance) || math.IsNaN(correction) || math.IsInf(correction, 0) {
		return StationMagnitude{math.NaN(), false},
			fmt.Errorf("source: local magnitude of %g m at %g m, correction %g: %w", amplitude, distance, correction, ErrInput)
	}
	r := distance / 1e3
	ml := math.Log10(amplitude*s.Unit) + float64(s.LogDistance*math.Log10(r)) + float64(s.PerKilometre*r) + s.Constant + correction
	return StationMagnitude{ml, distance < s.Nearest || distance > s.Farthest}, nil
}

// NetworkMagnitude is the magnitude of an event.
type NetworkMagnitude struct {
	Value    float64 // median over the stations
	Spread   float64 // median of |station - Value|, times 1.4826: the standard deviation, if normal
	Stations int     // that were used
}

// Network is the median of the magnitudes of the stations (of an even number, the mean of the two
// in the middle). Those out of range, and NaN, are left out. The error matches [ErrTooFew]
// if none is left.
func Network(stations []StationMagnitude) (NetworkMagnitude, error) {
	var values []float64
	for _, s := range stations {
		if !s.OutOfRange && !math.IsNaN(s.Value) {
			values = append(values, s.Value)
		}
	}
	if len(values) == 0 {
		return NetworkMagnitude{math.NaN(), math.NaN(), 0}, fmt.Errorf("source: magnitude of %d stations, none usable: %w", len(stations), ErrTooFew)
	}
	m := NetworkMagnitude{Value: median(values), Stations: len(values)}
	for i, v := range values {
		values[i] = math.Abs(v - m.Value)
	}
	m.Spread = 1.4826 * median(values)
	return m, nil
}

// median sorts x and gives the one in the middle.
func median(x []float64) float64 {
	slices.Sort(x)
	n := len(x)
	if n%2 == 1 {
		return x[n/2]
	}
	return (x[n/2-1] + x[n/2]) / 2
}
