// Package dsp holds the numeric kernels of waveform processing: trends, tapers,
// recursive filters, Fourier transforms, STA/LTA and integration. Slices go in
// and slices come out; it knows nothing of channels, times or units beyond the
// sample interval.
//
// What is there:
//
//   - Trends: [Demean], [DetrendSimple], [DetrendLinear], [DetrendPolynomial], [CorrectBaseline].
//   - Tapers: [TaperHann], [TaperCosine], [TaperSine], [TaperWidth].
//   - Filters: [Butterworth] and [Chebyshev2] design a [Filter], which is causal or, forward and
//     backward, of zero phase; [AmplitudeButterworth] has zero phase by its spectrum.
//   - Rates: [Decimator], [Resample], [ResampleHann], [ResampleRatio], [Upsample].
//   - Calculus: [CumTrapezoid], [Differentiate], [IntegrateSpectral], [DifferentiateSpectral].
//   - Components: [Rotation2] and [Rotation3], made by [NEToRT], [ZNEToLQT], [ToNE], [ToZNE].
//   - Onsets and envelopes: [STALTAClassic], [STALTARecursive], [Hilbert], [Envelope].
//   - Spectra: [FFT], [Plans], [NextFast]; see below.
//
// Everywhere in this package:
//
//   - Frequencies and rates are in Hz, intervals in seconds.
//   - A destination comes first and must have the length that the function
//     states; a wrong length is a mistake of the caller and panics. Kernels that
//     work in place take x only.
//   - Kernels do not allocate, save where a nil destination asks for it and
//     while a [Plans] or [Scratch] grows to the longest input seen.
//   - An empty slice is left as it is. NaN and infinities are not looked for;
//     they spread as arithmetic makes them.
//   - Functions may be called concurrently on different data. A [Filter], an [FFT]
//     and [Plans] are for any number of goroutines at once; a [Scratch] belongs to
//     one at a time.
//   - Outside the Fourier transforms, every product that feeds a sum is rounded on
//     its own (an explicit float64 conversion forbids fused multiply-add), so
//     that results do not depend on what the compiler makes of the processor.
//
// # Fourier transforms
//
// An [FFT] is a plan for one length, any length, and is never changed once made.
// A program makes one [Plans] and gives it to all its workers, and each worker a
// [Scratch] of its own, in which transforms work and of which the worker may take
// memory for what goes in and comes out:
//
//	plan := plans.FFT(dsp.NextFast(len(x)))
//	samples := scratch.Samples(plan.Len())
//	clear(samples[copy(samples, x):])
//	spectrum := plan.Coefficients(scratch.Spectrum(plan.Bins()), samples, scratch)
//	// change the spectrum
//	plan.Sequence(samples, spectrum, scratch)
//
// No coefficient is off by more than 1e-14 of the root mean square of all: the
// tests see 4e-15, at lengths up to a day of 100 Hz and one sample, which is prime. One
// that stands out by far, as that of an offset does, has a rounding of its own besides,
// up to 1e-15 of itself.
package dsp
