package synth

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// decimator is a linear-phase low-pass filter followed by dropping samples. Its
// corners are in cycles per output sample: pass 0.4 is 0.8 of the new Nyquist
// frequency.
type decimator struct {
	place      int // in the cascade, 0 first
	factor     int
	taps       int
	pass, stop float64
	symmetry   waveform.Symmetry // how the coefficients are written down
}

// decimators are the filters of the digitizer in order. Each symmetry that
// metadata can use occurs once. Only the last needs a steep edge: what the others let
// alias falls where later ones remove it.
func decimators() []decimator {
	return []decimator{
		{place: 0, factor: 5, taps: 64, pass: 0.12, stop: 0.72, symmetry: waveform.EvenSymmetric},
		{place: 1, factor: 2, taps: 31, pass: 0.22, stop: 0.72, symmetry: waveform.Asymmetric},
		{place: 2, factor: 2, taps: 131, pass: 0.40, stop: 0.50, symmetry: waveform.OddSymmetric},
	}
}

// stage describes the filter at an input rate (Hz).
func (d decimator) stage(number int, rate float64) waveform.Stage {
	delay := float64(d.taps-1) / 2 / rate
	return waveform.Stage{
		Number: number, InputUnits: "count", OutputUnits: "count",
		Gain: 1, GainFrequency: referenceFrequency,
		FIR: &waveform.FIR{Symmetry: d.symmetry, Coefficients: d.written()},
		Decimation: &waveform.Decimation{
			InputRate: rate, Factor: d.factor, Delay: delay, Correction: delay,
		},
	}
}

// written is the part of the coefficients that the symmetry asks for.
func (d decimator) written() []float64 {
	all := d.coefficients()
	if d.symmetry == waveform.Asymmetric {
		return all
	}
	return all[:(d.taps+1)/2]
}

// coefficients is a Kaiser-windowed sinc for 100 dB of attenuation, scaled to unit
// gain at zero frequency.
func (d decimator) coefficients() []float64 {
	const beta = 0.1102 * (100 - 8.7) // Kaiser's formula
	cut := (d.pass + d.stop) / 2 / float64(d.factor)
	half := float64(d.taps-1) / 2
	c := make([]float64, d.taps)
	sum := 0.0
	for i := range c {
		x := float64(i) - half
		u := x / half
		c[i] = sinc(2*cut*x) * besselI0(beta*math.Sqrt(1-u*u))
		sum += c[i]
	}
	for i := range c {
		c[i] /= sum
	}
	for i := range c[:d.taps/2] {
		c[d.taps-1-i] = c[i] // the same to the last bit
	}
	return c
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// besselI0 is the modified Bessel function of order zero, by its power series.
func besselI0(x float64) float64 {
	term, sum := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}
