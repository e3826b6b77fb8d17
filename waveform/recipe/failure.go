package recipe

import (
	"errors"
	"fmt"
	"slices"
)

// Code is the stable name of a reason why an item was not measured.
type Code string

// The codes of this package and of the archive. Those of [Code.IsSkip] are what is
// expected to be absent, or not wanted; the others are failures.
const (
	TooFar          Code = "too_far"          // farther than the recipe's reach
	NoData          Code = "no_data"          // no waveforms in the window
	NoOrigin        Code = "no_origin"        // the event has no origin
	NoMetadata      Code = "no_metadata"      // data without a channel epoch
	NoResponse      Code = "no_response"      // the channel epoch has no response stages
	BadResponse     Code = "bad_response"     // the response cannot be evaluated
	BadUnits        Code = "bad_units"        // the response is not one to ground motion
	Gap             Code = "gap"              // data are missing inside a window
	ShortWindow     Code = "short_window"     // data begin too late or end too early
	RateChange      Code = "rate_change"      // the sample rate changes
	BadRecord       Code = "bad_record"       // a record in the window is damaged
	FileMissing     Code = "file_missing"     // the file was there when it was loaded
	UnreadableFile  Code = "unreadable_file"  // the file cannot be read
	MissingChannel  Code = "missing_channel"  // a component has no data and the recipe says fail
	Rejected        Code = "rejected"         // an analyst rejected all components
	BadReview       Code = "bad_review"       // reviewed windows or corners that cannot be
	NotFinite       Code = "not_finite"       // samples or results are NaN or infinite
	ProcessingError Code = "processing_error" // a step failed
	Crash           Code = "crash"            // a bug: the message holds the stack
)

// IsSkip reports whether the code is one of expected absence, or of a rejection.
func (c Code) IsSkip() bool { return c == TooFar || c == NoData || c == Rejected }

// IsTransient reports whether the same item may succeed later without a change of
// data or metadata.
func (c Code) IsTransient() bool { return slices.Contains(TransientCodes(), string(c)) }

// TransientCodes lists the codes of which IsTransient is true.
func TransientCodes() []string {
	return []string{string(FileMissing), string(UnreadableFile), string(Crash)}
}

// advice says what may be done about a code, where the message itself does not.
func (c Code) advice() string {
	switch c {
	case BadUnits:
		return "load a response to ground motion, or leave the instrument out of the recipe (eligible.instruments)"
	case NoResponse:
		return "load StationXML or RESP with the channel's response stages, or, where the total sensitivity will do, let a recipe of its own have remove_sensitivity"
	case BadResponse:
		return "correct the channel's StationXML and load it again"
	case Gap:
		return "get the missing data and load the archive again"
	case ShortWindow:
		return "get the missing data and load the archive again, or let the recipe ask for less (windows: pad.at_least, noise.at_least, signal.reach)"
	case RateChange:
		return "check the digitizer's settings and the channel's epochs"
	case BadReview:
		return "correct the review, or clear it"
	case MissingChannel:
		return "get the channel's data, or set incomplete: keep"
	case NotFinite:
		return "get the data again, or correct what wrote them"
	case ProcessingError:
		return "check the recipe against the channel's sample rate"
	}
	return ""
}

// Failure is why an item was not measured: a code that scripts may rely on, the
// stage, the file if one is to blame, and a message that says what to do.
type Failure struct {
	Code    Code
	Stage   string // read, window, process, measure, plan
	File    string
	Message string
}

// Error gives code and message.
func (f *Failure) Error() string { return fmt.Sprintf("%s: %s", f.Code, f.Message) }

func failf(code Code, stage, format string, args ...any) *Failure {
	return &Failure{Code: code, Stage: stage, Message: fmt.Sprintf(format, args...)}
}

// advised appends the advice of its code to the message of a *Failure.
func advised(err error) error {
	var f *Failure
	if errors.As(err, &f) {
		if a := f.Code.advice(); a != "" {
			f.Message += ": " + a
		}
	}
	return err
}
