// Package waveform holds the nouns of seismic waveform processing and nothing
// that works on them: channel names, traces, units, station metadata with
// instrument responses, and events. It imports the standard library only, so
// that formats, kernels and databases can share these types without sharing
// each other.
//
// Conventions, everywhere below this package:
//
//   - SI units: m, m/s, m/s^2, s, Hz; depth in metres, positive down; angles in
//     degrees. Counts are the digitizer's numbers.
//   - Time is UTC. A sample's time is computed from its index ([SampleTime]),
//     never accumulated.
//   - Start and End belong to data: End is the time of the last sample. From and
//     Until belong to windows and validities, which are half open: From <= t < Until.
//   - A zero time.Time in From or Until means open on that side.
//   - NaN means that the source gave no number.
//
// Values are plain data: they may be copied and read concurrently; a slice in
// them is shared by copies.
package waveform
