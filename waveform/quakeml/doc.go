// Package quakeml reads and writes events as QuakeML, Basic Event Description:
// 1.2 and, leniently, other 1.x; 1.2 is written.
//
// [Read] gives the events of a document, [ReadFunc] one after the other in the memory
// of one, and [Write] writes them. They may be called concurrently. Nothing in a document
// makes them panic.
//
// What is read is events with their origins, arrivals, magnitudes and picks. Focal
// mechanisms, amplitudes, station magnitudes, uncertainties and comments are
// skipped without being looked at, and so are elements of other namespaces.
//
// The rules for incomplete content, each reported as a [Problem]:
//
//   - An event without publicID is left out: nothing could refer to it.
//   - An origin without readable time, latitude and longitude, a magnitude
//     without value, a pick without time or station, and an arrival without pick
//     are left out; the event stays, possibly without origins.
//   - A depth that is absent or unreadable is NaN (only the latter is a problem).
//   - A publicID that breaks the schema's pattern and an unknown enumeration
//     value are kept as they are written.
//
// Agency is the agencyID of the creationInfo or, where that is absent, its
// author, which is where some data centres put it.
package quakeml
