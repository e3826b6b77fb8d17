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
// the same. Where they differ, the first of: the source of the lower
// [Source.Priority], quality M, Q, D, R, the earlier start, the path; and the result
// says so. Two samples belong to the same instant if they are nearer than half a
// sample interval.
//
// An index is a value and may be read concurrently, and so may the sources made of it. A Reader
// and its [Cut] belong to one goroutine at a time; used again, they allocate for the
// files and extents that are read, not for records (of up to six channels that take turns)
// or samples.
//
// What the headers of the records say against the data of a window - bad clocks, clipping,
// spikes - comes with them as [mseed.Remarks].
package archive
