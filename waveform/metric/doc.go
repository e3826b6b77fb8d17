// Package metric computes numbers about one trace, or about the horizontal
// components of one instrument.
//
//   - Statistics: [Describe], [Median], [Quartiles], [Quantile], [RMS], and [SNR], per
//     band by [Bands].
//   - Peaks: [Peak]; over rotations [Rotator]; [GeometricMean].
//   - Intensities: [Arias], [CumulativeArias], [CAV], [StandardizedCAV].
//   - Durations: [SignificantDuration], [SortedDuration], [BracketedDuration], [UniformDuration].
//   - Response spectra: a [Bank] of oscillators gives a [Spectrum] of one trace and
//     [RotatedSpectra] of two, of any of SD, PSV, PSA, SV and SA, for several dampings; [Spectra] does so
//     where sample intervals vary; one [Oscillator] gives its history as a [Motion].
//   - Frequencies: [DescribeSpectrum], [Dominant].
//   - Quality of raw counts: [DetectClipping], [LongestFlat].
//
// Conventions, everywhere in this package:
//
//   - Traces are evenly sampled slices; dt is the sample interval in seconds.
//     Ground motion is acceleration in m/s^2 unless said.
//   - Nothing is modified but the destination (and what is said to be sorted in place),
//     and no slice is kept.
//   - A NaN sample makes every number that reads it NaN; a number that has no
//     meaning for its input (the mean of nothing) is NaN too. Each function says
//     what an empty trace gives.
//   - Functions and plain values may be used concurrently, and so may [Bank] and [Bands], which
//     are prepared once. [Scratch], [Spectra], [Rotator] and [Dominant] own work
//     space: one per goroutine. They allocate when a trace is longer than those
//     before it, and nothing else does in the steady state.
//   - Slices of one call that differ in length where they must not are the
//     caller's mistake, and panic.
//   - Results are the same bits from run to run, whichever function computes
//     them and whatever is computed beside: products are kept from being fused into additions.
package metric
