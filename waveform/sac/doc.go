// Package sac reads and writes the files of the program SAC, Seismic Analysis Code:
// binary, of header versions 6 and 7, in both byte orders; alphanumeric ones it
// reads only. It follows the description of the format in the SAC manual.
//
// [Read] gives a [File]: a [Header] and one or two sections of float32.
// [File.Trace] makes a trace of one that is an evenly spaced time series; spectra,
// x-y data and unevenly spaced series are read, but are no traces, and the error names
// IFTYPE and LEVEN. The other way, [NewFile] makes a file of a trace, which may be
// completed with picks and places and is written by [File.WriteTo]; [Write] does both. [Sniff]
// tells from the first bytes whether a file is one for this package.
//
// # Undefined values
//
// SAC writes -12345 where it knows nothing. Here such a number is NaN, such a text
// "", and such an integer stays [Undefined]. A blank text is as good as an undefined one.
// Text ends at a zero byte, if there is one.
//
// # Times
//
// All times are in seconds after a reference time that has milliseconds. Version
// 6 has them in float32, of 24 bits: a hundredth of a second is a DELTA of 0.0099999997764825821,
// which after a day is 2 ms early, and a B of some hours is known to a millisecond. Such a
// number stands here for the shortest decimal that it is the nearest float32 to: 0.01.
// The sample rate is that of the interval's shortest decimal, or the shortest decimal
// that has this interval, whichever is shorter: so 100, 40, 300, 18.2 and 31.25 Hz
// come back as such. Start and picks ([Header.At]) are rounded once, to a nanosecond. The
// fields of the header keep what the file says.
//
// Version 7 has doubles for them behind the data. Where these are defined, they count,
// not the numbers in the header. B and picks are taken for what they are; a DELTA that is
// a float32, from a file that once was version 6, is taken as above.
//
// A trace that is written has its start's milliseconds in the reference time and the
// rest in B, which thus is exact to a nanosecond in both versions. An interval
// that float32 does not hold, as of 99.999123 Hz, wants version 7, and gets it by default.
//
// # Scale and unit
//
// Samples are as they are written: SCALE is not applied (nor does SAC), and IDEP, which
// for some means nm/s and for others m/s, makes no unit.
//
// # Bad files
//
// Errors are an [*Error] with the variable and its place. The size of a file must
// be what its header says; one that is cut off or too long comes with what is
// there, and [ErrTruncated] or [ErrExcess]. Nothing in a file makes this package panic, or
// allocate more than a small multiple of the file. Values may be read concurrently.
package sac
