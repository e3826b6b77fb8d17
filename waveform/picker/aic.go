package picker

import "math"

// AIC stores in dst the information criterion of Maeda (1985) for dividing x in two:
//
//	dst[k-1] = k log(var(x[:k])) + (n-k-1) log(var(x[k:])),  k = 1 .. n-1
//
// with variances divided by the number of samples. Where it is least, the two parts
// are told apart best: the second then begins at sample k, one behind the minimum's index.
// The last value is repeated, so that dst has the length of x, and the part of a
// single sample counts 0, both as in ObsPy's aic_simple.
//
// A part of equal samples gives -Inf (for other uses than a comparison, [Onset] is more
// careful). All of dst is 0 for two samples or fewer, and NaN where a sample is not
// finite. It panics if dst and x differ in length.
func AIC(dst, x []float64) { aic(dst, x, 0) }

// aic is AIC with variances not below floor.
func aic(dst, x []float64, floor float64) {
	checkLengths(dst, x)
	n := len(x)
	if n <= 2 {
		clear(dst)
		return
	}
	origin := smallest(x)
	var part variance
	for k := n - 1; k >= 1; k-- {
		part.add(x[k] - origin)
		if dst[k-1] = 0; k < n-1 {
			dst[k-1] = float64(float64(n-k-1) * math.Log(part.value(floor)))
		}
	}
	part = variance{}
	for k := 1; k < n; k++ {
		part.add(x[k-1] - origin)
		if k > 1 {
			dst[k-1] += float64(float64(k) * math.Log(part.value(floor)))
		}
	}
	dst[n-1] = dst[n-2]
}

// margin is how many samples each part has at least when an onset is looked for: the
// variance of fewer says nothing.
const margin = 4

// Onset is the index of the sample at which the second part of x begins, by the
// least [AIC] with at least 4 samples in each part. Variances count as no
// smaller than 1e-12 of that of all of x, so that a trace that is exactly constant
// before the onset has a minimum there. space is work space and must have the length of x,
// or it panics.
//
// -1: fewer than 8 samples, all equal, or one not finite.
func Onset(x, space []float64) int {
	checkLengths(space, x)
	n := len(x)
	if n < 2*margin {
		return -1
	}
	all, origin := variance{}, smallest(x)
	for _, v := range x {
		all.add(v - origin)
	}
	total := all.value(0)
	if !(total > 0) || math.IsInf(total, 1) {
		return -1
	}
	aic(space, x, 1e-12*total)
	least := margin
	for k := margin + 1; k <= n-margin; k++ {
		if space[k-1] < space[least-1] {
			least = k
		}
	}
	return least
}

// variance is of the samples added so far (Welford 1962).
type variance struct{ n, mean, m2 float64 }

func (v *variance) add(x float64) {
	v.n++
	d := x - v.mean
	v.mean += d / v.n
	v.m2 += float64(d * (x - v.mean))
}

func (v *variance) value(floor float64) float64 { return max(floor, v.m2/v.n) }
