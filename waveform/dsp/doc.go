// Package dsp holds the numeric kernels of waveform processing: trends, tapers,
// recursive filters, Fourier transforms, STA/LTA and integration. Slices go in
// and slices come out; it knows nothing of channels, times or units beyond the
// sample interval.
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
//   - Functions may be called concurrently on different data. [FFT], [Plans] and
//     [Scratch] belong to one goroutine at a time.
//   - Outside the Fourier transforms, every product that feeds a sum is rounded on
//     its own (an explicit float64 conversion forbids fused multiply-add), so
//     that results do not depend on what the compiler makes of the processor.
package dsp
