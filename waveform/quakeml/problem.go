package quakeml

import (
	"errors"
	"fmt"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// Code says, stably across versions, what kind of problem was met.
type Code string

// The codes of problems.
const (
	NoNamespace       Code = "no_namespace"       // accepted: elements without namespace
	NoEvent           Code = "no_event"           // the document is well formed and holds no event
	NoID              Code = "no_id"              // left out: event without publicID
	BadID             Code = "bad_id"             // kept: publicID against the schema's pattern
	BadEnum           Code = "bad_enum"           // kept: value that the schema does not list
	BadNumber         Code = "bad_number"         // kept: depth cannot be read, and is NaN
	BadTime           Code = "bad_time"           // kept: creation time cannot be read, and is not given
	BadOrigin         Code = "bad_origin"         // left out
	BadMagnitude      Code = "bad_magnitude"      // left out
	BadPick           Code = "bad_pick"           // left out
	BadArrival        Code = "bad_arrival"        // left out
	Implausible       Code = "implausible"        // kept: value outside of its physical range
	DanglingReference Code = "dangling_reference" // kept: preferred origin or magnitude is not in the event
	TrailingData      Code = "trailing_data"      // ignored: content after the end of the document
	MoreProblems      Code = "more_problems"      // last entry: so many more were not listed
)

// Problem is something wrong in a document that could nevertheless be read on.
type Problem struct {
	Code    Code
	Subject string // publicID of the event it concerns; "" is the document
	Line    int    // from 1
	Offset  int64  // byte in the document, from 0
	Message string // what is wrong, what was done about it, and what to do
}

// String gives the problem on one line.
func (p Problem) String() string {
	subject := p.Subject
	if subject == "" {
		subject = "document"
	}
	return fmt.Sprintf("line %d: %s: %s: %s", p.Line, subject, p.Code, p.Message)
}

// moreProblems closes a list whose last entry is the given one.
func moreProblems(last Problem, message string) Problem {
	return Problem{Code: MoreProblems, Line: last.Line, Offset: last.Offset, Message: message}
}

// ErrNotQuakeML is matched by the error for an XML document of another kind,
// such as StationXML: one whose root element is not quakeml. Damaged documents,
// unsupported versions, and content that is empty or has no element do not
// match, so whoever walks a folder may skip what does. Web pages, the error
// pages of data services among them, match too: the message says so.
var ErrNotQuakeML = errors.New("not QuakeML")

// Error says where a document could not be read further. A document that ends
// too early matches io.ErrUnexpectedEOF, one of another kind [ErrNotQuakeML].
type Error struct {
	Line   int   // from 1
	Offset int64 // byte in the document, from 0
	Err    error
}

// Error names place and reason.
func (e *Error) Error() string {
	return fmt.Sprintf("quakeml: line %d, byte %d: %v", e.Line, e.Offset, e.Err)
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// failure is how a cursor makes errors of this package.
func failure(at xmlwalk.Place, err error) error {
	return &Error{Line: at.Line, Offset: at.Offset, Err: err}
}
