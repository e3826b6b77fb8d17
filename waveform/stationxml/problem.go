package stationxml

import (
	"fmt"
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

// maxProblems limits what a hopeless document can make a caller keep.
const maxProblems = 1000

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

// Error says where a document could not be read further. A document that ends
// too early matches io.ErrUnexpectedEOF.
type Error struct {
	Line   int   // from 1
	Offset int64 // byte in the document, from 0
	Err    error
}

func (e *Error) Error() string {
	return fmt.Sprintf("stationxml: line %d, byte %d: %v", e.Line, e.Offset, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// problems is a list with a limit.
type problems struct {
	kept    []Problem
	dropped int
}

func (p *problems) add(q Problem) {
	if len(p.kept) >= maxProblems {
		p.dropped++
		return
	}
	p.kept = append(p.kept, q)
}

// list is everything kept, closed by a count of what was not.
func (p *problems) list() []Problem {
	if p.dropped == 0 {
		return p.kept
	}
	return append(p.kept, Problem{
		Code:    MoreProblems,
		Line:    p.kept[len(p.kept)-1].Line,
		Offset:  p.kept[len(p.kept)-1].Offset,
		Message: fmt.Sprintf("%d further problems are not listed; mend the first ones and read the file again", p.dropped),
	})
}
