// Package metric computes numbers about one trace, or about the horizontal
// components of one instrument: statistics, peaks, intensities, durations,
// response spectra and rotated peaks.
//
// Conventions, everywhere in this package:
//
//   - Traces are evenly sampled slices; dt is the sample interval in seconds.
//     Ground motion is acceleration in m/s^2 unless said.
//   - Nothing is modified but the destination, and no slice is kept.
//   - A NaN sample makes every number that reads it NaN; a number that has no
//     meaning for its input (the mean of nothing) is NaN too. Each function says
//     what an empty trace gives.
//   - Functions and plain values may be used concurrently. [Spectra], [Rotator]
//     and [Dominant] own scratch memory: one per goroutine. They allocate when a
//     trace is longer than those before it, and not otherwise.
//   - Slices of one call that differ in length where they must not are the
//     caller's mistake, and panic.
//   - Results are the same bits from run to run, whichever function computes
//     them: products are kept from being fused into additions.
package metric
