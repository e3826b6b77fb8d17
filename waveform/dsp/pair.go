package dsp

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"
)

// pair turns zeros and poles into second-order sections. Sections are made last
// to first: of the poles left, the one closest to the unit circle is taken with
// its conjugate (or, if real, with the real pole next closest to the circle),
// and goes with the zero nearest to it and its conjugate (or, if real, the real
// zero next nearest). So sharp resonances come last and meet the zeros that
// tame them. All the gain is in the first section. An odd count is made up with
// a pole and a zero at the origin. This is the rule "nearest" in the
// documentation of SciPy's zpk2sos.
//
// The zeros must be as many as the poles, and roots that are not real come in
// conjugate pairs.
func (d zpk) pair() Filter {
	poles, zeros := d.poles, d.zeros
	if len(poles)%2 == 1 {
		poles, zeros = append(poles, 0), append(zeros, 0)
	}
	ps, zs := fold(poles), fold(zeros)
	f := make(Filter, len(poles)/2)
	for i := len(f) - 1; i >= 0; i-- {
		p1, p2 := ps.take(distanceToCircle)
		z1, z2 := zs.take(func(z complex128) float64 { return cmplx.Abs(p1 - z) })
		f[i] = section(z1, z2, p1, p2)
	}
	f[0].B0 *= d.gain
	f[0].B1 *= d.gain
	f[0].B2 *= d.gain
	return f
}

func distanceToCircle(p complex128) float64 { return math.Abs(1 - cmplx.Abs(p)) }

func section(z1, z2, p1, p2 complex128) Section {
	return Section{
		B0: 1, B1: -real(z1 + z2), B2: real(z1 * z2),
		A1: -real(p1 + p2), A2: real(p1 * p2),
	}
}

// roots is real roots, and one of each pair of complex ones (that with the
// positive imaginary part).
type roots []complex128

// fold drops the conjugates, and imaginary parts that are rounding errors. The
// complex roots come first, then the real ones, both in rising order.
func fold(all []complex128) roots {
	const rounding = 100 * 0x1p-52
	var folded roots
	for _, r := range all {
		switch {
		case math.Abs(imag(r)) <= rounding*cmplx.Abs(r):
			folded = append(folded, complex(real(r), 0))
		case imag(r) > 0:
			folded = append(folded, r)
		}
	}
	slices.SortStableFunc(folded, func(a, b complex128) int {
		return cmp.Or(boolCompare(isReal(a), isReal(b)), cmp.Compare(real(a), real(b)), cmp.Compare(imag(a), imag(b)))
	})
	return folded
}

func isReal(r complex128) bool { return imag(r) == 0 }

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// take removes and gives two roots: the first that is least by the measure, and
// its conjugate, or if it is real the real root that is next. A real root always
// finds another: complex ones come in twos and the count was made even.
func (r *roots) take(measure func(complex128) float64) (first, second complex128) {
	first = r.takeLeast(measure, func(complex128) bool { return true })
	if !isReal(first) {
		return first, cmplx.Conj(first)
	}
	return first, r.takeLeast(measure, isReal)
}

func (r *roots) takeLeast(measure func(complex128) float64, allowed func(complex128) bool) complex128 {
	best := -1
	for i, v := range *r {
		if allowed(v) && (best < 0 || measure(v) < measure((*r)[best])) {
			best = i
		}
	}
	if best < 0 {
		return complex(math.NaN(), 0) // a design that overflowed; Butterworth reports it
	}
	v := (*r)[best]
	*r = slices.Delete(*r, best, best+1)
	return v
}
