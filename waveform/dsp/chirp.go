package dsp

// chirpFFT is a transform of any length by Bluestein's identity
// jk = (j^2 + k^2 - (k-j)^2)/2, which makes it a convolution with a chirp. The
// convolution is done by transforms of a fast length of at least 2n-1.
type chirpFFT struct {
	chirp  []complex128 // exp(-pi i k^2/n)
	kernel []complex128 // the transform of the conjugate chirp, over the length
	fast   *mixedFFT
	input  []complex128
	output []complex128
}

func newChirpFFT(n int) *chirpFFT {
	length := NextFast(2*n - 1)
	radices, _ := factor(length)
	f := &chirpFFT{
		chirp:  make([]complex128, n),
		kernel: make([]complex128, length),
		fast:   newMixedFFT(length, radices),
		input:  make([]complex128, length),
		output: make([]complex128, n),
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
		v := complex(real(c)/float64(length), -imag(c)/float64(length))
		f.input[k] = v
		f.input[(length-k)%length] = v
	}
	copy(f.kernel, f.fast.transform(f.input))
	return f
}

func (f *chirpFFT) bytes() int {
	return 16*(len(f.chirp)+len(f.kernel)+len(f.input)+len(f.output)) + f.fast.bytes()
}

func (f *chirpFFT) transform(x []complex128) []complex128 {
	clear(f.input[len(x):])
	for k, v := range x {
		f.input[k] = v * f.chirp[k]
	}
	spectrum := f.fast.transform(f.input)
	for k, v := range spectrum {
		v *= f.kernel[k]
		f.input[k] = complex(real(v), -imag(v)) // the conjugate makes the next transform an inverse
	}
	for k, v := range f.fast.transform(f.input)[:len(f.output)] {
		f.output[k] = complex(real(v), -imag(v)) * f.chirp[k]
	}
	return f.output
}
