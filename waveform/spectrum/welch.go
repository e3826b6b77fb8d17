package spectrum

import (
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Detrend is what is taken off each sub-segment before its taper.
type Detrend uint8

// The detrending that [Welch] can do.
const (
	DetrendMean   Detrend = iota // the arithmetic mean
	DetrendLinear                // the least-squares line
	DetrendNone                  // nothing
)

// WelchOptions says how a power spectral density is estimated.
type WelchOptions struct {
	// Length of the sub-segments, samples.
	Length int
	// Overlap is how many samples a sub-segment shares with the next, below Length.
	Overlap int
	// Window multiplies each sub-segment: Length factors, of which not all are zero.
	// Nil is [Hann].
	Window []float64
	// Detrend is taken off each sub-segment first. The zero value is [DetrendMean].
	Detrend Detrend
	// NFFT is the length of the transforms, to which sub-segments are padded with
	// zeros. Zero is Length.
	NFFT int
}

// Welch estimates power spectral densities by averaging over sub-segments (Welch
// 1967). It is not changed by use and may be shared by goroutines.
type Welch struct {
	options WelchOptions
	power   float64 // sum of the window's squares
}

// NewWelch checks the options. The error matches [ErrOptions].
func NewWelch(o WelchOptions) (*Welch, error) {
	if o.NFFT == 0 {
		o.NFFT = o.Length
	}
	if o.Length < 1 || o.Overlap < 0 || o.Overlap >= o.Length || o.NFFT < o.Length || o.Detrend > DetrendNone {
		return nil, fmt.Errorf("%w: sub-segments of %d samples with %d in common, transforms of %d, detrending %d",
			ErrOptions, o.Length, o.Overlap, o.NFFT, o.Detrend)
	}
	if o.Window == nil {
		o.Window = Hann(o.Length)
	}
	if len(o.Window) != o.Length {
		return nil, fmt.Errorf("%w: window of %d samples for sub-segments of %d", ErrOptions, len(o.Window), o.Length)
	}
	o.Window = slices.Clone(o.Window)
	w := &Welch{options: o}
	for _, v := range o.Window {
		w.power += float64(v * v)
	}
	if !(w.power > 0) || math.IsInf(w.power, 1) {
		return nil, fmt.Errorf("%w: squares of the window add up to %g", ErrOptions, w.power)
	}
	return w, nil
}

// NFFT is the length of the transforms.
func (w *Welch) NFFT() int { return w.options.NFFT }

// Segments is the number of sub-segments that fit into n samples, from the first sample
// on; what is left over at the end is not used.
func (w *Welch) Segments(n int) int {
	if n < w.options.Length {
		return 0
	}
	return (n-w.options.Length)/(w.options.Length-w.options.Overlap) + 1
}

// Density stores in dst the power spectral density of x at the [Frequencies] of
// NFFT, in the unit of x squared over Hz, and returns the number of sub-segments that were
// averaged. It is one-sided: 2 dt |X|^2 / sum of squares of the window, but without the
// 2 at zero and at the Nyquist frequency. This is scipy.signal.welch with scaling
// "density", and matplotlib's mlab.psd.
//
// Where x is shorter than a sub-segment, or dt not positive, it gives NaN and 0; a NaN in
// a sub-segment makes every value NaN. It panics if dst has not length Bins(NFFT). It
// may be called concurrently, each goroutine with its own scratch.
func (w *Welch) Density(dst, x []float64, dt float64, plans *dsp.Plans, scratch *dsp.Scratch) (segments int) {
	checkBins(dst, w.options.NFFT)
	segments = w.Segments(len(x))
	if segments == 0 || !(dt > 0) {
		fill(dst, math.NaN())
		return 0
	}
	plan := plans.FFT(w.options.NFFT)
	clear(dst)
	for i := range segments {
		from := i * (w.options.Length - w.options.Overlap)
		samples := w.prepared(x[from:from+w.options.Length], scratch)
		for k, c := range plan.Coefficients(scratch.Spectrum(plan.Bins()), samples, scratch) {
			dst[k] += float64(real(c)*real(c)) + float64(imag(c)*imag(c))
		}
	}
	w.scale(dst, dt, segments)
	return segments
}

// prepared gives a sub-segment without its trend, tapered and padded, in scratch.
func (w *Welch) prepared(x []float64, scratch *dsp.Scratch) []float64 {
	samples := scratch.Samples(w.options.NFFT)
	clear(samples[copy(samples, x):])
	part := samples[:len(x)]
	switch w.options.Detrend {
	case DetrendMean:
		dsp.Demean(part)
	case DetrendLinear:
		dsp.DetrendLinear(part)
	}
	for i, v := range w.options.Window {
		part[i] *= v
	}
	return samples
}

// scale makes a one-sided density of the sums of squares.
func (w *Welch) scale(dst []float64, dt float64, segments int) {
	factor := dt / (w.power * float64(segments))
	for k := range dst {
		dst[k] *= factor
		if k > 0 && 2*k != w.options.NFFT {
			dst[k] *= 2
		}
	}
}
