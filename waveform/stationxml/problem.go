package stationxml

import (
	"errors"
	"fmt"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// Code says, stably across versions, what kind of problem was met.
type Code string

// The codes of problems.
const (
	NoNamespace   Code = "no_namespace"   // accepted: root element without namespace
	NoVersion     Code = "no_version"     // accepted: root element without schemaVersion
	NoStation     Code = "no_station"     // the document is well formed and holds no station
	NoCode        Code = "no_code"        // left out: network, station or channel without code
	NoCoordinates Code = "no_coordinates" // channel left out, or station kept with NaN
	Incomplete    Code = "incomplete"     // kept: a required number is absent
	BadNumber     Code = "bad_number"     // kept: a number cannot be read, and is NaN or 0
	BadTime       Code = "bad_time"       // channel left out, or station kept as open
	BadResponse   Code = "bad_response"   // channel kept without its response
	Implausible   Code = "implausible"    // kept: a value outside of its physical range
	TrailingData  Code = "trailing_data"  // ignored: content after the end of the document
	MoreProblems  Code = "more_problems"  // last entry: so many more were not listed
)

// Problem is something wrong in a document that could nevertheless be read on.
type Problem struct {
	Code    Code
	Subject string // what it concerns, such as "NC.CRH..HNZ 2010-01-01"; "" is the document
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

// ErrNotStationXML is matched by the error for an XML document of another kind,
// such as QuakeML: one whose root element is not FDSNStationXML. Damaged
// documents, unsupported versions, and content that is empty or has no element
// do not match, so whoever walks a folder may skip what does. Web pages, the
// error pages of data services among them, match too: the message says so.
var ErrNotStationXML = errors.New("not StationXML")

// Error says where a document could not be read further. A document that ends
// too early matches io.ErrUnexpectedEOF, one of another kind [ErrNotStationXML].
type Error struct {
	Line   int   // from 1
	Offset int64 // byte in the document, from 0
	Err    error
}

// Error names place and reason.
func (e *Error) Error() string {
	return fmt.Sprintf("stationxml: line %d, byte %d: %v", e.Line, e.Offset, e.Err)
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// failure is how a cursor makes errors of this package.
func failure(at xmlwalk.Place, err error) error {
	return &Error{Line: at.Line, Offset: at.Offset, Err: err}
}
