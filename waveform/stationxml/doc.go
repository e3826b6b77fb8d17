// Package stationxml reads and writes station metadata and instrument responses
// as FDSN StationXML: every 1.x schema is read, 1.2 is written.
//
// [Read] gives the stations of a document, [ReadFunc] one after the other in the memory
// of one, and [Write] writes them. They may be called concurrently. Nothing in a document
// makes them panic.
//
// Reading is tolerant where the meaning is plain (namespace prefixes, foreign
// namespaces, blank or "--" location codes, dates without zone) and says so
// where it is not: what cannot be used is left out and reported as a [Problem],
// and the rest of the document is kept. What is not asked for (comments,
// operators, data loggers, calibration) is skipped without being looked at.
//
// The rules for incomplete content:
//
//   - A channel without latitude and longitude, without code, or with an
//     unreadable date is left out. It does not inherit from its station: the
//     schema requires its own, and a borrowed position would look measured.
//   - A response with an unreadable number, an unknown transfer function or
//     ambiguous stages is left out as a whole; its channel stays, with a nil
//     Response.
//   - Other missing or unreadable numbers are NaN (sample rate: 0).
//   - The polynomial of a whole instrument is kept as [waveform.Response.Polynomial],
//     with its units as those of the sensitivity. Frequency bounds and errors of
//     polynomials are not kept.
//   - Networks, stations and channel epochs of the same codes are kept apart, as
//     overlapping and identical as they are in the document.
//   - Far end dates (2500, 2599, 3000) are kept as written. They exceed the range
//     of time.Time.UnixNano and of differences as time.Duration.
//   - Units of a stage without filter are not in the format and stay "".
package stationxml
