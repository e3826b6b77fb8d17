package dsp

import "math"

// MaxTrendOrder is the highest order of [DetrendPolynomial].
const MaxTrendOrder = 30

// DetrendPolynomial subtracts the polynomial of the given order that fits x best in
// the least squares: order 0 is [Demean], order 1 [DetrendLinear] but for rounding.
// An order of len(x)-1 or more leaves zeros. The polynomial is a sum of discrete
// Chebyshev polynomials, orthogonal over the samples (Gram 1883; Abramowitz and
// Stegun 1964, 22.17), so that nothing is solved and high orders lose no digits,
// which powers of the time do from order 8 on.
//
// A NaN makes all of x NaN. It panics if the order is negative or above
// MaxTrendOrder.
func DetrendPolynomial(x []float64, order int) {
	if order < 0 || order > MaxTrendOrder {
		panic("dsp: order of a polynomial trend outside 0 to MaxTrendOrder")
	}
	if len(x) == 0 {
		return
	}
	Demean(x) // offsets are often large beside the signal
	b := newGram(len(x), order)
	for range 2 { // the second time takes off what rounding left
		b.project(x)
		b.subtract(x)
	}
}

// gram is the discrete Chebyshev polynomials q[0]..q[order], orthonormal over n
// samples: q[k+1] root[k+1] = s q[k] - root[k] q[k-1], with s counted in samples
// from the middle.
type gram struct {
	n, order int
	root     [MaxTrendOrder + 1]float64
	inverse  [MaxTrendOrder + 1]float64 // of root
	weights  [MaxTrendOrder + 1]float64 // of the polynomials in the trend
}

func newGram(n, order int) gram {
	b := gram{n: n, order: min(order, n-1)}
	for i := range b.order {
		k, n := float64(i+1), float64(n)
		b.root[i+1] = math.Sqrt(k * k * (n - k) * (n + k) / (4 * (2*k - 1) * (2*k + 1)))
		b.inverse[i+1] = 1 / b.root[i+1]
	}
	return b
}

// at gives the polynomials at sample i in q[:order+1].
func (b *gram) at(i int, q *[MaxTrendOrder + 1]float64) {
	s := float64(i) - float64(b.n-1)/2
	before, here := 0.0, 1/math.Sqrt(float64(b.n))
	q[0] = here
	for k := 1; k <= b.order; k++ {
		before, here = here, (float64(s*here)-float64(b.root[k-1]*before))*b.inverse[k]
		q[k] = here
	}
}

// project sets the weights to those that fit x best. It adds up in blocks, as
// [Mean] does.
func (b *gram) project(x []float64) {
	var q, part [MaxTrendOrder + 1]float64
	clear(b.weights[:])
	for i := 0; i < len(x); i += sumBlock {
		clear(part[:])
		for j, v := range x[i:min(i+sumBlock, len(x))] {
			b.at(i+j, &q)
			for k := range b.order + 1 {
				part[k] += float64(q[k] * v)
			}
		}
		for k := range b.order + 1 {
			b.weights[k] += part[k]
		}
	}
}

func (b *gram) subtract(x []float64) {
	var q [MaxTrendOrder + 1]float64
	for i := range x {
		b.at(i, &q)
		trend := 0.0
		for k := range b.order + 1 {
			trend += float64(b.weights[k] * q[k])
		}
		x[i] -= trend
	}
}
