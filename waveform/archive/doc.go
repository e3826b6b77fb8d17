// Package archive finds and reads windows of waveform data in miniSEED files, in SAC files of
// counts, and in files of plain samples that a wfdisc table of CSS 3.0 describes.
//
// [Scan] reads a file once and gives an [Index] of its continuous segments, each of one quality: where
// in the file the records of each lie, with their times. What a file is, its content says. With the index kept somewhere (a
// database, say), a [Reader] cuts the data of a window out of any number of files by
// reading only the bytes that can matter, and joins what lies in several files,
// or several times, into continuous traces. [IndexCSS] is Scan for plain samples.
//
// Data of one channel that overlap are merged in silence where the samples are
// the same. Where they differ, the first of: the source with the higher
// priority (the order in which sources are given), quality M, Q, D, R; and the result
// says so. Two samples belong to the same instant if they are nearer than half a
// sample interval.
//
// What the headers of the records say against the data of a window - bad clocks, clipping,
// spikes - comes with them as [mseed.Remarks].
package archive
