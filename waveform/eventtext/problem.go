package eventtext

import (
	"errors"
	"fmt"
	"strconv"
)

// Code says, stably across versions, what kind of problem was met.
type Code string

// The codes of problems.
const (
	NoEvent      Code = "no_event"      // the table has no usable row
	BadRow       Code = "bad_row"       // left out: no event can be made of it
	ExtraFields  Code = "extra_fields"  // kept, without the fields behind the last column
	BadNumber    Code = "bad_number"    // kept: depth or magnitude cannot be read, and is not given
	BadTime      Code = "bad_time"      // kept: time of update cannot be read, and is not given
	Implausible  Code = "implausible"   // kept: value outside of its physical range
	Duplicate    Code = "duplicate"     // one of several rows of an event that differ
	MoreProblems Code = "more_problems" // last entry: so many more were not listed
)

// Problem is something wrong in a table that could nevertheless be read on.
type Problem struct {
	Code    Code
	Subject string // EventID or id of the row; "" if it has none, or for the whole table
	Line    int    // from 1
	Message string // what is wrong, what was done about it, and what to do
}

// String gives the problem on one line.
func (p Problem) String() string {
	if p.Subject == "" {
		return fmt.Sprintf("line %d: %s: %s", p.Line, p.Code, p.Message)
	}
	return fmt.Sprintf("line %d: %s: %s: %s", p.Line, p.Subject, p.Code, p.Message)
}

// moreProblems closes a list whose last entry is the given one.
func moreProblems(last Problem, message string) Problem {
	return Problem{Code: MoreProblems, Line: last.Line, Message: message}
}

// ErrFormat is matched by the error for content that is neither kind of table, so
// that whoever walks a folder may skip it. Empty content, and the error page of a web service, match too:
// the message says so.
var ErrFormat = errors.New("no event text")

// Error says where a table could not be read further.
type Error struct {
	Line int // from 1
	Err  error
}

// Error names line and reason.
func (e *Error) Error() string { return fmt.Sprintf("eventtext: line %d: %v", e.Line, e.Err) }

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// quote shortens what a file says to what a message can carry.
func quote(s string) string {
	const most = 40
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}
