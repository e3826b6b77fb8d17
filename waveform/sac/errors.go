package sac

import (
	"errors"
	"fmt"
)

// Reasons that an [Error] may wrap, besides the types of this package.
var (
	// ErrFormat: the bytes are no SAC file, of either form and byte order.
	ErrFormat = errors.New("no SAC header")
	// ErrTruncated: the file ends before what its header announces.
	ErrTruncated = errors.New("file is cut off")
	// ErrExcess: the file goes on behind what its header announces.
	ErrExcess = errors.New("file is longer than its header says")
	// ErrNoTime: the reference time is undefined, so that nothing has a date.
	ErrNoTime = errors.New("no reference time")
)

// Error is a header variable, or a place in a file, that cannot be what it is.
type Error struct {
	Field  string // the SAC name, NPTS; "" where no variable is to blame
	Offset int64  // of the variable in a binary file, of its line in an alphanumeric one
	Err    error  // the reason
}

// Error names variable, place and reason: sac: NPTS at byte 316: file is cut off: ...
func (e *Error) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("sac: at byte %d: %v", e.Offset, e.Err)
	}
	return fmt.Sprintf("sac: %s at byte %d: %v", e.Field, e.Offset, e.Err)
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// UnsupportedVersionError is a header of a version that is neither 6 nor 7.
type UnsupportedVersionError struct{ Version int }

// Error names the version.
func (e *UnsupportedVersionError) Error() string {
	return fmt.Sprintf("header version %d is not supported, only 6 and 7", e.Version)
}

// NotSeriesError is a file that holds something else than an evenly spaced time series.
type NotSeriesError struct {
	Type FileType
	Even int
}

// Error names IFTYPE and LEVEN.
func (e *NotSeriesError) Error() string {
	return fmt.Sprintf("IFTYPE %v with LEVEN %d is no evenly spaced time series", e.Type, e.Even)
}
