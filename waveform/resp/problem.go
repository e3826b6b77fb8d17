package resp

import (
	"errors"
	"fmt"
	"strconv"
)

// Code says, stably across versions, what kind of problem was met.
type Code string

// The codes of problems.
const (
	NoStation    Code = "no_station"    // the file holds no usable channel
	NoCode       Code = "no_code"       // channel left out: no station or channel code
	NoNetwork    Code = "no_network"    // channel kept with an empty network code
	NoResponse   Code = "no_response"   // channel kept: it has no response blockettes
	Incomplete   Code = "incomplete"    // kept: a response without total sensitivity
	BadTime      Code = "bad_time"      // channel left out: its validity is unknown
	BadResponse  Code = "bad_response"  // channel kept without its response
	BadLine      Code = "bad_line"      // ignored: a line before the first channel that is no field; the first such line stands for all
	MoreProblems Code = "more_problems" // last entry: so many more were not listed
)

// Problem is something wrong in a file that could nevertheless be read on.
type Problem struct {
	Code    Code
	Subject string // what it concerns, such as "NC.CRH..HNZ 2010-01-01"; "" is the file
	Line    int    // from 1
	Offset  int64  // byte of the start of the line, from 0
	Message string // what is wrong, what was done about it, and what to do
}

// String gives the problem on one line.
func (p Problem) String() string {
	subject := p.Subject
	if subject == "" {
		subject = "file"
	}
	return fmt.Sprintf("line %d: %s: %s: %s", p.Line, subject, p.Code, p.Message)
}

// moreProblems closes a list whose last entry is the given one.
func moreProblems(last Problem, message string) Problem {
	return Problem{Code: MoreProblems, Line: last.Line, Offset: last.Offset, Message: message}
}

// ErrNotRESP is matched by the error for content of another kind, such as
// StationXML or the error page of a data service. An empty file does not match.
var ErrNotRESP = errors.New("not RESP")

// Error says where a file could not be read further.
type Error struct {
	Line   int   // from 1
	Offset int64 // byte in the file, from 0
	Err    error
}

// Error names place and reason.
func (e *Error) Error() string {
	return fmt.Sprintf("resp: line %d, byte %d: %v", e.Line, e.Offset, e.Err)
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// place is a position in a file.
type place struct {
	Line   int   // from 1
	Offset int64 // byte of the start of the line, from 0
}

// failure makes the error that ends the reading.
func failure(at place, err error) error {
	return &Error{Line: at.Line, Offset: at.Offset, Err: err}
}

// unusable is content that makes the response of one epoch unusable; reading goes on
// after it.
type unusable struct {
	at      place
	message string
}

func (u *unusable) Error() string { return u.message }

// bad is an [*unusable].
func bad(at place, format string, args ...any) error {
	return &unusable{at, fmt.Sprintf(format, args...)}
}

// quote shortens what a file says to what a message can carry.
func quote(s string) string {
	const most = 40
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}
