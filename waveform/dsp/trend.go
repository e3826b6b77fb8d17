package dsp

import "gonum.org/v1/gonum/floats"

// sumBlock is the number of samples that are added up before the block's sum
// joins the total. Rounding errors then grow with n/sumBlock, not with n, which
// keeps the mean of a day of samples on a large offset good to 1e-15.
const sumBlock = 256

// Mean is the arithmetic mean of x, NaN if x is empty.
func Mean(x []float64) float64 {
	total := 0.0
	for i := 0; i < len(x); i += sumBlock {
		total += floats.Sum(x[i:min(i+sumBlock, len(x))])
	}
	return total / float64(len(x))
}

// Demean subtracts the mean of x.
func Demean(x []float64) { floats.AddConst(-Mean(x), x) }

// DetrendLinear subtracts the least-squares line through all samples, in closed
// form: with im = (n-1)/2 the slope is sum((i-im) x) / (n(n^2-1)/12). A single
// sample becomes zero.
func DetrendLinear(x []float64) {
	n := float64(len(x))
	middle := (n - 1) / 2
	mean := Mean(x)
	slope := 0.0
	if len(x) > 1 {
		slope = moment(x, mean, middle) / (n * (n*n - 1) / 12)
	}
	for i := range x {
		x[i] -= mean + float64(slope*(float64(i)-middle))
	}
}

// moment is sum((i-middle)(x-mean)), added up in blocks as [Mean] does. Taking
// the mean off changes nothing but the rounding: offsets of raw counts are
// often large beside the signal.
func moment(x []float64, mean, middle float64) float64 {
	total := 0.0
	for i := 0; i < len(x); i += sumBlock {
		part := 0.0
		for j, v := range x[i:min(i+sumBlock, len(x))] {
			part += float64((float64(i+j) - middle) * (v - mean))
		}
		total += part
	}
	return total
}

// DetrendSimple subtracts the line through the first and the last sample, which
// become zero. A single sample becomes zero.
func DetrendSimple(x []float64) {
	n := len(x)
	if n == 0 {
		return
	}
	first, slope := x[0], 0.0
	if n > 1 {
		slope = (x[n-1] - first) / float64(n-1)
	}
	for i := range x {
		x[i] -= first + float64(slope*float64(i))
	}
}
