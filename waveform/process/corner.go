package process

import "fmt"

// Corner is a frequency in Hz, or a fraction of the Nyquist frequency, so that
// channels of different sample rates can share a recipe. The zero Corner is 0 Hz.
type Corner struct {
	Value     float64
	OfNyquist bool // Value is a fraction of half the sample rate
}

// Hertz is the corner at f Hz.
func Hertz(f float64) Corner { return Corner{Value: f} }

// OfNyquist is the corner at a fraction of the Nyquist frequency.
func OfNyquist(fraction float64) Corner { return Corner{Value: fraction, OfNyquist: true} }

// At gives the corner in Hz for a sample rate in Hz.
func (c Corner) At(sampleRate float64) float64 {
	if c.OfNyquist {
		return c.Value * sampleRate / 2
	}
	return c.Value
}

// String writes the corner as a recipe does: "0.08 Hz" or "0.75 nyquist".
func (c Corner) String() string {
	if c.OfNyquist {
		return fmt.Sprintf("%v nyquist", c.Value)
	}
	return fmt.Sprintf("%v Hz", c.Value)
}
