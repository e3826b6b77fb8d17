package dsp

// complexFFT transforms complex sequences of one length,
// X[k] = sum x[j] exp(-2 pi i jk/n).
type complexFFT interface {
	// transform gives the transform of x in x or in work space of the plan, valid
	// until the next call. x is used up.
	transform(x []complex128) []complex128
	// bytes is about the memory that the plan takes.
	bytes() int
}

// maxDirect is how large the sum of the prime factors above 5 may be for the
// length to be factored: a factor p costs p operations a sample. Beyond, the
// transform is written as a convolution of a fast length, which costs about as
// much as a factor of this size.
const maxDirect = 60

func newComplexFFT(n int) complexFFT {
	radices, ok := factor(n)
	if !ok {
		return newChirpFFT(n)
	}
	return newMixedFFT(n, radices)
}

// factor splits n into fours, then primes in rising order; false if they are too
// large to be used as they are.
func factor(n int) (radices []int, ok bool) {
	for n%4 == 0 {
		radices, n = append(radices, 4), n/4
	}
	large := 0
	for p := 2; n > 1; p++ {
		if p > maxDirect {
			return nil, false
		}
		for n%p == 0 {
			radices, n = append(radices, p), n/p
			if p > 5 {
				large += p
			}
		}
	}
	return radices, large <= maxDirect
}

// mixedFFT is a transform by decimation in frequency, one pass per factor, each
// from one buffer into the other so that the result comes out in order
// (Stockham's scheme).
type mixedFFT struct {
	passes []pass
	work   []complex128
}

// pass takes transforms of length radix*m apart into radix transforms of length
// m. stride sequences are interleaved.
type pass struct {
	radix, m, stride int
	twiddles         []complex128 // exp(-2 pi i jk/(radix m)) for j = 0..m-1, k = 1..radix-1
	roots            []complex128 // exp(-2 pi i k/radix), for radices without a butterfly of their own
}

func newMixedFFT(n int, radices []int) *mixedFFT {
	f := &mixedFFT{work: make([]complex128, n)}
	roots := newUnitRoots(n)
	stride := 1
	for _, radix := range radices {
		p := pass{radix: radix, m: n / stride / radix, stride: stride}
		p.twiddles = make([]complex128, 0, p.m*(radix-1))
		for j := range p.m {
			for k := 1; k < radix; k++ {
				p.twiddles = append(p.twiddles, roots.at(j*k*stride))
			}
		}
		if radix > 5 {
			for k := range radix {
				p.roots = append(p.roots, unitRoot(k, radix))
			}
		}
		f.passes = append(f.passes, p)
		stride *= radix
	}
	return f
}

func (f *mixedFFT) bytes() int {
	total := 16 * len(f.work)
	for _, p := range f.passes {
		total += 16 * len(p.twiddles)
	}
	return total
}

func (f *mixedFFT) transform(x []complex128) []complex128 {
	from, to := x, f.work
	for i := range f.passes {
		f.passes[i].run(to, from)
		from, to = to, from
	}
	return from
}
