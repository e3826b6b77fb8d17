package response

import "errors"

// The reasons why a response cannot be used. Errors of this package match one of
// them by errors.Is and say which stage it is about.
var (
	// ErrNoStages: the metadata have at most a sensitivity, not the response.
	ErrNoStages = errors.New("response has no stages")
	// ErrUnits: the response does not start from, or was not asked for, ground motion.
	ErrUnits = errors.New("response units are not ground motion")
	// ErrPolynomial: the response is not linear.
	ErrPolynomial = errors.New("polynomial response cannot be removed in the frequency domain")
	// ErrUnsupported: the response is written in a form that is not evaluated here.
	ErrUnsupported = errors.New("response form is not supported")
	// ErrStage: a stage lacks a number without which it means nothing, or its numbers contradict each other.
	ErrStage = errors.New("response stage is unusable")
	// ErrNoSensitivity: the metadata report no total sensitivity that could be divided by.
	ErrNoSensitivity = errors.New("response has no sensitivity")
	// ErrTrace: a trace that should be divided by a sensitivity is not in counts.
	ErrTrace = errors.New("trace is not in counts")
	// ErrOptions: a sample interval, number of samples or option of removal makes no sense.
	ErrOptions = errors.New("response removal options are unusable")
)
