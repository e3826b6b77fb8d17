package picker

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Kurtosis stores in dst the kurtosis of the n samples of x up to and with each
// sample: m4/m2^2 - 3 with the central moments of the window divided by n. That is the
// biased form and Fisher's, 0 for a normal distribution, and lies between -2 and
// n-5+1/(n-1); add 3 for Pearson's. (Saragiotis et al. 2002; Baillard et al. 2014 and
// PhasePApy use it as characteristic function.) It rises steeply when the first
// samples of a signal enter a window of noise, and reaches its peak within a fraction of the
// window. It is 0 for the first n-1 samples.
//
// It is NaN where the samples of the window are all equal, and where one of them is not
// finite. The moments of a window are merged from those of two parts
// (Pébay 2008), in a time that does not depend on n.
//
// It panics if dst and x differ in length or n < 2.
func Kurtosis(dst, x []float64, n int, scratch *dsp.Scratch) {
	checkLengths(dst, x)
	if n < 2 {
		panic("picker: window of the kurtosis must be 2 or more")
	}
	clear(dst[:min(n-1, len(dst))])
	if len(x) < n {
		return
	}
	ends := scratch.Samples(4 * n)
	for from := 0; from+n <= len(x); from += n {
		origin := smallest(x[from : from+n])
		var end, begin moments
		for i := n - 1; i >= 0; i-- {
			end.add(x[from+i] - origin)
			e := ends[4*i : 4*i+4]
			e[0], e[1], e[2], e[3] = end.mean, end.m2, end.m3, end.m4
		}
		dst[from+n-1] = kurtosis(end.n, end.m2, end.m4)
		for i := 1; i < n && from+n-1+i < len(x); i++ {
			begin.add(x[from+n-1+i] - origin)
			e := ends[4*i : 4*i+4]
			dst[from+n-1+i] = jointKurtosis(&moments{float64(n - i), e[0], e[1], e[2], e[3]}, &begin)
		}
	}
}

// smallest is the sample nearest to zero, 0 of none. Beside an offset it is near the
// others, so that differences from it are exact, or nearly; and a difference from it loses no more
// digits than the sample had, which that from a spike would.
func smallest(x []float64) float64 {
	least, at := math.Inf(1), 0.0
	for _, v := range x {
		if a := math.Abs(v); a < least {
			least, at = a, v
		}
	}
	return at
}

// moments are the number of some samples, their mean, and the sums of the second to
// fourth powers of their distances from it. Formulas: Pébay, P. (2008), Sandia Report
// SAND2008-6212.
type moments struct{ n, mean, m2, m3, m4 float64 }

// add takes in one more sample.
func (m *moments) add(v float64) {
	before := m.n
	m.n++
	d := v - m.mean
	step := d / m.n
	step2 := float64(step * step)
	t := float64(d * step * before)
	m.m4 += float64(t*step2*(float64(m.n*m.n)-float64(3*m.n)+3)) + float64(6*step2*m.m2) - float64(4*step*m.m3)
	m.m3 += float64(t*step*(m.n-2)) - float64(3*step*m.m2)
	m.m2 += t
	m.mean += step
}

// jointKurtosis is that of the samples of a and b together.
func jointKurtosis(a, b *moments) float64 {
	n := a.n + b.n
	d := b.mean - a.mean
	dn := d / n
	dn2 := float64(dn * dn)
	aa, ab, bb := float64(a.n*a.n), float64(a.n*b.n), float64(b.n*b.n)
	cross := float64(d * dn * ab)
	m4 := a.m4 + b.m4 + float64(cross*dn2*(aa-ab+bb)) +
		float64(6*dn2*(float64(aa*b.m2)+float64(bb*a.m2))) + float64(4*dn*(float64(a.n*b.m3)-float64(b.n*a.m3)))
	return kurtosis(n, a.m2+b.m2+cross, m4)
}

// kurtosis is the biased one, Fisher's, from sums of powers; NaN of equal samples.
func kurtosis(n, m2, m4 float64) float64 {
	if !(m2 > 0) {
		return math.NaN()
	}
	return m4/m2*(n/m2) - 3
}
