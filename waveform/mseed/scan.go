package mseed

import (
	"fmt"
	"iter"
)

// scanner finds one record after the other in bytes that it is shown piece by
// piece. It keeps what must be remembered between pieces.
type scanner struct {
	ids      idCache
	bad      BadRecordError // the stretch being skipped
	skipping bool
	silent   bool // the stretch is no fault: nothing is reported
}

// verdict is what a step of the scanner came to.
type verdict uint8

const (
	needMore verdict = iota // with more bytes, the same step gets further
	proceed                 // n bytes are done with, nothing to report
	found                   // a record, of n bytes
	faulty                  // the end of a bad stretch: scanner.bad
)

// step looks at b, which starts at byte base of the file and, if eof, goes to its
// end. It says how many bytes of b are done with, also where more are needed.
// An empty b at the end of the file needs no step.
func (s *scanner) step(r *Record, b []byte, base int64, eof bool) (n int, v verdict) {
	if s.skipping {
		return s.skip(b, eof)
	}
	if len(b) < headerSize {
		if !eof {
			return 0, needMore
		}
		s.bad = BadRecordError{Offset: base, Length: int64(len(b)),
			Err: fmt.Errorf("%w: %d bytes are less than a header", ErrTruncated, len(b))}
		return len(b), faulty
	}
	switch {
	case isHeader(b):
		return s.parsed(r, base, parse(r, b, base, eof, &s.ids))
	case isVersion3(b):
		return s.parsed(r, base, parse3(r, b, base, eof, &s.ids))
	case isControl(b), isBlank(b):
		n, err := span(b, eof)
		switch err {
		case nil:
			return n, proceed
		case errShort:
			return 0, needMore
		}
		n, v = s.begin(base, nil)
		s.silent = true
		return n, v
	case isLater(b):
		return s.begin(base, &UnsupportedVersionError{Version: int(b[2])})
	}
	return s.begin(base, headerFault(b))
}

// parsed is the verdict on the record r that parsing gave, with an error or without.
func (s *scanner) parsed(r *Record, base int64, err error) (int, verdict) {
	switch err {
	case nil:
		return r.Length, found
	case errShort:
		return 0, needMore
	}
	return s.begin(base, err)
}

// begin starts a bad stretch of one byte.
func (s *scanner) begin(base int64, reason error) (int, verdict) {
	s.bad = BadRecordError{Offset: base, Length: 1, Err: reason}
	s.skipping, s.silent = true, false
	return 1, proceed
}

// skip goes on to the next header, at any offset.
func (s *scanner) skip(b []byte, eof bool) (n int, v verdict) {
	n = nextHeader(b)
	ended := n >= 0
	switch {
	case ended:
	case eof:
		n, ended = len(b), true
	default:
		n = max(0, len(b)-headerSize+1)
	}
	s.bad.Length += int64(n)
	switch {
	case !ended:
		return n, needMore
	case s.silent:
		s.skipping = false
		return n, proceed
	}
	s.skipping = false
	return n, faulty
}

// nextHeader is the offset of the first header of either version in b, -1 if there is none.
func nextHeader(b []byte) int {
	for i := 0; i+headerSize <= len(b); i++ {
		if isQuality(b[i+6]) && isHeader(b[i:]) || b[i] == 'M' && isVersion3(b[i:]) {
			return i
		}
	}
	return -1
}

// Records goes over the records in b, a stretch of a file that starts at byte base
// of the file and at the start of a record. A bad stretch gives an empty
// Record and a [*BadRecordError], and the iteration goes on behind it. Records share the memory of b;
// they are parsed when the iteration reaches them, and not decoded.
func Records(b []byte, base int64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		var s scanner
		var r Record
		for len(b) > 0 || s.skipping {
			n, v := s.step(&r, b, base, true)
			b, base = b[n:], base+int64(n)
			switch v {
			case found:
				if !yield(r, nil) {
					return
				}
			case faulty:
				bad := s.bad
				if !yield(Record{}, &bad) {
					return
				}
			}
		}
	}
}
