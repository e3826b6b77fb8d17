package dsp

// UpsampledLen is the number of samples that [Upsample] makes of n: (n-1)k+1, or
// none of none.
func UpsampledLen(n, k int) int {
	if n == 0 {
		return 0
	}
	return (n-1)*k + 1
}

// Upsample stores in dst the band-limited interpolation of x at k times its
// rate: x is padded with zeros at its end to N = NextFast(len(x)) samples, its
// spectrum is extended with zeros to N k samples (where N is even, the Nyquist
// bin is halved, being shared between two frequencies from then on), and the
// samples up to the last of x are kept. dst[i k] is x[i] but for rounding.
//
// The zero padding is a step wherever x does not end near zero, and rings on
// both ends of dst. It panics if k < 1 or dst has not the length
// UpsampledLen(len(x), k). dst must not overlap x.
func Upsample(dst, x []float64, k int, plans *Plans, scratch *Scratch) {
	if k < 1 || len(dst) != UpsampledLen(len(x), k) {
		panic("dsp: length of the destination of Upsample")
	}
	if len(x) == 0 || k == 1 {
		copy(dst, x)
		return
	}
	n := NextFast(len(x))
	short, long := plans.FFT(n), plans.FFT(n*k)

	samples := scratch.Samples(long.Len())
	clear(samples[copy(samples, x):n])
	spectrum := scratch.Spectrum(long.Bins())
	short.Coefficients(spectrum[:short.Bins()], samples[:n], scratch)
	if n%2 == 0 {
		spectrum[n/2] /= 2
	}
	clear(spectrum[short.Bins():])
	long.Sequence(samples, spectrum, scratch)
	for i := range dst {
		dst[i] = float64(k) * samples[i]
	}
}
