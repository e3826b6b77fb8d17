package dsp

import "slices"

// complexFFT transforms complex sequences of one length,
// X[k] = sum x[j] exp(-2 pi i jk/n), by decimation in frequency: one pass per
// factor of the length, each from one buffer into the other so that the result
// comes out in order (Stockham's scheme). It is never changed once made.
type complexFFT struct {
	n, extra int // length; work space of the chirps
	passes   []pass
}

func newComplexFFT(n int) *complexFFT {
	f := &complexFFT{n: n}
	roots := newUnitRoots(n)
	stride := 1
	for _, radix := range factor(n) {
		p := newPass(radix, n, stride, roots)
		f.addButterfly(&p)
		f.passes = append(f.passes, p)
		stride *= radix
	}
	return f
}

// factor splits n into primes in falling order, but pairs of twos into fours.
func factor(n int) (radices []int) {
	for n%4 == 0 {
		radices, n = append(radices, 4), n/4
	}
	for p := 2; n > 1; p++ {
		if p*p > n {
			p = n // a prime
		}
		for n%p == 0 {
			radices, n = append(radices, p), n/p
		}
	}
	slices.SortFunc(radices, func(a, b int) int { return b - a })
	return radices
}

// addButterfly gives a pass of a radix without a butterfly of its own what it needs,
// which passes of the same radix share.
func (f *complexFFT) addButterfly(p *pass) {
	for _, earlier := range f.passes {
		if earlier.radix == p.radix {
			p.roots, p.chirp = earlier.roots, earlier.chirp
			return
		}
	}
	switch {
	case p.radix > maxDirect:
		p.chirp = newChirpFFT(p.radix)
		f.extra = max(f.extra, p.chirp.space())
	case p.radix > 5:
		for k := range p.radix {
			p.roots = append(p.roots, unitRoot(k, p.radix))
		}
	}
}

// bytes is about the memory that the plan takes.
func (f *complexFFT) bytes() int {
	total := 0
	for _, p := range f.passes {
		total += 16 * len(p.twiddles)
		if p.chirp != nil {
			total += p.chirp.bytes() // passes that share one are few enough to count it for each
		}
	}
	return total
}

// transform gives the transform of x in x or in work, which is as long. extra is
// f.extra long. All three are used up.
func (f *complexFFT) transform(x, work, extra []complex128) []complex128 {
	from, to := x, work
	for i := range f.passes {
		f.passes[i].run(to, from, extra)
		from, to = to, from
	}
	return from
}

// pass takes transforms of length radix*m apart into radix transforms of length
// m. stride sequences are interleaved.
type pass struct {
	radix, m, stride int
	twiddles         []complex128 // exp(-2 pi i jk/(radix m)) for j = 0..m-1, k = 1..radix-1
	roots            []complex128 // exp(-2 pi i k/radix), of radices without a butterfly of their own
	chirp            *chirpFFT    // of large radices
}

// maxDirect is the largest prime that is transformed by definition, which costs
// as many operations a sample. Beyond, a convolution costs less.
const maxDirect = 50

func newPass(radix, n, stride int, roots unitRoots) pass {
	p := pass{radix: radix, m: n / stride / radix, stride: stride}
	if p.m == 1 && radix > maxDirect {
		return p // the twiddles would be as many ones as the radix, and runChirp does without
	}
	p.twiddles = make([]complex128, 0, p.m*(radix-1))
	for j := range p.m {
		for k := 1; k < radix; k++ {
			p.twiddles = append(p.twiddles, roots.at(j*k*stride))
		}
	}
	return p
}
