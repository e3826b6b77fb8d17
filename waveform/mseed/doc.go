// Package mseed reads and writes miniSEED version 2, the record format of
// seismic waveform archives (SEED 2.4, chapter 8).
//
// A file is a row of records, each with a fixed header, a chain of blockettes
// and a payload of samples of one channel. There are three ways in:
//
//   - [Reader] reads records from a stream, in bounded memory;
//   - [Records] walks over the records in a chunk of memory;
//   - [Segments], with [Assembler], joins records into continuous segments.
//
// Real files are damaged, foreign or cut off. A stretch that is no good record
// is one [BadRecordError] with its place, length and reason, and reading goes on
// at the next header. Nothing in a file makes this package panic, loop, or
// allocate more than a small multiple of what it was given.
//
// Header and payload may each have either byte order. The encodings that can be
// decoded are STEIM1, STEIM2, INT16, INT32, FLOAT32, FLOAT64 and ASCII; records in
// other encodings are read up to their payload, and decoding them is an
// [UnsupportedEncodingError]. Control headers of a full SEED volume and blank records are
// passed over. miniSEED 3 is recognised, as an [UnsupportedVersionError].
package mseed
