package dsp

// chirpFFT is a transform of any length by the identity
// jk = (j^2 + k^2 - (k-j)^2)/2 of Bluestein (1970), which makes it a convolution
// with a chirp. The convolution is done by transforms of a fast length of at least
// 2n-1. It is never changed once made.
type chirpFFT struct {
	chirp  []complex128 // exp(-pi i k^2/n)
	kernel []complex128 // the transform of the conjugate chirp, over the length
	fast   *complexFFT
}

func newChirpFFT(n int) *chirpFFT {
	length := NextFast(2*n - 1)
	f := &chirpFFT{chirp: make([]complex128, n), fast: newComplexFFT(length)}
	roots := newUnitRoots(2 * n)
	square := 0 // k^2 modulo 2n
	for k := range f.chirp {
		f.chirp[k] = roots.at(square)
		if square += 2*k + 1; square >= 2*n {
			square -= 2 * n
		}
	}
	padded := make([]complex128, length)
	for k, c := range f.chirp {
		v := scale(1/float64(length), conjugate(c))
		padded[k] = v
		padded[(length-k)%length] = v
	}
	f.kernel = f.fast.transform(padded, make([]complex128, length), nil)
	return f
}

// space is how many complex numbers transform needs to work in.
func (f *chirpFFT) space() int { return 2 * len(f.kernel) }

func (f *chirpFFT) bytes() int {
	return 16*(len(f.chirp)+len(f.kernel)) + f.fast.bytes()
}

// transform gives the transform of the values x[0], x[step], .., as many as the
// chirp has, in space.
func (f *chirpFFT) transform(x []complex128, step int, space []complex128) []complex128 {
	length := len(f.kernel)
	padded, work := space[:length], space[length:2*length]
	for k, c := range f.chirp {
		padded[k] = x[k*step] * c
	}
	clear(padded[len(f.chirp):])
	spectrum := f.fast.transform(padded, work, nil)
	for k, v := range spectrum {
		padded[k] = conjugate(v * f.kernel[k]) // the conjugate makes the next transform an inverse
	}
	convolved := f.fast.transform(padded, work, nil)[:len(f.chirp)]
	for k, c := range f.chirp {
		convolved[k] = conjugate(convolved[k]) * c
	}
	return convolved
}
