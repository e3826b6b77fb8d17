package spectrum

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Bins is the number of values of a spectrum whose transform has nfft samples:
// nfft/2 + 1, from zero to the Nyquist frequency.
func Bins(nfft int) int { return nfft/2 + 1 }

// Frequencies stores in dst the frequencies k/(nfft dt), Hz, of the bins
// k = 0..nfft/2, and returns it. The last is the Nyquist frequency if nfft is even.
// A nil dst is allocated. It panics if nfft < 1 or dst has not length Bins(nfft).
func Frequencies(dst []float64, nfft int, dt float64) []float64 {
	if nfft < 1 {
		panic("spectrum: length of a transform below 1")
	}
	if dst == nil {
		dst = make([]float64, Bins(nfft))
	}
	checkBins(dst, nfft)
	for k := range dst {
		dst[k] = float64(k) / (float64(nfft) * dt)
	}
	return dst
}

// FAS stores in dst the Fourier amplitude spectrum of x: |X[k]| dt at the
// [Frequencies] of nfft, where X[k] = sum x[j] exp(-2 pi i jk/nfft) and x is
// padded with zeros at its end to nfft samples. It is not doubled for the negative
// frequencies, and nothing is removed or tapered. Its unit is that of x times s:
// m/s for acceleration. nfft is part of the result: it sets where the spectrum is
// sampled.
//
// An empty x gives NaN; a NaN or an infinity in x gives NaN at all frequencies. It
// panics if nfft < len(x), nfft < 1, or dst has not length Bins(nfft). It may be
// called concurrently, each goroutine with its own scratch.
func FAS(dst, x []float64, dt float64, nfft int, plans *dsp.Plans, scratch *dsp.Scratch) {
	if nfft < len(x) || nfft < 1 {
		panic("spectrum: transform shorter than the trace")
	}
	checkBins(dst, nfft)
	if len(x) == 0 {
		fill(dst, math.NaN())
		return
	}
	plan := plans.FFT(nfft)
	samples := scratch.Samples(nfft)
	clear(samples[copy(samples, x):])
	coefficients := plan.Coefficients(scratch.Spectrum(plan.Bins()), samples, scratch)
	for k, c := range coefficients {
		dst[k] = dt * math.Hypot(real(c), imag(c))
		if math.IsInf(dst[k], 0) {
			dst[k] = math.NaN() // the other part may be NaN
		}
	}
}

func checkBins(dst []float64, nfft int) {
	if len(dst) != Bins(nfft) {
		panic("spectrum: number of values is not that of the transform's bins")
	}
}

func fill(dst []float64, v float64) {
	for i := range dst {
		dst[i] = v
	}
}
