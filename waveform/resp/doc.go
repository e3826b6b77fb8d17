// Package resp reads instrument responses as SEED RESP files: the text that
// rdseed, evalresp and the data services write, one line a field of a SEED
// blockette.
//
// [Read] gives the stations and channels of a file, [Sniff] tells such a file by its first
// bytes. They may be called concurrently. Nothing in a file makes them panic.
//
// A file holds any number of channel epochs, of one or many channels; CRLF, LF
// and CR end lines, those that start with # are comments. What is read:
//
//   - 50 and 52: codes and validity. A location "??" or "--" is the empty one. "No
//     Ending Time" is open.
//   - 53 poles and zeros, 54 coefficients, 55 response list, 57 decimation, 58 gain
//     (stage 0: total sensitivity), 61 FIR, 62 polynomial (stage 0: of the whole
//     channel, as [waveform.Response.Polynomial]).
//   - 60, response reference, where the blockettes 41 to 48 that it refers to
//     are written out after it, as rdseed does.
//   - Coefficients, FIR and lists that fill more than one blockette of a stage are
//     joined.
//
// RESP has neither coordinates nor orientation: they are NaN, and of the station
// the validity is open. The sample rate is what the last decimation leaves, the
// units of the sensitivity are those of the first and last stage that name any.
// Calibrations and errors of coefficients are not kept.
//
// The rules for incomplete content:
//
//   - A channel without station or channel code or with an unreadable date is left
//     out. One without network ("??", in old files) is kept.
//   - A response with an unreadable line or number, fewer rows than it declares, or
//     blockettes that contradict each other is left out as a whole; its channel stays,
//     with a nil Response. So does one with a generic response (56, 46), a
//     composite transfer function (type C) or references to a dictionary
//     elsewhere (B060F06), which are not evaluated here.
//   - Other epochs of the file are not touched by that.
//
// The format is that of the SEED Reference Manual 2.4 (FDSN, IRIS, USGS 2012),
// whose chapter on blockettes numbers the fields, and of what rdseed prints.
package resp
