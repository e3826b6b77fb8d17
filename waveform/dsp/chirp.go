package dsp

// chirpFFT is a transform of any length by Bluestein's identity
// jk = (j^2 + k^2 - (k-j)^2)/2, which makes it a convolution with a chirp. The
// convolution is done by transforms of a fast length of at least 2n-1.
type chirpFFT struct {
	values []complex128 // input and output
	chirp  []complex128 // exp(-pi i k^2/n)
	kernel []complex128 // the transform of the conjugate chirp, over the length
	fast   *complexFFT
	padded []complex128 // input of fast
}

func newChirpFFT(n int) *chirpFFT {
	length := NextFast(2*n - 1)
	f := &chirpFFT{
		values: make([]complex128, n),
		chirp:  make([]complex128, n),
		kernel: make([]complex128, length),
		fast:   newComplexFFT(length),
		padded: make([]complex128, length),
	}
	roots := newUnitRoots(2 * n)
	square := 0 // k^2 modulo 2n
	for k := range f.chirp {
		f.chirp[k] = roots.at(square)
		if square += 2*k + 1; square >= 2*n {
			square -= 2 * n
		}
	}
	for k, c := range f.chirp {
		v := scale(1/float64(length), conjugate(c))
		f.padded[k] = v
		f.padded[(length-k)%length] = v
	}
	copy(f.kernel, f.fast.transform(f.padded))
	return f
}

func (f *chirpFFT) bytes() int {
	return 16*2*(len(f.values)+len(f.kernel)) + f.fast.bytes()
}

// transform replaces f.values by their transform.
func (f *chirpFFT) transform() {
	clear(f.padded[len(f.values):])
	for k, v := range f.values {
		f.padded[k] = v * f.chirp[k]
	}
	spectrum := f.fast.transform(f.padded)
	for k, v := range spectrum {
		f.padded[k] = conjugate(v * f.kernel[k]) // the conjugate makes the next transform an inverse
	}
	convolved := f.fast.transform(f.padded)
	for k, c := range f.chirp {
		f.values[k] = conjugate(convolved[k]) * c
	}
}
