// Package picker finds where seismic waves begin: characteristic functions, the
// triggers they give, and onset times refined to the sample.
//
// # Use
//
// A [Picker] does all of it: a characteristic function of the trace, the spans in
// which it is above thresholds, and for each of them the onset by the information
// criterion of Maeda (1985), with its signal-to-noise ratio and polarity:
//
//	p, err := picker.New(picker.Options{}, trace.SampleRate)
//	picks := p.Pick(nil, filtered, raw)
//	first := picks[0].Waveform(trace, "P")
//
// The parts are there by themselves: [Delayed], [ZDetect], [Kurtosis] and [AIC] here,
// the classic and the recursive STA/LTA in package dsp, [Triggers] for thresholds.
//
// # Conventions
//
//   - Traces are evenly sampled slices. Windows are lengths in samples; those of
//     [Options] are in seconds.
//   - A destination comes first, has the length of x and must not overlap it.
//     Lengths that do not fit are a mistake of the caller, and panic.
//   - A characteristic function at a sample looks at that sample and those before, and
//     is 0 until its windows are full. But [ZDetect] is relative to mean and deviation of the
//     whole trace, and [AIC] divides a whole window in two.
//   - Windowed sums are put together from sums of parts; nothing is ever subtracted
//     from them, and moments are taken about a sample nearby. So neither an offset of 1e7
//     counts beside a signal of 1, nor a large sample that has left the window,
//     costs digits of [Kurtosis] and [AIC]. A NaN spoils the values of [Kurtosis] and [Delayed]
//     whose windows it is in, and no others; all of [ZDetect] and [AIC]; all that
//     follow of the STA/LTA of package dsp.
//   - A comparison with NaN is false: where a characteristic function is NaN, no
//     trigger is on.
//   - Functions may be called concurrently. A [Picker] and a dsp.Scratch are for one
//     goroutine at a time. Nothing is allocated in steady state.
//
// # Sources
//
// Allen, R. V. (1978), Bull. Seismol. Soc. Am. 68, 1521-1532: STA/LTA. Swindell, W.
// H. and Snell, N. S. (1977), Texas Instruments Report ALEX(01)-FR-77-01: the Z
// detector. Withers, M. et al. (1998), Bull. Seismol. Soc. Am. 88, 95-106: both,
// compared. Maeda, N. (1985), Zisin 38, 365-379: the information criterion of two
// variances. Saragiotis, C. D., Hadjileontiadis, L. J. and Panas, S. M. (2002), IEEE
// Trans. Geosci. Remote Sens. 40, 1395-1404, and Baillard, C. et al. (2014), Bull.
// Seismol. Soc. Am. 104, 394-409: kurtosis.
package picker
