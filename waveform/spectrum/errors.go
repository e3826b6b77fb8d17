package spectrum

import "errors"

// What can be wrong with settings and data, for [errors.Is].
var (
	ErrOptions     = errors.New("unusable options")
	ErrShortWindow = errors.New("window too short")
	ErrNoSignal    = errors.New("signal nowhere above the noise")
	ErrNarrowBand  = errors.New("signal above the noise in too narrow a band")
)
