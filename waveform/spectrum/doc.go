// Package spectrum looks at traces by frequency: Fourier amplitude spectra and
// their smoothing, signal-to-noise ratios and the band in which they are high
// enough, power spectral densities, and the noise models they are judged by.
//
// Four ways through the package:
//
//   - [FAS] gives |DFT| dt; a [Smoother] (Konno and Ohmachi 1998) averages it onto
//     given centre frequencies, with weights that are computed once.
//   - [SNR] compares the smoothed spectra of a signal and a noise window, and
//     [SelectBand] picks the corner frequencies between which the ratio holds.
//   - [Welch] averages the spectra of overlapping sub-segments (Welch 1967): the
//     power spectral density, one-sided.
//   - [PPSD] does so as McNamara and Buland (2004) and their program PQLX do, in
//     octave averages of dB; a [PDF] counts how often each level occurs; [NLNM] and
//     [NHNM] are the low and the high noise model of Peterson (1993).
//
// Conventions, everywhere in this package:
//
//   - Traces are evenly sampled slices; dt is the sample interval in seconds,
//     frequencies are in Hz, periods in seconds. nfft is the length of a Fourier
//     transform in samples, and a spectrum of it has [Bins] values, at the
//     [Frequencies] 0, 1/(nfft dt) .. up to the Nyquist frequency.
//   - A destination comes first and must have the length that the function
//     states; a wrong length is the caller's mistake and panics. What comes from
//     data (a window too short, a band not found) is an error that can be told by
//     [errors.Is] and [errors.As].
//   - A NaN sample makes every value NaN that reads it; a value that has no
//     meaning for its input is NaN too.
//   - [Smoother], [Smoothers], [Welch] and [PPSD] do not change by use, or lock, and
//     may be shared by workers; [SNR] and [PDF] belong to one goroutine at a time,
//     as [dsp.Plans] and [dsp.Scratch] do. Nothing allocates in steady state.
//   - Outside the Fourier transforms, every product that feeds a sum is rounded on
//     its own, as in package dsp.
package spectrum
