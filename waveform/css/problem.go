package css

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/seisbatch/seisbatch/waveform/internal/capped"
)

// Code says, stably across versions, what kind of problem was met.
type Code string

// The codes of problems.
const (
	BadRow            Code = "bad_row"            // left out: the row fits no layout of its table, or lacks what it is for
	BadNumber         Code = "bad_number"         // kept: a number cannot be read, and is not given
	BadTime           Code = "bad_time"           // kept: a time or date cannot be read, and is not given
	Implausible       Code = "implausible"        // kept, but for what the message says
	NoNetwork         Code = "no_network"         // kept: no table gives the network code of a station
	NoTable           Code = "no_table"           // a table that should be there is not
	NoSite            Code = "no_site"            // left out, or cut: a channel where its station has no place
	DanglingReference Code = "dangling_reference" // a row refers to one that is not there
	Inconsistent      Code = "inconsistent"       // kept: columns of a row, or rows, contradict one another
	MoreProblems      Code = "more_problems"      // last entry: so many more were not listed
)

// Problem is something wrong in a table that could nevertheless be read on.
type Problem struct {
	Code    Code
	File    string // of the table, "" where a single table was read, or the database is meant
	Line    int    // from 1; 0 where no line is to blame
	Subject string // station, channel, event or the like; may be empty
	Message string // what is wrong, what was done about it, and what to do
}

// String gives the problem on one line.
func (p Problem) String() string {
	s := fmt.Sprintf("%s: %s", p.Code, p.Message)
	if p.Subject != "" {
		s = p.Subject + ": " + s
	}
	if p.Line > 0 {
		s = fmt.Sprintf("line %d: %s", p.Line, s)
	}
	if p.File != "" {
		s = p.File + ": " + s
	}
	return s
}

// problems is the list of what is wrong in a database.
type problems struct{ capped.List[Problem] }

// report adds a problem that is no row's.
func (l *problems) report(code Code, file, subject, format string, args ...any) {
	l.Add(Problem{Code: code, File: file, Subject: subject, Message: fmt.Sprintf(format, args...)})
}

// list is everything kept, closed by how many were not.
func (l *problems) list() []Problem {
	return l.Closed(func(_ Problem, message string) Problem { return Problem{Code: MoreProblems, Message: message} })
}

// Reasons that an [Error] may wrap.
var (
	// ErrFormat: the content is no table of the kind that was asked for.
	ErrFormat = errors.New("no such table")
	// ErrNoDatabase: there is no database where one was looked for.
	ErrNoDatabase = errors.New("no CSS 3.0 database")
	// ErrNoTable: the database does not have the table that is needed.
	ErrNoTable = errors.New("the database has no such table")
	// ErrTruncated: a waveform file ends before the segment does.
	ErrTruncated = errors.New("file is cut off")
)

// Error says what could not be read.
type Error struct {
	Path string // file or database; "" where a reader was given
	Line int    // from 1; 0 where no line is to blame
	Err  error
}

// Error names file, line and reason.
func (e *Error) Error() string {
	switch {
	case e.Path == "" && e.Line > 0:
		return fmt.Sprintf("css: line %d: %v", e.Line, e.Err)
	case e.Path == "":
		return fmt.Sprintf("css: %v", e.Err)
	case e.Line > 0:
		return fmt.Sprintf("css: %s, line %d: %v", e.Path, e.Line, e.Err)
	}
	return fmt.Sprintf("css: %s: %v", e.Path, e.Err)
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Err }

// fault is the error of a file, which is named once.
func fault(path string, err error) error {
	if err == nil {
		return nil
	}
	var named *fs.PathError
	if errors.As(err, &named) && named.Path == path {
		err = named.Err
	}
	return &Error{Path: path, Err: err}
}

// quote shortens what a file says to what a message can carry.
func quote(s string) string {
	const most = 40
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}
