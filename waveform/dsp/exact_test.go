package dsp_test

import (
	"math"
	"math/bits"
)

// twice is an unevaluated sum of two float64, good to about 1e-31 of itself, and
// twiceComplex a complex number of such. The steps are those of Dekker (1971), with
// the fused multiply-add for the error of a product.
type (
	twice        struct{ high, low float64 }
	twiceComplex struct{ re, im twice }
)

func (a twice) plus(b twice) twice {
	s := a.high + b.high
	t := s - a.high
	e := (a.high - (s - t)) + (b.high - t)
	e += a.low + b.low
	high := s + e
	return twice{high, e - (high - s)}
}

func (a twice) times(b twice) twice {
	p := a.high * b.high
	e := math.FMA(a.high, b.high, -p)
	e += float64(a.high*b.low) + float64(a.low*b.high)
	high := p + e
	return twice{high, e - (high - p)}
}

func (a twice) over(d float64) twice {
	q := a.high / d
	r := math.FMA(-q, d, a.high) + a.low
	low := r / d
	high := q + low
	return twice{high, low - (high - q)}
}

func (a twice) negative() twice { return twice{-a.high, -a.low} }

// from is v - a, of which the leading figures cancel.
func (a twice) from(v float64) float64 { return (v - a.high) - a.low }

func (a twiceComplex) times(b twiceComplex) twiceComplex {
	return twiceComplex{
		re: a.re.times(b.re).plus(a.im.times(b.im).negative()),
		im: a.re.times(b.im).plus(a.im.times(b.re)),
	}
}

// sinCos is sine and cosine of 0 <= x <= pi/4, by their Taylor series.
func sinCos(x twice) (sine, cosine twice) {
	square := x.times(x).negative()
	term := twice{1, 0}
	for i := 0; i < 30; i += 2 {
		cosine = cosine.plus(term)
		odd := term.times(x).over(float64(i + 1))
		sine = sine.plus(odd)
		term = term.times(square).over(float64(i + 1)).over(float64(i + 2))
	}
	return sine, cosine
}

// turn is exp(-2 pi i k/n), 0 <= k < n. The phase is brought into the first eighth of the
// circle in whole numbers.
func turn(k, n int) twiceComplex {
	quarter := 4 * k / n                         // of the circle
	rest := 4*k - quarter*n                      // of n/4 to a quarter: 0 <= rest < n
	other := 2*rest > n                          // nearer to the end of the quarter
	pi := twice{math.Pi, 1.2246467991473532e-16} // the second is pi less the first
	part := rest
	if other {
		part = n - rest
	}
	sine, cosine := sinCos(pi.times(twice{float64(part), 0}).over(float64(2 * n)))
	if other {
		sine, cosine = cosine, sine
	}
	z := twiceComplex{cosine, sine.negative()}
	for range quarter {
		z = twiceComplex{z.im, z.re.negative()} // times -i
	}
	return z
}

// circle gives turn(k, n) for many k, as products of two that are kept.
type circle struct {
	shift        int
	coarse, fine []twiceComplex
}

func newCircle(n int) circle {
	c := circle{shift: bits.Len(uint(n)) / 2}
	for k := 0; k < n; k += 1 << c.shift {
		c.coarse = append(c.coarse, turn(k, n))
	}
	for k := range min(n, 1<<c.shift) {
		c.fine = append(c.fine, turn(k, n))
	}
	return c
}

func (c circle) at(k int) twiceComplex {
	return c.coarse[k>>c.shift].times(c.fine[k&(1<<c.shift-1)])
}

// directSum is coefficient k of the transform of x by its definition, phases
// reduced as whole numbers.
func directSum(x []float64, k int, c circle) twiceComplex {
	var sum twiceComplex
	phase := 0 // jk modulo n
	for _, v := range x {
		root := c.at(phase)
		sum.re = sum.re.plus(root.re.times(twice{v, 0}))
		sum.im = sum.im.plus(root.im.times(twice{v, 0}))
		if phase += k; phase >= len(x) {
			phase -= len(x)
		}
	}
	return sum
}

// distance is |got - z|.
func (z twiceComplex) distance(got complex128) float64 {
	return math.Hypot(z.re.from(real(got)), z.im.from(imag(got)))
}

// cosineOf is cos(2 pi num/den) for 0 <= num < den, to about the last place.
func cosineOf(num, den int) float64 {
	if 2*num > den {
		num = den - num
	}
	sign := 1.0
	if 4*num > den { // the second quarter
		num, den, sign = den-2*num, 2*den, -1
	}
	if 8*num <= den {
		return sign * math.Cos(2*math.Pi*float64(num)/float64(den))
	}
	return sign * math.Sin(math.Pi*float64(den-4*num)/float64(2*den))
}

// chirp is a real chirp of n samples and its transform, which is real, for n = 1 modulo 4, odd,
// or n even, by the sums of Gauss (1811). With 4a = 1 modulo n, completing the square gives
//
//	sum cos(2 pi a j^2/n) exp(-2 pi i jk/n) = sqrt(n) cos(2 pi k^2/n)    for n = 1 modulo 4,
//	                                          sqrt(n) sin(2 pi k^2/n)    for n = 3 modulo 4,
//	sum cos(pi j^2/n) exp(-2 pi i jk/n) = sqrt(n) cos(pi/4 - pi k^2/n)   for even n.
//
// Its samples and coefficients are everywhere of the same order.
func chirp(n int) (x []float64, coeff []complex128) {
	x, coeff = make([]float64, n), make([]complex128, n/2+1)
	root := math.Sqrt(float64(n))
	if n%2 == 0 {
		for j := range x {
			x[j] = cosineOf(j*j%(2*n), 2*n)
		}
		for k := range coeff {
			coeff[k] = complex(root*cosineOf((4*k*k%(8*n)+8*n-n)%(8*n), 8*n), 0)
		}
		return x, coeff
	}
	half := (n + 1) / 2 // of 1, modulo n
	quarter := half * half % n
	for j := range x {
		x[j] = cosineOf(j*j%n*quarter%n, n)
	}
	for k := range coeff {
		square := 4 * (k * k % n) // of 4n to a circle
		if n%4 == 3 {
			square = (square + 3*n) % (4 * n) // sine of it
		}
		coeff[k] = complex(root*cosineOf(square, 4*n), 0)
	}
	return x, coeff
}
