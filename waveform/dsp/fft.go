package dsp

// FFT is a plan for discrete Fourier transforms of real sequences of one
// length. Any length works and takes a time proportional to n log n; lengths
// from [NextFast] are quickest, those with prime factors above 50 take about five
// times as long, and odd ones twice as long as even ones. Errors are some 5e-16 of
// the root mean square of the result, the largest of millions below 1e-14.
//
// The method is that of Stockham (1966) with butterflies of 2, 3, 4, 5 and odd primes,
// beyond those the convolution of Bluestein (1970) with phases reduced as whole numbers.
//
// A plan is never changed once made and may be used by any number of goroutines at
// once, each with a [Scratch] of its own.
type FFT struct {
	n       int
	complex *complexFFT  // of n/2 values if n is even, of n if n is odd
	roots   []complex128 // of even n: exp(-2 pi i k/n) for k = 0..n/4
}

// NewFFT makes a plan for sequences of n samples. It panics if n < 1.
func NewFFT(n int) *FFT {
	if n < 1 {
		panic("dsp: length of a Fourier transform below 1")
	}
	if n%2 == 1 {
		return &FFT{n: n, complex: newComplexFFT(n)}
	}
	f := &FFT{n: n, complex: newComplexFFT(n / 2), roots: make([]complex128, n/4+1)}
	roots := newUnitRoots(n)
	for k := range f.roots {
		f.roots[k] = roots.at(k)
	}
	return f
}

// Len is the length of the sequences.
func (f *FFT) Len() int { return f.n }

// Bins is the number of coefficients, n/2+1: from zero to the Nyquist frequency.
func (f *FFT) Bins() int { return f.n/2 + 1 }

// bytes is about the memory that the plan takes.
func (f *FFT) bytes() int { return 16*len(f.roots) + f.complex.bytes() }

// space gives what a transform works in: two buffers of the complex transform, and
// its extra space.
func (f *FFT) space(scratch *Scratch) (buffer, work, extra []complex128) {
	if scratch == nil {
		scratch = new(Scratch)
	}
	n := f.complex.n
	space := scratch.fourier(2*n + f.complex.extra)
	return space[:n], space[n : 2*n], space[2*n:]
}

// Coefficients stores in dst the transform X[k] = sum src[j] exp(-2 pi i jk/n)
// for k = 0..n/2 and returns it. A nil dst is allocated. It works in space of
// scratch that is neither its Samples nor its Spectrum, so that src and dst may be
// those; a nil scratch has it allocate the space. It panics if src has not length Len
// or dst not length Bins.
func (f *FFT) Coefficients(dst []complex128, src []float64, scratch *Scratch) []complex128 {
	if dst == nil {
		dst = make([]complex128, f.Bins())
	}
	f.check(dst, src)
	buffer, work, extra := f.space(scratch)
	if f.n%2 == 1 {
		for i, v := range src {
			buffer[i] = complex(v, 0)
		}
		copy(dst, f.complex.transform(buffer, work, extra))
		return dst
	}
	for i := range buffer {
		buffer[i] = complex(src[2*i], src[2*i+1])
	}
	f.unfold(dst, f.complex.transform(buffer, work, extra))
	return dst
}

// unfold separates the transforms of the even samples, which were the real
// parts, and of the odd samples, the imaginary parts, and joins them to the
// transform of all.
func (f *FFT) unfold(dst, z []complex128) {
	half := f.n / 2
	dst[0] = complex(real(z[0])+imag(z[0]), 0)
	dst[half] = complex(real(z[0])-imag(z[0]), 0)
	for k := 1; 2*k <= half; k++ {
		a, b := z[k], conjugate(z[half-k])
		even, odd := scale(0.5, a+b), timesMinusI(scale(0.5, a-b))
		odd *= f.roots[k]
		dst[k] = even + odd
		dst[half-k] = conjugate(even - odd)
	}
}

// Sequence stores in dst the inverse transform, divided by n, so that it undoes
// [FFT.Coefficients], and returns it. Imaginary parts of the coefficients at
// zero and at the Nyquist frequency are ignored. A nil dst is allocated; scratch is
// as in Coefficients. It panics if coeff has not length Bins or dst not length Len.
func (f *FFT) Sequence(dst []float64, coeff []complex128, scratch *Scratch) []float64 {
	if dst == nil {
		dst = make([]float64, f.n)
	}
	f.check(coeff, dst)
	buffer, work, extra := f.space(scratch)
	if f.n%2 == 1 {
		mirror(buffer, coeff)
		for i, v := range f.complex.transform(buffer, work, extra) {
			dst[i] = real(v) / float64(f.n)
		}
		return dst
	}
	f.fold(buffer, coeff)
	half := float64(f.n / 2)
	for i, v := range f.complex.transform(buffer, work, extra) {
		dst[2*i] = real(v) / half
		dst[2*i+1] = -imag(v) / half
	}
	return dst
}

// mirror makes the whole conjugate spectrum of an odd length. The transform of
// the conjugate is the conjugate of the inverse transform, which is real.
func mirror(z, coeff []complex128) {
	z[0] = complex(real(coeff[0]), 0)
	for k, c := range coeff[1:] {
		z[k+1] = conjugate(c)
		z[len(z)-1-k] = c
	}
}

// fold undoes unfold, and gives the conjugate: the transform of that is the
// conjugate of the inverse transform.
func (f *FFT) fold(z, coeff []complex128) {
	half := f.n / 2
	first, last := real(coeff[0]), real(coeff[half])
	z[0] = complex((first+last)/2, -(first-last)/2)
	for k := 1; 2*k <= half; k++ {
		a, b := coeff[k], conjugate(coeff[half-k])
		even, odd := scale(0.5, a+b), scale(0.5, a-b)*conjugate(f.roots[k])
		odd = timesMinusI(odd) // odd is now -i times the transform of the odd samples
		z[k] = conjugate(even - odd)
		z[half-k] = even + odd
	}
}

func (f *FFT) check(coeff []complex128, samples []float64) {
	if len(samples) != f.n {
		panic("dsp: sequence is not of the length of the Fourier plan")
	}
	if len(coeff) != f.Bins() {
		panic("dsp: number of coefficients does not fit the Fourier plan")
	}
}

func conjugate(z complex128) complex128 { return complex(real(z), -imag(z)) }

// NextFast is the smallest length >= n that has no prime factor above 5: a
// length that transforms quickly. It is 1 for n < 1.
func NextFast(n int) int {
	best := 1
	for best < n {
		best *= 2
	}
	for five := 1; five < best; five *= 5 {
		for length := five; length < best; length *= 3 {
			fast := length
			for fast < n {
				fast *= 2
			}
			best = min(best, fast)
		}
	}
	return best
}
