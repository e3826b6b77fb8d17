package waveform

import "time"

// Station is one epoch of a station's metadata with its channels.
type Station struct {
	Network, Code                  string
	Name                           string // site name
	From, Until                    time.Time
	Latitude, Longitude, Elevation float64 // degrees (WGS84), m above the geoid
	Channels                       []Channel
}

// Channel is one epoch of a channel's metadata. Epochs of one channel may
// overlap in real files; who selects says which one wins.
type Channel struct {
	ID                             SourceID
	From, Until                    time.Time
	Latitude, Longitude, Elevation float64 // degrees, m
	Depth                          float64 // m below the surface
	Azimuth, Dip                   float64 // degrees: clockwise from north, down from horizontal; NaN if not given
	SampleRate                     float64 // Hz, 0 if not given
	Sensor                         string  // description of the sensor, may be empty
	Response                       *Response
}

// Response is an instrument response: how ground motion becomes counts. A nil
// *Response, or one without stages, cannot be removed.
type Response struct {
	Sensitivity Sensitivity
	Polynomial  *Polynomial // of the whole channel, where that has one instead of a sensitivity; its units are those of Sensitivity
	Stages      []Stage     // in order of the signal's way, analogue to digital
}

// Sensitivity is the total gain at one frequency. Value is 0 if not given.
type Sensitivity struct {
	Value, Frequency        float64
	InputUnits, OutputUnits string
}

// Stage is one stage of a response: at most one of its filters is set, and
// exactly one in a stage that is not a plain gain.
type Stage struct {
	Number                  int
	InputUnits, OutputUnits string
	Gain, GainFrequency     float64 // Gain is 0 if the stage has none

	PolesZeros   *PolesZeros
	Coefficients *Coefficients
	FIR          *FIR
	Polynomial   *Polynomial
	ResponseList []ResponsePoint
	Decimation   *Decimation
}

// TransferType says in what variable a transfer function is written.
type TransferType uint8

// The transfer function types of StationXML and SEED.
const (
	LaplaceRadians TransferType = iota // s in rad/s
	LaplaceHertz                       // s in Hz
	Digital                            // z
)

// PolesZeros is H = A0 prod(s-zero)/prod(s-pole).
type PolesZeros struct {
	Type                   TransferType
	Normalization          float64 // A0
	NormalizationFrequency float64 // Hz
	Zeros, Poles           []complex128
}

// Coefficients is a rational transfer function, coefficients in increasing
// powers of 1/z (Digital) or of s. An empty Denominator is 1.
type Coefficients struct {
	Type                   TransferType
	Numerator, Denominator []float64
}

// Symmetry says which part of a FIR filter's coefficients is written down.
type Symmetry uint8

// The symmetries of StationXML (NONE, ODD, EVEN) and SEED (A, B, C).
const (
	Asymmetric    Symmetry = iota // all coefficients are given
	OddSymmetric                  // the first half and the middle one are given
	EvenSymmetric                 // the first half is given
)

// FIR is a finite impulse response filter at the stage's input rate.
type FIR struct {
	Symmetry     Symmetry
	Coefficients []float64
}

// Polynomial is a non-linear response, which cannot be removed in the frequency
// domain: it gives the input, such as kelvins, as a MacLaurin series in the
// output, such as volts.
type Polynomial struct {
	Coefficients []float64 // of the powers 0, 1, 2 .. of the output
	Lower, Upper float64   // approximation bounds, in units of the input
}

// ResponsePoint is one line of a response list: amplitude and phase (degrees) at a frequency (Hz).
type ResponsePoint struct{ Frequency, Amplitude, Phase float64 }

// Decimation is the sampling side of a digital stage.
type Decimation struct {
	InputRate         float64 // Hz
	Factor, Offset    int
	Delay, Correction float64 // s: estimated delay, and the correction that was applied
}
