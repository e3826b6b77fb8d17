package metric

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/floats"
)

// Statistics describes the samples of a trace, in the trace's unit.
type Statistics struct {
	N         int
	Mean, RMS float64
	Min, Max  float64
	Std       float64 // standard deviation, divided by N (not N-1)
	Skewness  float64 // biased: m3 / m2^1.5
	Kurtosis  float64 // biased and Fisher's, 0 for a normal distribution: m4 / m2^2 - 3
}

// Describe computes the statistics of x in two passes, the mean and then the
// central moments, corrected for the rounding of the mean: an offset of 1e8
// standard deviations costs them no digits. Skewness and Kurtosis are NaN where the samples do
// not differ by more than the rounding of their mean. An empty x, or one with a
// NaN, gives NaN for everything but N.
func Describe(x []float64) Statistics {
	n := float64(len(x))
	if len(x) == 0 {
		nan := math.NaN()
		return Statistics{0, nan, nan, nan, nan, nan, nan, nan}
	}
	var sum, squares float64
	lo, hi := x[0], x[0]
	for _, v := range x {
		sum += v
		squares += float64(v * v)
		lo, hi = min(lo, v), max(hi, v) // NaN if either is
	}
	mean := sum / n
	m1, m2, m3, m4 := centralMoments(x, mean)
	s := Statistics{N: len(x), Mean: mean + m1, RMS: math.Sqrt(squares / n), Min: lo, Max: hi}
	s.Std = math.Sqrt(m2)
	s.Skewness, s.Kurtosis = math.NaN(), math.NaN()
	if s.Std > 0x1p-52*math.Abs(s.Mean) {
		s.Skewness = m3 / (m2 * s.Std)
		s.Kurtosis = m4/(m2*m2) - 3
	}
	return s
}

// centralMoments gives the mean of x-mean, which is what rounding left in mean,
// and the second to fourth moments about the mean so corrected.
func centralMoments(x []float64, mean float64) (m1, m2, m3, m4 float64) {
	n := float64(len(x))
	for _, v := range x {
		d := v - mean
		d2 := float64(d * d)
		m1 += d
		m2 += d2
		m3 += float64(d2 * d)
		m4 += float64(d2 * d2)
	}
	m1, m2, m3, m4 = m1/n, m2/n, m3/n, m4/n
	sq := m1 * m1
	return m1,
		max(0, m2-sq),
		m3 - 3*m1*m2 + 2*m1*sq,
		m4 - 4*m1*m3 + 6*sq*m2 - 3*sq*sq
}

// RMS is sqrt(mean x^2), in the unit of x. The mean is not removed. NaN if x is empty.
func RMS(x []float64) float64 {
	return math.Sqrt(floats.Dot(x, x) / float64(len(x)))
}

// SNR is the RMS of signal over that of noise, two windows of one processed
// trace; a ratio of amplitudes, not of powers, and not in dB. It is +Inf where
// the noise is all zeros and the signal is not, NaN where both are or where one is empty.
func SNR(signal, noise []float64) float64 { return RMS(signal) / RMS(noise) }

// Quantile is the p-quantile, 0 <= p <= 1, of x that is sorted in increasing
// order: linear between order statistics, at position p (n-1) (the default of
// NumPy and R; gonum's LinInterp is another). NaN if x is empty or p is outside.
// A NaN in x sorts first ([sort.Float64s]) and makes the result NaN.
func Quantile(x []float64, p float64) float64 {
	if len(x) == 0 || !(p >= 0 && p <= 1) || math.IsNaN(x[0]) {
		return math.NaN()
	}
	at := p * float64(len(x)-1)
	i := min(int(at), len(x)-1)
	if i == len(x)-1 {
		return x[i]
	}
	return x[i] + (at-float64(i))*(x[i+1]-x[i])
}

// Median is the median of x: of an even number, the mean of the two in the
// middle. It sorts x in place. NaN if x is empty or has a NaN.
func Median(x []float64) float64 {
	sort.Float64s(x)
	return medianSorted(x)
}

// Quartiles gives the quartiles and the median between them, as [Quantile] and [Median] do. It sorts x in
// place. NaN if x is empty or has a NaN.
func Quartiles(x []float64) (lower, median, upper float64) {
	sort.Float64s(x)
	return Quantile(x, 0.25), medianSorted(x), Quantile(x, 0.75)
}

func medianSorted(x []float64) float64 {
	n := len(x)
	if n == 0 || math.IsNaN(x[0]) {
		return math.NaN()
	}
	if n%2 == 1 {
		return x[n/2]
	}
	return (x[n/2-1] + x[n/2]) / 2
}
