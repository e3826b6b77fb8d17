package mseed

import (
	"errors"
	"fmt"
)

// Reasons that a [BadRecordError] may wrap, besides the types of this package.
var (
	// ErrTruncated: the data end before the record does.
	ErrTruncated = errors.New("record is cut off")
	// ErrIntegrity: the payload contradicts the header or itself: fewer samples
	// than counted, a wrong reverse integration constant, an impossible code.
	ErrIntegrity = errors.New("payload does not match its header")
	// ErrNoRate: numbers without a sample rate are no time series.
	ErrNoRate = errors.New("samples without a sample rate")
)

// BadRecordError is a stretch of bytes that is no good record.
type BadRecordError struct {
	Offset int64 // of its first byte in the file
	Length int64 // bytes passed over; 0 from ParseRecord, which passes over nothing
	Err    error // the reason
}

// Error names place and reason: mseed: record at byte 4096: blockette offset 65534 past end 512.
func (e *BadRecordError) Error() string {
	return fmt.Sprintf("mseed: record at byte %d: %v", e.Offset, e.Err)
}

// Unwrap gives the reason.
func (e *BadRecordError) Unwrap() error { return e.Err }

// ChecksumError is a record of miniSEED 3 whose bytes do not have the checksum that its
// header gives, a CRC-32C. It counts as an [ErrIntegrity].
type ChecksumError struct{ Header, Computed uint32 }

// Error names both values.
func (e *ChecksumError) Error() string {
	return fmt.Sprintf("checksum 0x%08X, but 0x%08X in the header", e.Computed, e.Header)
}

// Is makes the error one of integrity.
func (e *ChecksumError) Is(target error) bool { return target == ErrIntegrity }

// UnsupportedVersionError is a record of a miniSEED version that is not read here:
// one with the mark of miniSEED 3 and a version above it.
type UnsupportedVersionError struct{ Version int }

// Error names the version.
func (e *UnsupportedVersionError) Error() string {
	return fmt.Sprintf("miniSEED version %d is not supported", e.Version)
}

// UnsupportedEncodingError is a payload that cannot be decoded here to what was asked for.
type UnsupportedEncodingError struct {
	Encoding Encoding
	Want     string // what it was to be decoded to: numbers, integers, text ...
}

// Error names the encoding.
func (e *UnsupportedEncodingError) Error() string {
	return fmt.Sprintf("unsupported encoding: %v as %s", e.Encoding, e.Want)
}
