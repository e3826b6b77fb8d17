// Package mseed reads and writes miniSEED, the record format of seismic waveform
// archives, in version 2 (SEED 2.4, chapter 8) and version 3 (FDSN, 2022).
//
// A file is a row of records, of either version or both, each with a header and
// a payload of samples of one channel. There are three ways in:
//
//   - [Reader] reads records from a stream, in bounded memory;
//   - [Records] walks over the records in a chunk of memory;
//   - [ReadAll] and [Segments], with [Assembler], join records into continuous
//     segments; ReadAll keeps the texts of logs, too.
//
// Real files are damaged, foreign or cut off. A stretch that is no good record
// is one [BadRecordError] with its place, length and reason, and reading goes on
// at the next header. Nothing in a file makes this package panic, loop, or
// allocate more than a small multiple of what it was given.
//
// In version 2, header and payload may each have either byte order. Control headers of
// a full SEED volume and blank records are passed over. In version 3, the checksum
// of each record is checked ([ChecksumError]), times have nanoseconds, and the extra headers are there as they
// are written ([Record.ExtraHeaders]), besides the reserved ones that fill the
// fields of [Record]. Records of more than a megabyte are refused in both. Later
// versions are recognised, as an [UnsupportedVersionError].
//
// The encodings that can be decoded are STEIM1, STEIM2, INT16, INT32, FLOAT32,
// FLOAT64 and text; in version 2 also INT24, GEOSCOPE24, GEOSCOPE163, GEOSCOPE164,
// CDSN, SRO, DWWSSN and RSTN. Records in others (STEIM3, USNSN, GRAEFENBERG, IPG,
// HGLP, OPAQUE), for which there is no usable public definition, are read up to their
// payload, and decoding them is an [UnsupportedEncodingError]. [Writer] writes either
// version, in the encodings that both have.
package mseed
